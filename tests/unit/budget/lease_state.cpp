// One engine's leases, step by step.
#include "schedule/lease_state.hpp"

#include "fleet.hpp"
#include "orders.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace budget_tests;

namespace {

lease_state paced()
{
    lease_state leases;
    leases.set(1000, 10s, 10ms, 5);
    return leases;
}

} // namespace

BOOST_AUTO_TEST_SUITE(leases)

BOOST_AUTO_TEST_CASE(nothing_leaves_before_something_is_granted)
{
    auto leases = paced();
    BOOST_TEST((leases.next(begin) == time_point::max()));
    BOOST_TEST(!leases.ask(begin, false));
    const auto order = leases.ask(begin, true);
    BOOST_TEST_REQUIRE(order.has_value());
    BOOST_TEST(order->wanted >= 5U);
    BOOST_TEST(order->requests == 1000U);
    BOOST_TEST((order->interval > 10ms && order->interval < 10200us)); // what late departures need
    BOOST_TEST(!order->rejoins);
    BOOST_TEST(!leases.ask(begin, true)); // one at a time
    BOOST_TEST((leases.next_ask(begin) == time_point::max()));
    leases.granted(granting(8, 30ms), begin, begin + 1ms);
    BOOST_TEST((leases.next(begin + 1ms) == begin + 31ms));
    BOOST_TEST(leases.members() == 4U);
    BOOST_TEST(leases.is_reachable());
}

BOOST_AUTO_TEST_CASE(the_next_order_is_made_when_half_of_the_lease_is_used)
{
    auto leases = paced();
    leases.ask(begin, true);
    leases.granted(granting(8), begin, begin);
    for (int i = 0; i != 4; ++i) {
        const auto now = begin + i * 10ms;
        BOOST_TEST((leases.next(now) == now));
        BOOST_TEST(!leases.ask(now, true));
        leases.take(now);
    }
    BOOST_TEST(!leases.ask(begin + 30ms, false));
    BOOST_TEST(leases.ask(begin + 30ms, true).has_value());
}

BOOST_AUTO_TEST_CASE(a_slot_is_void_when_it_is_later_than_the_pace_allows_for)
{
    auto leases = paced();
    leases.ask(begin, true);
    leases.granted(granting(8), begin, begin);
    const auto late = leases.lateness();
    BOOST_TEST((leases.next(begin + late) == begin));
    BOOST_TEST((leases.next(begin + late + 1ms) == begin + 10ms));
    BOOST_TEST((leases.next(begin + late + 71ms) == time_point::max()));
    // Orders that were not used make the next one smaller.
    const auto order = leases.ask(begin + late + 71ms, true);
    BOOST_TEST_REQUIRE(order.has_value());
    BOOST_TEST(order->wanted == 1U);
    BOOST_TEST(order->returned == 0U);
}

BOOST_AUTO_TEST_CASE(slots_of_a_burst_are_as_long_good_as_others)
{
    auto leases = paced();
    leases.ask(begin, true);
    leases.granted(granting(8, -120ms), begin, begin);
    BOOST_TEST((leases.next(begin + 90ms) < begin));
    for (int i = 0; i != 8; ++i)
        leases.take(begin + 90ms);
    BOOST_TEST((leases.next(begin + 90ms) == time_point::max()));
}

BOOST_AUTO_TEST_CASE(what_was_given_back_can_be_used_until_it_is_void)
{
    auto leases = paced();
    leases.ask(begin, true);
    leases.granted(granting(1), begin, begin);
    leases.take(begin);
    BOOST_TEST((leases.next(begin) == time_point::max()));
    leases.give_back(begin + 5ms);
    BOOST_TEST((leases.next(begin + 5ms) <= begin + 5ms));
    BOOST_TEST((leases.next(begin + leases.lateness() + 1ms) == time_point::max()));
    leases.take(begin + 6ms);
    BOOST_TEST((leases.next(begin + 6ms) == time_point::max()));
    leases.give_back(begin + 1s);
    BOOST_TEST((leases.next(begin + 1s) == time_point::max()));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_asked_again_when_the_budget_says)
{
    auto leases = paced();
    leases.ask(begin, true);
    usher::lease_grant none;
    none.ask_again = 70ms;
    leases.granted(none, begin, begin);
    BOOST_TEST(leases.is_reachable());
    BOOST_TEST((leases.next_ask(begin) == begin + 70ms));
    BOOST_TEST(!leases.ask(begin + 69ms, true));
    BOOST_TEST(leases.ask(begin + 70ms, true).has_value());
}

BOOST_AUTO_TEST_CASE(cut_off_it_leaves_at_half_its_share_then_at_the_whole_and_asks_with_growing_delays)
{
    auto leases = paced();
    leases.ask(begin, true);
    leases.granted(granting(8, 0ms, 10), begin, begin);
    for (int i = 0; i != 8; ++i)
        leases.take(begin + i * 10ms);
    auto now = begin + 80ms;
    leases.ask(now, true);
    leases.granted(unreachable(), now, now);
    BOOST_TEST(!leases.is_reachable());
    const auto whole = leases.fleet_interval() * 10;
    const auto end = now + 30s;
    const auto began = now;
    std::vector<time_point> left, asked;
    while (now < end) {
        if (const auto order = leases.ask(now, true)) {
            BOOST_TEST(order->rejoins);
            asked.push_back(now);
            leases.granted(unreachable(), now, now);
        }
        if (leases.next(now) <= now) {
            left.push_back(now);
            leases.take(now);
        }
        BOOST_TEST_REQUIRE((leases.next(now) > now));
        now = std::min(leases.next(now), leases.next_ask(now));
    }
    BOOST_TEST_REQUIRE(left.size() > 20U);
    BOOST_TEST((left.front() - began >= 2 * whole));
    BOOST_TEST((left[5] - left[4] == 2 * whole));
    BOOST_TEST((left.back() - left[left.size() - 2] == whole));
    BOOST_TEST_REQUIRE(asked.size() > 3U);
    BOOST_TEST((asked[0] - began == 250ms));
    BOOST_TEST((asked.back() - asked[asked.size() - 2] == 1s));

    // A store that counts few, and grants nothing yet, does not make the share larger.
    usher::lease_grant settling;
    settling.ask_again = 900ms;
    settling.members = 1;
    leases.ask(now + 1s, true);
    leases.granted(settling, now + 1s, now + 1s);
    BOOST_TEST(leases.members() == 10U);
    BOOST_TEST(!leases.is_reachable());
    BOOST_TEST((leases.next(now + 1s) <= now + 1s + whole));
    // With the first lease the static share ends.
    leases.ask(now + 2s, true);
    leases.granted(granting(8, 200ms, 9), now + 2s, now + 2s);
    BOOST_TEST(leases.is_reachable());
    BOOST_TEST((leases.next(now + 2s) == now + 2200ms));
    BOOST_TEST(leases.members() == 9U);
}

BOOST_AUTO_TEST_CASE(a_late_answer_moves_its_slots_by_no_more_than_the_pace_allows_for)
{
    auto leases = paced();
    leases.ask(begin, true);
    auto grant = granting(8, 300ms);
    grant.valid_for = 450ms;
    leases.granted(grant, begin, begin + 400ms);
    BOOST_TEST((leases.next(begin + 400ms) == begin + 300ms + leases.lateness()));
    // Until when it is valid is counted from the order.
    BOOST_TEST((leases.next(begin + 450ms) != time_point::max()));
    BOOST_TEST((leases.next(begin + 451ms) == time_point::max()));
}

BOOST_AUTO_TEST_CASE(dropping_says_what_of_the_last_lease_is_left_and_leaves_nothing)
{
    auto leases = paced();
    leases.ask(begin, true);
    leases.granted(granting(8), begin, begin);
    for (int i = 0; i != 6; ++i)
        leases.take(begin + i * 10ms);
    leases.ask(begin + 60ms, true);
    leases.granted(granting(7, 100ms), begin + 60ms, begin + 60ms);
    BOOST_TEST(leases.drop_unused(begin + 60ms) == 7U);
    BOOST_TEST((leases.next(begin + 60ms) == time_point::max()));
    BOOST_TEST(leases.drop_unused(begin + 60ms) == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_pace_what_became_void_is_returned_with_the_next_order)
{
    lease_state leases;
    leases.set(100, 1h, 0ms, 1);
    const auto order = leases.ask(begin, true);
    BOOST_TEST_REQUIRE(order.has_value());
    BOOST_TEST(order->wanted == 5U);
    BOOST_TEST((order->interval == 0ns));
    usher::lease_grant grant;
    grant.granted = 5;
    grant.valid_for = 30s;
    leases.granted(grant, begin, begin);
    leases.take(begin);
    leases.take(begin + 1s);
    BOOST_TEST((leases.next(begin + 30s) <= begin + 30s));
    BOOST_TEST((leases.next(begin + 31s) == time_point::max()));
    const auto next = leases.ask(begin + 31s, true);
    BOOST_TEST_REQUIRE(next.has_value());
    BOOST_TEST(next->returned == 3U);
    BOOST_TEST(next->wanted == 4U);
}

BOOST_AUTO_TEST_CASE(any_sequence_of_calls_keeps_every_departure_within_what_was_granted)
{
    std::mt19937 random(20);
    for (int round = 0; round != 300; ++round) {
        auto leases = paced();
        auto now = begin;
        std::uint64_t granted = 0, taken = 0;
        bool is_asking = false;
        for (int step = 0; step != 400; ++step) {
            now += std::chrono::milliseconds(random() % 40);
            switch (random() % 4) {
            case 0:
                is_asking = leases.ask(now, true).has_value() || is_asking;
                break;
            case 1:
                if (is_asking) {
                    const auto count = static_cast<std::uint32_t>(random() % 12);
                    granted += count;
                    leases.granted(granting(count, std::chrono::milliseconds(random() % 300)), now, now);
                    is_asking = false;
                }
                break;
            case 2:
                while (leases.next(now) <= now) {
                    leases.take(now);
                    ++taken;
                }
                break;
            default:
                BOOST_TEST((leases.next_ask(now) >= now));
                if (random() % 8 == 0)
                    granted -= std::min<std::uint64_t>(leases.drop_unused(now), granted);
                else if (random() % 8 == 0 && taken != 0) {
                    leases.give_back(now);
                    --taken;
                }
            }
            BOOST_TEST_REQUIRE(taken <= granted);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
