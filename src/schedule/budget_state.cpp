#include "schedule/budget_state.hpp"

#include <algorithm>
#include <cmath>

namespace usher::schedule {
namespace {

// How many times `part` fits into `whole`.
std::uint32_t fits(duration whole, duration part)
{
    if (whole < part)
        return 0;
    return static_cast<std::uint32_t>(std::min<duration::rep>(whole / part, 1'000'000));
}

} // namespace

lease_grant budget_state::lease(const lease_request& request, member_id who, time_point now)
{
    forget_idle(now);
    auto& from = buckets_[request.bucket];
    if (request.returned != 0)
        take_back(from, request.returned, who, now);
    const auto& of = meet(instance_of(request.bucket), who, now);
    lease_grant grant;
    if (!is_settling(from, request, grant, now))
        grant = request.interval > duration::zero() ? paced(from, request, who, of, now)
                                                    : unpaced(from, request, who, of.born, now);
    grant.members = of.sharing(now);
    from.idle_at = std::max(from.idle_at, now + unpaced_hold(request.window) + unpaced_time(request.window));
    return grant;
}

void budget_state::give_back(const std::string& name, std::uint32_t unused, member_id who, time_point now)
{
    const auto found = buckets_.find(name);
    if (found != buckets_.end())
        take_back(found->second, unused, who, now);
}

bool budget_state::is_settling(bucket& one, const lease_request& request, lease_grant& grant, time_point now)
{
    // A head in the future, or one that has just been there, shows that the others are not cut off; unless the line
    // has just begun, for one that had nothing to ask for while they were.
    const bool is_old = one.head == time_point::min() || one.head < now - line_pause;
    const bool has_begun = one.woke != time_point::min() && now < one.woke + rejoin_time;
    if (request.rejoins && now >= one.rejoin_until && (is_old || has_begun)) {
        one.head = one.rejoin_until = now + rejoin_time;
        one.woke = one.one_lease_until = time_point::min();
        free_old(one, now);
        if (one.log.empty())
            one.cold_from = one.rejoin_until;
    }
    if (now >= one.rejoin_until)
        return false;
    grant.ask_again = one.rejoin_until - now;
    return true;
}

bool budget_state::fill_hole(bucket& from, const lease_request& request, mark& last, lease_grant& grant, time_point now)
{
    std::erase_if(from.holes, [now](const slice& one) { return one.count == 0 || one.end() <= now; });
    const auto first = std::min_element(from.holes.begin(), from.holes.end(),
                                        [](const slice& left, const slice& right) { return left.begin < right.begin; });
    if (first == from.holes.end())
        return false;
    const auto past = first->begin < now ? fits(now - first->begin, first->interval) : 0;
    first->begin += first->interval * past;
    first->count -= std::min(past, first->count);
    grant.granted = std::min(first->count, request.wanted);
    if (grant.granted == 0)
        return false;
    last.part = *first;
    last.part.count = grant.granted;
    grant.starts_in = first->begin - now;
    grant.interval = first->interval;
    first->begin += first->interval * grant.granted;
    first->count -= grant.granted;
    return true;
}

// Nothing was granted for a window: either nobody asked, or the others could not and use their static shares. The time
// with one lease does not count: a short window would pass in it, and there would be another one.
bool budget_state::is_waking(bucket& one, const lease_request& request, const instance& of, time_point now)
{
    const auto last = std::max(one.head, one.one_lease_until);
    if (last != time_point::min() && last >= now - std::max<duration>(request.window, line_pause))
        return false;
    return of.members.size() > 1 || now - of.born < wake_time;
}

lease_grant budget_state::paced(bucket& from, const lease_request& request, member_id who, const instance& of,
                                time_point now)
{
    lease_grant grant;
    if (now < from.one_lease_until) {
        grant.ask_again = from.one_lease_until - now;
        return grant;
    }
    auto& last = from.marks[who];
    const duration interval = request.interval;
    if (!fill_hole(from, request, last, grant, now)) {
        const auto tolerance = interval * (std::max<std::uint32_t>(request.burst, 1) - 1);
        const auto wanted = std::max<std::uint32_t>(request.wanted, 1);
        const auto horizon =
            std::clamp<duration>(interval * wanted * of.sharing(now) * 3 / 2, least_horizon, most_horizon) + tolerance;
        const auto head = std::max(from.head, now);
        // A pace slower than the horizon goes slot by slot.
        const auto room = std::max<std::uint32_t>(fits(now + horizon - head, interval), head == now ? 1 : 0);
        const auto least = std::clamp<std::uint32_t>(fits(horizon, interval), 1, (wanted + 1) / 2);
        if (room < least) {
            const auto opens = std::min(head, head + interval * least - horizon);
            grant.ask_again = std::max<duration>(opens - now, 20ms);
            return grant;
        }
        grant.granted = std::min(room, request.wanted);
        grant.starts_in = head - tolerance - now;
        grant.interval = interval;
        if (from.head == time_point::min() || from.head < now - line_pause)
            from.woke = now;
        if (is_remote_ && is_waking(from, request, of, now))
            from.one_lease_until = now + wake_time;
        last.part.begin = head - tolerance;
        last.part.interval = interval;
        last.part.count = grant.granted;
        from.head = head + interval * grant.granted;
        // What the head is compared with when the slice comes back.
        last.number = static_cast<std::uint64_t>(from.head.time_since_epoch().count());
    } else {
        last.number = 0;
    }
    grant.valid_for = last.part.end() - now + lease_rest;
    return grant;
}

void budget_state::free_old(bucket& one, time_point now)
{
    while (!one.log.empty() && one.log.front().free_at <= now) {
        one.counted_now -= one.log.front().count;
        one.log.pop_front();
    }
}

lease_grant budget_state::unpaced(bucket& from, const lease_request& request, member_id who, time_point born,
                                  time_point now)
{
    free_old(from, now);
    lease_grant grant;
    const auto known = std::max(born, from.cold_from);
    const auto may = cold_room(request.requests, request.window, now - known);
    const auto room = may - std::min(may, from.counted_now);
    grant.granted = std::min(room, request.wanted);
    if (grant.granted == 0) {
        grant.ask_again = from.log.empty() ? duration(least_horizon) : from.log.front().free_at - now;
        if (may < request.requests)
            grant.ask_again = std::min(grant.ask_again, request.window / request.requests);
        grant.ask_again = std::max<duration>(grant.ask_again, 20ms);
        return grant;
    }
    grant.valid_for = unpaced_time(request.window);
    counted entry;
    entry.free_at = now + grant.valid_for + unpaced_hold(request.window);
    if (!from.log.empty()) // another window: what counts longer in front of it is no harm
        entry.free_at = std::max(entry.free_at, from.log.back().free_at);
    auto& last = from.marks[who] = mark();
    entry.number = last.number = ++from.last_number;
    entry.count = grant.granted;
    from.log.push_back(entry);
    from.counted_now += grant.granted;
    grant.left = room - grant.granted;
    return grant;
}

void budget_state::take_back(bucket& to, std::uint32_t unused, member_id who, time_point now)
{
    const auto found = to.marks.find(who);
    if (found == to.marks.end())
        return;
    const auto last = found->second;
    to.marks.erase(found); // returned once
    if (last.part.count == 0) {
        const auto entry =
            std::lower_bound(to.log.begin(), to.log.end(), last.number,
                             [](const counted& one, std::uint64_t number) { return one.number < number; });
        if (entry == to.log.end() || entry->number != last.number)
            return;
        const auto back = std::min(unused, entry->count);
        entry->count -= back;
        to.counted_now -= back;
        return;
    }
    slice hole = last.part;
    hole.count = std::min(unused, hole.count);
    hole.begin = last.part.end() - hole.interval * hole.count;
    if (last.number == static_cast<std::uint64_t>(to.head.time_since_epoch().count()))
        to.head = std::max(to.head - hole.interval * hole.count, std::min(now, to.head));
    else if (hole.count != 0 && hole.end() > now && to.holes.size() < most_holes)
        to.holes.push_back(hole);
}

budget_state::instance& budget_state::meet(std::string_view name, member_id who, time_point now)
{
    auto found = instances_.find(name);
    if (found == instances_.end()) {
        found = instances_.emplace(name, instance()).first;
        found->second.born = now;
    }
    auto& one = found->second;
    one.seen = now;
    one.members[who] = now;
    std::erase_if(one.members, [now](const auto& member) { return member.second + others_kept < now; });
    return one;
}

std::uint32_t budget_state::instance::sharing(time_point now) const
{
    return static_cast<std::uint32_t>(std::count_if(
        members.begin(), members.end(), [now](const auto& one) { return one.second + member_time >= now; }));
}

void budget_state::forget(member_id who)
{
    for (auto& one : instances_)
        one.second.members.erase(who);
    for (auto& one : buckets_)
        one.second.marks.erase(who);
}

void budget_state::forget_idle(time_point now)
{
    if (--until_sweep_ != 0)
        return;
    std::erase_if(buckets_, [now](const auto& one) { return one.second.idle_at <= now && one.second.head <= now; });
    std::erase_if(instances_, [now](const auto& one) { return one.second.seen + birth_kept < now; });
    until_sweep_ = std::max<std::size_t>(1024, buckets_.size());
}

} // namespace usher::schedule
