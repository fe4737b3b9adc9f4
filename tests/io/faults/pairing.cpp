// A server that does what it should not, a million times: no answer reaches another request. With sanitizers, which
// make it slow, it is a hundred thousand times; USHER_TEST_FACTOR=N takes N times as many (tests/long.sh does).
#include "io/faults/certificate.hpp"
#include "io/faults/hostile_stream.hpp"

#include "call/client_state.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

struct tally {
    int left = 0;
    int made = 0;
    int right = 0;
    int wrong = 0;
    int without_content = 0; ///< a 204, which names nobody
    int refused = 0;
    int other = 0;
    std::string first_other;
};

asio::awaitable<void> call_on(clerk::client clerk, tally& all)
{
    while (all.left > 0) {
        --all.left;
        const auto id = std::to_string(++all.made);
        const auto done = co_await clerk.users().remove(id);
        if (done) {
            ++(done->id.value_or("") == id ? all.right : all.wrong);
        } else if (done.error().kind() == error_kind::protocol) {
            ++all.refused;
        } else if (done.error().kind() == error_kind::decode && done.error().status() == 204) {
            ++all.without_content;
        } else {
            ++all.other;
            if (all.first_other.empty())
                all.first_other = done.error().message();
        }
    }
}

struct million {
    million()
    {
        static const std::string authority = certificate().pem();
        engine_options options;
        options.ca_pem = authority;
        on.emplace(io.get_executor(), options);
        client_options how;
        how.base_url = "http://127.0.0.1:9/v1"; // nobody is asked
        how.quota = quota::unlimited();
        how.retry.initial_backoff = how.retry.max_backoff = 0ms;
        how.retry.budgeted = false;
        clerk.emplace(*on, secret("sk_live_usherusherusherusher"), how);
        clerk->state()->origin->target->make_stream = [this] { return std::make_unique<hostile_stream>(server); };
    }

    void run(int calls, int callers)
    {
        all.left = calls;
        for (int i = 0; i < callers; ++i)
            asio::co_spawn(io, call_on(*clerk, all), [](std::exception_ptr e) { BOOST_TEST(!e); });
        io.restart();
        io.run();
    }

    asio::io_context io{1};
    hostile_server server{io};
    std::optional<engine> on;
    std::optional<clerk::client> clerk;
    tally all;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int usual_calls = 100'000;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr int usual_calls = 100'000;
#else
constexpr int usual_calls = 1'000'000;
#endif
#else
constexpr int usual_calls = 1'000'000;
#endif

/// USHER_TEST_FACTOR times as many.
int calls_of(int usual)
{
    const auto* const factor = std::getenv("USHER_TEST_FACTOR");
    return usual * (factor == nullptr ? 1 : std::max(1, std::atoi(factor)));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(pairing, million)

BOOST_AUTO_TEST_CASE(no_answer_reaches_another_request_in_a_million_calls)
{
    const int calls = calls_of(usual_calls);
    run(calls, 16);
    BOOST_TEST(all.wrong == 0);
    BOOST_TEST(all.right + all.refused + all.without_content + all.other == calls);
    BOOST_TEST(all.other == 0, all.first_other);
    for (const auto times : server.played)
        BOOST_TEST(times > static_cast<std::uint64_t>(calls) / 100);
    // Refused is what no rule allows: nothing else is.
    BOOST_TEST(all.refused > 0);
    BOOST_TEST(all.refused == static_cast<int>(server.played[static_cast<std::size_t>(trick::both_lengths)]));
    BOOST_TEST(on->counters().connections == on->counters().idle_connections);
    BOOST_TEST_MESSAGE(all.right << " right, " << all.refused << " refused, " << all.without_content
                                 << " without content, " << on->counters().retries << " retries");
}

BOOST_AUTO_TEST_CASE(connections_are_used_again_999_times_in_1000)
{
    server.is_tame = true;
    run(100'000, 64);
    BOOST_TEST(all.right == 100'000);
    const auto counted = on->counters();
    BOOST_TEST(counted.connections_opened <= 64U);
    BOOST_TEST(counted.connections_opened + counted.connections_reused == 100'000U);
    BOOST_TEST(static_cast<double>(counted.connections_reused) >= 0.999 * 100'000);
    BOOST_TEST_MESSAGE(counted.connections_opened << " connections for 100000 calls");
}

BOOST_AUTO_TEST_SUITE_END()
