// How many requests were accepted within the last window, and the one before: counts by slices of time.
#ifndef USHER_SRC_SCHEDULE_ACCEPTED_COUNT_HPP
#define USHER_SRC_SCHEDULE_ACCEPTED_COUNT_HPP

#include "schedule/slot_log.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace usher::schedule {

class accepted_count {
public:
    explicit accepted_count(duration window) noexcept : window_(window), slice_(window / parts) {}

    duration window() const noexcept { return window_; }

    void add(time_point now) noexcept
    {
        advance(now);
        ++at(current_);
        ++total_;
    }
    /// Within the last window; of the slice that is leaving it, as much as is still inside.
    double value(time_point now) noexcept
    {
        advance(now);
        const auto gone = static_cast<double>((now.time_since_epoch() % slice_).count());
        return static_cast<double>(total_) -
               static_cast<double>(at(current_ - parts)) * gone / static_cast<double>(slice_.count());
    }
    /// Between two moments; of what is more than two windows ago, nothing is left.
    double between(time_point from, time_point to, time_point now) noexcept
    {
        advance(now);
        double found = 0;
        const auto first = std::max(from.time_since_epoch() / slice_, current_ - 2 * parts);
        for (auto index = first; index <= std::min(to.time_since_epoch() / slice_, current_); ++index) {
            const auto begin = std::max(from, time_point(slice_ * index));
            // The slice that is filled now ends now.
            const auto whole = index == current_ ? now - time_point(slice_ * index) + duration(1) : slice_;
            const auto end = std::min(to, time_point(slice_ * index) + whole);
            found += at(index) *
                     std::max(0.0, static_cast<double>((end - begin).count()) / static_cast<double>(whole.count()));
        }
        return found;
    }
    /// When fewer than `count` are left if none is added; `now` if there are. Leans to the late side by a slice.
    time_point falls_below(double count, time_point now) noexcept
    {
        advance(now);
        auto left = static_cast<double>(total_);
        if (left < count)
            return now;
        auto index = current_ - parts;
        while (left >= count && index <= current_)
            left -= static_cast<double>(at(index++));
        // A slice counts until its end is a window ago.
        return time_point(slice_ * (index + parts));
    }

private:
    static constexpr std::int64_t parts = 64;
    static constexpr std::int64_t slices = 2 * parts + 2; // two windows', and the one that is filled now

    std::uint32_t& at(std::int64_t index) noexcept
    {
        return counts_[static_cast<std::size_t>(index + slices) % slices];
    }
    void advance(time_point now) noexcept
    {
        const auto index = now.time_since_epoch() / slice_;
        if (index - current_ >= slices) {
            counts_.fill(0);
            total_ = 0;
            current_ = index;
        }
        while (current_ < index) {
            at(++current_) = 0;
            total_ -= at(current_ - parts - 1);
        }
    }

    duration window_;
    duration slice_;
    std::array<std::uint32_t, slices> counts_{};
    std::uint64_t total_ = 0;
    std::int64_t current_ = 0;
};

} // namespace usher::schedule

#endif
