// The pacer's exact sequences, in virtual time.
#include "schedule/pacer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using usher::quota;
using usher::schedule::answer_info;
using usher::schedule::duration;
using usher::schedule::pacer;
using usher::schedule::ticket;
using usher::schedule::time_point;

namespace {

constexpr time_point start{1h};
// (10 s + 150 ms) / (1000 - 5)
constexpr duration production_interval = (10'150'000'000ns + 994ns) / 995;

answer_info ok()
{
    return answer_info(200);
}

/// Admits as many as may leave now.
std::vector<ticket> drain(pacer& limits, time_point now, std::uint16_t endpoint = 0)
{
    std::vector<ticket> passes;
    while (auto pass = limits.try_admit(endpoint, now))
        passes.push_back(std::move(*pass));
    return passes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pacer_)

BOOST_AUTO_TEST_CASE(a_start_is_a_burst_of_five_and_then_one_per_interval)
{
    pacer limits(quota::clerk_production());
    BOOST_TEST((limits.interval() == production_interval));
    auto passes = drain(limits, start);
    BOOST_TEST(passes.size() == 5U);
    for (int i = 1; i <= 20; ++i) {
        const auto due = limits.earliest(0, start);
        BOOST_TEST(((due - start) == i * production_interval));
        BOOST_TEST(!limits.try_admit(0, due - 1ns));
        passes = drain(limits, due);
        BOOST_TEST(passes.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(after_a_rest_there_is_a_burst_again_and_never_a_full_bucket)
{
    pacer limits(quota::clerk_production());
    for (auto& pass : drain(limits, start))
        limits.answered(pass, start, start + 80ms, ok());
    BOOST_TEST(drain(limits, start + 1h).size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_small_quota_keeps_a_small_burst)
{
    pacer limits(quota::clerk_development());
    BOOST_TEST(drain(limits, start).size() == 2U);
    pacer tiny(quota(3, 1s));
    BOOST_TEST(drain(tiny, start).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_slot_is_free_a_window_after_its_response_and_not_before)
{
    quota limit(4, 1s);
    limit.least_spread = limit.most_spread = 0ms;
    pacer limits(limit);
    std::vector<ticket> passes;
    auto now = start;
    for (int i = 0; i != 4; ++i) {
        now = limits.earliest(0, now);
        passes.push_back(std::move(*limits.try_admit(0, now)));
    }
    BOOST_TEST(
        (limits.earliest(0, now) == time_point::max())); // nothing was answered: no slot comes back by time alone
    const auto answered = now + 300ms;
    limits.answered(passes[2], now, answered, ok());
    BOOST_TEST((limits.earliest(0, answered) == answered + 1s + 1ms));
    BOOST_TEST(!limits.try_admit(0, answered + 1s));
    BOOST_TEST(limits.try_admit(0, answered + 1s + 1ms).has_value());
    BOOST_TEST(!limits.try_admit(0, answered + 2s));
}

BOOST_AUTO_TEST_CASE(a_lost_request_holds_its_slot_until_it_can_no_longer_arrive_and_a_window_more)
{
    quota limit(1, 1s);
    limit.least_spread = limit.most_spread = 0ms;
    pacer limits(limit, 5s);
    auto pass = std::move(*limits.try_admit(0, start));
    limits.unanswered(pass, start + 100ms, true);
    BOOST_TEST((limits.earliest(0, start + 100ms) == start + 5s + 1s + 1ms));
    BOOST_TEST(!limits.try_admit(0, start + 6s));
    pass = std::move(*limits.try_admit(0, start + 6001ms));
    // One that was given up later than that counts from then.
    limits.unanswered(pass, start + 20s, true);
    BOOST_TEST((limits.earliest(0, start + 20s) == start + 21s + 1ms));
    BOOST_TEST(limits.stats(start + 20s).unanswered == 2U);
}

BOOST_AUTO_TEST_CASE(what_was_never_sent_gives_everything_back)
{
    pacer limits(quota::clerk_production());
    auto passes = drain(limits, start);
    BOOST_TEST((limits.earliest(0, start) > start));
    limits.unanswered(passes[0], start, false);
    BOOST_TEST(!passes[0].valid());
    BOOST_TEST(limits.in_flight() == 4U);
    BOOST_TEST(limits.stats(start).slots_held == 4U);
    BOOST_TEST(drain(limits, start).size() == 1U);
    BOOST_TEST(limits.stats(start).given_back == 1U);
}

BOOST_AUTO_TEST_CASE(the_cap_in_flight_bounds_what_stands_in_a_stalled_network)
{
    pacer limits(quota::clerk_production());
    std::deque<ticket> passes;
    for (auto now = start; now < start + 5s; now += 1ms) {
        for (auto& pass : drain(limits, now))
            passes.push_back(std::move(pass));
    }
    BOOST_TEST(passes.size() == 32U);
    BOOST_TEST((limits.earliest(0, start + 5s) == time_point::max()));
    limits.answered(passes[0], start, start + 5s, ok());
    BOOST_TEST((limits.earliest(0, start + 5s) == start + 5s));

    quota narrow = quota::clerk_production();
    narrow.in_flight = 3;
    pacer limits_to_three(narrow);
    BOOST_TEST(drain(limits_to_three, start).size() == 3U);
}

BOOST_AUTO_TEST_CASE(the_cap_follows_littles_law_for_long_round_trips_but_not_for_stalls)
{
    const auto after = [](int usual, duration usual_time, int stalled, duration stalled_time) {
        pacer limits(quota::clerk_production());
        auto now = start;
        for (int i = 0; i != usual + stalled; ++i) {
            now = std::max(now, limits.earliest(0, now));
            auto pass = std::move(*limits.try_admit(0, now));
            limits.answered(pass, now - (i < usual ? usual_time : stalled_time), now, ok());
        }
        return limits.in_flight_cap();
    };
    BOOST_TEST(after(640, 80ms, 0, 0ms) == 32U);
    const auto slow = after(640, 1s, 0, 0ms); // 99 per second x 1 s x 1.25
    BOOST_TEST(slow >= 120U);
    BOOST_TEST(slow <= 130U);
    BOOST_TEST(after(640, 80ms, 64, 2s) == 32U);
}

BOOST_AUTO_TEST_CASE(the_spread_is_measured_within_its_bounds)
{
    const auto spread_after = [](int answers, duration least, duration most) {
        pacer limits(quota::clerk_production());
        auto now = start;
        for (int i = 0; i != answers; ++i) {
            now = std::max(now, limits.earliest(0, now));
            auto pass = std::move(*limits.try_admit(0, now));
            limits.answered(pass, now - (i % 2 ? least : most), now, ok());
        }
        return limits.stats(now).spread;
    };
    BOOST_TEST((spread_after(0, 0ms, 0ms) == 150ms));
    BOOST_TEST((spread_after(128, 40ms, 60ms) == 150ms)); // too few to believe that it is less
    BOOST_TEST((spread_after(128, 40ms, 300ms) == 260ms));
    BOOST_TEST((spread_after(256, 40ms, 120ms) == 80ms));
    BOOST_TEST((spread_after(2048, 40ms, 41ms) == 20ms));
    BOOST_TEST((spread_after(2048, 10ms, 900ms) == 400ms));
}

BOOST_AUTO_TEST_CASE(an_unlimited_quota_admits_at_once_and_still_honours_freezes)
{
    pacer limits(quota::unlimited());
    std::vector<ticket> passes;
    for (int i = 0; i != 5000; ++i)
        passes.push_back(std::move(limits.try_admit(3, start).value()));
    BOOST_TEST((limits.interval() == 0ns));
    limits.answered(passes[0], start, start + 10ms, answer_info(429, 2s));
    BOOST_TEST(!limits.try_admit(3, start + 2s));
    BOOST_TEST((limits.earliest(3, start + 1s) == start + 2s + 10ms));
    BOOST_TEST(limits.try_admit(4, start + 1s).has_value());
    BOOST_TEST(limits.try_admit(3, start + 2s + 10ms).has_value());
    BOOST_TEST(limits.stats(start).in_flight_cap == 0U);
}

BOOST_AUTO_TEST_CASE(a_ticket_is_valid_until_it_is_settled_or_moved_from)
{
    pacer limits(quota::clerk_production());
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
    limits.answered(none, start, start, ok());
    BOOST_TEST(!none.valid());
}

BOOST_AUTO_TEST_CASE(a_quota_that_makes_no_sense_is_refused)
{
    BOOST_CHECK_THROW(pacer(quota(1000, 0s)), std::invalid_argument);
    BOOST_CHECK_THROW(pacer(quota(1000, -1s)), std::invalid_argument);
    quota inverted;
    inverted.least_spread = 2s;
    BOOST_CHECK_THROW(pacer{inverted}, std::invalid_argument);
    quota without_burst;
    without_burst.burst = 0;
    pacer limits(without_burst);
    BOOST_TEST(drain(limits, start).size() == 1U);
}

// Whatever happens in whatever order: what `earliest` tells is what `try_admit` does, and wherever between its
// admission and its response a request arrives, no window sees more than its limit.
BOOST_AUTO_TEST_CASE(in_any_sequence_earliest_is_exact_and_no_window_sees_more_than_its_limit)
{
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            std::mt19937_64 random(seed);
            const auto upto = [&random](std::uint64_t most) { return random() % (most + 1); };
            quota limit(static_cast<std::uint32_t>(1 + upto(200)), std::chrono::milliseconds(100 + upto(10'000)));
            limit.burst = static_cast<std::uint32_t>(upto(8));
            pacer limits(limit, 2s);
            std::vector<ticket> open;
            std::vector<time_point> arrivals;
            auto now = start;
            for (int step = 0; step != 3000; ++step) {
                now += std::chrono::microseconds(upto(20'000));
                const auto endpoint = static_cast<std::uint16_t>(upto(5));
                const auto due = limits.earliest(endpoint, now);
                BOOST_REQUIRE((due >= now));
                if (due > now)
                    BOOST_REQUIRE(!limits.try_admit(endpoint, now));
                if (due != time_point::max()) {
                    if (due > now)
                        BOOST_REQUIRE(!limits.try_admit(endpoint, due - 1ns));
                    now = due;
                    auto pass = limits.try_admit(endpoint, now);
                    BOOST_REQUIRE(pass);
                    open.push_back(std::move(*pass));
                }
                BOOST_REQUIRE(limits.stats(now).slots_held <= limit.requests);
                if (open.empty() || (due != time_point::max() && upto(2) == 0))
                    continue;
                std::swap(open[upto(open.size() - 1)], open.back());
                auto pass = std::move(open.back());
                open.pop_back();
                auto last_arrival = now;
                const auto end = upto(9);
                if (end == 0) {
                    limits.unanswered(pass, now, false);
                    continue;
                }
                if (end == 1) {
                    last_arrival = std::max(now, pass.admitted() + 2s);
                    limits.unanswered(pass, now, true);
                } else {
                    const auto answer = end == 2 ? answer_info(429, std::chrono::seconds(upto(3))) : ok();
                    limits.answered(pass, pass.admitted(), now, answer);
                }
                const auto span = static_cast<std::uint64_t>((last_arrival - pass.admitted()).count());
                arrivals.push_back(pass.admitted() + duration(upto(1) ? span : upto(span)));
            }
            std::sort(arrivals.begin(), arrivals.end());
            BOOST_TEST(arrivals.size() > 100U);
            for (std::size_t i = limit.requests; i < arrivals.size(); ++i)
                BOOST_REQUIRE((arrivals[i] - arrivals[i - limit.requests] > limit.window));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
