// A budget in memory, step by step. What Redis does alike is held against it in tests/live/redis.
#include "schedule/budget_state.hpp"

#include "fleet.hpp"
#include "orders.hpp"

#include <boost/test/unit_test.hpp>

using namespace budget_tests;

BOOST_AUTO_TEST_SUITE(budget_in_memory)

BOOST_AUTO_TEST_CASE(leases_follow_each_other_on_one_line)
{
    budget_state state(false);
    const auto one = state.lease(paced(8), 1, begin);
    BOOST_TEST(one.granted == 8U);
    BOOST_TEST((one.starts_in == -40ms));
    const auto two = state.lease(paced(8), 2, begin + 5ms);
    BOOST_TEST((two.starts_in == 35ms));
    BOOST_TEST(two.members == 2U);
    // After a rest the line begins anew.
    BOOST_TEST((state.lease(paced(8), 1, begin + 5s).starts_in == -40ms));
}

BOOST_AUTO_TEST_CASE(members_are_those_that_asked_lately_for_anything_of_the_instance)
{
    budget_state state(false);
    auto other = paced(1);
    other.bucket = "instance:other";
    state.lease(paced(1), 1, begin);
    state.lease(other, 2, begin);
    other.bucket = "another:all";
    BOOST_TEST(state.lease(other, 3, begin).members == 1U);
    BOOST_TEST(state.lease(paced(1), 4, begin).members == 3U);
    BOOST_TEST(state.lease(paced(1), 4, begin + 1min).members == 1U);
    state.forget(4);
    BOOST_TEST(state.lease(paced(1), 5, begin + 1min).members == 1U);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_lease_goes_back_to_the_line_or_leaves_a_hole_that_is_filled)
{
    budget_state state(false);
    state.lease(paced(20), 1, begin);
    const auto two = state.lease(paced(20), 2, begin);
    state.give_back("instance:all", 5, 2, begin);
    const auto three = state.lease(paced(20), 3, begin);
    BOOST_TEST((three.starts_in == two.starts_in + 150ms));
    // In the middle now.
    state.give_back("instance:all", 20, 1, begin); // none before now comes back
    const auto hole = state.lease(paced(8), 4, begin + 100ms);
    BOOST_TEST(hole.granted == 6U); // of 20 from -40 ms on
    BOOST_TEST((hole.starts_in == 0ms));
    const auto after = state.lease(paced(8), 4, begin + 100ms);
    BOOST_TEST((after.starts_in == three.starts_in + 100ms));
    state.give_back("instance:all", 8, 2, begin); // was returned already
    BOOST_TEST((state.lease(paced(8), 5, begin + 100ms).starts_in == after.starts_in + 80ms));
}

BOOST_AUTO_TEST_CASE(a_pace_slower_than_the_horizon_goes_slot_by_slot)
{
    budget_state state(false);
    auto slow = paced(8);
    slow.requests = 6;
    slow.window = 1min;
    slow.interval = 10s;
    slow.burst = 1;
    BOOST_TEST(state.lease(slow, 1, begin).granted == 1U);
    const auto none = state.lease(slow, 2, begin + 1s);
    BOOST_TEST(none.granted == 0U);
    BOOST_TEST((none.ask_again <= 9s && none.ask_again >= 20ms));
    const auto next = state.lease(slow, 2, begin + 1s + none.ask_again);
    BOOST_TEST(next.granted == 1U);
    BOOST_TEST((begin + 1s + none.ask_again + next.starts_in == begin + 10s));
}

BOOST_AUTO_TEST_CASE(a_store_that_is_new_gives_a_twentieth_of_a_long_window_and_the_rest_evenly)
{
    budget_state state(false);
    usher::lease_request hourly;
    hourly.bucket = "instance:hourly";
    hourly.requests = 100;
    hourly.wanted = 50;
    hourly.window = 1h;
    BOOST_TEST(state.lease(hourly, 1, begin).granted == 5U);
    const auto none = state.lease(hourly, 1, begin + 1s);
    BOOST_TEST(none.granted == 0U);
    BOOST_TEST((none.ask_again == 36s));
    BOOST_TEST(state.lease(hourly, 2, begin + 30min).granted == 50U);
    BOOST_TEST(state.lease(hourly, 2, begin + 59min).granted == 45U);
    // What it has known for a window starts full.
    auto other = hourly;
    other.bucket = "instance:other";
    BOOST_TEST(state.lease(other, 1, begin + 61min).granted == 50U);
    auto small = hourly;
    small.bucket = "another:small";
    small.requests = 3;
    BOOST_TEST(state.lease(small, 1, begin).granted == 1U);
}

BOOST_AUTO_TEST_CASE(after_all_used_their_static_shares_of_a_long_window_it_is_used_slowly)
{
    budget_state state(false);
    usher::lease_request hourly;
    hourly.bucket = "instance:hourly";
    hourly.requests = 100;
    hourly.wanted = 50;
    hourly.window = 1h;
    state.lease(hourly, 1, begin);
    hourly.rejoins = true;
    BOOST_TEST(state.lease(hourly, 1, begin + 3h).granted == 0U);
    hourly.rejoins = false;
    BOOST_TEST(state.lease(hourly, 1, begin + 3h + 3s).granted == 5U);
    BOOST_TEST(state.lease(hourly, 1, begin + 4h + 3s).granted == 50U);
    // Somebody was not cut off.
    hourly.rejoins = true;
    BOOST_TEST(state.lease(hourly, 2, begin + 5h).granted == 0U);
    hourly.rejoins = false;
    BOOST_TEST(state.lease(hourly, 2, begin + 5h + 3s).granted == 50U);
}

BOOST_AUTO_TEST_CASE(those_that_were_cut_off_may_settle_although_one_that_was_not_came_first)
{
    budget_state state;
    state.lease(paced(8), 1, begin);
    BOOST_TEST(state.lease(paced(8), 2, begin + 30s).granted == 8U);
    const auto more = state.lease(paced(8), 2, begin + 30s + 100ms);
    BOOST_TEST(more.granted == 0U); // those that are cut off had no time to say so
    BOOST_TEST((more.ask_again == 1400ms));
    auto back = paced(8);
    back.rejoins = true;
    const auto settling = state.lease(back, 1, begin + 31s);
    BOOST_TEST(settling.granted == 0U);
    BOOST_TEST((settling.ask_again == 2500ms));
    BOOST_TEST(state.lease(paced(8), 2, begin + 32s).granted == 0U);
    BOOST_TEST(state.lease(back, 1, begin + 31s + 2500ms).granted == 8U);
    BOOST_TEST(state.lease(back, 3, begin + 34s).granted == 8U);
}

BOOST_AUTO_TEST_CASE(a_bucket_that_had_a_pace_and_has_none_now_takes_back_what_it_granted)
{
    budget_state state(false);
    state.lease(paced(8), 1, begin);
    auto without = paced(50);
    without.interval = 0ms;
    without.requests = 60;
    BOOST_TEST(state.lease(without, 1, begin).granted == 50U);
    without.returned = 40;
    BOOST_TEST(state.lease(without, 1, begin).granted == 50U);
}

BOOST_AUTO_TEST_CASE(buckets_that_nobody_uses_are_forgotten)
{
    budget_state state(false);
    auto now = begin;
    for (int i = 0; i != 20'000; ++i) {
        auto one = paced(1);
        one.bucket = "instance:user:" + std::to_string(i);
        one.requests = 10;
        one.interval = 0ms;
        now += 10ms;
        state.lease(one, 1, now);
    }
    BOOST_TEST(state.buckets() < 5'000U);
}

BOOST_AUTO_TEST_SUITE_END()
