// What a refusal with a long pause says of the windows of a service.
#include "learning.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>

using namespace std::chrono_literals;
using namespace schedule_tests::learning;

namespace {

constexpr time_point start{1h};

/// What is believed of a service that accepted so many at even pace in one window after the other, and refused each
/// time when so much of the window was left.
std::uint32_t belief_after(std::initializer_list<int> counts, duration left)
{
    learned_rate rate(600, 1min);
    auto begin = start;
    for (const int count : counts) {
        const duration between = (1min - left) / count;
        for (int i = 0; i != count; ++i)
            rate.answered(begin + i * between);
        rate.refused(begin + 1min - left, begin + 1min);
        begin += 1min;
    }
    return rate.belief();
}

} // namespace

BOOST_AUTO_TEST_SUITE(learned_windows)

BOOST_AUTO_TEST_CASE(the_window_before_has_the_weight_of_a_sliding_counter_until_counts_say_that_it_has_none)
{
    BOOST_TEST(belief_after({500}, 30s) == 500U);
    BOOST_TEST(belief_after({500, 200}, 30s) == 200U + 250U);
    BOOST_TEST(belief_after({500, 200}, 6s) == 200U + 50U);
    // The same twice may be chance, three times is not. With little left it makes no difference.
    BOOST_TEST(belief_after({500, 200, 200}, 30s) == 200U + 100U);
    BOOST_TEST(belief_after({500, 200, 200, 200}, 30s) == 200U);
    BOOST_TEST(belief_after({500, 200, 200}, 6s) == 200U);
}

BOOST_AUTO_TEST_CASE(a_refusal_at_once_after_the_pause_says_that_less_is_allowed)
{
    learned_rate rate(600, 1min);
    for (int i = 0; i != 300; ++i)
        rate.answered(start + i * 100ms);
    rate.refused(start + 30s, start + 1min);
    BOOST_TEST(rate.belief() == 300U);
    // That the window before was full explains it.
    rate.refused(start + 60'100ms, start + 2min);
    BOOST_TEST(rate.belief() >= 298U);

    learned_rate other(600, 1min);
    for (int i = 0; i != 1000; ++i)
        other.answered(start + i * 100ms);
    other.refused(start + 100s, start + 2min);
    BOOST_TEST(other.belief() == 400U + 200U);
    // It was not: 400 are too many.
    other.refused(start + 120'100ms, start + 3min);
    BOOST_TEST(other.belief() <= 360U);
    BOOST_TEST(other.belief() >= 355U);
}

BOOST_AUTO_TEST_CASE(where_a_window_was_full_nothing_leaves_at_the_beginning_of_the_next)
{
    learned_rate rate(600, 1min);
    for (int i = 0; i != 100; ++i)
        rate.answered(start);
    rate.refused(start + 50s, start + 1min);
    BOOST_TEST(rate.belief() == 100U);
    // A fiftieth of the window, for the two that may be on their way.
    const auto waits = rate.not_before(start + 1min) - (start + 1min);
    BOOST_TEST((waits >= 1190ms));
    BOOST_TEST((waits <= 1210ms));
}

BOOST_AUTO_TEST_CASE(after_a_long_pause_more_is_tried_later_than_after_a_short_one)
{
    const auto tried_after = [](duration pause) {
        learned_rate rate(6000, 1min);
        auto now = send(rate, start, start + 135s);
        rate.refused(now, now + pause);
        const auto found = rate.belief();
        const auto since = now;
        while (now < start + 1h && 0.95 * rate.belief() <= found)
            now = send(rate, now, now + 1s);
        return now - since;
    };
    BOOST_TEST((tried_after(1s) < 8min));
    BOOST_TEST((tried_after(30s) > 12min));
    BOOST_TEST((tried_after(30s) < 20min));
}

BOOST_AUTO_TEST_SUITE_END()
