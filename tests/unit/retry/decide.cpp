#include "retry/decide.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>

using namespace std::chrono_literals;
using usher::error_kind;
using usher::stop_reason;
using usher::retry::attempt_report;
using usher::retry::decide;
using usher::retry::progress;

namespace {

enum class answer : std::uint8_t { yes, no, not_repeatable };

attempt_report failed(error_kind kind, progress reached)
{
    attempt_report report;
    report.failure = kind;
    report.reached = reached;
    return report;
}

attempt_report answered(int status)
{
    attempt_report report;
    report.failure = error_kind::service;
    report.reached = progress::answered;
    report.status = status;
    return report;
}

void check(const char* what, const usher::retry_policy& policy, const attempt_report& report, answer expected)
{
    BOOST_TEST_CONTEXT(what)
    {
        usher::retry::rng random(7);
        const auto found = decide(policy, report, random);
        BOOST_TEST(found.retry == (expected == answer::yes));
        if (expected == answer::no)
            BOOST_TEST((found.stopped == stop_reason::not_retryable));
        if (expected == answer::not_repeatable)
            BOOST_TEST((found.stopped == stop_reason::not_repeatable));
    }
}

/// One row of the table: what a safe method and what an unsafe one does; guarded by If-Match, or allowed to be
/// repeated, the unsafe one does as the safe one.
void check_row(const char* what, attempt_report report, answer safe, answer unsafe)
{
    usher::retry_policy policy;
    report.idempotent = true;
    check(what, policy, report, safe);
    report.idempotent = false;
    check(what, policy, report, unsafe);
    report.has_if_match = true;
    check(what, policy, report, safe);
    report.has_if_match = false;
    policy.repeat_unsafe = true;
    check(what, policy, report, safe);
}

} // namespace

BOOST_AUTO_TEST_SUITE(decide_)

BOOST_AUTO_TEST_CASE(what_was_never_written_may_be_sent_again_whatever_the_method)
{
    for (const auto kind :
         {error_kind::resolve, error_kind::connect, error_kind::tls, error_kind::connection, error_kind::timeout})
        check_row("nothing written", failed(kind, progress::not_sent), answer::yes, answer::yes);
}

BOOST_AUTO_TEST_CASE(a_refusal_for_a_record_that_the_call_itself_may_have_made_is_no_end)
{
    for (const int status : {409, 422}) {
        auto report = answered(status);
        check("somebody else's record", usher::retry_policy(), report, answer::no);
        report.met_itself = true;
        check("its own", usher::retry_policy(), report, answer::yes);
    }
}

BOOST_AUTO_TEST_CASE(a_reused_connection_found_closed_is_replaced_at_once_and_no_backoff_is_counted)
{
    auto report = failed(error_kind::connection, progress::not_sent);
    report.reused_connection = true;
    report.connection_closed = true;
    check_row("reused, closed", report, answer::yes, answer::yes);

    usher::retry::rng random(1);
    const auto found = decide(usher::retry_policy(), report, random);
    BOOST_TEST(found.retry);
    BOOST_TEST(found.wait.count() == 0);
    BOOST_TEST(!found.is_backoff);
}

BOOST_AUTO_TEST_CASE(a_new_connection_found_closed_counts_as_a_backoff)
{
    auto report = failed(error_kind::connection, progress::not_sent);
    report.connection_closed = true;
    usher::retry::rng random(1);
    const auto found = decide(usher::retry_policy(), report, random);
    BOOST_TEST(found.retry);
    BOOST_TEST(found.wait.count() > 0);
    BOOST_TEST(found.is_backoff);
}

BOOST_AUTO_TEST_CASE(what_was_written_without_an_answer_is_repeated_only_when_that_is_harmless)
{
    for (const auto kind : {error_kind::connection, error_kind::timeout, error_kind::protocol}) {
        check_row("written in part", failed(kind, progress::partly_sent), answer::yes, answer::not_repeatable);
        check_row("written", failed(kind, progress::sent), answer::yes, answer::not_repeatable);
        check_row("answer broke off", failed(kind, progress::answering), answer::yes, answer::not_repeatable);
    }
    auto reused = failed(error_kind::connection, progress::sent);
    reused.reused_connection = true;
    reused.connection_closed = true;
    check_row("reused, written", reused, answer::yes, answer::not_repeatable);
}

BOOST_AUTO_TEST_CASE(a_429_is_repeated_whatever_the_method)
{
    auto report = answered(429);
    check_row("429", report, answer::yes, answer::yes);
    report.retry_after = 3s;
    check_row("429 with Retry-After", report, answer::yes, answer::yes);
    report.permanent = true;
    check_row("429 for good", report, answer::no, answer::no);
}

BOOST_AUTO_TEST_CASE(a_503_with_retry_after_is_repeated_whatever_the_method_unless_that_is_turned_off)
{
    auto report = answered(503);
    report.retry_after = 1s;
    check_row("503 with Retry-After", report, answer::yes, answer::yes);

    usher::retry_policy policy;
    policy.repeat_unavailable = false;
    check("turned off", policy, report, answer::not_repeatable);
    report.idempotent = true;
    check("turned off, safe", policy, report, answer::yes);
}

BOOST_AUTO_TEST_CASE(answers_that_pass_with_time_are_repeated_when_the_method_is_safe)
{
    for (const int status : {408, 425, 500, 502, 503, 504})
        check_row("passes with time", answered(status), answer::yes, answer::not_repeatable);
    // Retry-After says "nothing was done" on 429 and 503 alone.
    auto report = answered(500);
    report.retry_after = 1s;
    check_row("500 with Retry-After", report, answer::yes, answer::not_repeatable);
}

BOOST_AUTO_TEST_CASE(a_locked_resource_is_repeated_and_other_conflicts_are_not)
{
    auto report = answered(409);
    check_row("409", report, answer::no, answer::no);
    report.resource_locked = true;
    check_row("409 resource_locked", report, answer::yes, answer::yes);
    auto other = answered(422);
    other.resource_locked = true;
    check_row("422", other, answer::no, answer::no);
}

BOOST_AUTO_TEST_CASE(other_statuses_are_final)
{
    for (const int status : {200, 204, 304, 400, 401, 402, 403, 404, 405, 410, 412, 413, 415, 422, 423, 451, 501, 505})
        check_row("final", answered(status), answer::no, answer::no);
}

BOOST_AUTO_TEST_CASE(what_another_attempt_would_not_mend_is_final)
{
    for (const auto kind : {error_kind::invalid_request, error_kind::overloaded, error_kind::none})
        check_row("final", failed(kind, progress::not_sent), answer::no, answer::no);
    check_row("decode", failed(error_kind::decode, progress::answered), answer::no, answer::no);
    auto refused_certificate = failed(error_kind::tls, progress::not_sent);
    refused_certificate.permanent = true;
    check_row("certificate", refused_certificate, answer::no, answer::no);
    auto no_client = failed(error_kind::credentials, progress::not_sent);
    no_client.permanent = true;
    check_row("refused by the token endpoint", no_client, answer::no, answer::no);
}

BOOST_AUTO_TEST_CASE(a_token_that_could_not_be_fetched_this_time_is_asked_for_again)
{
    check_row("token endpoint down", failed(error_kind::credentials, progress::not_sent), answer::yes, answer::yes);
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_replaced_at_once_where_another_can_be_had)
{
    auto refused = answered(401);
    check_row("401", refused, answer::no, answer::no);
    refused.token_refused = true;
    check_row("401, another token", refused, answer::yes, answer::yes);
    usher::retry::rng random(1);
    BOOST_TEST((decide(usher::retry_policy(), refused, random).wait == std::chrono::nanoseconds::zero()));
    refused.attempts = usher::retry_policy().max_attempts;
    BOOST_TEST(!decide(usher::retry_policy(), refused, random).retry);
}

BOOST_AUTO_TEST_CASE(cancellation_ends_it_at_every_stage)
{
    for (const auto reached :
         {progress::not_sent, progress::partly_sent, progress::sent, progress::answering, progress::answered}) {
        auto report = failed(error_kind::cancelled, reached);
        report.idempotent = true;
        usher::retry::rng random(1);
        const auto found = decide(usher::retry_policy(), report, random);
        BOOST_TEST(!found.retry);
        BOOST_TEST((found.stopped == stop_reason::cancelled));
    }
}

BOOST_AUTO_TEST_CASE(attempts_are_counted_to_the_policys_number)
{
    usher::retry::rng random(1);
    auto report = answered(429);
    report.attempts = 7;
    BOOST_TEST(decide(usher::retry_policy(), report, random).retry);
    report.attempts = 8;
    const auto last = decide(usher::retry_policy(), report, random);
    BOOST_TEST(!last.retry);
    BOOST_TEST((last.stopped == stop_reason::max_attempts));

    report.attempts = 1;
    BOOST_TEST((decide(usher::retry_policy::none(), report, random).stopped == stop_reason::max_attempts));
    auto stale = failed(error_kind::connection, progress::not_sent);
    stale.reused_connection = stale.connection_closed = true;
    BOOST_TEST(!decide(usher::retry_policy::none(), stale, random).retry);
}

BOOST_AUTO_TEST_CASE(the_outcome_is_unknown_from_the_first_byte_written_to_the_last_one_read)
{
    using usher::call_outcome;
    using usher::retry::outcome_of;
    BOOST_TEST((outcome_of(failed(error_kind::connect, progress::not_sent)) == call_outcome::not_sent));
    BOOST_TEST((outcome_of(failed(error_kind::timeout, progress::partly_sent)) == call_outcome::unknown));
    BOOST_TEST((outcome_of(failed(error_kind::timeout, progress::sent)) == call_outcome::unknown));
    BOOST_TEST((outcome_of(failed(error_kind::connection, progress::answering)) == call_outcome::unknown));
    BOOST_TEST((outcome_of(answered(500)) == call_outcome::answered));
}

BOOST_AUTO_TEST_CASE(methods_are_idempotent_as_rfc_9110_says)
{
    for (const auto* method : {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
        BOOST_TEST(usher::retry::is_idempotent(method));
    for (const auto* method : {"POST", "PATCH", "CONNECT", "get", ""})
        BOOST_TEST(!usher::retry::is_idempotent(method));
}

BOOST_AUTO_TEST_SUITE_END()
