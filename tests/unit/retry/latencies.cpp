#include "retry/latencies.hpp"

#include "retry/rng.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace std::chrono_literals;
using usher::retry::latencies;

BOOST_AUTO_TEST_SUITE(latency)

BOOST_AUTO_TEST_CASE(little_is_said_of_few_requests)
{
    latencies one;
    for (int i = 0; i < 99; ++i)
        one.add(10ms);
    BOOST_TEST(!one.p95());
    one.add(10ms);
    BOOST_TEST(one.p95().has_value());
}

BOOST_AUTO_TEST_CASE(the_estimate_is_at_most_a_step_above_the_quantile_and_never_below_it)
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        usher::retry::rng random(seed);
        latencies one;
        std::vector<std::chrono::nanoseconds> all;
        for (int i = 0; i < 900; ++i) {
            const auto share = static_cast<double>(random() >> 11) / static_cast<double>(std::uint64_t{1} << 53);
            all.emplace_back(static_cast<std::int64_t>(1e6 * std::exp(6 * share))); // 1 to 400 ms, by the logarithm
            one.add(all.back());
        }
        std::sort(all.begin(), all.end());
        const auto exact = static_cast<double>(all[all.size() * 95 / 100 - 1].count());
        const auto found = static_cast<double>(one.p95()->count());
        BOOST_TEST_MESSAGE("seed " << seed << ": " << found / exact << " of the quantile");
        BOOST_TEST(found >= exact);
        BOOST_TEST(found <= exact * 1.2);
    }
}

BOOST_AUTO_TEST_CASE(it_follows_a_service_that_becomes_slower_or_faster)
{
    latencies one;
    for (int i = 0; i < 5000; ++i)
        one.add(10ms);
    BOOST_TEST((*one.p95() < 12ms));
    for (int i = 0; i < 2000; ++i)
        one.add(200ms);
    BOOST_TEST((*one.p95() >= 200ms));
    for (int i = 0; i < 5000; ++i)
        one.add(10ms);
    BOOST_TEST((*one.p95() < 12ms));
}

BOOST_AUTO_TEST_CASE(what_is_out_of_its_range_is_at_its_ends)
{
    latencies one;
    for (int i = 0; i < 2000; ++i)
        one.add(i % 2 == 0 ? std::chrono::nanoseconds(0) : std::chrono::nanoseconds(1));
    BOOST_TEST((*one.p95() < 100us));
    for (int i = 0; i < 5000; ++i)
        one.add(std::chrono::hours(3));
    BOOST_TEST((*one.p95() > 100s));
}

BOOST_AUTO_TEST_SUITE_END()
