// The part of lease_state for when the store can't be reached.
#include "schedule/lease_state.hpp"

#include <algorithm>

namespace usher::schedule {

using namespace std::chrono_literals;

std::uint32_t lease_state::static_share(bool half) const noexcept
{
    return requests_ / members_ / (half ? 2 : 1);
}

duration lease_state::static_interval(time_point now) const noexcept
{
    return fleet_interval() * members_ * (is_half_share(now) ? 2 : 1);
}

time_point lease_state::next_static(time_point now) const noexcept
{
    if (is_paced())
        return static_due_;
    const auto hold = window_ + lateness();
    const auto free_at = [this, hold](std::uint32_t share) {
        if (share == 0)
            return time_point::max();
        return log_.size() < share ? time_point::min() : log_[log_.size() - share] + hold;
    };
    const auto whole = std::max(static_due_, free_at(static_share(false)));
    if (!is_half_share(now) || whole >= half_until_)
        return whole;
    return std::min(std::max(static_due_, free_at(static_share(true))), half_until_);
}

void lease_state::cut_off(time_point now) noexcept
{
    ask_at_ = now + std::max<duration>(ask_delay_, 250ms);
    ask_delay_ = std::min<duration>(2 * std::max<duration>(ask_delay_, 250ms), 1s);
    if (reach_ != reach::leases)
        return;
    reach_ = reach::cut_off;
    half_until_ = now + window_;
    // The leases that are out come first: the others have theirs, too.
    auto from = std::max(now, static_due_);
    for (std::size_t i = 0; i != leases_held_; ++i)
        from = std::max(from, leases_[i].slot + leases_[i].interval * leases_[i].left);
    static_due_ = is_paced() ? from + static_interval(now) : from;
}

} // namespace usher::schedule
