// A ticket's holder, and the limiter as it is used: on the real clock.
#include "limiter_call.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace schedule_tests;
using usher::lane;
using usher::quota;
using usher::schedule::admission_error;
using usher::schedule::answer_info;

namespace {

/// One every 10 ms, two at once.
quota one_per_10_ms()
{
    quota limit(102, 1s);
    limit.burst = 2;
    limit.least_spread = limit.most_spread = limit.slow_start = 0ms;
    return limit;
}

} // namespace

BOOST_AUTO_TEST_SUITE(held_ticket_)

BOOST_AUTO_TEST_CASE(a_held_ticket_is_settled_whatever_way_its_scope_is_left)
{
    virtual_time time;
    const auto limits = make_limiter(time, one_per_10_ms());
    {
        held_ticket held(*limits);
        held.pass() = std::move(*limits->try_admit(demand_of(*limits, 0, lane::interactive)));
    }
    BOOST_TEST(limits->stats().given_back == 1U);
    {
        held_ticket held(*limits);
        held.pass() = std::move(*limits->try_admit(demand_of(*limits, 0, lane::interactive)));
        held.sending();
    }
    BOOST_TEST(limits->stats().unanswered == 1U);
    {
        held_ticket held(*limits);
        time.jump_to(begin + 10ms);
        held.pass() = std::move(*limits->try_admit(demand_of(*limits, 0, lane::interactive)));
        held.sending();
        held.answered(answer_info(429, 5s));
        BOOST_TEST(!held.pass().valid());
    }
    {
        held_ticket held(*limits);
        time.jump_to(begin + 20ms);
        held.pass() = std::move(*limits->try_admit(demand_of(*limits, 1, lane::interactive)));
        held.sending();
        held.unanswered(false); // the connection was closed before a byte was written
        BOOST_TEST(limits->stats().given_back == 2U);
    }
    {
        held_ticket never_used(*limits);
    }
    const auto stats = limits->stats();
    BOOST_TEST(stats.answered == 1U);
    BOOST_TEST(stats.refused == 1U);
    BOOST_TEST(stats.in_flight == 0U);
    BOOST_TEST(stats.endpoints_frozen == 1U);
}

BOOST_AUTO_TEST_CASE(the_errors_have_texts)
{
    for (const auto error : {admission_error::overloaded, admission_error::timed_out, admission_error::cancelled}) {
        const boost::system::error_code code = error;
        BOOST_TEST(code.category().name() == std::string("usher.admission"));
        BOOST_TEST(code.message().size() > 10U);
    }
    BOOST_TEST(!boost::system::error_code(0, usher::schedule::admission_category()));
}

BOOST_AUTO_TEST_CASE(on_the_real_clock_it_admits_no_faster_than_the_pace_and_ends)
{
    boost::asio::io_context io(1);
    quota limit(1001, 1s); // one per millisecond
    limit.burst = 1;
    limit.least_spread = limit.most_spread = limit.slow_start = 0ms;
    limit.in_flight = 100;
    const auto limits = std::make_shared<usher::schedule::limiter>(
        io.get_executor(), std::make_shared<usher::schedule::rule_table>(limit));
    int admitted = 0;
    const auto one = [](std::shared_ptr<usher::schedule::limiter> owner, int* count) -> boost::asio::awaitable<void> {
        usher::schedule::held_ticket held(*owner);
        const auto deadline = std::chrono::steady_clock::now() + 30s;
        const usher::schedule::demand what(0, owner->rules().draws(0, {}), lane::bulk);
        const auto error = co_await owner->admit(what, deadline, held.pass());
        if (error)
            throw boost::system::system_error(error);
        held.sending();
        held.answered(answer_info(200));
        ++*count;
    };
    const auto started = std::chrono::steady_clock::now();
    for (int i = 0; i != 51; ++i)
        boost::asio::co_spawn(io, one(limits, &admitted), boost::asio::detached);
    io.run();
    BOOST_TEST(admitted == 51);
    BOOST_TEST((std::chrono::steady_clock::now() - started >= 50ms));
    BOOST_TEST(limits->waiting() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
