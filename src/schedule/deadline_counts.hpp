// How many of those who wait have a deadline before a given time: what earliest-deadline-first puts ahead of a
// newcomer.
#ifndef USHER_SRC_SCHEDULE_DEADLINE_COUNTS_HPP
#define USHER_SRC_SCHEDULE_DEADLINE_COUNTS_HPP

#include "schedule/slot_log.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace usher::schedule {

/// Counts by slices of time: a quarter of a second for the next two minutes, 16 s for what comes later. What falls into
/// a slice that is not over counts as later, so the answer leans to the low side.
class deadline_counts {
public:
    /// False: too far away to be counted; then it is not to be removed either.
    bool add(time_point deadline, time_point now) noexcept
    {
        if (deadline > now + coarse_slice * horizon)
            return false;
        ++fine_[index(fine_slice, deadline)];
        ++coarse_[index(coarse_slice, deadline)];
        return true;
    }
    void remove(time_point deadline) noexcept
    {
        --fine_[index(fine_slice, deadline)];
        --coarse_[index(coarse_slice, deadline)];
    }
    /// Nobody in line has a deadline before `now`, give or take a slice.
    std::size_t before(time_point deadline, time_point now) const noexcept
    {
        if (deadline <= now)
            return 0;
        const auto last = std::min(deadline, now + coarse_slice * horizon);
        const auto from = index(coarse_slice, now);
        // Deadlines of later rounds stand in the same fine slices; the coarse ones tell them apart.
        if (deadline - now < fine_slice * horizon)
            return std::min(sum(fine_, index(fine_slice, now), index(fine_slice, deadline)),
                            sum(coarse_, from, index(coarse_slice, last) + 1));
        return sum(coarse_, from, index(coarse_slice, last));
    }

private:
    static constexpr std::size_t slices = 512;
    static constexpr int horizon = 510; // slices from now on that are told apart
    static constexpr duration fine_slice = std::chrono::milliseconds(250);
    static constexpr duration coarse_slice = std::chrono::seconds(16);
    using ring = std::array<std::uint32_t, slices>;

    static std::size_t index(duration slice, time_point when) noexcept
    {
        return static_cast<std::size_t>(when.time_since_epoch() / slice) % slices;
    }
    /// From `first` up to before `last`, around the ring.
    static std::size_t sum(const ring& counts, std::size_t first, std::size_t last) noexcept
    {
        std::size_t total = 0;
        for (auto i = first; i % slices != last % slices; ++i)
            total += counts[i % slices];
        return total;
    }

    ring fine_{};
    ring coarse_{};
};

} // namespace usher::schedule

#endif
