// A limit that nobody has published: found by what is accepted and what is refused.
//
// Vocabulary. The *belief* is how many requests a window allows, as far as is known. The *pace* is what is sent now: it
// follows CUBIC (C = 0.4, beta = 0.7) up to a *ceiling* taken from what was measured as accepted before a refusal, and
// the ceiling is lifted by little when nothing was refused for long.
// Invariants. The pace is positive and changes only in `answered`, `refused` and `pace`. Everything is O(1) or
// O(log n); nothing is allocated after construction.
#ifndef USHER_SRC_SCHEDULE_LEARNED_RATE_HPP
#define USHER_SRC_SCHEDULE_LEARNED_RATE_HPP

#include "schedule/slot_log.hpp"

#include <cstdint>

namespace usher::schedule {

class learned_rate {
public:
    /// `first_guess` requests per `window`; 0: begins slowly and doubles.
    learned_rate(std::uint32_t first_guess, duration window);

    /// A request was accepted by the limit: any answer but 429.
    void answered(time_point now) noexcept;
    /// A 429. Several that were on their way together count once. `until`: when sending goes on.
    void refused(time_point now, time_point until) noexcept;
    /// Nothing was sent for some time: what was learned is kept, the pace begins gently.
    void told(std::uint32_t requests, duration window, time_point now) noexcept;

    /// Between two departures, now. Positive.
    duration interval(time_point now) noexcept;
    /// Requests per window as believed now; 0 while nothing is known.
    std::uint32_t belief() const noexcept;
};

} // namespace usher::schedule

#endif
