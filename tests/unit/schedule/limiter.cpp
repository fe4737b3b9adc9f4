// The limiter in virtual time: order, deadlines, bounds.
#include "limiter_call.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>

using namespace std::chrono_literals;
using namespace schedule_tests;
using usher::lane;
using usher::quota;
using usher::schedule::admission_error;
using usher::schedule::answer_info;

namespace {

/// One every 10 ms, no burst.
quota one_per_10_ms()
{
    quota limit(101, 1s);
    limit.burst = 1;
    limit.least_spread = limit.most_spread = limit.slow_start = 0ms;
    limit.in_flight = 1000;
    return limit;
}

class fixture {
public:
    virtual_time time;
    std::shared_ptr<limiter> limits;
    std::deque<call> calls;

    explicit fixture(const quota& limit = one_per_10_ms(), std::size_t max_waiting = 1000)
        : limits(make_limiter(time, limit, max_waiting))
    {
    }

    call& start(std::uint16_t endpoint = 0, lane priority = lane::interactive,
                virtual_clock::time_point deadline = virtual_clock::time_point::max())
    {
        auto& one = calls.emplace_back();
        one.endpoint = endpoint;
        one.priority = priority;
        one.deadline = deadline;
        spawn(time, limits, one);
        return one;
    }
    void answer(call& one, int status = 200, std::optional<std::chrono::seconds> retry_after = std::nullopt)
    {
        limits->answered(one.pass, one.when, answer_info(status, retry_after));
        time.settle();
    }
    std::size_t admitted() const
    {
        return static_cast<std::size_t>(
            std::count_if(calls.begin(), calls.end(), [](const auto& one) { return one.admitted(); }));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(limiter_)

BOOST_AUTO_TEST_CASE(a_ticket_that_can_be_had_now_is_had_without_waiting)
{
    fixture all(quota::clerk_production());
    for (int i = 0; i != 5; ++i)
        BOOST_TEST(all.limits->try_admit(demand_of(*all.limits, 0, lane::interactive)).has_value());
    BOOST_TEST(!all.limits->try_admit(demand_of(*all.limits, 0, lane::interactive)));
    BOOST_TEST(all.limits->waiting() == 0U);
    all.time.settle();
    BOOST_TEST(all.time.is_idle());
}

BOOST_AUTO_TEST_CASE(waiters_are_admitted_in_their_order_each_at_its_time)
{
    fixture all;
    for (int i = 0; i != 20; ++i)
        all.start(static_cast<std::uint16_t>(i % 3));
    BOOST_TEST(all.limits->waiting() == 19U);
    all.time.walk(200ms, 5ms);
    for (int i = 0; i != 20; ++i) {
        const auto& one = all.calls[static_cast<std::size_t>(i)];
        BOOST_TEST(one.admitted());
        BOOST_TEST((one.when == begin + i * 10ms));
    }
    BOOST_TEST(all.limits->waiting() == 0U);
    BOOST_TEST(all.time.is_idle());
}

BOOST_AUTO_TEST_CASE(nobody_passes_those_who_wait_in_its_lane)
{
    fixture all;
    all.start();
    auto& waiting = all.start(0, lane::bulk);
    virtual_clock::current += 10ms; // the alarm is due, but has not rung yet
    BOOST_TEST(!all.limits->try_admit(demand_of(*all.limits, 0, lane::bulk)));
    BOOST_TEST(!all.limits->try_admit(demand_of(*all.limits, 0, lane::interactive))); // the line decides
    auto& interactive = all.start(0, lane::interactive);
    BOOST_TEST(interactive.admitted());
    BOOST_TEST(!waiting.ended);
    all.time.walk(10ms, 1ms);
    BOOST_TEST(waiting.admitted());
}

BOOST_AUTO_TEST_CASE(interactive_goes_before_bulk_and_bulk_gets_its_share)
{
    fixture all;
    all.start();
    for (int i = 0; i != 100; ++i)
        all.start(0, lane::bulk);
    for (int i = 0; i != 100; ++i)
        all.start(0, lane::interactive);
    all.time.walk(10ms, 10ms);
    BOOST_TEST(all.calls[101].admitted());
    all.time.walk(900ms, 10ms);
    int bulk = 0;
    int interactive = 0;
    for (std::size_t i = 1; i != all.calls.size(); ++i)
        (i <= 100 ? bulk : interactive) += all.calls[i].admitted() ? 1 : 0;
    BOOST_TEST(bulk + interactive == 91);
    BOOST_TEST(bulk >= 40);
    BOOST_TEST(interactive >= 49);
}

BOOST_AUTO_TEST_CASE(a_frozen_endpoint_holds_up_nobody_else)
{
    fixture all;
    auto& refused = all.start(7);
    all.answer(refused, 429, 2s);
    auto& frozen = all.start(7);
    auto& frozen_too = all.start(7);
    auto& other = all.start(8);
    auto& another = all.start(8);
    all.time.walk(20ms, 1ms);
    BOOST_TEST((other.admitted() && other.when == begin + 10ms));
    BOOST_TEST((another.admitted() && another.when == begin + 20ms));
    BOOST_TEST(all.limits->waiting() == 2U);
    all.time.walk(10ms, 10ms);
    BOOST_TEST(all.limits->try_admit(demand_of(*all.limits, 8, lane::interactive)).has_value());
    all.time.walk(1970ms, 10ms);
    BOOST_TEST((frozen.admitted() && frozen.when == begin + 2s));
    BOOST_TEST(!frozen_too.ended);
    all.time.walk(10ms, 10ms);
    BOOST_TEST(frozen_too.admitted());
    BOOST_TEST(all.time.is_idle());
}

BOOST_AUTO_TEST_CASE(a_start_predicted_after_the_deadline_is_refused_on_arrival)
{
    fixture all;
    for (int i = 0; i != 11; ++i)
        all.start(0, lane::interactive, begin + 110ms);
    BOOST_TEST(all.limits->waiting() == 10U); // the eleventh of them would leave after 110 ms
    auto& late = all.start(0, lane::interactive, begin + 110ms);
    BOOST_TEST(late.failed(admission_error::timed_out));
    auto& in_time = all.start(0, lane::interactive, begin + 111ms);
    BOOST_TEST(!in_time.ended);
    auto& over = all.start(0, lane::interactive, begin);
    BOOST_TEST(over.failed(admission_error::timed_out));
    all.time.walk(110ms, 10ms);
    BOOST_TEST(in_time.admitted());

    auto& refused = all.calls[0];
    all.answer(refused, 429, 60s);
    auto& frozen = all.start(0, lane::interactive, begin + 30s);
    BOOST_TEST(frozen.failed(admission_error::timed_out));
}

BOOST_AUTO_TEST_CASE(who_goes_before_all_others_by_its_deadline_is_not_refused_for_their_number)
{
    fixture all;
    for (int i = 0; i != 500; ++i)
        all.start(0, lane::interactive, begin + 60s);
    auto& urgent = all.start(0, lane::interactive, begin + 50ms);
    BOOST_TEST(!urgent.ended);
    all.time.walk(10ms, 10ms);
    BOOST_TEST(urgent.admitted());
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_a_wait_that_lasts_longer_than_predicted)
{
    auto limit = one_per_10_ms();
    limit.in_flight = 1;
    fixture all(limit);
    auto& first = all.start();
    auto& second = all.start(0, lane::interactive, begin + 50ms);
    auto& third = all.start();
    all.time.walk(49ms, 1ms);
    BOOST_TEST(!second.ended);
    all.time.walk(1ms, 1ms);
    BOOST_TEST(second.failed(admission_error::timed_out));
    BOOST_TEST((second.when == begin + 50ms));
    BOOST_TEST(all.limits->waiting() == 1U);
    all.answer(first);
    BOOST_TEST(third.admitted());
    BOOST_TEST(all.limits->stats().admitted == 2U);
    BOOST_TEST(all.time.is_idle());
}

BOOST_AUTO_TEST_CASE(an_answer_wakes_the_next_when_the_cap_in_flight_was_reached)
{
    auto limit = one_per_10_ms();
    limit.in_flight = 2;
    fixture all(limit);
    for (int i = 0; i != 4; ++i)
        all.start();
    all.time.walk(100ms, 10ms);
    BOOST_TEST(all.admitted() == 2U);
    all.answer(all.calls[1]);
    BOOST_TEST(all.calls[2].admitted());
    all.limits->unanswered(all.calls[0].pass, true);
    all.time.walk(10ms, 10ms);
    BOOST_TEST(all.calls[3].admitted());
}

BOOST_AUTO_TEST_CASE(bulk_at_its_part_of_the_cap_waits_without_a_timer_and_leaves_room_for_interactive)
{
    auto limit = one_per_10_ms();
    limit.in_flight = 20;
    fixture all(limit);
    for (int i = 0; i != 25; ++i)
        all.start(0, lane::bulk);
    all.time.walk(1s, 10ms);
    BOOST_TEST(all.admitted() == 17U);
    auto& interactive = all.start();
    BOOST_TEST(interactive.admitted());
    all.answer(all.calls[0]);
    BOOST_TEST(all.limits->waiting() == 8U);
    all.answer(all.calls[1]);
    all.time.walk(10ms, 10ms);
    BOOST_TEST(all.limits->waiting() == 7U);
}

BOOST_AUTO_TEST_CASE(too_many_waiters_are_refused_as_overloaded)
{
    fixture all(one_per_10_ms(), 3);
    for (int i = 0; i != 4; ++i)
        all.start();
    BOOST_TEST(all.limits->waiting() == 3U);
    auto& refused = all.start();
    BOOST_TEST(refused.failed(admission_error::overloaded));
    all.time.walk(10ms, 10ms);
    auto& next = all.start();
    BOOST_TEST(!next.ended);
    all.time.walk(50ms, 10ms);
    BOOST_TEST(next.admitted());
}

BOOST_AUTO_TEST_SUITE_END()
