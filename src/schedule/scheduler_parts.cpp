#include "schedule/scheduler_parts.hpp"

#include <algorithm>
#include <limits>

namespace usher::schedule {
namespace {

// Flows that one parking wakes for one start, and parkings, at most: most of those that are woken park again.
constexpr std::size_t most_woken = 16;
constexpr int most_parkings = 4;

// What stands in the network when it stalls arrives at once when it goes on. A service that counts evenly may allow
// no more than a tenth of its quota at once; a twelfth leaves room for the burst.
std::size_t least_cap(const rule_table& rules, const bucket_pool& buckets)
{
    std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t rule = 0; rule != rules.rules().size(); ++rule) {
        const auto& one = rules.rules()[rule];
        if (buckets.is_common(static_cast<std::uint16_t>(rule)))
            least = std::min(least, one.amount == quota_amount::known ? one.requests : 0);
    }
    return std::clamp<std::size_t>(least / 12, 8, 32);
}

duration longest_window(const bucket_pool& buckets)
{
    duration longest = std::chrono::seconds(1);
    for (const auto* one : buckets.common())
        longest = std::max(longest, one->counts.window());
    return longest;
}

} // namespace

scheduler::parts::parts(std::shared_ptr<const rule_table> table, duration timeout_, std::string shared_as_)
    : rules(std::move(table)),
      timeout(timeout_),
      shared_as(std::move(shared_as_)),
      buckets(*rules, !shared_as.empty()),
      freeze(longest_window(buckets)),
      cap(cap_for(1)),
      is_capped(rules->limits().in_flight != 0 || !buckets.common().empty()),
      by_rule(rules->rules().size()),
      tenants(1)
{
    gated.set_weight(0, 1);
    free.set_weight(0, 1);
    adapt(time_point());
}

schedule::in_flight_cap scheduler::parts::cap_for(std::uint32_t sharers) const noexcept
{
    const auto fixed = rules->limits().in_flight;
    return schedule::in_flight_cap{fixed == 0 ? 0 : std::max<std::size_t>(1, fixed / sharers),
                                   std::max<std::size_t>(2, least_cap(*rules, buckets) / sharers)};
}

bool scheduler::parts::is_gated(const draw_list& draws) const noexcept
{
    return is_capped && (draws.size() != 0 || buckets.common().empty());
}

time_point scheduler::parts::gate(time_point now) noexcept
{
    if (is_capped && gated_in_flight >= cap.value())
        return time_point::max();
    auto time = std::max(now, freeze.instance_until());
    for (auto* one : buckets.common())
        time = std::max(time, one->counts.next(now));
    return time;
}

bool scheduler::parts::bulk_has_room() const noexcept
{
    if (!is_capped)
        return true;
    const auto most = cap.value();
    return gated_in_flight < most - std::min(most / 10 + 1, most - 1);
}

scheduler::parts::bucket_list scheduler::parts::resolve(const draw_list& draws, time_point now)
{
    bucket_list found{};
    for (std::size_t i = 0; i != draws.size(); ++i) {
        auto& one = buckets.find(draws[i], spread, now);
        ++one.pins; // so that the next one is not opened in its place
        found[i] = one.index;
    }
    for (std::size_t i = 0; i != draws.size(); ++i)
        --buckets[found[i]].pins;
    return found;
}

parking& scheduler::parts::freeze_place(std::uint16_t endpoint)
{
    if (frozen.size() <= endpoint)
        frozen.resize(std::size_t{endpoint} + 1);
    auto& place = frozen[endpoint];
    if (!place) {
        place = std::make_unique<parking>();
        place->endpoint = endpoint;
    }
    return *place;
}

parking* scheduler::parts::blocker(std::uint16_t endpoint, const draw_list& draws, const bucket_list& list,
                                   time_point now, time_point& until)
{
    parking* found = nullptr;
    until = freeze.until(endpoint);
    if (until > now)
        found = &freeze_place(endpoint);
    for (std::size_t i = 0; i != draws.size(); ++i) {
        auto& one = buckets[list[i]];
        if (one.is_common)
            continue;
        const auto next = one.counts.next(now);
        if (next <= now || (found && next <= until))
            continue;
        until = next;
        found = &one.place;
        if (one.counts.lease() != nullptr)
            consider(one, now);
    }
    return found;
}

ticket scheduler::parts::admit(const demand& what, const bucket_list& list, time_point now)
{
    ticket pass;
    pass.admitted_ = now;
    pass.buckets_ = list;
    pass.endpoint_ = what.endpoint;
    pass.tenant_ = what.tenant;
    pass.size_ = static_cast<std::uint8_t>(what.draws.size());
    pass.valid_ = true;
    pass.is_gated_ = is_gated(what.draws);
    gated_in_flight += pass.is_gated_ ? 1 : 0;
    for (std::size_t i = 0; i != what.draws.size(); ++i) {
        auto& one = buckets[list[i]];
        one.counts.take(now, one.waiting != 0);
        ++by_rule[one.name.rule].admitted;
        buckets.touch(one);
        if (!one.place.empty())
            reschedule(one, now);
        if (one.counts.lease() != nullptr)
            consider(one, now);
        is_unsaved = is_unsaved || one.counts.is_long();
    }
    ++in_flight;
    ++counted.admitted;
    ++tenants[what.tenant].admitted;
    return pass;
}

void scheduler::parts::drop_flow(line& in, flow& one) noexcept
{
    for (std::size_t i = 0; i != one.what.draws.size(); ++i)
        --buckets[one.buckets[i]].pins;
    in.drop(one);
}

void scheduler::parts::wake_due(line& in, time_point now)
{
    for (int parkings = 0; parkings != most_parkings; ++parkings) {
        auto* place = in.due(now);
        if (place == nullptr)
            return;
        const auto until = place->bucket ? place->bucket->counts.next(now) : freeze.until(place->endpoint);
        if (until > now) {
            in.set_wake(*place, until);
            continue;
        }
        // More of them than there is room for, so that lanes, weights and deadlines choose between them. Those that are
        // left look again with the next start, if these have not used up the room.
        in.wake(*place, most_woken);
        in.set_wake(*place, now + duration(1));
    }
}

} // namespace usher::schedule
