// A call's timeline, made of its events.
#include <usher/trace.hpp>

#include "unit/observe/events.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher;
using namespace usher::tests;

namespace {

/// Waited for its quota, set up a connection, was answered 503, tried again after a second.
call_trace two_attempts()
{
    call_trace trace;
    auto first = attempt_of(12, 1, 503);
    first.admission = 310ms;
    first.held = wait_reason::limit;
    first.held_by = "instance";
    first.pool = 69ms;
    first.resolve = 4ms;
    first.connect = 21ms;
    first.handshake = 43ms;
    first.resumed_session = true;
    first.will_retry = true;
    first.backoff = 1s;
    first.retry_after = 1s;
    trace.on_attempt(first);
    auto second = attempt_of(12, 2);
    second.begun = 1391ms;
    second.reused_connection = true;
    trace.on_attempt(second);
    trace.on_call(call_of(12, 2, 1403ms));
    return trace;
}

} // namespace

BOOST_AUTO_TEST_SUITE(timelines)

BOOST_AUTO_TEST_CASE(it_reads_from_top_to_bottom)
{
    BOOST_TEST(
        two_attempts().to_string() ==
        "call 12  CreateUser POST /users  1.403 s, 2 attempts, HTTP 200\n"
        "  0.000  attempt 1\n"
        "  0.000    waited for the quota (limit \"instance\") 310 ms\n"
        "  0.310    waited for a connection to get free 1.0 ms\n"
        "  0.311    new connection: resolve 4.0 ms, connect 21 ms, TLS (session resumed) 43 ms\n"
        "  0.379    exchange: sent in 1.0 ms, first byte after 9.0 ms, rest in 2.0 ms (812 bytes sent, 96 received)\n"
        "  0.391  attempt 1 ended: HTTP 503, Retry-After 1 s; again\n"
        "  0.391  waited to try again, as the service asked 1.000 s\n"
        "  1.391  attempt 2\n"
        "  1.391    exchange: sent in 1.0 ms, first byte after 9.0 ms, rest in 2.0 ms (812 bytes sent, 96 received, "
        "connection reused)\n"
        "  1.403  attempt 2 ended: HTTP 200\n"
        "slowest: 1.000 s: waited to try again, as the service asked\n");
}

BOOST_AUTO_TEST_CASE(steps_of_one_kind_count_together_for_the_slowest)
{
    call_trace trace;
    for (int i = 0; i != 3; ++i) {
        auto one = attempt_of(1, i + 1, i == 2 ? 200 : 503);
        one.begun = i * 200ms;
        one.admission = 60ms;
        one.held = wait_reason::limit;
        one.held_by = "a plan";
        one.will_retry = i != 2;
        one.backoff = i == 0 ? 128ms : i == 1 ? 10ms : 0ms;
        trace.on_attempt(one);
    }
    const auto slowest = trace.slowest();
    BOOST_TEST_REQUIRE(slowest.has_value());
    BOOST_TEST((slowest->phase == call_phase::admission));
    BOOST_TEST((slowest->duration == 180ms));
    BOOST_TEST(slowest->times == 3);
    BOOST_TEST(slowest->to_string() == "180 ms: waited for the quota (limit \"a plan\"), 3 times");
    BOOST_TEST(trace.to_string().find("under way") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_request_that_was_needless_takes_no_time_of_the_call)
{
    call_trace trace;
    auto second = attempt_of(1, 1);
    second.begun = 50ms;
    second.exchange = 40ms;
    second.is_hedge = true;
    second.is_needless = true;
    second.failure = error_kind::cancelled;
    trace.on_attempt(second);
    auto first = attempt_of(1, 1);
    first.first_byte = 88ms;
    first.exchange = 90ms;
    trace.on_attempt(first);
    trace.on_call(call_of(1, 2, 90ms));
    std::chrono::nanoseconds sum{0};
    for (const auto& step : trace.steps())
        sum += step.duration;
    BOOST_TEST((sum == 90ms));
}

BOOST_AUTO_TEST_CASE(a_second_request_that_was_answered_first_takes_over_from_its_begin)
{
    call_trace trace;
    auto first = attempt_of(1, 1, 0);
    first.first_byte = 0ms;
    first.exchange = 62ms;
    first.is_needless = true;
    first.failure = error_kind::cancelled;
    trace.on_attempt(first);
    auto second = attempt_of(1, 1);
    second.begun = 50ms;
    second.is_hedge = true;
    trace.on_attempt(second);
    trace.on_call(call_of(1, 2, 62ms));
    std::chrono::nanoseconds sum{0};
    for (const auto& step : trace.steps())
        sum += step.duration;
    BOOST_TEST((sum == 62ms));
    BOOST_TEST((trace.slowest()->phase == call_phase::first_byte));
}

BOOST_AUTO_TEST_CASE(a_wait_that_was_cut_short_ends_with_the_call)
{
    call_trace trace;
    auto only = attempt_of(1, 1, 503);
    only.will_retry = true;
    only.backoff = 60s;
    trace.on_attempt(only);
    trace.on_call(call_of(1, 1, 20ms));
    BOOST_TEST((trace.steps().back().phase == call_phase::backoff));
    BOOST_TEST((trace.steps().back().duration == 8ms));
}

BOOST_AUTO_TEST_CASE(each_phase_is_told_by_its_own_word)
{
    using phase = call_phase;
    const std::pair<void (*)(attempt_event&), phase> phases[] = {
        {[](attempt_event& e) { e.breaker = 1s; }, phase::breaker},
        {[](attempt_event& e) { e.credentials = 1s; }, phase::token},
        {[](attempt_event& e) { e.admission = 1s; }, phase::admission},
        {[](attempt_event& e) { e.pool = 1s; }, phase::pool},
        {[](attempt_event& e) { e.pool = e.resolve = 1s; }, phase::resolve},
        {[](attempt_event& e) { e.pool = e.connect = 1s; }, phase::connect},
        {[](attempt_event& e) { e.pool = e.handshake = 1s; }, phase::handshake},
        {[](attempt_event& e) { e.written = 1s, e.first_byte = 1001ms, e.exchange = 1002ms; }, phase::write},
        {[](attempt_event& e) { e.first_byte = 1s, e.exchange = 1001ms; }, phase::first_byte},
        {[](attempt_event& e) { e.exchange = 1s; }, phase::body},
    };
    std::string words;
    for (const auto& [change, expected] : phases) {
        auto event = attempt_of(1, 1);
        change(event);
        call_trace trace;
        trace.on_attempt(event);
        BOOST_TEST_REQUIRE(trace.slowest().has_value());
        BOOST_TEST(to_string(trace.slowest()->phase) == to_string(expected));
        const auto told = trace.slowest()->to_string();
        BOOST_TEST(words.find(told.substr(told.find(':'))) == std::string::npos, told);
        words += told + '\n';
    }
}

BOOST_AUTO_TEST_CASE(texts_that_came_from_elsewhere_stay_on_their_line)
{
    call_trace trace;
    auto odd = attempt_of(1, 1, 0);
    odd.failure = error_kind::connection;
    odd.stage = call_stage::first_byte;
    odd.text = "closed\n  0.000  attempt 9\x1b[2J";
    odd.admission = 1s;
    odd.held = wait_reason::limit;
    odd.held_by = "two\nlines";
    trace.on_attempt(odd);
    const auto text = trace.to_string();
    BOOST_TEST(text.find("\n  0.000  attempt 9") == std::string::npos);
    BOOST_TEST(text.find('\x1b') == std::string::npos);
    BOOST_TEST(text.find("two lines") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
