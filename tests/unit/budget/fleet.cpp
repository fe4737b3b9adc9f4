// A whole fleet under one limit: what the service sees of it.
#include "fleet.hpp"

#include <boost/test/unit_test.hpp>

using namespace budget_tests;

namespace {

constexpr std::uint64_t seeds = 20;

} // namespace

BOOST_AUTO_TEST_SUITE(fleets)

BOOST_AUTO_TEST_CASE(eight_members_use_the_quota_and_no_window_holds_more_than_the_limit)
{
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            fleet all(limit(), 8, seed);
            all.run(60s);
            BOOST_TEST(all.most_in_a_window() <= 1000U);
            BOOST_TEST(all.share(begin + 10s, begin + 60s) > 0.96);
            BOOST_TEST(all.leases(3).members() == 8U);
            BOOST_TEST(static_cast<double>(all.orders()) <= 0.2 * static_cast<double>(all.departures().size()));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_they_send_together_is_as_even_as_if_one_had_sent_it)
{
    fleet all(limit(), 8, 7);
    all.run(30s);
    // In any 100 ms: ten, and what was late or left at once.
    std::size_t most = 0;
    for (auto at = begin + 3s; at < begin + 29s; at += 10ms)
        most = std::max(most, all.left_between(at, at + 100ms));
    BOOST_TEST(most <= 13U);
    BOOST_TEST(most >= 9U);
}

BOOST_AUTO_TEST_CASE(a_member_that_dies_takes_at_most_its_leases_with_it)
{
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            fleet all(limit(), 8, seed);
            all.run(20s);
            all.kill(2);
            all.run(40s);
            BOOST_TEST(all.most_in_a_window() <= 1000U);
            BOOST_TEST(all.left_between(begin + 20s, begin + 30s) > 940U);
            BOOST_TEST(all.share(begin + 22s, begin + 60s) > 0.96);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_the_store_they_use_half_then_their_static_share_and_rejoin_without_using_anything_twice)
{
    for (const bool loses_all : {false, true}) {
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            BOOST_TEST_CONTEXT("seed " << seed << (loses_all ? ", the store forgets" : ""))
            {
                fleet all(limit(), 8, seed);
                all.run(20s);
                all.stop_store(loses_all, loses_all ? 1ms : 500ms);
                all.run(30s);
                BOOST_TEST(!all.leases(0).is_reachable());
                all.start_store();
                all.run(30s);
                BOOST_TEST(all.leases(0).is_reachable());
                BOOST_TEST(all.most_in_a_window() <= 1000U);
                BOOST_TEST(all.share(begin + 21s, begin + 31s) > 0.45);
                BOOST_TEST(all.share(begin + 21s, begin + 31s) < 0.6);
                BOOST_TEST(all.share(begin + 32s, begin + 50s) > 0.9);
                BOOST_TEST(all.share(begin + 50s, begin + 55s) > 0.85);
                BOOST_TEST(all.share(begin + 55s, begin + 80s) > 0.96);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(nothing_leaves_while_the_store_was_never_reached)
{
    fleet all(limit(), 3, 1);
    all.stop_store(true);
    all.run(60s);
    BOOST_TEST(all.departures().empty());
    BOOST_TEST(all.orders() >= 3U * 30);
    all.start_store();
    all.run(3s);
    BOOST_TEST(all.departures().size() > 100U);
}

BOOST_AUTO_TEST_CASE(members_that_come_and_go_leave_the_rest_to_the_others)
{
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            fleet all(limit(), 8, seed);
            for (int round = 0; round != 30; ++round) {
                const auto who = static_cast<std::size_t>(round) % 8;
                all.rest(who);
                all.run(1s);
                all.work(who);
                all.run(1s);
            }
            BOOST_TEST(all.most_in_a_window() <= 1000U);
            BOOST_TEST(all.share(begin + 10s, begin + 60s) > 0.94);
        }
    }
}

BOOST_AUTO_TEST_CASE(timers_and_a_store_that_are_slow_cost_little_and_never_the_limit)
{
    fleet all(limit(), 8, 5);
    all.late = 15ms;
    all.store_way = 40ms;
    all.run(60s);
    BOOST_TEST(all.most_in_a_window() <= 1000U);
    BOOST_TEST(all.share(begin + 10s, begin + 60s) > 0.95);
    fleet one(limit(), 1, 5);
    one.store_way = 40ms;
    one.run(60s);
    BOOST_TEST(one.most_in_a_window() <= 1000U);
    BOOST_TEST(one.share(begin + 10s, begin + 60s) > 0.95);
}

BOOST_AUTO_TEST_CASE(answers_that_are_very_late_never_cost_the_limit)
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            fleet all(limit(), 8, seed);
            all.store_way = 200ms;
            all.run(60s);
            BOOST_TEST(all.most_in_a_window() <= 1000U);
            BOOST_TEST(all.share(begin + 10s, begin + 60s) > 0.9);
        }
    }
}

BOOST_AUTO_TEST_CASE(one_that_had_nothing_to_do_and_comes_first_after_an_outage_uses_nothing_twice)
{
    for (const bool loses_all : {false, true}) {
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            BOOST_TEST_CONTEXT("seed " << seed << (loses_all ? ", the store forgets" : ""))
            {
                fleet all(limit(), 9, seed);
                all.run(5s);
                all.rest(8);
                all.run(20s);
                all.stop_store(loses_all);
                all.run(30s);
                all.start_store();
                all.work(8);
                all.run(30s);
                BOOST_TEST(all.most_in_a_window() <= 1000U);
                BOOST_TEST(all.share(begin + 65s, begin + 85s) > 0.96);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(one_that_had_nothing_to_do_and_comes_while_the_store_is_gone_sends_nothing)
{
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            fleet all(limit(), 3, seed);
            all.run(5s);
            all.rest(2);
            all.rest(1);
            all.run(20s);
            all.stop_store(false);
            all.run(1s);
            all.work(2);
            all.work(1);
            all.run(40s);
            BOOST_TEST(all.most_in_a_window() <= 1000U);
            BOOST_TEST(all.share(begin + 40s, begin + 60s) > 0.9);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_small_limit_is_shared_too)
{
    limit development;
    development.requests = 100;
    development.burst = 2;
    fleet all(development, 8, 3);
    all.run(80s);
    BOOST_TEST(all.most_in_a_window() <= 100U);
    BOOST_TEST(all.share(begin + 20s, begin + 80s) > 0.93);
}

BOOST_AUTO_TEST_CASE(a_short_window_is_used_from_the_first_leases_on)
{
    // The store is new: for a while there is one lease, which is used up long before the while has passed.
    for (const auto window : {500ms, 1000ms, 1500ms, 2000ms}) {
        limit quick;
        quick.requests = 200;
        quick.window = window;
        fleet all(quick, 2, 5);
        all.run(30s);
        BOOST_TEST(all.most_in_a_window() <= 200U);
        BOOST_TEST(all.share(begin + 5s, begin + 30s) > 0.9, window.count()
                                                                 << " ms: " << all.share(begin + 5s, begin + 30s));
    }
}

BOOST_AUTO_TEST_CASE(a_limit_without_a_pace_is_never_exceeded_and_has_a_static_share_of_whole_requests)
{
    limit hourly;
    hourly.requests = 100;
    hourly.window = 1h;
    hourly.is_paced = false;
    fleet all(hourly, 8, 3);
    all.run(1h);
    BOOST_TEST(all.departures().size() >= 95U);
    all.run(3h);
    BOOST_TEST(all.most_in_a_window() <= 100U);
    BOOST_TEST(all.share(begin + 1h, begin + 4h) > 0.9);
    all.stop_store(false);
    all.run(4h);
    BOOST_TEST(all.most_in_a_window() <= 100U);
    const auto alone = all.left_between(begin + 5h + 1min, begin + 7h);
    BOOST_TEST(alone >= 8U * 12);
    BOOST_TEST(alone <= 2U * 8 * 12);
}

BOOST_AUTO_TEST_SUITE_END()
