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

/// Counts by slices of time: by seconds what lies within two minutes when it is added, and everything by minutes. In
/// the slice of a deadline itself all count or none, so the answer leans to the low side.
class deadline_counts {
public:
    /// In which of the two an entry is counted: to be kept and given back.
    enum class where : std::uint8_t { nowhere, minutes, both };

    where add(time_point deadline, time_point now) noexcept
    {
        if (deadline > now + coarse_slice * horizon)
            return where::nowhere;
        count(coarse_[index(coarse_slice, deadline)], deadline);
        if (deadline > now + fine_slice * horizon)
            return where::minutes;
        count(fine_[index(fine_slice, deadline)], deadline);
        return where::both;
    }
    void remove(time_point deadline, where counted) noexcept
    {
        if (counted != where::nowhere)
            --coarse_[index(coarse_slice, deadline)].size;
        if (counted == where::both)
            --fine_[index(fine_slice, deadline)].size;
    }
    /// Nobody in line has a deadline before `now`, give or take a slice.
    std::size_t before(time_point deadline, time_point now) const noexcept
    {
        if (deadline <= now)
            return 0;
        const auto fine = std::min(deadline, now + fine_slice * horizon);
        const auto coarse = std::min(deadline, now + coarse_slice * horizon);
        return std::max(sum(fine_, index(fine_slice, now), index(fine_slice, fine), deadline),
                        sum(coarse_, index(coarse_slice, now), index(coarse_slice, coarse), deadline));
    }

private:
    static constexpr std::size_t slices = 128;
    static constexpr int horizon = 126; // slices from now on that are told apart
    static constexpr duration fine_slice = std::chrono::seconds(1);
    static constexpr duration coarse_slice = std::chrono::minutes(1);
    struct slice {
        std::uint32_t size = 0;
        time_point latest = time_point::min(); ///< at least
    };
    using ring = std::array<slice, slices>;

    static void count(slice& one, time_point deadline) noexcept
    {
        one.latest = one.size == 0 ? deadline : std::max(one.latest, deadline);
        ++one.size;
    }

    static std::size_t index(duration length, time_point when) noexcept
    {
        return static_cast<std::size_t>(when.time_since_epoch() / length) % slices;
    }
    /// From `first` up to before `last`, around the ring.
    static std::size_t sum(const ring& counts, std::size_t first, std::size_t last, time_point deadline) noexcept
    {
        std::size_t total = 0;
        for (auto i = first; i % slices != last % slices; ++i)
            total += counts[i % slices].size;
        const auto& own = counts[last % slices];
        return own.latest <= deadline ? total + own.size : total;
    }

    ring fine_{};
    ring coarse_{};
};

} // namespace usher::schedule

#endif
