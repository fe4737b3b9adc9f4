// A limit that nobody has published: found by what is accepted and what is refused.
//
// Vocabulary. The *belief* is how many requests a window allows, as far as is known: what was measured as accepted when
// a refusal came, and a little more each time that nothing was refused for long. The *ceiling* is the rate that leaves
// a margin below it. The *pace* is what is sent now: it doubles until the first refusal; after a refusal it goes back
// up to the ceiling by CUBIC (RFC 9438; C = 0.4 and beta = 0.7, with rates in requests per second).
// What a refusal says of the service: one with a short pause gives back evenly what was used, or keeps a log; a long
// pause ends with the service's window. Whether that weighs the window before (a sliding counter) is seen from several
// refusals; until then it is taken to. The longer the pause, the later it is tried again to have more.
// Invariants. The pace is positive. Only departures that the pace held up count for growth: what was not demanded says
// nothing of what is allowed, and nothing is forgotten while nothing is sent.
// Everything is O(1), but for a walk over the slices of one window; nothing is ever allocated.
#ifndef USHER_SRC_SCHEDULE_LEARNED_RATE_HPP
#define USHER_SRC_SCHEDULE_LEARNED_RATE_HPP

#include "schedule/accepted_count.hpp"

#include <cstdint>

namespace usher::schedule {

class learned_rate {
public:
    /// `first_guess` requests per `window`, which is positive; 0: begins with one per second and doubles.
    learned_rate(std::uint32_t first_guess, duration window) noexcept;

    /// A request leaves. `held_up`: it could have left earlier, had it not been for the interval or `not_before`.
    void departed(time_point now, bool held_up) noexcept;
    /// A request was accepted by the limit: any answer but 429.
    void answered(time_point now) noexcept;
    /// A 429. Several that were on their way together count once. `until`: when sending goes on.
    void refused(time_point now, time_point until) noexcept;
    /// The service says what it allows. The same told again changes nothing, nor does what makes no sense.
    void told(std::uint32_t requests, duration window) noexcept;

    /// Between two departures, now. Positive.
    duration interval(time_point now) const noexcept;
    /// No departure before this, whatever the interval: after a refusal, no window may hold more than was found to be
    /// accepted. `now` or earlier when nothing is held. To be asked before each departure.
    time_point not_before(time_point now) noexcept;
    /// Requests per window; 0 while nothing is known.
    std::uint32_t belief() const noexcept;
    duration window() const noexcept { return accepted_.window(); }

private:
    double window_seconds() const noexcept;
    double ceiling() const noexcept { return share_ * limit_; }
    bool gives_nothing_back(time_point now) const noexcept;
    double least_rate() const noexcept;
    bool is_next_onward() const noexcept;
    double pace(time_point now) const noexcept;
    double accepted_rate(time_point now) noexcept;
    double window_rate(time_point now, bool at_once) noexcept;
    void wait_for_room(time_point now) noexcept;
    void lift() noexcept;

    accepted_count accepted_;
    // Rates are requests per second; 0: not known.
    double start_;        // the pace before the first refusal
    double limit_;        // what is believed
    double measured_ = 0; // what was believed at the last refusal
    double told_ = 0;     // what the service said
    double share_;        // of the belief that is used
    double step_;         // of the next lift, as a share
    time_point grown_{};  // when the start doubled last, or when the pace begins to go back up
    time_point refused_{};
    time_point until_{};               // when the pause after that ends
    time_point resumed_{};             // and when there is room again, if that is later
    std::uint64_t accepted_since_ = 0; // the last refusal that counted
    std::uint64_t held_up_ = 0;        // departures since the last growth or refusal
    double counted_ = 0;               // in the service's window at the last refusal; 0: it seems to have none
    int alike_ = 0;                    // refusals before the last one at which it counted the same
    bool was_refused_ = false;
    bool is_costly_ = false;    // the last refusal asked for a long pause
    bool holds_ = false;        // no window may hold more than was found to be accepted
    bool is_too_early_ = false; // what was measured is likely to be too little
    bool ended_climb_ = false;  // it was until the last refusal
};

} // namespace usher::schedule

#endif
