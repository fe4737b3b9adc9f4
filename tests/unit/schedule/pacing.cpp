// The promise of the room: all of the quota and no refusal, whatever the service counts by.
#include "simulation.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

using namespace std::chrono_literals;
using namespace schedule_tests;
using usher::quota;

namespace {

constexpr std::uint64_t phases = 24;

struct promise {
    double least_share;
    double most_refused; // of all that were sent
};

/// Runs every kind of server in many phases and holds each one to the promise.
void check(const quota& limit, const way& path, std::chrono::seconds length, const promise& promised)
{
    for (const auto& kind : server_kinds) {
        std::uint64_t sent = 0;
        std::uint64_t refused = 0;
        double least_share = 2;
        for (std::uint64_t seed = 1; seed <= phases; ++seed) {
            simulation run(limit, path, kind, seed);
            const auto found = run.run(length);
            BOOST_TEST_CONTEXT(kind.name << ", seed " << seed)
            {
                // The client has worked all the time, and every answer was counted.
                BOOST_TEST(found.sent > limit.requests * 3U);
                BOOST_TEST(found.pacer.admitted == found.sent);
                BOOST_TEST(found.pacer.refused <= found.refused);
                BOOST_TEST(found.share >= promised.least_share);
                if (promised.most_refused == 0)
                    BOOST_TEST(found.refused == 0U);
            }
            sent += found.sent;
            refused += found.refused;
            least_share = std::min(least_share, found.share);
        }
        const auto share_refused = static_cast<double>(refused) / static_cast<double>(sent);
        BOOST_TEST_MESSAGE(kind.name << ": at least " << 100 * least_share << " % of the quota, " << refused << " of "
                                     << sent << " refused");
        BOOST_TEST(share_refused <= promised.most_refused);
    }
}

way round_trip(std::chrono::milliseconds mean, std::chrono::milliseconds spread)
{
    way path;
    path.mean = mean;
    path.spread = spread;
    return path;
}

way with_stalls(way path)
{
    path.stall = 2s;
    path.every = 37s;
    return path;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pacing)

BOOST_AUTO_TEST_CASE(production_limit_80_ms_is_used_to_98_percent_without_a_refusal)
{
    check(quota::clerk_production(), round_trip(80ms, 40ms), 60s, {0.98, 0});
}

BOOST_AUTO_TEST_CASE(production_limit_20_ms_is_used_to_98_percent_without_a_refusal)
{
    check(quota::clerk_production(), round_trip(20ms, 10ms), 60s, {0.98, 0});
}

BOOST_AUTO_TEST_CASE(production_limit_200_ms_is_used_to_97_percent_without_a_refusal)
{
    check(quota::clerk_production(), round_trip(200ms, 100ms), 60s, {0.97, 0});
}

BOOST_AUTO_TEST_CASE(late_timers_and_slow_outliers_cost_little)
{
    auto path = round_trip(80ms, 40ms);
    path.late = 5ms;
    path.outliers = 0.01;
    check(quota::clerk_production(), path, 60s, {0.965, 0});
}

BOOST_AUTO_TEST_CASE(development_limit_is_used_to_95_percent_without_a_refusal)
{
    check(quota::clerk_development(), round_trip(80ms, 40ms), 60s, {0.95, 0});
    check(quota::clerk_development(), round_trip(20ms, 10ms), 60s, {0.95, 0});
    check(quota::clerk_development(), round_trip(200ms, 100ms), 60s, {0.95, 0});
}

// 35 of 37 seconds are left: 94.6 %, of which the way is used to 97.5 % at least.
BOOST_AUTO_TEST_CASE(a_way_that_stands_still_for_2_s_every_37_s_earns_at_most_one_refusal_in_10_000)
{
    check(quota::clerk_production(), with_stalls(round_trip(80ms, 40ms)), 185s, {0.922, 0.0001});
    check(quota::clerk_production(), with_stalls(round_trip(20ms, 10ms)), 185s, {0.922, 0.0001});
    check(quota::clerk_production(), with_stalls(round_trip(200ms, 100ms)), 185s, {0.91, 0.0001});
}

BOOST_AUTO_TEST_CASE(at_the_development_limit_too)
{
    check(quota::clerk_development(), with_stalls(round_trip(80ms, 40ms)), 185s, {0.88, 0.0005});
}

BOOST_AUTO_TEST_CASE(other_limits_hold_as_well)
{
    check(quota(3000, 60s), round_trip(80ms, 40ms), 240s, {0.98, 0});
    check(quota(10'000, 10s), round_trip(80ms, 40ms), 60s, {0.98, 0});
    check(quota(50, 1s), round_trip(20ms, 10ms), 60s, {0.90, 0});
}

BOOST_AUTO_TEST_SUITE_END()
