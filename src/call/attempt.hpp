// What is known of one attempt, and what the caller is told of it.
#ifndef USHER_CALL_ATTEMPT_HPP
#define USHER_CALL_ATTEMPT_HPP

#include "call/answer.hpp"
#include "call/prepared_call.hpp"
#include "call/reconcile.hpp"
#include "retry/decide.hpp"

namespace usher::detail {

class call_watch;

/// What it took to set up a connection; zero for one that was there already.
struct set_up_times {
    set_up_times() = default;
    explicit set_up_times(const lease_result& of)
        : resolve(of.resolve), connect(of.connect), handshake(of.handshake), resumed(of.resumed)
    {
    }
    std::chrono::nanoseconds resolve{0};
    std::chrono::nanoseconds connect{0};
    std::chrono::nanoseconds handshake{0};
    bool resumed = false;
};

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
    schedule::held_up held;             ///< what its admission waited for longest
    set_up_times set_up;
    time_point begun;
    time_point passed; ///< the breaker
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
    attempt_series(const prepared_call& call, call_watch& watch, const retry_policy& policy, time_point begun,
                   time_point deadline)
        : call_(call), watch_(watch), policy_(policy), begun_(begun), deadline_(deadline)
    {
    }

    /// Some attempt may have taken effect, there is a way to find out, and nobody has yet.
    bool is_in_doubt() const noexcept { return in_doubt_; }
    /// When the first attempt was sent that may have taken effect.
    time_point doubtful_since() const noexcept { return doubtful_since_; }
    /// What was found out: the record is not there, or it is older than this call.
    void note_look(found what) noexcept;

    /// What it says of the service.
    retry::health_sign sign_of(const attempt& ended) const;
    /// Counts the attempt, decides, and tells the counters and the observer.
    retry::decision decide(const attempt& ended);
    /// What the caller is told when `last` was the last attempt; the observers hear of it.
    error error_of(attempt&& last, stop_reason stopped) const;
    /// … when nobody could find out whether it took effect.
    error error_of_look(attempt&& last, const look_result& looked) const;
    error error_without_look(attempt&& last) const;

    /// Counts a request that another one beside it has made needless, and tells the counters and the observer.
    void note_needless(const attempt& lost) const { notify(lost, retry::decision(), attempts_ + 1, true); }

private:
    void note_doubt(const attempt& ended);
    error error_of(attempt&& last, stop_reason stopped, call_outcome outcome) const;
    retry::attempt_report report_of(const attempt& ended, time_point now) const;
    void notify(const attempt& ended, const retry::decision& next, int number, bool needless) const;

    const prepared_call& call_;
    call_watch& watch_;
    const retry_policy& policy_;
    time_point begun_;
    time_point deadline_;
    int attempts_ = 0;
    int without_token_ = 0;            ///< tries that ended before they were attempts
    bool has_unanswered_ = false;      ///< some attempt left and no answer to it came
    bool is_doubtful_ = false;         ///< some attempt may have taken effect, whatever a look-up has seen since
    bool was_doubtful_before_ = false; ///< … one before the last
    time_point doubtful_since_;
    bool in_doubt_ = false;
    bool met_itself_ = false;     ///< the last one was refused for a record that may be this call's own
    bool has_met_others_ = false; ///< the record was there before the call
    int backoffs_ = 0;
};

} // namespace usher::detail

#endif
