// The response-anchored log: no window of the service, whatever its phase, ever holds more arrivals than its limit.
//
// Vocabulary. A *slot* is one of the N requests that a window W allows. It is *in flight* from admission on, then
// *cooling* until W (and a guard) after its response, which is the latest moment at which it can have arrived.
// Invariant. In flight + cooling <= N. Take any N + 1 arrivals within W: when the last of them was admitted, the other
// N had not been answered W ago, so all N slots were held, and it could not have been admitted.
// Lifecycle. take, then exactly one of answered, lost, give_back. All operations are O(log n) or better;
// the ring grows up to what the load needs and then allocates no more.
#ifndef USHER_SRC_SCHEDULE_SLOT_LOG_HPP
#define USHER_SRC_SCHEDULE_SLOT_LOG_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace usher::schedule {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// First in, first out, in one block of memory that doubles when it is full.
class time_ring {
public:
    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    time_point front() const noexcept { return items_[head_]; }
    time_point back() const noexcept { return items_[(head_ + size_ - 1) & (items_.size() - 1)]; }
    void push(time_point item);
    void pop() noexcept;
    time_point at(std::size_t i) const noexcept { return items_[(head_ + i) & (items_.size() - 1)]; }
    void clear() noexcept { head_ = size_ = 0; }

private:
    std::vector<time_point> items_; // a power of two, so that positions wrap with a mask
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

class slot_log {
public:
    /// Nothing is held and nothing can be taken.
    slot_log() noexcept = default;
    /// `slots` requests per window; a slot is held for `hold` after its response.
    slot_log(std::uint32_t slots, duration hold) noexcept : slots_(slots), hold_(hold) {}

    /// True if a slot can be taken now.
    bool has_room(time_point now) noexcept;
    /// When a slot becomes free, not later than now if one is; `time_point::max()`: not before an answer.
    time_point next_free(time_point now) const noexcept;

    /// When the next one that is held becomes free by time alone; `time_point::max()`: none does.
    time_point next_expiry() const noexcept;

    void take() noexcept { ++in_flight_; }
    /// The response came: the slot cools from now on.
    void answered(time_point now);
    /// No response: the request can have arrived until `arrival`.
    void lost(time_point arrival);
    /// The request never left.
    void give_back() noexcept { --in_flight_; }

    /// Slots that are held, those included that became free since somebody looked.
    std::size_t held() const noexcept { return in_flight_ + cooling_.size() + lost_.size(); }
    /// Slots that are held now.
    std::size_t held(time_point now) noexcept;
    std::size_t in_flight() const noexcept { return in_flight_; }

    /// Begins anew with other limits; memory is kept.
    void restart(std::uint32_t slots, duration hold) noexcept;
    /// As `lost`, for a request of an earlier life that is counted in none of the figures.
    void remember(time_point free_at);
    /// Calls `each(when)` for every slot that will become free by time alone.
    template <class Function>
    void for_each_held(Function each) const
    {
        for (std::size_t i = 0; i != cooling_.size(); ++i)
            each(cooling_.at(i));
        for (const auto when : lost_)
            each(when);
    }

private:
    void release(time_point now) noexcept;

    std::uint32_t slots_ = 0;
    duration hold_{};
    std::size_t in_flight_ = 0;
    time_ring cooling_;            // answers come in the order of the clock, so this is sorted
    std::vector<time_point> lost_; // heap, earliest first
};

} // namespace usher::schedule

#endif
