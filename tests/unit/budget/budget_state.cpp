// A budget in memory, step by step. What Redis does alike is held against it in tests/live/redis.
#include "schedule/budget_state.hpp"

#include "fleet.hpp"

#include <boost/test/unit_test.hpp>

using namespace budget_tests;

namespace {

usher::lease_request paced(std::uint32_t wanted)
{
    usher::lease_request request;
    request.bucket = "instance:all";
    request.wanted = wanted;
    request.requests = 1000;
    request.window = 10s;
    request.interval = 10ms;
    request.burst = 5;
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(budget_in_memory)

BOOST_AUTO_TEST_CASE(leases_follow_each_other_on_one_line)
{
    budget_state state;
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
    budget_state state;
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
    budget_state state;
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
    budget_state state;
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

BOOST_AUTO_TEST_CASE(buckets_that_nobody_uses_are_forgotten)
{
    budget_state state;
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
