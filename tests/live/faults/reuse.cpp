// Connections over real TLS sockets are used again and again.
#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace usher;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t callers = 32;
constexpr std::uint64_t calls = 32'000;

asio::awaitable<void> count_on(clerk::client clerk, std::uint64_t& left, std::uint64_t& good)
{
    while (left > 0) {
        --left;
        const auto users = co_await clerk.users().count();
        good += users ? 1 : 0;
        BOOST_TEST((users.has_value()), (users ? "" : users.error().message()));
    }
}

void run(asio::io_context& io, const clerk::client& clerk, std::uint64_t left)
{
    const auto wanted = left;
    std::uint64_t good = 0;
    for (std::uint64_t i = 0; i < callers; ++i)
        asio::co_spawn(io, count_on(clerk, left, good), [](std::exception_ptr failed) { BOOST_TEST(!failed); });
    io.restart();
    io.run();
    BOOST_TEST(good == wanted);
}

} // namespace

BOOST_AUTO_TEST_SUITE(reuse)

BOOST_AUTO_TEST_CASE(over_tls_999_of_1000_calls_find_a_connection_that_is_open)
{
    sandbox::options served_how;
    served_how.record = false;
    sandbox::server served(served_how);
    asio::io_context io(1);
    engine_options trusting;
    trusting.ca_pem = served.ca_pem();
    trusting.proxy_from_environment = false;
    engine on(io.get_executor(), trusting);
    client_options how;
    how.base_url = served.url();
    how.quota = quota::unlimited();
    const clerk::client clerk(on, secret("sk_live_usherusherusherusherusherusher"), how);
    run(io, clerk, calls);
    const auto counted = on.counters();
    BOOST_TEST(counted.attempts == calls);
    BOOST_TEST(counted.connections_opened + counted.connections_reused == calls);
    BOOST_TEST(counted.connections_opened > 1U);
    BOOST_TEST(counted.connections_opened <= callers);
    BOOST_TEST(1000 * counted.connections_reused >= 999 * calls);
    BOOST_TEST(served.stats().connections == counted.connections_opened);
    BOOST_TEST_MESSAGE(counted.connections_reused << " of " << calls << " calls on an open connection, "
                                                  << counted.connections_opened << " connections");
}

BOOST_AUTO_TEST_SUITE_END()
