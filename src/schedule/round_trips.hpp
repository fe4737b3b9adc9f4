// What recent round trips say about the way to the service: how much it varies, and how long it takes.
#ifndef USHER_SRC_SCHEDULE_ROUND_TRIPS_HPP
#define USHER_SRC_SCHEDULE_ROUND_TRIPS_HPP

#include "schedule/slot_log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace usher::schedule {

/// A sample of the last 1,024 round trips; its figures are worked out anew every 64 answers.
class round_trips {
public:
    void add(duration round_trip) noexcept;

    /// True from the first figures on.
    bool known() const noexcept { return count_ >= refresh_every; }
    /// True when there are enough of them to believe that the spread is no smaller than they say.
    bool settled() const noexcept { return count_ >= enough; }
    /// 99.9th percentile - minimum: no one-way delay varies by more, whichever way the time was lost.
    duration spread() const noexcept { return spread_; }
    /// 99th percentile, but at most three medians: a stall of the network delays everything that was in flight at once,
    /// and must not raise the cap that is there to bound its clump.
    duration longest_usual() const noexcept { return longest_usual_; }

    /// True once after each time that the figures were worked out.
    bool take_news() noexcept;

private:
    static constexpr std::size_t most = 1024;
    static constexpr std::size_t enough = 256;
    static constexpr std::size_t refresh_every = 64;

    void refresh() noexcept;

    std::array<std::uint32_t, most> sample_{}; // microseconds
    std::size_t count_ = 0;                    // since the start
    duration spread_{};
    duration longest_usual_{};
    bool news_ = false;
};

} // namespace usher::schedule

#endif
