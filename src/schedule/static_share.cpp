// The part of lease_state for when the store can't be reached.
#include "schedule/lease_state.hpp"

#include "schedule/lease_terms.hpp"

#include <algorithm>

namespace usher::schedule {

using namespace std::chrono_literals;

namespace {

// Shorter than the others count it, by what an order and its answer take.
constexpr duration share_time = member_time - 3s;

} // namespace

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
    if (!has_share_)
        return time_point::max();
    return is_paced() ? static_due_ : next_unpaced(now);
}

time_point lease_state::next_unpaced(time_point now) const noexcept
{
    const auto free_at = [this](std::uint32_t share) {
        if (share == 0)
            return time_point::max();
        return log_.size() < share ? time_point::min() : log_[log_.size() - share] + window_ + lateness();
    };
    const auto whole = free_at(static_share(false));
    if (!is_half_share(now))
        return whole;
    // Any of the others may have had most of the window: until that is over, what nobody had is all there is. That was
    // told lately when the window is short; of a long one others may have had everything since.
    const bool has_room = window_ < long_window && static_used_ < room_ / members_;
    const auto first = has_room ? free_at(static_share(true)) : time_point::max();
    return std::min(first, std::max(whole, half_until_));
}

void lease_state::cut_off(time_point now) noexcept
{
    ask_at_ = now + std::max<duration>(ask_delay_, 250ms);
    ask_delay_ = std::min<duration>(2 * std::max<duration>(ask_delay_, 250ms), 1s);
    if (reach_ != reach::leases)
        return;
    reach_ = reach::cut_off;
    // The others count those that asked lately. One that did not is none of them, and has no share.
    has_share_ = told_at_ + share_time >= now;
    static_used_ = 0;
    if (!is_paced()) {
        half_until_ = now + window_ + unpaced_time(window_);
        return;
    }
    half_until_ = now + window_;
    // The leases that are out come first: the others have theirs, too.
    auto from = std::max(now, static_due_);
    for (std::size_t i = 0; i != leases_held_; ++i)
        from = std::max(from, leases_[i].slot + leases_[i].interval * leases_[i].left);
    static_due_ = from + static_interval(now);
}

} // namespace usher::schedule
