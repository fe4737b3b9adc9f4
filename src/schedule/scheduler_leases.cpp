// Limits that are shared with other engines: what to ask the budget for, and when.
#include "schedule/scheduler_parts.hpp"

#include <algorithm>

namespace usher::schedule {
namespace {

// Names of buckets are the same in all engines.
std::string name_of(const std::string& prefix, const quota_rule& rule, std::uint64_t key)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string name = prefix + ':' + rule.name;
    if (key == 0)
        return name;
    name += ':';
    for (int shift = 60; shift >= 0; shift -= 4)
        name += digits[(key >> shift) & 15];
    return name;
}

} // namespace

void scheduler::parts::consider(pooled_bucket& one, time_point when) noexcept
{
    if (one.ask_at <= when)
        return;
    if (one.ask_at != time_point::max())
        asking.erase(asking.iterator_to(one));
    one.ask_at = when;
    if (when != time_point::max())
        asking.insert(one);
}

std::optional<lease_order> scheduler::next_order(time_point now)
{
    auto& p = *parts_;
    while (!p.asking.empty() && p.asking.begin()->ask_at <= now) {
        auto& one = *p.asking.begin();
        p.asking.erase(p.asking.begin());
        one.ask_at = time_point::max();
        const bool is_wanted = one.is_common ? one.waiting != 0 : !one.place.empty();
        auto request = one.counts.lease()->ask(now, is_wanted);
        if (!request) {
            if (is_wanted)
                p.consider(one, std::max(one.counts.lease()->next_ask(now), now + std::chrono::milliseconds(1)));
            continue;
        }
        ++one.pins;
        lease_order order;
        order.bucket = one.index;
        order.what = std::move(*request);
        order.what.bucket = name_of(p.shared_as, p.rules->rules()[one.name.rule], one.name.key);
        return order;
    }
    return std::nullopt;
}

void scheduler::granted(const lease_order& order, const lease_grant& grant, time_point asked, time_point now)
{
    auto& p = *parts_;
    auto& one = p.buckets[order.bucket];
    --one.pins;
    auto& lease = *one.counts.lease();
    lease.granted(grant, asked, now);
    if (one.is_common && lease.members() != 0 && lease.members() != p.members) {
        p.members = lease.members();
        // A clump after a stall is that of all of them.
        p.cap = p.cap_for(p.members);
        p.adapt(now);
    }
    if (one.is_common ? one.waiting != 0 : !one.place.empty())
        p.consider(one, now);
    if (!one.place.empty())
        p.reschedule(one, now);
}

void scheduler::give_back_leases(time_point now, const std::function<void(const std::string&, std::uint32_t)>& back)
{
    auto& p = *parts_;
    p.buckets.for_each([&](pooled_bucket& one) {
        if (one.counts.lease() == nullptr)
            return;
        const auto unused = one.counts.lease()->drop_unused(now);
        if (unused != 0)
            back(name_of(p.shared_as, p.rules->rules()[one.name.rule], one.name.key), unused);
    });
}

} // namespace usher::schedule
