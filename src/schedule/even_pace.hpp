// An even pace with a small burst: the generic cell rate algorithm.
#ifndef USHER_SRC_SCHEDULE_EVEN_PACE_HPP
#define USHER_SRC_SCHEDULE_EVEN_PACE_HPP

#include "schedule/slot_log.hpp"

#include <algorithm>
#include <cstdint>

namespace usher::schedule {

/// One departure per interval; up to `burst` at once after a time without any. In any span L there are at most
/// L / interval + burst departures.
class even_pace {
public:
    void set(duration interval, std::uint32_t burst) noexcept
    {
        interval_ = interval;
        tolerance_ = interval * (burst - 1);
    }

    duration interval() const noexcept { return interval_; }
    /// When the next departure may be; the past counts as now.
    time_point next() const noexcept { return due_ - tolerance_; }
    void take(time_point now) noexcept { due_ = std::max(due_, now) + interval_; }
    /// A departure that did not take place.
    void give_back() noexcept { due_ -= interval_; }

private:
    duration interval_{};
    duration tolerance_{};
    // When the departures so far would have ended at one per interval. Far in the past, but not so far that
    // taking the tolerance from it overflows.
    time_point due_ = time_point() - std::chrono::hours(1);
};

} // namespace usher::schedule

#endif
