// How many requests may be on the way at once: Little's law above, additive increase and multiplicative decrease below.
#ifndef USHER_SRC_SCHEDULE_IN_FLIGHT_CAP_HPP
#define USHER_SRC_SCHEDULE_IN_FLIGHT_CAP_HPP

#include "schedule/slot_log.hpp"

#include <cstddef>

namespace usher::schedule {

/// Pure state. `most` follows Little's law (rate × usual round trip × 5/4 + 1, set from outside, never below `least`);
/// an overload (429, 503, 504, an attempt that timed out) halves the cap once per round trip, down to a floor of 4 or
/// `least`, whichever is smaller, and each round trip's worth of good answers adds one again.
class in_flight_cap {
public:
    /// `fixed` is not 0: always that. `least` is not bounded by anything while `most` has not been set.
    in_flight_cap(std::size_t fixed, std::size_t least) noexcept;

    void set_most(std::size_t most) noexcept;
    void answered() noexcept;
    /// Overloads within `round_trip` of the last one that counted are the same overload.
    void overloaded(time_point now, duration round_trip) noexcept;
    std::size_t value() const noexcept;

private:
    std::size_t fixed_;
    std::size_t least_;
    std::size_t most_;
    std::size_t cut_ = 0;     // after an overload, until it has grown to `most_` again; 0: none
    std::size_t answers_ = 0; // since it grew last
    time_point overloaded_ = time_point::min();
};

} // namespace usher::schedule

#endif
