// A gentle start: after a start or a rest, only a part of the full pace is used.
#ifndef USHER_SRC_SCHEDULE_SLOW_START_HPP
#define USHER_SRC_SCHEDULE_SLOW_START_HPP

#include "schedule/slot_log.hpp"

#include <algorithm>

namespace usher::schedule {

/// What an earlier life of this process has sent within the window is not known, nor how the way behaves after a rest:
/// half of the pace at first, all of it after `ramp`.
class slow_start {
public:
    /// A rest is an idle time of at least `window`.
    explicit slow_start(duration window = std::chrono::seconds(10), duration ramp = std::chrono::seconds(2)) noexcept
        : window_(window), ramp_(ramp)
    {
    }

    void departed(time_point now) noexcept
    {
        if (rested(now))
            begun_ = now;
        last_ = now;
    }
    /// Of the full pace.
    double share(time_point now) const noexcept
    {
        if (ramp_ == duration::zero())
            return 1;
        if (rested(now))
            return 0.5;
        const std::chrono::duration<double> since = now - begun_;
        return std::clamp(0.5 + 0.5 * (since / std::chrono::duration<double>(ramp_)), 0.5, 1.0);
    }

private:
    bool rested(time_point now) const noexcept { return last_ == time_point::min() || now - last_ >= window_; }

    duration window_;
    duration ramp_;
    time_point begun_{};
    time_point last_ = time_point::min();
};

} // namespace usher::schedule

#endif
