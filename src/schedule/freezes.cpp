#include "schedule/freezes.hpp"

#include <algorithm>

namespace usher::schedule {

void freezes::refused(std::uint16_t endpoint, time_point now, time_point until)
{
    if (endpoint >= endpoints_.size())
        endpoints_.resize(std::size_t{endpoint} + 1);
    auto& state = endpoints_[endpoint];
    state.refused = now;
    state.until = std::max(state.until, until);

    std::size_t lately = 0;
    auto shortest = time_point::max();
    for (const auto& other : endpoints_) {
        if (other.refused <= now - window_)
            continue;
        ++lately;
        if (other.until > now)
            shortest = std::min(shortest, other.until);
    }
    if (lately >= several && shortest != time_point::max())
        instance_ = std::max(instance_, shortest);
}

std::size_t freezes::count(time_point now) const noexcept
{
    return static_cast<std::size_t>(
        std::count_if(endpoints_.begin(), endpoints_.end(), [now](const auto& state) { return state.until > now; }));
}

} // namespace usher::schedule
