#include "retry/breaker.hpp"

#include "retry/decide.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace std::chrono_literals;
using usher::call_stage;
using usher::error_kind;
using usher::retry::breaker;
using usher::retry::health_sign;
using usher::retry::progress;
using usher::retry::time_point;

namespace {

constexpr time_point begin{std::chrono::hours(5)};

/// A service, and whoever asks it.
struct fixture {
    void attempt(health_sign sign)
    {
        BOOST_TEST_REQUIRE(one.is_passable(now));
        auto pass = one.enter(now);
        one.settle(pass, sign, now);
    }
    void attempts(int count, health_sign sign)
    {
        for (int i = 0; i < count; ++i)
            attempt(sign);
    }
    void trip() { attempts(20, health_sign::bad); }
    /// Until the next attempt may go.
    std::chrono::nanoseconds open_time() const { return one.passable_at() - now; }

    breaker one{11};
    time_point now = begin;
};

health_sign sign(error_kind kind, progress reached, call_stage stage,
                 std::chrono::nanoseconds patience = std::chrono::hours(1), int status = 0, bool reused = false)
{
    usher::retry::attempt_report report;
    report.failure = kind;
    report.reached = reached;
    report.status = status;
    report.reused_connection = reused;
    return usher::retry::sign_of(report, stage, patience);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(breaking, fixture)

BOOST_AUTO_TEST_CASE(nineteen_failures_trip_nothing_and_the_twentieth_does)
{
    attempts(19, health_sign::bad);
    BOOST_TEST(one.is_passable(now));
    attempt(health_sign::bad);
    BOOST_TEST(!one.is_passable(now));
    BOOST_TEST(!one.is_closed());
}

BOOST_AUTO_TEST_CASE(it_takes_half_of_all_attempts)
{
    attempts(101, health_sign::good);
    attempts(100, health_sign::bad);
    BOOST_TEST(one.is_passable(now));
    attempt(health_sign::bad);
    BOOST_TEST(!one.is_passable(now));
}

BOOST_AUTO_TEST_CASE(what_is_older_than_ten_seconds_is_forgotten)
{
    attempts(1000, health_sign::good);
    now += 5s;
    attempts(19, health_sign::bad);
    now += 6s; // the good ones are gone
    attempt(health_sign::bad);
    BOOST_TEST(!one.is_closed());

    fixture other;
    other.attempts(19, health_sign::bad);
    other.now += 11s;
    other.attempts(19, health_sign::bad);
    BOOST_TEST(other.one.is_closed());
}

BOOST_AUTO_TEST_CASE(what_says_nothing_of_the_service_is_not_counted)
{
    attempts(1000, health_sign::none);
    attempts(19, health_sign::bad);
    BOOST_TEST(one.is_closed());
    attempt(health_sign::bad);
    BOOST_TEST(!one.is_closed());
}

BOOST_AUTO_TEST_CASE(it_opens_for_a_second_then_twice_as_long_up_to_thirty_less_a_quarter_at_most)
{
    trip();
    for (const auto nominal : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) {
        BOOST_TEST_CONTEXT("open for " << nominal.count())
        {
            BOOST_TEST((open_time() <= nominal));
            BOOST_TEST((open_time() >= 3 * std::chrono::nanoseconds(nominal) / 4));
            now = one.passable_at() - 1ns;
            BOOST_TEST(!one.is_passable(now));
            now += 1ns;
            attempt(health_sign::bad);
        }
    }
}

BOOST_AUTO_TEST_CASE(open_times_differ_from_process_to_process)
{
    fixture other;
    other.one = breaker(12);
    trip();
    other.trip();
    BOOST_TEST((one.passable_at() != other.one.passable_at()));
}

BOOST_AUTO_TEST_CASE(probes_go_one_at_a_time_and_three_good_ones_close_it)
{
    trip();
    now = one.passable_at();
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST_REQUIRE(one.is_passable(now));
        auto probe = one.enter(now);
        BOOST_TEST(!one.is_passable(now));
        BOOST_TEST((one.passable_at() == time_point::max()));
        now += 80ms;
        BOOST_TEST(!one.is_closed());
        one.settle(probe, health_sign::good, now);
    }
    BOOST_TEST(one.is_closed());
}

BOOST_AUTO_TEST_CASE(what_was_counted_before_is_forgotten_when_it_closes_and_it_opens_for_a_second_again)
{
    trip();
    for (int i = 0; i < 4; ++i) {
        now = one.passable_at();
        attempt(health_sign::bad);
    }
    now = one.passable_at();
    attempts(3, health_sign::good);
    BOOST_TEST_REQUIRE(one.is_closed());
    attempts(19, health_sign::bad);
    BOOST_TEST(one.is_closed());
    attempt(health_sign::bad);
    BOOST_TEST(!one.is_closed());
    BOOST_TEST((open_time() <= 1s));

    fixture soon;
    soon.trip();
    soon.now = soon.one.passable_at();
    soon.attempts(3, health_sign::good);
    soon.attempts(19, health_sign::bad);
    BOOST_TEST(soon.one.is_closed());
}

BOOST_AUTO_TEST_CASE(a_probe_that_says_nothing_makes_place_for_another)
{
    trip();
    now = one.passable_at();
    attempts(1000, health_sign::none);
    BOOST_TEST(one.is_passable(now));
    BOOST_TEST(!one.is_closed());
}

BOOST_AUTO_TEST_CASE(attempts_from_before_it_tripped_are_not_counted_afterwards)
{
    std::vector<breaker::pass> earlier(40);
    for (auto& pass : earlier)
        pass = one.enter(now);
    for (int i = 0; i < 20; ++i)
        one.settle(earlier[static_cast<std::size_t>(i)], health_sign::bad, now);
    BOOST_TEST_REQUIRE(!one.is_closed());
    const auto until = one.passable_at();
    now = until;
    auto probe = one.enter(now);
    for (std::size_t i = 20; i < 40; ++i)
        one.settle(earlier[i], i % 2 == 0 ? health_sign::bad : health_sign::good, now);
    BOOST_TEST(!one.is_passable(now)); // the probe is still out
    one.settle(probe, health_sign::good, now);
    BOOST_TEST(one.is_passable(now));
    BOOST_TEST(!one.is_closed());
}

BOOST_AUTO_TEST_CASE(transport_failures_and_5xx_speak_against_the_service)
{
    for (const int status : {500, 502, 503, 504, 529})
        BOOST_TEST((sign(error_kind::service, progress::answered, call_stage::body, 1h, status) == health_sign::bad));
    for (const auto kind :
         {error_kind::resolve, error_kind::connect, error_kind::tls, error_kind::connection, error_kind::protocol})
        BOOST_TEST((sign(kind, progress::not_sent, call_stage::connect) == health_sign::bad));
    for (const auto stage : {call_stage::connect, call_stage::handshake, call_stage::first_byte, call_stage::body})
        BOOST_TEST((sign(error_kind::timeout, progress::sent, stage) == health_sign::bad));
}

BOOST_AUTO_TEST_CASE(a_429_and_other_4xx_speak_for_it)
{
    for (const int status : {400, 401, 403, 404, 409, 422, 429})
        BOOST_TEST((sign(error_kind::service, progress::answered, call_stage::body, 1h, status) == health_sign::good));
    // Our own trouble with its answer is none of the service's.
    BOOST_TEST((sign(error_kind::decode, progress::answered, call_stage::body, 1h, 200) == health_sign::good));
}

BOOST_AUTO_TEST_CASE(cancelled_calls_and_failures_of_ours_say_nothing)
{
    BOOST_TEST((sign(error_kind::cancelled, progress::sent, call_stage::first_byte) == health_sign::none));
    for (const auto kind : {error_kind::invalid_request, error_kind::overloaded, error_kind::unavailable,
                            error_kind::credentials, error_kind::decode})
        BOOST_TEST((sign(kind, progress::not_sent, call_stage::pool) == health_sign::none));
    // A full pool, or the quota, let nothing out.
    for (const auto stage : {call_stage::admission, call_stage::pool})
        BOOST_TEST((sign(error_kind::timeout, progress::not_sent, stage) == health_sign::none));
    // A caller in a hurry.
    BOOST_TEST((sign(error_kind::timeout, progress::sent, call_stage::first_byte, 999ms) == health_sign::none));
    // A kept connection that the service closed, as it may.
    BOOST_TEST((sign(error_kind::connection, progress::not_sent, call_stage::write, 1h, 0, true) == health_sign::none));
}

BOOST_AUTO_TEST_SUITE_END()
