#include "learning.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using namespace schedule_tests::learning;

namespace {

constexpr time_point start{1h};

double per_second(const learned_rate& rate, time_point now)
{
    return 1 / std::chrono::duration<double>(rate.interval(now)).count();
}

} // namespace

BOOST_AUTO_TEST_SUITE(learned_rate_)

BOOST_AUTO_TEST_CASE(two_minutes_after_a_start_or_a_change_most_of_an_unknown_limit_is_used_and_almost_nothing_refused)
{
    for (const auto kind : algorithms) {
        for (const std::uint32_t limit : {60U, 300U, 1000U, 6000U}) {
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                BOOST_TEST_CONTEXT(name_of(kind) << ", " << limit << " per minute, seed " << seed)
                {
                    run client(kind, limit, seed);
                    const auto first = client.go(limit, 10min);
                    BOOST_TEST(first.share >= 0.85);
                    BOOST_TEST(first.refused_share() < 0.01);
                    const auto halved = client.go(limit / 2, 10min);
                    BOOST_TEST(halved.share >= 0.85);
                    BOOST_TEST(static_cast<double>(first.refused + halved.refused) <
                               0.01 * static_cast<double>(first.sent + halved.sent));
                    BOOST_TEST(client.rate().belief() >= limit / 2 * 85 / 100);
                    BOOST_TEST(client.rate().belief() <= limit * 80 / 100);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_limit_that_was_raised_is_found_within_ten_minutes)
{
    for (const auto kind : {algorithm::fixed_window, algorithm::sliding_log, algorithm::gcra}) {
        for (const std::uint32_t limit : {300U, 1000U, 6000U}) {
            BOOST_TEST_CONTEXT(name_of(kind) << ", " << limit << " per minute")
            {
                run client(kind, limit, 7);
                client.go(limit, 10min);
                const auto search = client.go(limit * 3 / 2, 10min);
                const auto found = client.go(limit * 3 / 2, 10min);
                BOOST_TEST(search.refused_share() < 0.01);
                BOOST_TEST(found.share >= 0.85);
                BOOST_TEST(found.refused_share() < 0.01);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(without_a_guess_it_begins_with_one_per_second_and_doubles_while_it_is_held_up)
{
    learned_rate rate(0, 1min);
    BOOST_TEST(rate.belief() == 0U);
    BOOST_TEST((rate.interval(start) == 1s));
    const auto now = send(rate, start, start + 13s);
    BOOST_TEST((rate.interval(now) == 125ms));
    BOOST_TEST(rate.belief() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_not_demanded_is_not_taken_for_allowed)
{
    learned_rate unknown(0, 1min);
    send(unknown, start, start + 1h, false);
    BOOST_TEST((unknown.interval(start + 1h) == 1s));

    learned_rate guessed(600, 1min);
    BOOST_TEST(guessed.belief() == 600U);
    send(guessed, start, start + 1h, false);
    BOOST_TEST(guessed.belief() == 600U);
    send(guessed, start + 1h, start + 2h, true);
    BOOST_TEST(guessed.belief() > 1200U);
}

BOOST_AUTO_TEST_CASE(an_idle_time_changes_nothing_of_what_was_learned)
{
    learned_rate rate(600, 1min);
    auto now = send(rate, start, start + 135s);
    rate.refused(now, now + 5s);
    const auto belief = rate.belief();
    BOOST_TEST(belief >= 560U);
    BOOST_TEST(belief <= 580U);
    now += 24h;
    BOOST_TEST(rate.belief() == belief);
    BOOST_TEST(per_second(rate, now) == 0.95 * belief / 60, boost::test_tools::tolerance(0.01));
    BOOST_TEST((rate.not_before(now) <= now));
    // Nor does a first refusal after it, with nothing counted, say that nothing is allowed.
    rate.refused(now, now + 1s);
    BOOST_TEST(rate.belief() >= belief * 45 / 100);
    BOOST_TEST(rate.belief() <= belief * 50 / 100);
}

BOOST_AUTO_TEST_CASE(a_refusal_cuts_to_what_was_accepted_and_cubic_goes_back_up)
{
    learned_rate rate(6000, 1min);
    auto now = send(rate, start, start + 90s);
    rate.refused(now, now + 2s);
    const auto ceiling = 0.95 * rate.belief() / 60;
    BOOST_TEST(ceiling == 0.95 * 95, boost::test_tools::tolerance(0.02));
    const auto resumed = now + 2s;
    BOOST_TEST(per_second(rate, now) == 0.7 * ceiling, boost::test_tools::tolerance(0.001));
    BOOST_TEST(per_second(rate, resumed) == 0.7 * ceiling, boost::test_tools::tolerance(0.001));
    auto before = per_second(rate, resumed);
    for (auto later = resumed + 100ms; later < resumed + 4s; later += 100ms) {
        const auto pace = per_second(rate, later);
        BOOST_TEST(pace > before);
        before = pace;
    }
    // K = cbrt(ceiling × 0.3 / 0.4)
    BOOST_TEST(per_second(rate, resumed + 4100ms) == ceiling, boost::test_tools::tolerance(0.001));
    BOOST_TEST(per_second(rate, resumed + 1h) == ceiling, boost::test_tools::tolerance(0.001));
}

BOOST_AUTO_TEST_CASE(the_belief_is_lifted_by_little_at_first_and_by_more_each_time_that_it_went_well)
{
    learned_rate rate(600, 1min);
    auto now = start;
    const auto lifts = [&](int count) {
        std::vector<double> found;
        while (count-- != 0) {
            const auto before = rate.belief();
            while (rate.belief() == before)
                now = send(rate, now, now + 1s);
            found.push_back(static_cast<double>(rate.belief()) / before);
        }
        return found;
    };
    const double steps[] = {1.03, 1.06, 1.12, 1.24, 1.25, 1.25};
    const auto tolerance = boost::test_tools::tolerance(0.002);
    BOOST_TEST(lifts(6) == steps, tolerance << boost::test_tools::per_element());
    rate.refused(now, now + 10s);
    now += 10s;
    BOOST_TEST(lifts(1).front() == steps[0], tolerance);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_never_a_reason_to_send_more)
{
    learned_rate rate(600, 1min);
    for (int i = 0; i != 2000; ++i)
        rate.answered(start + i * 20ms);
    rate.refused(start + 40s, start + 50s);
    BOOST_TEST(rate.belief() == 600U);
}

BOOST_AUTO_TEST_CASE(several_refusals_on_their_way_together_are_one)
{
    learned_rate rate(600, 1min);
    auto now = send(rate, start, start + 90s);
    rate.refused(now, now + 2s);
    const auto belief = rate.belief();
    for (int i = 1; i <= 30; ++i)
        rate.refused(now + i * 10ms, now + 2s + i * 10ms);
    BOOST_TEST(rate.belief() == belief);
    // The way back up begins when the last of these pauses ends.
    BOOST_TEST((rate.interval(now + 2s + 300ms) == rate.interval(now)));
    BOOST_TEST((rate.interval(now + 3s) < rate.interval(now)));
    // One that comes later is another one: half is kept at least.
    for (int i = 0; i != 12; ++i)
        rate.answered(now + 2s + i * 80ms);
    rate.refused(now + 3s, now + 4s);
    BOOST_TEST(rate.belief() < belief * 55 / 100);
    BOOST_TEST(rate.belief() > belief * 45 / 100);
}

BOOST_AUTO_TEST_CASE(where_nothing_is_given_back_between_refusals_it_waits_and_does_not_take_that_for_the_rate)
{
    learned_rate rate(0, 1min);
    for (int i = 0; i != 600; ++i)
        rate.answered(start + i * 50ms);
    auto now = start + 30s;
    for (int i = 0; i != 8; ++i, now += 2s) {
        rate.refused(now, now + 1s);
        rate.answered(now + 1s);
    }
    BOOST_TEST(rate.belief() >= 595U);
    BOOST_TEST((rate.not_before(now) > start + 1min));
    BOOST_TEST((rate.not_before(now) < start + 65s));
}

BOOST_AUTO_TEST_CASE(between_two_refusals_that_follow_each_other_the_rate_itself_is_measured)
{
    learned_rate rate(600, 1min);
    auto now = send(rate, start, start + 90s);
    rate.refused(now, now + 1s);
    // 21 accepted in 3 s; the next one might have been.
    for (int i = 0; i != 21; ++i)
        rate.answered(now + 1s + i * 90ms);
    rate.refused(now + 3s, now + 4s);
    BOOST_TEST(rate.belief() == 430U);
}

BOOST_AUTO_TEST_CASE(after_a_refusal_no_window_holds_more_than_was_accepted)
{
    // A start that doubles sends most within a few seconds: a service that keeps a log gives it back as it came.
    learned_rate rate(0, 1min);
    auto now = start;
    std::deque<time_point> accepted;
    while (accepted.size() != 1000) {
        rate.departed(now, true);
        rate.answered(now);
        accepted.push_back(now);
        now += rate.interval(now);
    }
    rate.refused(now, now + 20s);
    now = std::max(now + 20s, rate.not_before(now));
    BOOST_TEST((now > start + 1min));
    for (const auto end = now + 3min; now < end; now = std::max(now + rate.interval(now), rate.not_before(now))) {
        while (accepted.front() <= now - 1min)
            accepted.pop_front();
        BOOST_REQUIRE(accepted.size() < 1000U);
        rate.departed(now, true);
        rate.answered(now);
        accepted.push_back(now);
    }
    BOOST_TEST(accepted.size() > 900U);
}

BOOST_AUTO_TEST_CASE(what_a_service_tells_is_believed_until_it_refuses)
{
    learned_rate rate(0, 1min);
    rate.told(100, 10s);
    BOOST_TEST(rate.belief() == 100U);
    BOOST_TEST((rate.window() == 10s));
    BOOST_TEST(per_second(rate, start) == 9.8, boost::test_tools::tolerance(0.001));
    // Never more than that, however well it goes.
    auto now = send(rate, start, start + 10min);
    BOOST_TEST(rate.belief() == 100U);
    rate.refused(now, now + 1s);
    const auto belief = rate.belief();
    BOOST_TEST(belief < 100U);
    BOOST_TEST(belief >= 96U);
    // The same again is no news; another one is.
    rate.told(100, 10s);
    BOOST_TEST(rate.belief() == belief);
    rate.told(50, 10s);
    BOOST_TEST(rate.belief() == 50U);
    rate.told(0, 10s);
    rate.told(1, 0s);
    BOOST_TEST(rate.belief() == 50U);
    now = send(rate, now, now + 1h);
    BOOST_TEST(rate.belief() == 50U);
}

BOOST_AUTO_TEST_CASE(the_pace_is_positive_whatever_happens)
{
    std::mt19937_64 random(11);
    for (int round = 0; round != 200; ++round) {
        learned_rate rate(static_cast<std::uint32_t>(random() % 3 * 50),
                          std::chrono::milliseconds(4000 + random() % 100'000));
        auto now = start;
        for (int i = 0; i != 500; ++i) {
            now += std::chrono::milliseconds(random() % 3 == 0 ? random() % 200'000 : random() % 20);
            switch (random() % 8) {
            case 0:
                rate.refused(now, now + std::chrono::seconds(random() % 100));
                break;
            case 1:
                rate.told(static_cast<std::uint32_t>(random() >> (random() % 64)),
                          std::chrono::seconds(random() % 4000));
                break;
            case 2:
            case 3:
                rate.departed(now, random() % 2 == 0);
                break;
            default:
                rate.answered(now);
            }
            BOOST_REQUIRE((rate.interval(now) > 0ns));
            BOOST_REQUIRE((rate.interval(now) <= 4 * rate.window()));
            BOOST_REQUIRE((rate.not_before(now) <= now + 2 * rate.window()));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
