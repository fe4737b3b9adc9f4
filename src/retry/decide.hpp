// Whether an attempt is followed by another, and when: a pure function.
//
// Vocabulary. An attempt is *safe* to repeat when its method is idempotent (RFC 9110 §9.2.2) or an If-Match guards it.
// *Progress* is how far the request came, and so whether it may have taken effect.
#ifndef USHER_SRC_RETRY_DECIDE_HPP
#define USHER_SRC_RETRY_DECIDE_HPP

#include "core/progress.hpp"
#include "retry/breaker.hpp"
#include "retry/budget.hpp"
#include "retry/rng.hpp"

#include <usher/error.hpp>
#include <usher/options.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace usher::retry {

using detail::progress;

/// How an attempt ended.
class attempt_report {
public:
    attempt_report() noexcept = default;

    bool idempotent = false; ///< see `is_idempotent`
    bool has_if_match = false;
    progress reached = progress::not_sent;
    bool reused_connection = false; ///< the connection had carried an exchange before
    bool connection_closed = false; ///< the connection turned out to be closed by the other side
    int status = 0;                 ///< of a complete answer
    error_kind failure = error_kind::none;
    /// The failure would repeat itself: a certificate that was refused, an answer that passes a limit,
    /// a 429 that an upstream service meant for good.
    bool permanent = false;
    bool token_refused = false; ///< a 401, and another token can be had
    /// It was refused because a record is there already, and an earlier attempt of the same call may have made it.
    bool met_itself = false;
    bool resource_locked = false; ///< the service's errors have the code `resource_locked`
    std::optional<std::chrono::seconds> retry_after;
    int attempts = 1;                    ///< made so far, with this one
    int backoffs = 0;                    ///< decisions before this one that had `is_backoff`
    std::chrono::nanoseconds elapsed{0}; ///< since the call began
    std::chrono::nanoseconds to_deadline = std::chrono::nanoseconds::max();
};

/// What to do now.
struct decision {
    bool retry = false;
    std::chrono::nanoseconds wait{0};                 ///< before the next attempt asks for admission
    stop_reason stopped = stop_reason::not_retryable; ///< meaningful when `retry` is not set
    bool is_backoff = false;                          ///< counts in `attempt_report::backoffs`
};

/// May another attempt follow, and after which wait?
///
/// The wait is random in [0, min(max_backoff, initial_backoff × multiplier^backoffs)]. A Retry-After is a floor: the
/// random part comes on top, cut where it would pass the deadline. A reused connection that was found closed before a
/// byte was written is replaced at once. Stops at once when the next attempt could not begin before the deadline, or
/// not within `max_elapsed` (`stop_reason::deadline`).
decision decide(const retry_policy& policy, const attempt_report& report, rng& random);

/// The same within the instance's budget, unless the policy leaves it aside. Too little in it:
/// `stop_reason::retry_budget`. What is replaced at once draws on nothing, and so does what waits for a token: nothing
/// that was sent has failed.
decision decide(const retry_policy& policy, const attempt_report& report, rng& random, retry_budget& budget);

/// What the attempt says of the service; `patience` is how long it was left to it. A caller's own deadline that comes
/// within `least_patience` says more of the caller, a kept connection that had been closed says nothing.
health_sign sign_of(const attempt_report& report, call_stage stage, std::chrono::nanoseconds patience) noexcept;
inline constexpr std::chrono::seconds least_patience{1};

/// Whether the request may have taken effect.
call_outcome outcome_of(const attempt_report& report) noexcept;

/// RFC 9110 §9.2.2: GET, HEAD, OPTIONS, TRACE, PUT, DELETE. Upper case, as HTTP has it.
bool is_idempotent(std::string_view method) noexcept;

} // namespace usher::retry

#endif
