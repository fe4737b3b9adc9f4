// Who waits for admission, and whose turn it is: pure state.
//
// Vocabulary. A *lane* is interactive or bulk. An entry is *eligible* when its endpoint is not frozen.
// Invariants. First in, first out among the eligible of one lane: a frozen endpoint never holds up another one.
// Between the lanes, as long as both have eligible entries: 10 % of the starts are interactive's reserve and the rest
// is shared evenly, so of 20 starts 11 are interactive and 9 bulk. Interactive goes first within that, so an
// interactive call that comes alone passes all of bulk; and neither lane waits for one that is empty. In flight, bulk
// leaves a tenth of the cap to interactive. Lifecycle of an entry. push, then exactly one of started and remove.
// Entries are the waiters' own: nothing is allocated per entry. Every step is O(endpoints that somebody waits for), of
// which there are few.
#ifndef USHER_SRC_SCHEDULE_WAITING_LINE_HPP
#define USHER_SRC_SCHEDULE_WAITING_LINE_HPP

#include "schedule/pacer.hpp"

#include <usher/options.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace usher::schedule {

/// One waiter's place. It must not move while it is in line.
class waiting_entry {
public:
    waiting_entry(std::uint16_t endpoint, lane priority) noexcept : endpoint_(endpoint), lane_(priority) {}
    waiting_entry(const waiting_entry&) = delete;
    waiting_entry& operator=(const waiting_entry&) = delete;

    std::uint16_t endpoint() const noexcept { return endpoint_; }
    lane priority() const noexcept { return lane_; }
    bool in_line() const noexcept { return in_line_; }

protected:
    ~waiting_entry() = default;

private:
    friend class waiting_line;

    waiting_entry* before_ = nullptr;
    waiting_entry* after_ = nullptr;
    std::uint64_t number_ = 0;
    std::uint16_t endpoint_;
    lane lane_;
    bool in_line_ = false;
};

class waiting_line {
public:
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    void push(waiting_entry& entry);
    /// Leaves without a start.
    void remove(waiting_entry& entry) noexcept;
    /// Leaves because it starts: the other lane's claim changes.
    void started(waiting_entry& entry, const pacer& limits, time_point now) noexcept;

    /// Whose turn it is, or null: nobody is eligible.
    waiting_entry* next(const pacer& limits, time_point now) const noexcept;
    /// True if one of `priority` that comes now may start before everybody in line. If it does, call `passed`.
    bool may_pass(lane priority, const pacer& limits, time_point now) const noexcept;
    void passed(lane priority, const pacer& limits, time_point now) noexcept;
    /// When to look again; `time_point::max()`: when something is answered, or somebody comes.
    time_point next_look(const pacer& limits, time_point now) const noexcept;
    /// Those that would start before one that comes now, at least.
    std::size_t ahead_of(std::uint16_t endpoint, lane priority, const pacer& limits, time_point now) const noexcept;

    /// True if the cap in flight has room for this lane.
    static bool has_room(lane priority, const pacer& limits) noexcept;

private:
    struct queue {
        waiting_entry* first;
        waiting_entry* last;
        std::size_t size;
        std::uint16_t endpoint;
    };
    using queues = std::vector<queue>; // one for each endpoint that somebody waits for

    static constexpr int interactive_parts = 11;
    static constexpr int bulk_parts = 9;

    const queues& of(lane priority) const noexcept { return lanes_[static_cast<std::size_t>(priority)]; }
    waiting_entry* first_eligible(lane priority, const pacer& limits, time_point now) const noexcept;
    bool is_bulks_turn() const noexcept { return owed_ >= interactive_parts; }
    void unlink(waiting_entry& entry) noexcept;

    std::array<queues, 2> lanes_;
    std::size_t size_ = 0;
    std::uint64_t numbers_ = 0;
    int owed_ = 0; // to bulk: every interactive start adds bulk's parts, every bulk start takes interactive's
};

} // namespace usher::schedule

#endif
