#include "net/deadline.hpp"

#include <utility>

namespace usher::detail {

void deadline_queue::place(std::size_t index, deadline_entry* entry) noexcept
{
    heap_[index] = entry;
    entry->index_ = index;
}

void deadline_queue::sift_up(std::size_t index) noexcept
{
    auto* const entry = heap_[index];
    while (index > 0) {
        const auto parent = (index - 1) / 2;
        if (heap_[parent]->at_ <= entry->at_)
            break;
        place(index, heap_[parent]);
        index = parent;
    }
    place(index, entry);
}

void deadline_queue::sift_down(std::size_t index) noexcept
{
    auto* const entry = heap_[index];
    for (auto child = 2 * index + 1; child < heap_.size(); child = 2 * index + 1) {
        if (child + 1 < heap_.size() && heap_[child + 1]->at_ < heap_[child]->at_)
            ++child;
        if (entry->at_ <= heap_[child]->at_)
            break;
        place(index, heap_[child]);
        index = child;
    }
    place(index, entry);
}

void deadline_queue::set(deadline_entry& entry, time_point at)
{
    if (entry.index_ == deadline_entry::outside) {
        heap_.push_back(&entry);
        entry.index_ = heap_.size() - 1;
        entry.at_ = at;
        sift_up(entry.index_);
    } else {
        const bool earlier = at < entry.at_;
        entry.at_ = at;
        earlier ? sift_up(entry.index_) : sift_down(entry.index_);
    }
    arm();
}

void deadline_queue::remove(deadline_entry& entry) noexcept
{
    const auto index = std::exchange(entry.index_, deadline_entry::outside);
    if (index == deadline_entry::outside)
        return;
    auto* const last = heap_.back();
    heap_.pop_back();
    if (last != &entry) {
        place(index, last);
        sift_up(index);
        sift_down(last->index_);
    }
    if (heap_.empty())
        disarm();
}

void deadline_queue::disarm() noexcept
{
    if (std::exchange(armed_, time_point::max()) == time_point::max() || !timer_)
        return;
    timer_->cancel();
}

void deadline_queue::arm()
{
    const auto first = heap_.front()->at_;
    if (first >= armed_ || !timer_)
        return;
    armed_ = first;
    timer_->expires_at(first);
    timer_->async_wait([weak = weak_from_this()](boost::system::error_code ec) {
        if (ec)
            return;
        if (auto self = weak.lock())
            self->fired();
    });
}

void deadline_queue::fired()
{
    armed_ = time_point::max();
    const auto now = std::chrono::steady_clock::now();
    while (!heap_.empty() && heap_.front()->at_ <= now) {
        auto& entry = *heap_.front();
        remove(entry);
        entry.expire();
    }
    if (!heap_.empty())
        arm();
}

} // namespace usher::detail
