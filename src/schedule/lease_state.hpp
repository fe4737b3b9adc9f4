// What an engine holds of a bucket that it shares with others: its leases, and its static share while there are none.
//
// Vocabulary. A *slot* is the permission for one departure at a certain time. An *order* is what is asked of the
// budget. Members are the engines that share the bucket.
// Invariants. A departure uses a slot that was granted and is not void, or one of the static share while the store
// can't be reached; there is never another way to leave. No departure is later than `lateness` after its slot, and the
// pace that is ordered allows for that. At most one order is under way. Nothing is allocated in steady state.
// Lifecycle of an order. ask, then exactly one granted (which may say that the store can't be reached).
#ifndef USHER_SRC_SCHEDULE_LEASE_STATE_HPP
#define USHER_SRC_SCHEDULE_LEASE_STATE_HPP

#include "schedule/departure_log.hpp"
#include "schedule/slot_log.hpp"

#include <usher/budget.hpp>

#include <array>
#include <cstddef>
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
    void take(time_point now);
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
    std::uint32_t members() const noexcept { return members_; }
    bool is_reachable() const noexcept { return reach_ == reach::leases; }
    /// What the fleet's departures are ordered at: a little more than was set, which is what late departures need.
    duration fleet_interval() const noexcept;
    /// How long after its time a slot may be used.
    duration lateness() const noexcept;

private:
    enum class reach : std::uint8_t {
        unknown, ///< nothing was ever granted: nothing may leave
        leases,
        cut_off ///< the store can't be reached: the static share, until something is granted again
    };
    struct lease {
        time_point slot{};    ///< of the first request that is left
        time_point arrived{}; ///< what was due before that is due then
        time_point end{};     ///< void after it
        duration interval{};
        std::uint32_t left = 0;
        std::uint32_t number = 0;
    };
    /// Those that can be held at once: what is used, what comes next, and what small grants leave.
    static constexpr std::size_t most_leases = 8;

    bool is_paced() const noexcept { return interval_ > interval_.zero(); }
    std::uint32_t voided(const lease& one, time_point now) const noexcept;
    void purge(time_point now) noexcept;
    void remove_empty() noexcept;
    std::uint32_t left(time_point now) const noexcept;
    std::uint32_t most_wanted() const noexcept;
    bool is_half_share(time_point now) const noexcept { return now < half_until_; }
    std::uint32_t static_share(bool half) const noexcept;
    duration static_interval(time_point now) const noexcept;
    time_point next_static(time_point now) const noexcept;
    time_point next_unpaced(time_point now) const noexcept;
    void cut_off(time_point now) noexcept;

    std::uint32_t requests_ = 1;
    std::uint32_t burst_ = 1;
    duration window_ = std::chrono::seconds(1);
    duration interval_{};

    std::array<lease, most_leases> leases_; // in the order of their grants
    std::size_t leases_held_ = 0;
    std::uint32_t last_number_ = 0;
    std::uint32_t last_granted_ = 0;

    std::uint32_t spare_ = 0; // given back
    time_point spare_until_{};
    time_point last_taken_ = time_point::min();

    bool is_asking_ = false;
    time_point ask_at_ = time_point::min();
    duration ask_delay_{};
    duration round_trip_{};
    std::uint32_t appetite_ = UINT32_MAX; // how much of an order was used of late
    std::uint32_t used_ = 0;              // since the last order, as is what became void
    std::uint32_t wasted_ = 0;
    std::uint32_t returned_ = 0;

    reach reach_ = reach::unknown;
    std::uint32_t members_ = 0;
    time_point told_at_ = time_point::min(); // how many they are
    bool has_share_ = false;                 // cut off: what it was told is young enough to be true
    time_point half_until_ = time_point::min();
    time_point static_due_ = time_point::min();
    std::uint32_t room_ = 0;        // unpaced: what nobody had, as last told
    std::uint32_t static_used_ = 0; // since it was cut off
    departure_log log_;             // unpaced: all departures of the last window, whose number the static share bounds
};

} // namespace usher::schedule

#endif
