#include "schedule/waiting_line.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using usher::lane;
using usher::quota;
using usher::schedule::answer_info;
using usher::schedule::pacer;
using usher::schedule::time_point;
using usher::schedule::waiting_line;

namespace {

constexpr time_point start{1h};

class entry final : public usher::schedule::waiting_entry {
public:
    entry(int name_, std::uint16_t endpoint, lane priority) : waiting_entry(endpoint, priority), name(name_) {}
    int name;
};

/// A line with some in it, at an instance without a limit of its own.
class line_up {
public:
    pacer limits{quota::unlimited()};
    waiting_line line;

    entry& add(std::uint16_t endpoint, lane priority = lane::interactive)
    {
        auto& added = entries_.emplace_back(static_cast<int>(entries_.size()) + 1, endpoint, priority);
        line.push(added);
        return added;
    }
    void freeze(std::uint16_t endpoint)
    {
        auto pass = limits.try_admit(endpoint, start);
        BOOST_REQUIRE(pass);
        limits.answered(*pass, start, start, answer_info(429, 10s));
    }
    /// Starts whose turn it is; 0: nobody's.
    int start_next(time_point now = start)
    {
        const auto found = line.next(limits, now);
        if (!found)
            return 0;
        line.started(*found, limits, now);
        return static_cast<entry*>(found)->name;
    }

private:
    std::deque<entry> entries_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(waiting_line_)

BOOST_AUTO_TEST_CASE(it_is_first_come_first_served_in_a_lane_across_endpoints)
{
    line_up all;
    for (const auto endpoint : std::vector<std::uint16_t>{4, 9, 4, 1, 9, 4})
        all.add(endpoint);
    BOOST_TEST(all.line.size() == 6U);
    for (int number = 1; number <= 6; ++number)
        BOOST_TEST(all.start_next() == number);
    BOOST_TEST(all.line.empty());
    BOOST_TEST(all.start_next() == 0);
}

BOOST_AUTO_TEST_CASE(leaving_from_any_place_keeps_the_order_of_the_others)
{
    for (int leaving = 1; leaving <= 4; ++leaving) {
        line_up all;
        std::vector<entry*> entries;
        for (const auto endpoint : std::vector<std::uint16_t>{4, 4, 4, 9})
            entries.push_back(&all.add(endpoint));
        auto& gone = *entries[static_cast<std::size_t>(leaving - 1)];
        BOOST_TEST(gone.in_line());
        all.line.remove(gone);
        BOOST_TEST(!gone.in_line());
        BOOST_TEST(all.line.size() == 3U);
        for (int number = 1; number <= 4; ++number) {
            if (number != leaving)
                BOOST_TEST(all.start_next() == number);
        }
        BOOST_TEST(all.line.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_frozen_endpoint_holds_up_nobody_and_keeps_its_place)
{
    line_up all;
    all.freeze(4);
    all.add(4); // 1
    all.add(9); // 2
    all.add(4); // 3
    all.add(9); // 4
    BOOST_TEST(all.start_next() == 2);
    BOOST_TEST(all.line.may_pass(lane::interactive, all.limits, start) == false);
    BOOST_TEST(all.start_next() == 4);
    BOOST_TEST(all.start_next() == 0);
    BOOST_TEST(all.line.may_pass(lane::interactive, all.limits, start)); // only frozen ones are left
    BOOST_TEST((all.line.next_look(all.limits, start) == start + 10s));
    all.add(9); // 5
    BOOST_TEST(all.start_next(start + 10s) == 1);
    BOOST_TEST(all.start_next(start + 10s) == 3);
    BOOST_TEST(all.start_next(start + 10s) == 5);
}

BOOST_AUTO_TEST_CASE(one_interactive_call_passes_all_of_bulk)
{
    line_up all;
    for (int i = 0; i != 100; ++i)
        all.add(1, lane::bulk);
    BOOST_TEST(all.start_next() == 1);
    all.add(1); // 101
    BOOST_TEST(all.start_next() == 101);
    BOOST_TEST(all.start_next() == 2);
    BOOST_TEST(all.line.may_pass(lane::interactive, all.limits, start));
    BOOST_TEST(!all.line.may_pass(lane::bulk, all.limits, start));
}

BOOST_AUTO_TEST_CASE(of_twenty_contended_starts_eleven_are_interactive_and_nine_bulk)
{
    line_up all;
    for (int i = 0; i != 400; ++i)
        all.add(1, i % 2 ? lane::bulk : lane::interactive);
    int interactive = 0;
    int in_a_row = 0;
    std::string order;
    for (int i = 0; i != 200; ++i) {
        const bool is_interactive = all.start_next() % 2 == 1;
        interactive += is_interactive ? 1 : 0;
        order += is_interactive ? 'i' : 'b';
        in_a_row = is_interactive ? in_a_row + 1 : 0;
        BOOST_REQUIRE(in_a_row <= 2); // bulk never waits for long
    }
    BOOST_TEST_MESSAGE(order.substr(0, 40));
    BOOST_TEST(interactive >= 108);
    BOOST_TEST(interactive <= 112);
}

BOOST_AUTO_TEST_CASE(interactive_calls_that_never_wait_in_line_count_too)
{
    line_up all;
    for (int i = 0; i != 1000; ++i)
        all.add(1, lane::bulk);
    int interactive = 0;
    int bulk = 0;
    while (interactive + bulk != 200) {
        if (all.line.may_pass(lane::interactive, all.limits, start)) {
            all.line.passed(lane::interactive, all.limits, start);
            ++interactive;
        } else {
            BOOST_REQUIRE(all.start_next() != 0);
            ++bulk;
        }
    }
    BOOST_TEST(interactive >= 108);
    BOOST_TEST(bulk >= 88);
}

BOOST_AUTO_TEST_CASE(an_empty_lane_costs_the_other_one_nothing)
{
    line_up all;
    for (int i = 1; i <= 50; ++i)
        all.add(1);
    for (int i = 1; i <= 50; ++i)
        BOOST_TEST(all.start_next() == i);
    for (int i = 51; i <= 100; ++i)
        all.add(1, lane::bulk);
    for (int i = 51; i <= 100; ++i)
        BOOST_TEST(all.start_next() == i);
}

BOOST_AUTO_TEST_CASE(bulk_leaves_a_tenth_of_the_cap_in_flight_to_interactive)
{
    pacer limits(quota(100'000, 10s));
    std::vector<usher::schedule::ticket> passes;
    auto now = start;
    while (waiting_line::has_room(lane::bulk, limits)) {
        now = limits.earliest(0, now);
        passes.push_back(std::move(limits.try_admit(0, now).value()));
    }
    BOOST_TEST(limits.in_flight_cap() == 32U);
    BOOST_TEST(passes.size() == 28U);
    BOOST_TEST(waiting_line::has_room(lane::interactive, limits));

    waiting_line line;
    entry bulk(1, 0, lane::bulk);
    line.push(bulk);
    BOOST_TEST(!line.next(limits, now));
    BOOST_TEST((line.next_look(limits, now) == time_point::max())); // an answer helps, time does not
    entry interactive(2, 0, lane::interactive);
    line.push(interactive);
    BOOST_TEST((line.next(limits, now) == &interactive));

    quota one_by_one(1000, 10s);
    one_by_one.in_flight = 1;
    BOOST_TEST(waiting_line::has_room(lane::bulk, pacer(one_by_one)));
}

BOOST_AUTO_TEST_CASE(those_ahead_are_counted_without_the_frozen)
{
    line_up all;
    all.freeze(4);
    for (int i = 0; i != 10; ++i)
        all.add(4);
    for (int i = 0; i != 22; ++i)
        all.add(9);
    for (int i = 0; i != 100; ++i)
        all.add(9, lane::bulk);
    BOOST_TEST(all.line.ahead_of(9, lane::interactive, all.limits, start) == 22U + 18U);
    BOOST_TEST(all.line.ahead_of(4, lane::interactive, all.limits, start) == 32U + 26U);
    BOOST_TEST(all.line.ahead_of(9, lane::bulk, all.limits, start) == 100U + 22U);
}

BOOST_AUTO_TEST_SUITE_END()
