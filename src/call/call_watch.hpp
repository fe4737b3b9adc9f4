// Who looks on at one call, and what they are told.
//
// Vocabulary. *Watched* is a call of a client with a watcher, of an engine with a log, or with a trace of its own.
// Invariants. A call that nobody watches costs a look at three pointers per attempt. What an attempt has waited for
// before it was turned back is told with the next one, so that the times of the events make up the call's.
// Lifecycle. Told of every attempt, then once of the call's end; destroyed before that, it tells nothing.
#ifndef USHER_CALL_CALL_WATCH_HPP
#define USHER_CALL_CALL_WATCH_HPP

#include "call/attempt.hpp"

namespace usher::detail {

class call_watch {
public:
    call_watch(const prepared_call& call, std::uint64_t number, time_point begun);
    call_watch(const call_watch&) = delete;
    call_watch& operator=(const call_watch&) = delete;

    bool is_watched() const noexcept { return watcher_ != nullptr || log_ != nullptr || trace_ != nullptr; }
    /// `needless`: another request of the same call was answered first.
    void attempt_ended(const attempt& ended, const retry::decision& next, int number, bool needless);
    /// It has waited, and begins anew without having been sent.
    void turned_back(const attempt& early);
    /// The outcome of an attempt was looked for, from then until now.
    void looked_up(time_point from);
    /// `status`: of the last answer. `failure`: null for a call that ended with a value.
    void call_ended(int status, bool reconciled, const error* failure);

private:
    struct waits {
        std::chrono::nanoseconds breaker{0};
        std::chrono::nanoseconds credentials{0};
        std::chrono::nanoseconds admission{0};
        std::chrono::nanoseconds pool{0};
    };
    attempt_event event_of(const attempt& ended, const retry::decision& next) const;
    void tell_call(int status, bool reconciled, const error* failure);

    const prepared_call& call_;
    observer* watcher_;
    observer* log_;
    call_trace* trace_;
    std::uint64_t number_;
    time_point begun_;
    std::optional<time_point> turned_back_; // when the attempt began that was
    waits before_;
    std::chrono::nanoseconds look_up_{0};
    int requests_ = 0;
};

} // namespace usher::detail

#endif
