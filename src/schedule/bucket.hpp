// What one rule allows for one key: pace, log, freeze.
//
// Vocabulary. A bucket is *paced* when its requests leave evenly: those of the instance are, and those that are being
// learned; others may use all of their limit at once, and are paced only after a cold start or when the service
// has refused them although they had room. How many at once is *tried*: beyond what was accepted before, one request is
// on its way at a time, so that a service that counts otherwise refuses one of them and not all. A *cold* bucket has a
// long window of which nothing is known yet. Shared with others (lease_state.hpp), the instance's limits leave on slots
// of the fleet's time line, and the others on counted leases, with the own pace on top where there is one.
//
// Invariants. take only when `next` is not after now. Every take is followed by exactly one of answered, lost and
// give_back.
//
// Lifecycle. open, which takes up a bucket that nobody uses, until `is_idle`.
#ifndef USHER_SRC_SCHEDULE_BUCKET_HPP
#define USHER_SRC_SCHEDULE_BUCKET_HPP

#include "schedule/even_pace.hpp"
#include "schedule/learned_rate.hpp"
#include "schedule/lease_state.hpp"
#include "schedule/rate_hints.hpp"
#include "schedule/slot_log.hpp"
#include "schedule/slow_start.hpp"

#include <usher/quota.hpp>

#include <cstdint>
#include <memory>

namespace usher::schedule {

/// J until enough round trips were measured.
inline constexpr std::chrono::milliseconds first_spread{150};

class bucket {
public:
    /// Windows from this length on are remembered over a restart.
    static constexpr std::chrono::minutes long_window{1};

    /// Starts as nobody's and unused. `is_common`: every request of the instance draws on it. `shared`: on leases. What
    /// was used before `born` is not known.
    void open(const quota_rule& rule, const quota& limits, bool is_common, bool shared, duration spread, time_point now,
              time_point born);

    /// When the next departure may be, not later than now if one may be now; `time_point::max()`: when something is
    /// answered or granted.
    time_point next(time_point now) noexcept;
    /// `held_up`: it could have left earlier, had this bucket allowed it.
    void take(time_point now, bool held_up);
    /// The answer came, whatever it says.
    void answered(time_point now);
    /// No answer: it can have arrived until `arrival`.
    void lost(time_point arrival);
    void give_back(time_point now) noexcept;

    /// The service has accepted what drew on it.
    void accepted(time_point now);
    /// The service has refused it, for this limit as far as one can know.
    void refused(time_point now, time_point until);
    /// Nothing leaves before `until`.
    void freeze(time_point until) noexcept { frozen_until_ = std::max(frozen_until_, until); }
    /// What an answer's headers say of this limit.
    void told(const rate_hint& hint, time_point now);
    void set_spread(duration spread, time_point now) noexcept;

    /// An earlier life used a slot that becomes free then.
    void remember(time_point free_at);
    /// Takes over what an earlier life has learned. `cold_until`: what was before that life is still unknown until
    /// then.
    void restore(std::uint32_t burst, std::uint32_t tried, time_point cold_until, time_point now) noexcept;
    /// After `remember`: what the earlier life has used is no part of a burst any more.
    void resume(time_point now) noexcept;
    time_point cold_until() const noexcept { return cold_until_; }
    std::uint32_t tried() const noexcept { return tried_; }
    /// What it has used is worth remembering over a restart.
    bool is_long() const noexcept { return window_ >= long_window && !is_common_ && !learned_; }
    const slot_log& log() const noexcept { return log_; }

    /// Nothing of it would be missed.
    bool is_idle(time_point now) noexcept;
    /// Used by a request for whose refusal it may be the reason.
    bool is_much_used(time_point now) noexcept;
    /// Between departures, now; 0: not paced.
    duration interval(time_point now) noexcept;
    /// The same, as short as it may become.
    duration least_interval(time_point now) noexcept;
    /// Requests per window; of one that is learned: as believed.
    std::uint32_t requests() const noexcept { return learned_ ? learned_->belief() : requests_; }
    duration window() const noexcept { return learned_ ? learned_->window() : window_; }
    std::uint32_t burst() const noexcept { return burst_; }
    bool is_learned() const noexcept { return learned_ != nullptr; }
    lease_state* lease() noexcept { return lease_.get(); }
    /// Slots held now, of what the limit allows.
    double utilisation(time_point now) noexcept;

private:
    std::size_t untried_from() const noexcept { return burst_ == 0 ? tried_ : requests_; }
    bool is_paced(time_point now) const noexcept { return burst_ != 0 || cold_until_ > now; }
    bool has_line() const noexcept { return lease_ && is_common_; } // of the fleet, instead of an own pace
    void set_lease(time_point now) noexcept;
    /// Of the limit, what this engine may expect to have.
    double own_requests() const noexcept;
    std::uint32_t paced_burst(time_point now) const noexcept;
    /// The pace begins anew, with so much less of a burst.
    void use_up(std::uint32_t used, time_point now) noexcept;

    std::uint32_t requests_ = 0;
    std::uint32_t burst_ = 0; // 0: all at once
    std::uint32_t tried_ = 0; // not paced: so many were accepted in one window
    duration window_{};
    duration spread_{};
    double share_ = 1; // of the pace: below 1 when somebody else seems to use the limit too
    time_point share_since_ = time_point::min();
    time_point cold_until_ = time_point::min();
    time_point frozen_until_ = time_point::min();
    duration hinted_{};                           // between departures, as the service has told …
    time_point hinted_until_ = time_point::min(); // … until then
    even_pace pace_;
    slow_start start_;
    slot_log log_;
    std::unique_ptr<learned_rate> learned_;
    std::unique_ptr<lease_state> lease_;
    bool is_common_ = false;
};

} // namespace usher::schedule

#endif
