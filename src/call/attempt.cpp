#include "call/attempt.hpp"

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

// A certificate that was refused will be refused again; so will a message that breaks the protocol's rules.
bool is_permanent(const attempt& a)
{
    if (a.failure == error_kind::credentials)
        return !a.cause || !a.cause->is_retryable();
    if (is_upstream_refusal(a))
        return true;
    if (a.failure == error_kind::protocol)
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

retry::attempt_report attempt_series::report_of(const attempt& ended, time_point now) const
{
    retry::attempt_report report;
    report.idempotent = retry::is_idempotent(call_.operation.method);
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
    may_have_happened_ =
        may_have_happened_ || (ended.wire.reached != progress::not_sent && ended.wire.reached != progress::answered);
    auto& budget = call_.client->health->retries;
    retry::decision next;
    if (ended.failure == error_kind::none) {
        budget.succeeded();
    } else {
        const auto report = report_of(ended, std::chrono::steady_clock::now());
        next = retry::decide(policy_, report, call_.client->engine->random, budget);
        backoffs_ += next.is_backoff ? 1 : 0;
    }
    notify(ended, next, attempts_);
    return next;
}

error attempt_series::error_of(attempt&& last, stop_reason stopped) const
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
    // An attempt that was not sent says nothing of one before it that was.
    if (may_have_happened_)
        details.outcome = call_outcome::unknown;
    else
        details.outcome = last.wire.reached == progress::answered ? call_outcome::answered : call_outcome::not_sent;
    return error(std::move(details));
}

void attempt_series::notify(const attempt& ended, const retry::decision& next, int number) const
{
    auto& counters = call_.client->engine->counters;
    counters.attempts += ended.was_admitted() ? 1 : 0;
    counters.retries += next.retry ? 1 : 0;
    counters.not_retried += !next.retry && next.stopped == stop_reason::retry_budget ? 1 : 0;
    counters.rate_limited += ended.status == 429 ? 1 : 0;
    counters.bytes_sent += ended.wire.bytes_sent;
    counters.bytes_received += ended.wire.bytes_received;
    const auto& watcher = call_.client->options.watcher;
    if (!watcher)
        return;
    attempt_event event;
    event.operation = call_.operation.id;
    event.method = call_.operation.method;
    event.path = call_.operation.path;
    event.attempt = number;
    event.status = ended.status;
    event.failure = ended.failure;
    event.stage = ended.stage;
    event.reused_connection = ended.reused;
    event.will_retry = next.retry;
    event.is_hedge = ended.is_hedge;
    event.credentials = ended.authorised - ended.begun;
    event.admission = ended.admitted - ended.authorised;
    event.pool = ended.leased - ended.admitted;
    const auto& wire = ended.wire;
    if (wire.reached >= progress::answering)
        event.first_byte = wire.first_byte - wire.started;
    if (wire.ended >= wire.started)
        event.exchange = wire.ended - wire.started;
    event.backoff = next.wait;
    event.bytes_sent = wire.bytes_sent;
    event.bytes_received = wire.bytes_received;
    event.trace_id = ended.from_service.trace_id;
    watcher->on_attempt(event);
}

} // namespace usher::detail
