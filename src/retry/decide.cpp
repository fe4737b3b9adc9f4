#include "retry/decide.hpp"

#include <algorithm>
#include <cmath>

namespace usher::retry {
namespace {

using std::chrono::nanoseconds;

enum class verdict : std::uint8_t { repeat, at_once, not_retryable, not_repeatable, cancelled };

verdict if_repeatable(bool repeatable)
{
    return repeatable ? verdict::repeat : verdict::not_repeatable;
}

/// A complete answer.
verdict judge_status(const retry_policy& policy, const attempt_report& report, bool repeatable)
{
    if (report.met_itself)
        return verdict::repeat;
    switch (report.status) {
    case 401:
        return report.token_refused ? verdict::at_once : verdict::not_retryable;
    case 429: // refused before anything was done
        return verdict::repeat;
    case 409:
        return report.resource_locked ? verdict::repeat : verdict::not_retryable;
    case 503:
        return if_repeatable(repeatable || (report.retry_after && policy.repeat_unavailable));
    case 408:
    case 425:
    case 500:
    case 502:
    case 504:
        return if_repeatable(repeatable);
    default:
        return verdict::not_retryable;
    }
}

/// No complete answer.
verdict judge_failure(const attempt_report& report, bool repeatable)
{
    switch (report.failure) {
    case error_kind::cancelled:
        return verdict::cancelled;
    case error_kind::timeout:
    case error_kind::resolve:
    case error_kind::connect:
    case error_kind::tls:
    case error_kind::connection:
    case error_kind::protocol:
    case error_kind::credentials:
        break;
    case error_kind::none:
    case error_kind::invalid_request:
    case error_kind::overloaded:
    case error_kind::unavailable:
    case error_kind::service:
    case error_kind::decode:
        return verdict::not_retryable;
    }
    if (report.reached == progress::not_sent)
        return report.reused_connection && report.connection_closed ? verdict::at_once : verdict::repeat;
    return if_repeatable(repeatable);
}

verdict judge(const retry_policy& policy, const attempt_report& report)
{
    const bool repeatable = report.idempotent || report.has_if_match || policy.repeat_unsafe;
    if (report.failure == error_kind::cancelled)
        return verdict::cancelled;
    if (report.permanent || report.failure == error_kind::decode)
        return verdict::not_retryable;
    if (report.reached == progress::answered)
        return judge_status(policy, report, repeatable);
    return judge_failure(report, repeatable);
}

nanoseconds ceiling(const retry_policy& policy, int backoffs)
{
    const auto most = static_cast<double>(nanoseconds(policy.max_backoff).count());
    const auto initial = static_cast<double>(nanoseconds(policy.initial_backoff).count());
    const auto grown = initial * std::pow(policy.multiplier, backoffs); // infinite at worst
    return nanoseconds(static_cast<nanoseconds::rep>(std::clamp(grown, 0.0, most)));
}

decision stop(stop_reason reason)
{
    decision result;
    result.stopped = reason;
    return result;
}

decision again(nanoseconds wait, bool is_backoff)
{
    decision result;
    result.retry = true;
    result.wait = wait;
    result.is_backoff = is_backoff;
    return result;
}

} // namespace

decision decide(const retry_policy& policy, const attempt_report& report, rng& random)
{
    const auto found = judge(policy, report);
    if (found == verdict::cancelled)
        return stop(stop_reason::cancelled);
    if (found == verdict::not_retryable)
        return stop(stop_reason::not_retryable);
    if (found == verdict::not_repeatable)
        return stop(stop_reason::not_repeatable);
    if (report.attempts >= policy.max_attempts)
        return stop(stop_reason::max_attempts);

    // Until when the next attempt has to begin.
    const auto left = std::min(report.to_deadline, nanoseconds(policy.max_elapsed) - report.elapsed);
    if (left <= nanoseconds::zero())
        return stop(stop_reason::deadline);
    if (found == verdict::at_once)
        return again(nanoseconds::zero(), false);

    const auto jitter = random.up_to(ceiling(policy, report.backoffs));
    if (!report.retry_after)
        return jitter < left ? again(jitter, true) : stop(stop_reason::deadline);
    const nanoseconds floor = *report.retry_after;
    if (floor >= left)
        return stop(stop_reason::deadline);
    return again(floor + std::min(jitter, left - floor - nanoseconds(1)), true);
}

decision decide(const retry_policy& policy, const attempt_report& report, rng& random, retry_budget& budget)
{
    const auto found = decide(policy, report, random);
    const bool is_free = !found.is_backoff || report.failure == error_kind::credentials || !policy.budgeted;
    if (!found.retry || is_free || budget.take(report.status == 429))
        return found;
    return stop(stop_reason::retry_budget);
}

health_sign sign_of(const attempt_report& report, call_stage stage, std::chrono::nanoseconds patience) noexcept
{
    if (report.status != 0)
        return report.status >= 500 ? health_sign::bad : health_sign::good;
    switch (report.failure) {
    case error_kind::timeout:
        return stage > call_stage::pool && patience >= least_patience ? health_sign::bad : health_sign::none;
    case error_kind::connection:
        return report.reached == progress::not_sent && report.reused_connection ? health_sign::none : health_sign::bad;
    case error_kind::resolve:
    case error_kind::connect:
    case error_kind::tls:
    case error_kind::protocol:
        return health_sign::bad;
    default:
        return health_sign::none;
    }
}

call_outcome outcome_of(const attempt_report& report) noexcept
{
    if (report.reached == progress::not_sent)
        return call_outcome::not_sent;
    return report.reached == progress::answered ? call_outcome::answered : call_outcome::unknown;
}

bool is_idempotent(std::string_view method) noexcept
{
    return method == "GET" || method == "PUT" || method == "DELETE" || method == "HEAD" || method == "OPTIONS" ||
           method == "TRACE";
}

} // namespace usher::retry
