#include "schedule/slot_log.hpp"

#include <algorithm>
#include <functional>

namespace usher::schedule {

void time_ring::push(time_point item)
{
    if (size_ == items_.size()) {
        std::vector<time_point> larger(items_.empty() ? 16 : items_.size() * 2);
        for (std::size_t i = 0; i != size_; ++i)
            larger[i] = items_[(head_ + i) & (items_.size() - 1)];
        items_.swap(larger);
        head_ = 0;
    }
    items_[(head_ + size_) & (items_.size() - 1)] = item;
    ++size_;
}

void time_ring::pop() noexcept
{
    head_ = (head_ + 1) & (items_.size() - 1);
    --size_;
}

void slot_log::release(time_point now) noexcept
{
    while (!cooling_.empty() && cooling_.front() <= now)
        cooling_.pop();
    while (!lost_.empty() && lost_.front() <= now) {
        std::pop_heap(lost_.begin(), lost_.end(), std::greater<>());
        lost_.pop_back();
    }
}

std::size_t slot_log::held(time_point now) noexcept
{
    release(now);
    return held();
}

void slot_log::restart(std::uint32_t slots, duration hold) noexcept
{
    slots_ = slots;
    hold_ = hold;
    in_flight_ = 0;
    cooling_.clear();
    lost_.clear();
}

void slot_log::remember(time_point free_at)
{
    lost_.push_back(free_at);
    std::push_heap(lost_.begin(), lost_.end(), std::greater<>());
}

bool slot_log::has_room(time_point now) noexcept
{
    if (held() < slots_)
        return true;
    release(now);
    return held() < slots_;
}

time_point slot_log::next_free(time_point now) const noexcept
{
    return held() < slots_ ? now : next_expiry();
}

time_point slot_log::next_expiry() const noexcept
{
    auto next = time_point::max();
    if (!cooling_.empty())
        next = cooling_.front();
    if (!lost_.empty())
        next = std::min(next, lost_.front());
    return next;
}

void slot_log::answered(time_point now)
{
    auto free_at = now + hold_;
    if (!cooling_.empty())
        free_at = std::max(free_at, cooling_.back());
    // Without this an instance that rests would keep what its ring once needed filled with the past.
    release(now);
    cooling_.push(free_at);
    --in_flight_;
}

void slot_log::lost(time_point arrival)
{
    lost_.push_back(arrival + hold_);
    std::push_heap(lost_.begin(), lost_.end(), std::greater<>());
    --in_flight_;
}

} // namespace usher::schedule
