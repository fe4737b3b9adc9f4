#include "schedule/round_trips.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace usher::schedule {

void round_trips::add(duration round_trip) noexcept
{
    using std::chrono::microseconds;
    const auto time = std::chrono::duration_cast<microseconds>(round_trip).count();
    constexpr microseconds::rep longest = std::numeric_limits<std::uint32_t>::max();
    sample_[count_ % most] = static_cast<std::uint32_t>(std::clamp<microseconds::rep>(time, 0, longest));
    ++count_;
    if (count_ % refresh_every == 0)
        refresh();
}

bool round_trips::take_news() noexcept
{
    const bool news = news_;
    news_ = false;
    return news;
}

void round_trips::refresh() noexcept
{
    auto work = sample_;
    const auto size = static_cast<std::ptrdiff_t>(std::min(count_, most));
    const auto begin = work.begin();
    const auto end = begin + size;
    // Each step leaves the smaller ones to its left, where the next one looks.
    const auto p999 = begin + (size * 999 + 999) / 1000 - 1;
    std::nth_element(begin, p999, end);
    const auto p99 = begin + (size * 99 + 99) / 100 - 1;
    if (p99 < p999)
        std::nth_element(begin, p99, p999);
    const auto median = begin + (size - 1) / 2;
    if (median < p99)
        std::nth_element(begin, median, p99);
    const auto least = *std::min_element(begin, median + 1);
    spread_ = std::chrono::microseconds(*p999 - least);
    longest_usual_ = std::min(std::chrono::microseconds(*p99), 3 * std::chrono::microseconds(*median));
    news_ = true;
}

} // namespace usher::schedule
