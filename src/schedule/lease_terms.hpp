// The terms on which leases are granted, the same in memory and in Redis.
//
// Vocabulary. A bucket with a pace has a *time line*: slots at even distances, and a head, which is the first one that
// nobody has. A lease is a slice at the head; the line reaches no further into the future than its *horizon*. What was
// returned in the middle of the line is a *hole*, which the next lease fills. A bucket without a pace has a log of its
// grants: each counts until a window after the last moment at which it can have been used. A *cold* store knows an
// instance for less than a window: what was sent before that is unknown.
#ifndef USHER_SRC_SCHEDULE_LEASE_TERMS_HPP
#define USHER_SRC_SCHEDULE_LEASE_TERMS_HPP

#include "schedule/slot_log.hpp"

#include <usher/budget.hpp>

#include <algorithm>
#include <string_view>

namespace usher::schedule {

using namespace std::chrono_literals;

/// A member counts for so long after it last asked. One that is gone makes the others' static shares smaller, one that
/// is forgotten makes them too large.
inline constexpr duration member_time = 15s;
/// A slot may be used for a short while after its time; who uses it knows how long. This is for all of them.
inline constexpr duration lease_rest = 250ms;
/// All were cut off: in this time each has found its way back, at the longest distance between two attempts.
inline constexpr duration rejoin_time = 2500ms;
/// A head that is older than this: nobody was granted anything, since nobody asked or nobody could.
inline constexpr duration line_pause = 1s;
/// Those that are cut off try again within this time: one that was not, and comes first, gets one lease until then.
inline constexpr duration wake_time = 1500ms;
/// Members that may be cut off are remembered for so long.
inline constexpr duration others_kept = 5min;
/// When an instance was first seen is known for so long after it was last seen, or two windows.
inline constexpr duration birth_kept = 7 * 24h;
/// The line's reach with few members, and with many, each of which has one lease and the next.
inline constexpr duration least_horizon = 1s;
inline constexpr duration most_horizon = 5s;
/// Returned slices that are kept; more of them are lost.
inline constexpr std::size_t most_holes = 16;

/// Without a pace: how long a lease may be used.
inline duration unpaced_time(duration window)
{
    return std::clamp<duration>(window / 10, 1s, 30s);
}

/// Without a pace: how long after that it counts. A request takes its time to arrive.
inline duration unpaced_hold(duration window)
{
    return window + std::clamp<duration>(window / 100, 20ms, 1s);
}

/// Without a pace: windows from which on a limit is used slowly while nothing is known of the time before.
inline constexpr duration long_window = 1min;

/// Without a pace: what all may have in this window when the store has known the instance for `age`.
inline std::uint32_t cold_room(std::uint32_t requests, duration window, duration age)
{
    if (window < long_window || age >= window)
        return requests;
    const auto part = std::max(static_cast<double>(age.count()), 0.) / static_cast<double>(window.count());
    const auto evenly = static_cast<std::uint32_t>(part * requests);
    return std::min(requests, std::max<std::uint32_t>(requests / 20, 1) + evenly);
}

/// What of a bucket's name names the instance.
inline std::string_view instance_of(std::string_view bucket)
{
    return bucket.substr(0, bucket.find(':'));
}

} // namespace usher::schedule

#endif
