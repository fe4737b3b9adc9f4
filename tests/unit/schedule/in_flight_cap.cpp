#include "schedule/in_flight_cap.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using usher::schedule::in_flight_cap;
using usher::schedule::time_point;

namespace {

constexpr time_point start{1h};
constexpr auto round_trip = 80ms;

void answer(in_flight_cap& cap, std::size_t times)
{
    for (std::size_t i = 0; i != times; ++i)
        cap.answered();
}

} // namespace

BOOST_AUTO_TEST_SUITE(in_flight_cap_)

BOOST_AUTO_TEST_CASE(it_is_what_the_rate_needs_and_never_below_the_least)
{
    struct {
        std::size_t least, most, value;
    } const rows[] = {{8, 0, 8}, {8, 7, 8}, {8, 8, 8}, {8, 120, 120}, {32, 12, 32}, {1, 1, 1}, {1, 3, 3}};
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT("least " << row.least << ", most " << row.most)
        {
            in_flight_cap cap(0, row.least);
            BOOST_TEST(cap.value() == row.least);
            cap.set_most(row.most);
            BOOST_TEST(cap.value() == row.value);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_fixed_one_stays_whatever_happens)
{
    in_flight_cap cap(5, 8);
    cap.set_most(100);
    cap.overloaded(start, round_trip);
    answer(cap, 100);
    BOOST_TEST(cap.value() == 5U);
}

BOOST_AUTO_TEST_CASE(an_overload_halves_it_once_per_round_trip_down_to_its_floor)
{
    struct {
        std::size_t least, floor;
    } const rows[] = {{32, 4}, {4, 4}, {2, 2}, {1, 1}};
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT("least " << row.least)
        {
            in_flight_cap cap(0, row.least);
            cap.set_most(64);
            auto now = start;
            for (std::size_t value = 32; value > row.floor; value /= 2) {
                for (int i = 0; i != 20; ++i)
                    cap.overloaded(now + i * 4ms - 1ns, round_trip);
                BOOST_TEST(cap.value() == value);
                now += round_trip;
            }
            for (int i = 0; i != 10; ++i, now += round_trip)
                cap.overloaded(now, round_trip);
            BOOST_TEST(cap.value() == row.floor);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_round_trip_of_good_answers_adds_one_until_all_is_back)
{
    in_flight_cap cap(0, 8);
    cap.set_most(10);
    cap.overloaded(start, round_trip);
    for (std::size_t value = 5; value != 10; ++value) {
        BOOST_TEST(cap.value() == value);
        answer(cap, value - 1);
        BOOST_TEST(cap.value() == value);
        answer(cap, 1);
    }
    BOOST_TEST(cap.value() == 10U);
    answer(cap, 1000);
    BOOST_TEST(cap.value() == 10U);
    // What was cut stays cut when the rate needs more, and follows when it needs less.
    cap.overloaded(start + 1s, round_trip);
    cap.set_most(40);
    BOOST_TEST(cap.value() == 5U);
    answer(cap, 5);
    BOOST_TEST(cap.value() == 6U);
    cap.set_most(8);
    BOOST_TEST(cap.value() == 6U);
    answer(cap, 6 + 7);
    BOOST_TEST(cap.value() == 8U);
    cap.set_most(40);
    BOOST_TEST(cap.value() == 40U);
}

BOOST_AUTO_TEST_SUITE_END()
