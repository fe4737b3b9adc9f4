// The scheduler's exact sequences at an instance with one limit, in virtual time.
#include "one_limit.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace usher::schedule;
using schedule_tests::one_limit;
using usher::quota;

namespace {

constexpr time_point start{1h};
// (10 s + 150 ms) / (1000 - 5)
constexpr duration production_interval = (10'150'000'000ns + 994ns) / 995;

answer_info ok()
{
    return answer_info(200);
}

quota without_spread(std::uint32_t requests, std::chrono::milliseconds window)
{
    quota limit(requests, window);
    limit.least_spread = limit.most_spread = 0ms;
    return limit;
}

} // namespace

BOOST_AUTO_TEST_SUITE(one_limit_)

BOOST_AUTO_TEST_CASE(a_start_is_a_burst_of_five_and_then_one_per_interval)
{
    one_limit limits(quota::clerk(1000, 10s));
    BOOST_TEST((limits.all.stats(start).interval == production_interval));
    BOOST_TEST(limits.drain(start).size() == 5U);
    for (int i = 1; i <= 20; ++i) {
        const auto due = limits.earliest(0, start);
        BOOST_TEST(((due - start) == i * production_interval));
        BOOST_TEST(!limits.try_admit(0, due - 1ns));
        BOOST_TEST(limits.drain(due).size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(after_a_start_the_pace_is_half_and_whole_two_seconds_later)
{
    const auto first = std::make_shared<rule_table>(quota(1000, 10s));
    scheduler limits(first);
    const demand call(0, first->draws(0, {}));
    std::vector<time_point> departures;
    for (auto now = start; now < start + 4s; now += 1ms)
        while (auto pass = limits.try_admit(call, now)) {
            departures.push_back(now);
            limits.answered(*pass, now, now, ok());
        }
    const auto within = [&departures](duration from, duration to) {
        return std::count_if(departures.begin(), departures.end(),
                             [=](time_point one) { return one - start >= from && one - start < to; });
    };
    BOOST_TEST(within(100ms, 300ms) <= 12); // of 20
    BOOST_TEST(within(100ms, 300ms) >= 9);
    BOOST_TEST(within(2500ms, 3500ms) >= 97);
}

BOOST_AUTO_TEST_CASE(after_a_rest_there_is_a_burst_again_and_never_a_full_bucket)
{
    one_limit limits(quota(1000, 10s));
    for (auto& pass : limits.drain(start))
        limits.all.answered(pass, start, start + 80ms, ok());
    BOOST_TEST(limits.drain(start + 1h).size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_small_quota_keeps_a_small_burst)
{
    one_limit development(quota(100, 10s));
    BOOST_TEST(development.drain(start).size() == 2U);
    one_limit tiny(quota(3, 1s));
    BOOST_TEST(tiny.drain(start).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_slot_is_free_a_window_after_its_response_and_not_before)
{
    one_limit limits(without_spread(4, 1s));
    std::vector<ticket> passes = limits.drain(start);
    auto now = start;
    while (passes.size() != 4) {
        now = limits.earliest(0, now);
        passes.push_back(std::move(*limits.try_admit(0, now)));
    }
    // Nothing was answered: no slot comes back by time alone.
    BOOST_TEST((limits.earliest(0, now) == time_point::max()));
    const auto answered = now + 300ms;
    limits.all.answered(passes[2], now, answered, ok());
    BOOST_TEST((limits.earliest(0, answered) == answered + 1s + 1ms));
    BOOST_TEST(!limits.try_admit(0, answered + 1s));
    BOOST_TEST(limits.try_admit(0, answered + 1s + 1ms).has_value());
    BOOST_TEST(!limits.try_admit(0, answered + 2s));
}

BOOST_AUTO_TEST_CASE(a_lost_request_holds_its_slot_until_it_can_no_longer_arrive_and_a_window_more)
{
    one_limit limits(without_spread(1, 1s), 5s);
    auto pass = std::move(*limits.try_admit(0, start));
    limits.all.unanswered(pass, start + 100ms, true);
    BOOST_TEST((limits.earliest(0, start + 100ms) == start + 5s + 1s + 1ms));
    BOOST_TEST(!limits.try_admit(0, start + 6s));
    pass = std::move(*limits.try_admit(0, start + 6001ms));
    // One that was given up later than that counts from then.
    limits.all.unanswered(pass, start + 20s, true);
    BOOST_TEST((limits.earliest(0, start + 20s) == start + 21s + 1ms));
    BOOST_TEST(limits.all.stats(start + 20s).unanswered == 2U);
}

BOOST_AUTO_TEST_CASE(the_cap_in_flight_bounds_what_stands_in_a_stalled_network)
{
    one_limit limits(quota(1000, 10s));
    std::deque<ticket> passes;
    for (auto now = start; now < start + 5s; now += 1ms)
        for (auto& pass : limits.drain(now))
            passes.push_back(std::move(pass));
    BOOST_TEST(passes.size() == 32U);
    BOOST_TEST((limits.earliest(0, start + 5s) == time_point::max()));
    limits.all.answered(passes[0], start, start + 5s, ok());
    BOOST_TEST(limits.try_admit(0, start + 5s).has_value());

    quota narrow(1000, 10s);
    narrow.in_flight = 3;
    one_limit three(narrow);
    BOOST_TEST(three.drain(start).size() == 3U);
}

/// What a saturating client finds after round trips of one length and then of another.
scheduler_stats after(std::vector<std::pair<int, duration>> round_trips)
{
    one_limit limits(quota(1000, 10s));
    auto now = start;
    for (const auto& [count, round_trip] : round_trips)
        for (int i = 0; i != count; ++i) {
            auto pass = limits.try_admit(0, now);
            if (!pass) {
                now = limits.earliest(0, now);
                pass = limits.try_admit(0, now);
            }
            BOOST_REQUIRE(pass);
            limits.all.answered(*pass, now - round_trip, now, ok());
        }
    return limits.all.stats(now);
}

BOOST_AUTO_TEST_CASE(the_cap_follows_littles_law_for_long_round_trips_but_not_for_stalls)
{
    BOOST_TEST(after({{640, 80ms}}).in_flight_cap == 32U);
    const auto slow = after({{640, 1s}}).in_flight_cap; // 99 per second × 1 s × 1.25
    BOOST_TEST(slow >= 120U);
    BOOST_TEST(slow <= 130U);
    BOOST_TEST(after({{640, 80ms}, {64, 2s}}).in_flight_cap == 32U);
}

BOOST_AUTO_TEST_CASE(the_spread_is_measured_within_its_bounds)
{
    BOOST_TEST((after({}).spread == 150ms));
    BOOST_TEST((after({{64, 40ms}, {64, 60ms}}).spread == 150ms)); // too few to believe that it is less
    BOOST_TEST((after({{64, 40ms}, {64, 300ms}}).spread == 260ms));
    BOOST_TEST((after({{128, 40ms}, {128, 120ms}}).spread == 80ms));
    BOOST_TEST((after({{1024, 40ms}, {1024, 41ms}}).spread == 20ms));
    BOOST_TEST((after({{512, 10ms}, {512, 900ms}}).spread == 400ms));
}

BOOST_AUTO_TEST_CASE(an_unlimited_quota_admits_at_once_and_still_honours_freezes)
{
    one_limit limits(quota::unlimited());
    std::vector<ticket> passes;
    for (int i = 0; i != 5000; ++i)
        passes.push_back(std::move(limits.try_admit(3, start).value()));
    BOOST_TEST((limits.all.stats(start).interval == 0ns));
    limits.all.answered(passes[0], start, start + 10ms, answer_info(429, 2s));
    BOOST_TEST(!limits.try_admit(3, start + 2s));
    BOOST_TEST((limits.earliest(3, start + 1s) == start + 2s + 10ms));
    BOOST_TEST(limits.try_admit(4, start + 1s).has_value());
    BOOST_TEST(limits.try_admit(3, start + 2s + 10ms).has_value());
    BOOST_TEST(limits.all.stats(start).in_flight_cap == 0U);
}

BOOST_AUTO_TEST_CASE(a_ticket_is_valid_until_it_is_settled_or_moved_from)
{
    one_limit limits(quota(1000, 10s));
    ticket none;
    BOOST_TEST(!none.valid());
    auto pass = std::move(*limits.try_admit(9, start));
    BOOST_TEST(pass.valid());
    BOOST_TEST(pass.endpoint() == 9);
    BOOST_TEST((pass.admitted() == start));
    ticket other(std::move(pass));
    BOOST_TEST(!pass.valid());
    none = std::move(other);
    BOOST_TEST(none.valid());
    limits.all.answered(none, start, start, ok());
    BOOST_TEST(!none.valid());
}

BOOST_AUTO_TEST_SUITE_END()
