// What an engine holds of a bucket that it shares with others: its leases, and its static share while there are none.
//
// Vocabulary. A *slot* is the permission for one departure at a certain time. An *order* is what is asked of the
// budget. Members are the engines that share the bucket.
// Invariants. A departure uses a slot that was granted and is not void, or one of the static share while the store
// can't be reached; there is never another way to leave. At most one order is under way. Nothing is allocated in steady
// state. Lifecycle of an order. ask, then exactly one granted (which may say that the store can't be reached).
#ifndef USHER_SRC_SCHEDULE_LEASE_STATE_HPP
#define USHER_SRC_SCHEDULE_LEASE_STATE_HPP

#include "schedule/slot_log.hpp"

#include <usher/budget.hpp>

#include <cstdint>
#include <optional>

namespace usher::schedule {

class lease_state {
public:
    lease_state() = default;
    /// The fleet's limit and pace. `interval` zero: no pace, only never more than `requests` in any `window`.
    void set(std::uint32_t requests, duration window, duration interval, std::uint32_t burst) noexcept;

    /// When the next departure may be: not later than now if one may be now; `time_point::max()`: when something is
    /// granted.
    time_point next(time_point now) const noexcept;
    /// Only when `next(now) <= now`.
    void take(time_point now) noexcept;
    /// A departure that did not take place; it may be used again while its slot is not void.
    void give_back(time_point now) noexcept;

    /// What to ask the budget for, if it is time to: half of the last lease is used, or somebody waits and there is
    /// none. `bucket` of it is left empty for the caller. `is_wanted`: somebody waits, or something left lately.
    std::optional<lease_request> ask(time_point now, bool is_wanted) noexcept;
    /// When `ask` may have something to say again; `time_point::max()`: not by time alone.
    time_point next_ask(time_point now) const noexcept;
    void granted(const lease_grant& grant, time_point asked, time_point now) noexcept;
    /// Slots that nobody will use: to be returned to the budget, after which they are gone.
    std::uint32_t drop_unused(time_point now) noexcept;

    /// Engines that share it, as last told; 0: nothing was ever told.
    std::uint32_t members() const noexcept;
    bool is_reachable() const noexcept;
};

} // namespace usher::schedule

#endif
