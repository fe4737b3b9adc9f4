// Whatever ends a wait, nothing of it is left.
#include "limiter_call.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <deque>
#include <memory>
#include <random>

using namespace std::chrono_literals;
using namespace schedule_tests;
using boost::asio::cancellation_type;
using usher::lane;
using usher::quota;
using usher::schedule::admission_error;
using usher::schedule::answer_info;

namespace {

quota one_at_a_time()
{
    quota limit(101, 1s);
    limit.burst = 1;
    limit.least_spread = limit.most_spread = limit.slow_start = 0ms;
    limit.in_flight = 1;
    return limit;
}

class fixture {
public:
    virtual_time time;
    std::shared_ptr<limiter> limits = make_limiter(time, one_at_a_time());
    std::deque<call> calls;

    call& start(lane priority = lane::interactive)
    {
        auto& one = calls.emplace_back();
        one.priority = priority;
        spawn(time, limits, one);
        return one;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(limiter_cancellation)

BOOST_AUTO_TEST_CASE(each_type_of_cancellation_ends_a_wait_and_leaves_nothing)
{
    for (const auto type : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        fixture all;
        auto& first = all.start();
        auto& second = all.start();
        auto& third = all.start();
        second.cancel.emit(type);
        all.time.settle();
        BOOST_TEST(second.failed(admission_error::cancelled));
        BOOST_TEST(all.limits->waiting() == 1U);
        BOOST_TEST(all.limits->stats().admitted == 1U);
        all.time.jump_to(begin + 1s);
        all.limits->answered(first.pass, begin, answer_info(200));
        all.time.settle();
        BOOST_TEST(third.admitted());
        BOOST_TEST(std::lround(all.limits->rule_figures()[0].utilisation * 101) == 2);
        BOOST_TEST(all.time.is_idle());
    }
}

BOOST_AUTO_TEST_CASE(the_last_waiter_takes_the_alarm_with_it)
{
    fixture all;
    auto& first = all.start();
    all.limits->answered(first.pass, begin, answer_info(200));
    auto& waiting = all.start(); // for time alone
    BOOST_TEST(!all.time.is_idle());
    waiting.cancel.emit(cancellation_type::terminal);
    all.time.settle();
    BOOST_TEST(waiting.failed(admission_error::cancelled));
    BOOST_TEST(all.time.is_idle());
}

BOOST_AUTO_TEST_CASE(one_cancelled_after_its_grant_gives_the_ticket_back_to_the_next)
{
    fixture all;
    auto& first = all.start();
    auto& second = all.start();
    auto& third = all.start();
    virtual_clock::current = begin + 1s;
    boost::asio::post(all.time.context(), [&] {
        all.limits->answered(first.pass, begin, answer_info(200)); // grants to the second, which has not run yet
        BOOST_TEST(all.limits->waiting() == 1U);
        second.cancel.emit(cancellation_type::terminal);
    });
    all.time.settle();
    BOOST_TEST(second.failed(admission_error::cancelled));
    BOOST_TEST(third.admitted());
    BOOST_TEST(all.limits->stats().given_back == 1U);
    BOOST_TEST(all.limits->stats().in_flight == 1U);
    BOOST_TEST(all.time.is_idle());
}

BOOST_AUTO_TEST_CASE(one_granted_in_the_moment_of_its_deadline_is_admitted)
{
    fixture all;
    auto& first = all.start();
    auto& second = all.calls.emplace_back();
    second.deadline = begin + 1s;
    spawn(all.time, all.limits, second);
    virtual_clock::current = begin + 1s;
    all.limits->answered(first.pass, begin, answer_info(200));
    all.time.settle();
    BOOST_TEST(second.admitted());
    BOOST_TEST(all.time.is_idle());
}

BOOST_AUTO_TEST_CASE(cancelling_in_any_place_of_the_line_keeps_the_order_of_the_others)
{
    for (std::size_t gone = 1; gone != 6; ++gone) {
        fixture all;
        for (int i = 0; i != 6; ++i)
            all.start();
        all.calls[gone].cancel.emit(cancellation_type::total);
        all.time.settle();
        std::size_t holder = 0;
        for (std::size_t next = 1; next != 6; ++next) {
            if (next == gone)
                continue;
            all.time.jump_to(virtual_clock::current + 10ms);
            all.limits->answered(all.calls[holder].pass, virtual_clock::current, answer_info(200));
            all.time.settle();
            BOOST_REQUIRE(all.calls[next].admitted());
            holder = next;
        }
        BOOST_TEST(all.time.is_idle());
    }
}

BOOST_AUTO_TEST_CASE(a_context_may_be_destroyed_while_calls_wait)
{
    std::weak_ptr<limiter> kept;
    {
        fixture all;
        kept = all.limits;
        all.start();
        all.start();
        all.start(lane::bulk);
        auto& granted = all.calls[0];
        virtual_clock::current = begin + 1s;
        all.limits->answered(granted.pass, begin, answer_info(200)); // the second is granted, and never runs
        all.limits.reset();
        BOOST_TEST(!kept.expired());
        all.time.destroy();
        BOOST_TEST(!all.calls[1].ended);
        BOOST_TEST(!all.calls[2].ended);
    }
    BOOST_TEST(kept.expired());
}

BOOST_AUTO_TEST_CASE(any_mixture_of_calls_deadlines_cancellations_and_answers_ends_with_nothing_left)
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            std::mt19937_64 random(seed);
            const auto upto = [&random](std::uint64_t most) { return random() % (most + 1); };
            virtual_time time;
            quota limit(static_cast<std::uint32_t>(20 + upto(500)), 1s);
            limit.in_flight = static_cast<std::uint32_t>(1 + upto(10));
            const auto limits = make_limiter(time, limit, 40);
            std::deque<call> calls;
            std::size_t settled = 0;
            const auto settle_some = [&](std::uint64_t chance) {
                for (auto& one : calls) {
                    if (!one.admitted() || upto(chance) != 0)
                        continue;
                    ++settled;
                    const auto end = upto(20);
                    if (end == 0)
                        limits->answered(one.pass, one.when, answer_info(429, std::chrono::seconds(upto(2))));
                    else if (end <= 2)
                        limits->unanswered(one.pass, end == 1);
                    else
                        limits->answered(one.pass, one.when, answer_info(200));
                }
            };
            for (int step = 0; step != 600; ++step) {
                virtual_clock::current += std::chrono::milliseconds(upto(20));
                if (upto(2) != 0) {
                    auto& one = calls.emplace_back();
                    one.endpoint = static_cast<std::uint16_t>(upto(4));
                    one.priority = upto(1) ? lane::bulk : lane::interactive;
                    if (upto(1))
                        one.deadline = virtual_clock::now() + std::chrono::milliseconds(upto(500));
                    spawn(time, limits, one);
                }
                if (upto(3) == 0 && !calls.empty())
                    calls[upto(calls.size() - 1)].cancel.emit(cancellation_type::terminal);
                if (upto(1))
                    settle_some(5);
                if (upto(1))
                    time.settle();
            }
            for (int step = 0; step != 4000 && !(limits->waiting() == 0 && limits->stats().in_flight == 0); ++step) {
                time.jump_to(virtual_clock::current + 20ms);
                settle_some(0);
            }
            time.settle();
            std::size_t errors = 0;
            for (const auto& one : calls) {
                BOOST_REQUIRE(one.ended);
                BOOST_REQUIRE(!one.pass.valid());
                errors += one.error ? 1U : 0U;
            }
            BOOST_TEST(limits->waiting() == 0U);
            BOOST_TEST(limits->stats().in_flight == 0U);
            BOOST_TEST(settled + errors == calls.size());
            BOOST_TEST(settled > 20U);
            BOOST_TEST(errors > 20U);
            BOOST_TEST(time.is_idle());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
