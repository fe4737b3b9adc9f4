#include "schedule/slow_start.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using usher::schedule::slow_start;
using usher::schedule::time_point;

BOOST_AUTO_TEST_SUITE(slow_start_)

BOOST_AUTO_TEST_CASE(after_a_start_or_a_rest_half_of_the_pace_grows_to_all_of_it_within_two_seconds)
{
    for (const time_point start : {time_point(0s), time_point(1h)}) {
        slow_start gentle(10s);
        BOOST_TEST(gentle.share(start) == 0.5);
        auto begun = start + 5s;
        for (const auto rest : {10s, 11s, 3600s}) {
            gentle.departed(begun);
            BOOST_TEST(gentle.share(begun) == 0.5);
            gentle.departed(begun + 500ms);
            BOOST_TEST(gentle.share(begun + 500ms) == 0.625);
            BOOST_TEST(gentle.share(begun + 1s) == 0.75);
            gentle.departed(begun + 2s);
            BOOST_TEST(gentle.share(begun + 2s) == 1.0);
            // One departure within each window is no rest.
            gentle.departed(begun + 2s + 9999ms);
            BOOST_TEST(gentle.share(begun + 2s + 9999ms) == 1.0);
            begun += 2s + 9999ms + rest;
            BOOST_TEST(gentle.share(begun - 1ms) == (rest == 10s ? 1.0 : 0.5));
            BOOST_TEST(gentle.share(begun) == 0.5);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
