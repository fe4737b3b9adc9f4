// What becomes of the connection of a second request that was of no use.
#include "live/outage/scripted_server.hpp"

#include "call/client_state.hpp"

using namespace usher;
using namespace usher::tests;

BOOST_FIXTURE_TEST_SUITE(hedges_kept, outage_fixture)

BOOST_AUTO_TEST_CASE(the_second_requests_connection_is_kept_as_long_as_the_server_wants_it)
{
    for (const bool is_short : {true, false}) {
        auto policy = retry_policy::none();
        policy.hedge = true;
        const auto clerk = client(
            [is_short](int number) {
                script how(number == 3 ? 500 : 200, number == 2 ? 200ms : 0ms);
                how.behind = number == 2 ? 3 : 0; // answered 200 ms after the second request has come
                if (number == 3)
                    how.headers = is_short ? "Keep-Alive: timeout=2\r\n" : "Keep-Alive: timeout=60\r\n";
                return how;
            },
            policy);
        auto& health = *clerk.state()->health;
        for (const auto* operation : clerk.state()->service.operations)
            for (int i = 0; operation->id == "GetUsersCount" && i != 120; ++i) {
                health.latencies_of(operation->index).add(50ms);
                health.hedges.sent();
            }
        call_options plain;
        plain.retry = retry_policy::none();
        BOOST_TEST_REQUIRE(call(clerk, plain).has_value());
        BOOST_TEST_REQUIRE(call(clerk).has_value());
        BOOST_TEST(server->requests() == 3);
        BOOST_TEST(on.counters().idle_connections == (is_short ? 1U : 2U));
        on.close_idle();
        server->stop();
    }
}

BOOST_AUTO_TEST_SUITE_END()
