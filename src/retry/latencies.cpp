#include "retry/latencies.hpp"

#include <algorithm>
#include <cmath>

namespace usher::retry {

void latencies::add(std::chrono::nanoseconds latency) noexcept
{
    const auto octave = std::log2(static_cast<double>(std::max<std::int64_t>(latency.count(), 1))) - first_octave;
    const auto step = std::clamp(std::floor(octave * steps_per_octave), 0.0, static_cast<double>(counts_.size() - 1));
    ++counts_[static_cast<std::size_t>(step)];
    if (++known_ < most_known)
        return;
    known_ = 0;
    for (auto& count : counts_) {
        count = static_cast<std::uint16_t>(count / 2);
        known_ += count;
    }
}

std::optional<std::chrono::nanoseconds> latencies::p95() const noexcept
{
    if (known_ < least_known)
        return std::nullopt;
    const auto wanted = known_ - known_ / 20;
    std::uint32_t below = 0;
    std::size_t step = 0;
    while (step + 1 < counts_.size() && (below += counts_[step]) < wanted)
        ++step;
    const auto end = std::exp2(first_octave + static_cast<double>(step + 1) / steps_per_octave);
    return std::chrono::nanoseconds(static_cast<std::int64_t>(end));
}

} // namespace usher::retry
