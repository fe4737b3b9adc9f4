#include "schedule/lease_state.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace usher::schedule {
namespace {

using namespace std::chrono_literals;

// A lease is what the fleet may send in this time: short, since a member that dies takes it along and one that comes
// waits for those of all others; long enough that orders are rare.
constexpr duration lease_length = 80ms;
constexpr std::uint32_t least_order = 8;
constexpr std::uint32_t most_order_unpaced = 50;

constexpr duration first_ask_delay = 250ms;
constexpr duration most_ask_delay = 1s;
// None is left now, but others may return some before that.
constexpr duration longest_wait = 10s;

std::uint32_t narrowed(duration::rep count) noexcept
{
    return static_cast<std::uint32_t>(std::clamp<duration::rep>(count, 0, std::numeric_limits<std::uint32_t>::max()));
}

time_point earlier(time_point time, duration by) noexcept
{
    return time < time_point::min() + by ? time_point::min() : time - by;
}

} // namespace

void lease_state::set(std::uint32_t requests, duration window, duration interval, std::uint32_t burst) noexcept
{
    requests_ = std::max<std::uint32_t>(requests, 1);
    window_ = std::max<duration>(window, 1ms);
    interval_ = std::max(interval, duration::zero());
    burst_ = std::max<std::uint32_t>(burst, 1);
}

duration lease_state::lateness() const noexcept
{
    return std::clamp<duration>(window_ / 100, 10ms, 250ms);
}

duration lease_state::fleet_interval() const noexcept
{
    if (!is_paced())
        return {};
    // (requests − burst) / (window + spread + lateness), where all but the last are in the interval already.
    const auto evenly = std::max<std::uint32_t>(requests_ - std::min(burst_, requests_ - 1), 1);
    // What a slow answer adds: nobody knows when on its way the store granted something.
    const auto slow = std::clamp<duration>(round_trip_ - lateness() / 2, duration::zero(), 500ms);
    return interval_ + (lateness() + slow) / evenly;
}

// How many of its first slots are void.
std::uint32_t lease_state::voided(const lease& one, time_point now) const noexcept
{
    if (now > one.end)
        return one.left;
    const auto limit = now - lateness();
    if (!is_paced() || one.arrived >= limit || one.slot >= limit)
        return 0;
    if (one.interval <= one.interval.zero())
        return one.left;
    return std::min(one.left, narrowed((limit - one.slot - duration(1)) / one.interval + 1));
}

void lease_state::purge(time_point now) noexcept
{
    for (std::size_t i = 0; i != leases_held_; ++i) {
        auto& one = leases_[i];
        const auto gone = voided(one, now);
        one.slot += one.interval * gone;
        one.left -= gone;
        wasted_ += gone;
        // Without a pace they may go back after their time. The budget knows the last lease alone.
        if (gone != 0 && !is_paced() && one.number == last_number_)
            returned_ += gone;
    }
    remove_empty();
}

void lease_state::remove_empty() noexcept
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i != leases_held_; ++i)
        if (leases_[i].left != 0)
            leases_[kept++] = leases_[i];
    leases_held_ = kept;
}

std::uint32_t lease_state::left(time_point now) const noexcept
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i != leases_held_; ++i)
        sum += leases_[i].left - voided(leases_[i], now);
    return sum;
}

time_point lease_state::next(time_point now) const noexcept
{
    if (spare_ != 0 && now <= spare_until_)
        return now;
    auto first = time_point::max();
    for (std::size_t i = 0; i != leases_held_; ++i) {
        const auto& one = leases_[i];
        const auto gone = voided(one, now);
        if (gone != one.left)
            first = std::min(first, one.slot + one.interval * gone);
    }
    return reach_ == reach::cut_off ? std::min(first, next_static(now)) : first;
}

void lease_state::take(time_point now)
{
    purge(now);
    ++used_;
    if (!is_paced()) {
        // Those of an hour ago are held until here rather than by a timer.
        while (!log_.empty() && (log_[0] + window_ + lateness() <= now || log_.size() >= requests_))
            log_.pop_oldest();
        log_.push(now);
    }
    if (spare_ != 0) {
        const bool may_use = now <= spare_until_;
        spare_ = may_use ? spare_ - 1 : 0;
        if (may_use)
            return;
    }
    lease* first = nullptr;
    for (std::size_t i = 0; i != leases_held_; ++i)
        if (leases_[i].slot <= now && (first == nullptr || leases_[i].slot < first->slot))
            first = &leases_[i];
    if (first == nullptr) {
        ++static_used_;
        if (is_paced())
            static_due_ = std::max(static_due_, earlier(now, lateness())) + static_interval(now);
        return;
    }
    last_taken_ = now;
    first->slot += first->interval;
    if (--first->left == 0)
        remove_empty();
}

void lease_state::give_back(time_point now) noexcept
{
    if (!is_paced() && !log_.empty())
        log_.pop_newest();
    used_ -= std::min<std::uint32_t>(used_, 1);
    // Which of the slots it had is not known. One that left since then and would be void now must not count again.
    if (last_taken_ == time_point::min() || now - last_taken_ > lateness())
        return;
    if (now > spare_until_)
        spare_ = 0;
    spare_until_ = last_taken_ + lateness();
    spare_ = std::min(spare_ + 1, burst_);
}

std::uint32_t lease_state::most_wanted() const noexcept
{
    if (!is_paced())
        return std::clamp<std::uint32_t>(requests_ / 20, 1, most_order_unpaced);
    const auto length = std::clamp<duration>(2 * round_trip_, lease_length, 500ms);
    return std::clamp(narrowed(length / fleet_interval()), least_order, std::max(least_order, requests_ / 4));
}

std::optional<lease_request> lease_state::ask(time_point now, bool is_wanted) noexcept
{
    purge(now);
    if (!is_wanted || is_asking_ || now < ask_at_)
        return std::nullopt;
    if (reach_ != reach::cut_off && (leases_held_ == most_leases || left(now) > last_granted_ / 2))
        return std::nullopt;
    const auto most = most_wanted();
    if (wasted_ != 0)
        appetite_ = std::clamp<std::uint32_t>(2 * used_, 1, most);
    else
        appetite_ = std::min(most, appetite_ > most / 2 ? most : 2 * appetite_);
    used_ = wasted_ = 0;
    is_asking_ = true;

    std::optional<lease_request> order(std::in_place);
    order->wanted = appetite_;
    order->returned = std::exchange(returned_, 0);
    order->requests = requests_;
    order->window = window_;
    order->interval = fleet_interval();
    order->burst = burst_;
    order->rejoins = reach_ == reach::cut_off;
    return order;
}

time_point lease_state::next_ask(time_point now) const noexcept
{
    if (is_asking_)
        return time_point::max();
    if (reach_ == reach::cut_off || left(now) <= last_granted_ / 2)
        return std::max(now, ask_at_);
    auto first_void = time_point::max();
    for (std::size_t i = 0; i != leases_held_; ++i) {
        const auto& one = leases_[i];
        const auto last = std::max(one.arrived, one.slot + one.interval * (one.left - 1)) + lateness();
        first_void = std::min(first_void, is_paced() ? std::min(one.end, last) : one.end);
    }
    return std::max({now, ask_at_, first_void + duration(1)});
}

void lease_state::granted(const lease_grant& grant, time_point asked, time_point now) noexcept
{
    is_asking_ = false;
    purge(now);
    if (!grant.is_reachable) {
        cut_off(now);
        return;
    }
    round_trip_ = round_trip_ == duration::zero() ? now - asked : (3 * round_trip_ + (now - asked)) / 4;
    ask_delay_ = first_ask_delay;
    room_ = grant.left;
    told_at_ = now;
    const auto told = std::max<std::uint32_t>(grant.members, 1);
    if (grant.granted == 0 || leases_held_ == most_leases) {
        // A store that has just come back counts those that are back: fewer than use their share.
        members_ = reach_ == reach::cut_off ? std::max(members_, told) : told;
        if (reach_ == reach::unknown)
            reach_ = reach::leases;
        const auto longest = reach_ == reach::cut_off ? most_ask_delay : longest_wait;
        ask_at_ = now + std::clamp<duration>(grant.ask_again, 1ms, longest);
        return;
    }
    members_ = told;
    reach_ = reach::leases;
    ask_at_ = now;
    auto& one = leases_[leases_held_++];
    // It was granted some time between the two. A late answer must not make its departures later than the pace allows
    // for, an early one may not make them earlier than those of the others are late.
    const auto base = asked + std::clamp<duration>(now - asked, duration::zero(), lateness());
    one.arrived = base;
    one.slot = base + std::clamp<duration>(grant.starts_in, -window_, 1h);
    one.interval = is_paced() ? std::max<duration>(grant.interval, duration::zero()) : duration::zero();
    one.end = asked + std::clamp<duration>(grant.valid_for, duration::zero(), 24h);
    one.left = grant.granted;
    one.number = ++last_number_;
    last_granted_ = grant.granted;
    returned_ = 0; // would be taken from this one
}

std::uint32_t lease_state::drop_unused(time_point now) noexcept
{
    purge(now);
    auto unused = std::exchange(returned_, 0);
    for (std::size_t i = 0; i != leases_held_; ++i)
        if (leases_[i].number == last_number_)
            unused += leases_[i].left;
    leases_held_ = 0;
    spare_ = 0;
    return unused;
}

} // namespace usher::schedule
