// When the last departures were: first in, first out, except that the last one may be taken back.
#ifndef USHER_SRC_SCHEDULE_DEPARTURE_LOG_HPP
#define USHER_SRC_SCHEDULE_DEPARTURE_LOG_HPP

#include "schedule/slot_log.hpp"

#include <cstddef>
#include <vector>

namespace usher::schedule {

/// A ring that doubles when it is full and then allocates no more.
class departure_log {
public:
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /// 0 is the oldest.
    time_point operator[](std::size_t i) const noexcept { return times_[(head_ + i) & (times_.size() - 1)]; }
    void push(time_point time)
    {
        if (size_ == times_.size()) {
            std::vector<time_point> larger(times_.empty() ? 16 : times_.size() * 2);
            for (std::size_t i = 0; i != size_; ++i)
                larger[i] = (*this)[i];
            times_.swap(larger);
            head_ = 0;
        }
        times_[(head_ + size_) & (times_.size() - 1)] = time;
        ++size_;
    }
    void pop_oldest() noexcept
    {
        head_ = (head_ + 1) & (times_.size() - 1);
        --size_;
    }
    void pop_newest() noexcept { --size_; }

private:
    std::vector<time_point> times_; // a power of two, so that positions wrap with a mask
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

} // namespace usher::schedule

#endif
