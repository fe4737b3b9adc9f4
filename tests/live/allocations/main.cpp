// What a call costs in heap allocations, OpenSSL's and the system library's among them.
#define BOOST_TEST_MODULE allocations
#include <boost/test/unit_test.hpp>

#include "counted_malloc.hpp"
#include "live/process.hpp"

#include <usher/clerk.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <memory>
#include <optional>

namespace asio = boost::asio;
using namespace usher;

namespace {

asio::awaitable<void> call_often(clerk::client client, int calls, std::optional<clerk::user>& last)
{
    for (int i = 0; i < calls; ++i) {
        auto user = co_await client.users().get("user_2NNEqL2nrIRdJ19");
        if (!user)
            throw call_failed(user.error());
        last = std::move(*user);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_steady_call_makes_at_most_eight_allocations_beyond_what_its_result_owns)
{
    const tests::authority ca;
    ca.issue("server", "DNS:localhost");
    tests::run("cp " USHER_SOURCE_DIR "/bench/payloads/clerk-user.json " + ca.file("user.json") + " && chmod -R a+rX " +
               ca.folder().path().string());
    const tests::nginx server(
        ca.folder(),
        "ssl_certificate {DIR}/server.pem; ssl_certificate_key {DIR}/server.key;\n"
        "location /v1/users/ { root {DIR}; default_type application/json; try_files /user.json =404; }",
        true);
    asio::io_context io(1);
    engine_options trusting;
    trusting.ca_file = ca.ca_file();
    const engine engine(io.get_executor(), trusting);
    client_options options;
    options.base_url = "https://localhost:" + std::to_string(server.port()) + "/v1";
    const clerk::client client(engine, secret("sk_live_abc"), options);

    std::optional<clerk::user> last;
    asio::co_spawn(io, call_often(client, 20, last), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
    io.run();
    BOOST_TEST_REQUIRE(last.has_value());
    BOOST_TEST(last->id == "user_2NNEqL2nrIRdJ19");
    BOOST_TEST(last->email_addresses.size() == 1U);

    const auto before_copy = allocations;
    const auto copy = std::make_unique<clerk::user>(*last);
    const auto owned = allocations - before_copy - 1;
    BOOST_TEST(owned > 10U); // the result is not a trifle

    constexpr std::size_t calls = 40;
    io.restart();
    asio::co_spawn(io, call_often(client, calls, last), asio::detached);
    const auto before = allocations;
    io.run();
    const auto total = allocations - before;
    BOOST_TEST_REQUIRE(engine.counters().answers == 20 + calls);
    BOOST_TEST(engine.counters().connections_opened == 1U);
    const auto beyond = static_cast<double>(total) / calls - static_cast<double>(owned);
    BOOST_TEST_MESSAGE("the result owns " << owned << " allocations; a call makes " << beyond << " beyond these");
    BOOST_TEST(beyond <= 8.0);
    BOOST_TEST(copy->id == last->id);
}
