// Which endpoints may not be called before when: what 429 and Retry-After told.
#ifndef USHER_SRC_SCHEDULE_FREEZES_HPP
#define USHER_SRC_SCHEDULE_FREEZES_HPP

#include "schedule/slot_log.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace usher::schedule {

/// A refusal freezes its endpoint. When several endpoints were refused within a window, it is the instance's bucket
/// that is empty: then everything waits, for the shortest of these times that is not over. (The longest may belong to a
/// limit of its own, such as an endpoint's per hour.)
class freezes {
public:
    /// Endpoints refused within a window that freeze the whole instance.
    static constexpr std::size_t several = 3;

    explicit freezes(duration window) noexcept : window_(window) {}

    /// Allocates when an endpoint with a larger number than ever is refused.
    void refused(std::uint16_t endpoint, time_point now, time_point until);

    /// `time_point::min()`: never frozen.
    time_point until(std::uint16_t endpoint) const noexcept
    {
        if (endpoint >= endpoints_.size())
            return instance_;
        return endpoints_[endpoint].until > instance_ ? endpoints_[endpoint].until : instance_;
    }
    time_point instance_until() const noexcept { return instance_; }
    /// Endpoints frozen now, for their own sake.
    std::size_t count(time_point now) const noexcept;

private:
    struct endpoint_state {
        time_point until = time_point::min();
        time_point refused = time_point::min();
    };

    duration window_;
    time_point instance_ = time_point::min();
    std::vector<endpoint_state> endpoints_;
};

} // namespace usher::schedule

#endif
