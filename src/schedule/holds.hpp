// What held up those who waited, and for how long.
//
// Vocabulary. A *hold* is a stretch of time with one cause. Holds of a flow are its parkings; holds of the gate are
// those of everybody behind it. Invariants. Nothing here is touched for a request that is admitted at once.
#ifndef USHER_SRC_SCHEDULE_HOLDS_HPP
#define USHER_SRC_SCHEDULE_HOLDS_HPP

#include "schedule/slot_log.hpp"

#include <usher/observer.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace usher::schedule {

/// Why a request waited longest.
struct held_up {
    held_up() = default;
    explicit held_up(wait_reason why_, std::uint16_t rule_ = 0) noexcept : why(why_), rule(rule_) {}

    wait_reason why = wait_reason::none;
    std::uint16_t rule = 0; ///< of `wait_reason::limit`: place among the quota's rules

    friend bool operator==(const held_up&, const held_up&) = default;
};

/// The last hold of a flow, and the longest of those before it.
class flow_holds {
public:
    void clear() noexcept { *this = flow_holds(); }
    void begin(held_up cause, time_point now) noexcept
    {
        // Woken and held up again by the same is one hold.
        if (last_.cause == cause && last_.since != time_point::min()) {
            last_.until = time_point::max();
            return;
        }
        if (longest_.until - longest_.since < last_.until - last_.since)
            longest_ = last_;
        last_ = {cause, now, time_point::max()};
    }
    void end(time_point until) noexcept { last_.until = until; }
    /// The one that covers most of the time from `from` to `to`, and how much.
    duration most(time_point from, time_point to, held_up& cause) const noexcept
    {
        const auto& one = last_.part_of(from, to) >= longest_.part_of(from, to) ? last_ : longest_;
        cause = one.cause;
        return one.part_of(from, to);
    }

private:
    struct hold {
        duration part_of(time_point from, time_point to) const noexcept
        {
            const auto end = std::min(until, to);
            const auto begin = std::max(since, from);
            return end > begin ? end - begin : duration::zero();
        }
        held_up cause;
        time_point since = time_point::min();
        time_point until = time_point::min();
    };

    hold last_;
    hold longest_;
};

/// How long the gate has been closed, by cause.
class gate_holds {
public:
    enum cause : std::uint8_t { open, by_limit, by_freeze, by_requests, for_bulk };
    using sums = std::array<duration, 5>;

    /// From now on it is held by `now_by`; `rule`: the limit's.
    void look(time_point now, cause now_by, std::uint16_t rule) noexcept
    {
        sums_[by_] += now - looked_;
        looked_ = now;
        by_ = now_by;
        if (now_by == by_limit)
            rule_ = rule;
    }
    const sums& so_far() const noexcept { return sums_; }
    /// What held it up longest since `before`, the sums of an earlier time.
    held_up most(const sums& before, bool is_bulk) const noexcept
    {
        const auto since = [&](cause which) { return sums_[which] - before[which]; };
        const auto requests = since(by_requests) + (is_bulk ? since(for_bulk) : duration::zero());
        const auto longest = std::max({since(by_limit), since(by_freeze), requests});
        if (longest <= duration::zero())
            return held_up();
        if (longest == since(by_limit))
            return held_up(wait_reason::limit, rule_);
        return held_up(longest == since(by_freeze) ? wait_reason::retry_after : wait_reason::in_flight);
    }

private:
    sums sums_{};
    time_point looked_{};
    cause by_ = open;
    std::uint16_t rule_ = 0;
};

} // namespace usher::schedule

#endif
