#include "call/call_watch.hpp"

#include "net/tunnel.hpp"
#include "retry/http_date.hpp"
#include "retry/retry_after.hpp"

#include <boost/asio/ssl/error.hpp>

#include <algorithm>

namespace usher::detail {

namespace {

// The request was right and an upstream service ended it: the same request would end the same way.
bool is_upstream(const service_error& e)
{
    return e.code == "TOOL_ERROR";
}

bool is_upstream_refusal(const attempt& a)
{
    return a.status == 429 && std::any_of(a.from_service.errors.begin(), a.from_service.errors.end(), is_upstream);
}

// A certificate that was refused will be refused again; so will a tunnel that a proxy forbids, and a message that
// breaks the protocol's rules.
bool is_permanent(const attempt& a)
{
    if (a.failure == error_kind::credentials)
        return !a.cause || !a.cause->is_retryable();
    if (is_upstream_refusal(a))
        return true;
    if (a.failure == error_kind::protocol || is_permanent_refusal(a.code))
        return true;
    return a.failure == error_kind::tls && a.code.category() == boost::asio::error::get_ssl_category();
}

std::optional<schedule::rate_hint> rate_hint_of(const response_head& head)
{
    if (!head.rate.any)
        return std::nullopt;
    schedule::rate_headers headers;
    headers.policy = head.rate.policy;
    headers.limit = head.rate.limit;
    headers.triple_limit = head.rate.triple_limit;
    headers.triple_remaining = head.rate.triple_remaining;
    headers.triple_reset = head.rate.triple_reset;
    const auto now = std::chrono::system_clock::now();
    const auto dated = retry::parse_http_date(head.date, std::chrono::floor<std::chrono::seconds>(now));
    return schedule::parse_rate_hint(headers, dated ? std::chrono::system_clock::time_point(*dated) : now);
}

bool is_closed(const attempt& a)
{
    return a.failure == error_kind::connection;
}

/// A record with one of its identifiers is there already.
bool is_conflict(const attempt& a)
{
    auto details = a.from_service;
    details.status = a.status;
    return a.failure == error_kind::service && error(std::move(details)).is_already_exists();
}

/// It left and no answer came, or one that says that the service failed.
bool may_have_taken_effect(const attempt& a)
{
    if (a.wire.reached != progress::answered)
        return a.wire.reached != progress::not_sent;
    const bool says_not = a.status == 503 && a.retry_after;
    return a.status == 408 || a.status == 425 || (a.status >= 500 && !says_not);
}

std::string status_text(int status)
{
    switch (status) {
    case 401:
        return "the credentials were refused";
    case 403:
        return "the credentials do not allow this";
    case 404:
        return "not found";
    case 429:
        return "the rate limit was reached";
    default:
        if (status >= 300 && status < 400)
            return "the service answered with a redirect, and none is followed";
        return status >= 500 ? "the service failed" : "the service refused the request";
    }
}

} // namespace

void attempt::fail(error_kind kind, call_stage where, std::string what, boost::system::error_code ec)
{
    failure = kind;
    stage = where;
    text = std::move(what);
    code = ec;
}

schedule::answer_info attempt::told() const
{
    // Somebody else's limit: it says nothing of the service's own.
    if (is_upstream_refusal(*this))
        return schedule::answer_info(200);
    schedule::answer_info info(status, retry_after);
    info.hint = hint;
    return info;
}

void attempt::fail_unavailable(const service_health& health, time_point now)
{
    retry_after = health.held_for(now);
    fail(error_kind::unavailable, call_stage::admission, health.held_text(now));
}

void attempt::fail_without_token(const error& reason)
{
    const bool is_cause = reason.kind() == error_kind::credentials && reason.cause() != nullptr;
    cause = std::make_shared<const error>(is_cause ? *reason.cause() : reason);
    retry_after = reason.retry_after();
    fail(reason.kind() == error_kind::timeout ? error_kind::timeout : error_kind::credentials, call_stage::credentials,
         reason.details().text.empty() ? "no token could be had: " + reason.message() : reason.details().text);
}

void attempt::settle(const exchange_report& report, const response_head& head, answer& taken)
{
    wire = report;
    if (report.failure != error_kind::none)
        return fail(report.failure, report.stage, report.text, report.code);
    stage = call_stage::body;
    status = taken.status();
    from_service.trace_id = head.trace_id;
    hint = rate_hint_of(head);
    if (taken.is_success()) {
        if (!taken.finish())
            fail(error_kind::decode, call_stage::body, taken.decode_error());
        return;
    }
    if (!head.retry_after.empty())
        retry_after = retry::parse_retry_after(head.retry_after, head.date, std::chrono::system_clock::now());
    read_service_error(taken.text(), from_service);
    fail(error_kind::service, call_stage::body, status_text(status));
}

void attempt_series::note_doubt(const attempt& ended)
{
    const bool leaves_doubt = may_have_taken_effect(ended);
    if (leaves_doubt && !is_doubtful_)
        doubtful_since_ = ended.wire.started;
    was_doubtful_before_ = is_doubtful_;
    is_doubtful_ = is_doubtful_ || leaves_doubt;
    has_unanswered_ =
        has_unanswered_ || (ended.wire.reached != progress::not_sent && ended.wire.reached != progress::answered);
    met_itself_ = false;
    in_doubt_ = false;
    if (ended.failure == error_kind::none || !can_reconcile(call_))
        return;
    const bool is_refused = was_doubtful_before_ && is_conflict(ended);
    if (is_refused && has_met_others_) {
        // As a record that was there before the call would be refused at any time: none of it took effect.
        has_unanswered_ = was_doubtful_before_ = is_doubtful_ = false;
        return;
    }
    met_itself_ = is_refused && may_be_its_own(call_, ended.from_service.errors);
    in_doubt_ = met_itself_ || leaves_doubt;
}

void attempt_series::note_look(found what) noexcept
{
    in_doubt_ = false;
    has_met_others_ = has_met_others_ || what == found::older;
}

retry::attempt_report attempt_series::report_of(const attempt& ended, time_point now) const
{
    retry::attempt_report report;
    // What can be looked for is sent again only after a look.
    report.idempotent = retry::is_idempotent(call_.operation.method) || can_reconcile(call_);
    report.has_if_match = call_.has_if_match;
    report.reached = ended.wire.reached;
    report.reused_connection = ended.reused;
    report.connection_closed = is_closed(ended);
    report.status = ended.status;
    report.failure = ended.failure;
    report.permanent = is_permanent(ended);
    report.token_refused = ended.token_refused;
    const auto& errors = ended.from_service.errors;
    report.resource_locked =
        std::any_of(errors.begin(), errors.end(), [](const auto& e) { return e.code == "resource_locked"; });
    report.met_itself = met_itself_;
    report.retry_after = ended.retry_after;
    report.attempts = attempts_ + without_token_;
    report.backoffs = backoffs_;
    report.elapsed = now - begun_;
    // What the quota has refused for want of time, it would refuse again.
    const bool is_out_of_time = ended.failure == error_kind::timeout && !ended.was_admitted();
    report.to_deadline = is_out_of_time ? std::chrono::nanoseconds::zero() : deadline_ - now;
    return report;
}

retry::health_sign attempt_series::sign_of(const attempt& ended) const
{
    if (ended.failure == error_kind::none)
        return retry::health_sign::good;
    const auto now = std::chrono::steady_clock::now();
    // A limit of time of a phase is what the service may be expected to keep.
    const auto patience = now < deadline_ ? std::chrono::nanoseconds::max() : now - ended.admitted;
    return retry::sign_of(report_of(ended, now), ended.stage, patience);
}

retry::decision attempt_series::decide(const attempt& ended)
{
    attempts_ += ended.was_admitted() ? 1 : 0;
    without_token_ += ended.failure == error_kind::credentials ? 1 : 0;
    note_doubt(ended);
    auto& budget = call_.client->health->retries;
    retry::decision next;
    if (ended.failure == error_kind::none) {
        budget.succeeded();
    } else {
        const auto report = report_of(ended, std::chrono::steady_clock::now());
        next = retry::decide(policy_, report, call_.client->engine->random, budget);
        backoffs_ += next.is_backoff ? 1 : 0;
    }
    notify(ended, next, attempts_, false);
    return next;
}

error attempt_series::error_of(attempt&& last, stop_reason stopped) const
{
    // An attempt that was not sent says nothing of one before it that was.
    const bool is_unknown = has_unanswered_ || (was_doubtful_before_ && call_.operation.method != "GET");
    const bool is_answered = last.wire.reached == progress::answered;
    return error_of(std::move(last), stopped,
                    is_unknown    ? call_outcome::unknown
                    : is_answered ? call_outcome::answered
                                  : call_outcome::not_sent);
}

error attempt_series::error_of(attempt&& last, stop_reason stopped, call_outcome outcome) const
{
    auto details = std::move(last.from_service);
    details.kind = last.failure;
    details.stage = last.stage;
    details.stopped = stopped;
    details.status = last.status;
    details.attempts = attempts_;
    details.operation = call_.operation.id;
    details.text = std::move(last.text);
    details.code = last.code;
    details.retry_after = last.retry_after;
    details.cause = std::move(last.cause);
    if (call_.block)
        hide_credentials(call_.block->lines.reveal(), details);
    details.outcome = outcome;
    const error told(std::move(details));
    watch_.call_ended(last.status, false, &told);
    return told;
}

error attempt_series::error_of_look(attempt&& last, const look_result& looked) const
{
    if (looked.what == found::cancelled) {
        last.fail(error_kind::cancelled, call_stage::backoff,
                  "cancelled by the caller while it found out what happened");
        return error_of(std::move(last), stop_reason::cancelled, call_outcome::unknown);
    }
    if (looked.why)
        last.cause = std::make_shared<const error>(*looked.why);
    return error_of(std::move(last), stop_reason::not_repeatable, call_outcome::unknown);
}

error attempt_series::error_without_look(attempt&& last) const
{
    return error_of(std::move(last), stop_reason::deadline, call_outcome::unknown);
}

void attempt_series::notify(const attempt& ended, const retry::decision& next, int number, bool needless) const
{
    auto& counters = call_.client->engine->counters;
    counters.attempts += ended.was_admitted() ? 1 : 0;
    counters.retries += next.retry ? 1 : 0;
    counters.not_retried += !next.retry && next.stopped == stop_reason::retry_budget ? 1 : 0;
    counters.rate_limited += ended.status == 429 ? 1 : 0;
    counters.bytes_sent += ended.wire.bytes_sent;
    counters.bytes_received += ended.wire.bytes_received;
    watch_.attempt_ended(ended, next, number, needless);
}

} // namespace usher::detail
