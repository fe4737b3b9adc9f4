// What is known of one attempt, and what the caller is told of it.
#ifndef USHER_CALL_ATTEMPT_HPP
#define USHER_CALL_ATTEMPT_HPP

#include "call/answer.hpp"
#include "call/prepared_call.hpp"
#include "retry/decide.hpp"

namespace usher::detail {

struct attempt {
    attempt() = default;
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::admission;
    boost::system::error_code code;
    std::string text;
    bool reused = false;
    bool token_refused = false; ///< by a 401, and another one can be had
    bool is_hedge = false;
    int status = 0;
    std::optional<std::chrono::seconds> retry_after;
    std::optional<schedule::rate_hint> hint; ///< what the answer's headers say of the limit
    error_details from_service;              ///< errors, trace id and body of an error answer
    exchange_report wire;
    std::shared_ptr<const error> cause; ///< why there was no token
    time_point begun;
    time_point authorised;
    time_point admitted;
    time_point leased;

    /// What had no token, or what the quota never admitted, was no attempt.
    bool was_admitted() const noexcept
    {
        return failure == error_kind::none || (stage != call_stage::admission && stage != call_stage::credentials);
    }
    /// The breaker is open: nothing is sent.
    void fail_unavailable(const service_health& health, time_point now);
    /// What its answer tells the scheduler.
    schedule::answer_info told() const;
    /// There is no token: for what `reason` says.
    void fail_without_token(const error& reason);
    void fail(error_kind kind, call_stage where, std::string what, boost::system::error_code ec = {});
    /// Takes over how an exchange ended: transport failure, error status, undecodable answer or success.
    void settle(const exchange_report& report, const response_head& head, answer& taken);
};

/// Decides whether another attempt follows, over the attempts of one call.
class attempt_series {
public:
    attempt_series(const prepared_call& call, const retry_policy& policy, time_point begun, time_point deadline)
        : call_(call), policy_(policy), begun_(begun), deadline_(deadline)
    {
    }

    /// What it says of the service.
    retry::health_sign sign_of(const attempt& ended) const;
    /// Counts the attempt, decides, and tells the counters and the observer.
    retry::decision decide(const attempt& ended);
    /// What the caller is told when `last` was the last attempt.
    error error_of(attempt&& last, stop_reason stopped) const;

    /// Counts a request that another one beside it has made needless, and tells the counters and the observer.
    void note_needless(const attempt& lost) const { notify(lost, retry::decision(), attempts_ + 1); }

private:
    retry::attempt_report report_of(const attempt& ended, time_point now) const;
    void notify(const attempt& ended, const retry::decision& next, int number) const;

    const prepared_call& call_;
    const retry_policy& policy_;
    time_point begun_;
    time_point deadline_;
    int attempts_ = 0;
    int without_token_ = 0;          ///< tries that ended before they were attempts
    bool may_have_happened_ = false; ///< some attempt left and no answer to it came
    int backoffs_ = 0;
};

} // namespace usher::detail

#endif
