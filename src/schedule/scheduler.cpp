#include "schedule/scheduler_parts.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace usher::schedule {
namespace {

// Flows that are woken for one start, at most: whoever wakes many at once would wake them in vain.
constexpr std::size_t most_woken = 16;

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

scheduler::scheduler(std::shared_ptr<const rule_table> rules, duration timeout, std::string shared_as)
    : parts_(std::make_unique<parts>(std::move(rules), timeout, std::move(shared_as)))
{
}

scheduler::~scheduler()
{
    parts_->asking.clear();
}

const rule_table& scheduler::rules() const noexcept
{
    return *parts_->rules;
}

std::uint16_t scheduler::tenant(std::string_view name, std::uint32_t weight)
{
    if (weight == 0)
        throw std::invalid_argument("tenant_weight must be at least 1");
    auto& all = parts_->tenants;
    if (name.empty())
        return 0;
    const auto found = std::find_if(all.begin() + 1, all.end(), [name](const auto& one) { return one.name == name; });
    if (found != all.end())
        return static_cast<std::uint16_t>(found - all.begin());
    if (all.size() > std::numeric_limits<std::uint16_t>::max())
        throw std::invalid_argument("too many tenants of one instance");
    const auto number = static_cast<std::uint16_t>(all.size());
    parts_->gated.set_weight(number, weight);
    parts_->free.set_weight(number, weight);
    all.emplace_back().name = name;
    return number;
}

bool scheduler::parts::is_gated(const draw_list& draws) const noexcept
{
    return draws.size() != 0 && !buckets.common().empty();
}

time_point scheduler::parts::gate(time_point now) noexcept
{
    if (is_capped && in_flight >= cap.value())
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
    return in_flight < most - std::min(most / 10 + 1, most - 1);
}

scheduler::parts::bucket_list scheduler::parts::resolve(const draw_list& draws, time_point now)
{
    bucket_list found{};
    for (std::size_t i = 0; i != draws.size(); ++i)
        found[i] = buckets.find(draws[i], spread, now).index;
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
    pass.size_ = static_cast<std::uint8_t>(what.draws.size());
    pass.valid_ = true;
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

std::optional<ticket> scheduler::try_admit(const demand& what, time_point now)
{
    auto& p = *parts_;
    auto& in = p.line_of(what.draws);
    // Somebody in line may start now, or it is about to turn out that nobody may: the line decides.
    if (in.has_ready(lane::interactive) || in.has_ready(lane::bulk) || in.due(now) != nullptr)
        return std::nullopt;
    if (p.is_gated(what.draws)) {
        const auto open = p.gate(now);
        for (auto* one : p.buckets.common())
            if (one->counts.lease() != nullptr)
                p.consider(*one, now);
        if (open > now || (what.priority == lane::bulk && !p.bulk_has_room()))
            return std::nullopt;
    }
    time_point until;
    const auto list = p.resolve(what.draws, now);
    if (p.blocker(what.endpoint, what.draws, list, now, until) != nullptr)
        return std::nullopt;
    return p.admit(what, list, now);
}

void scheduler::join(waiting_entry& entry, time_point now)
{
    auto& p = *parts_;
    auto& in = p.line_of(entry.what().draws);
    auto* to = in.find(entry.what());
    if (to == nullptr) {
        const auto list = p.resolve(entry.what().draws, now);
        to = &in.add_flow(entry.what());
        to->buckets = list;
        for (std::size_t i = 0; i != to->what.draws.size(); ++i)
            ++p.buckets[list[i]].pins;
    }
    in.push(*to, entry, now);
    for (std::size_t i = 0; i != to->what.draws.size(); ++i) {
        auto& one = p.buckets[to->buckets[i]];
        ++one.waiting;
        ++p.by_rule[one.name.rule].waiting;
        if (one.counts.lease() != nullptr)
            p.consider(one, now);
    }
}

namespace {

void count_out(bucket_pool& buckets, const flow& of, auto& by_rule) noexcept
{
    for (std::size_t i = 0; i != of.what.draws.size(); ++i) {
        auto& one = buckets[of.buckets[i]];
        --one.waiting;
        --by_rule[one.name.rule].waiting;
    }
}

} // namespace

void scheduler::parts::drop_flow(line& in, flow& one) noexcept
{
    for (std::size_t i = 0; i != one.what.draws.size(); ++i)
        --buckets[one.buckets[i]].pins;
    in.drop(one);
}

void scheduler::leave(waiting_entry& entry, time_point) noexcept
{
    auto& p = *parts_;
    if (!entry.in_line())
        return;
    auto& in = p.line_of(entry.what().draws);
    auto& from = *entry.flow_;
    count_out(p.buckets, from, p.by_rule);
    if (in.remove(entry))
        p.drop_flow(in, from);
}

void scheduler::parts::wake_due(line& in, time_point now)
{
    for (auto left = most_woken; left != 0; --left) {
        auto* place = in.due(now);
        if (place == nullptr)
            return;
        const auto until = place->bucket ? place->bucket->counts.next(now) : freeze.until(place->endpoint);
        if (until > now) {
            in.set_wake(*place, until);
            continue;
        }
        // Those that are left look again with the next start, if these have not used up the room.
        in.wake(*place, place->bucket ? std::min<std::size_t>(place->bucket->counts.room(now), left) : left);
        in.set_wake(*place, now + duration(1));
    }
}

waiting_entry* scheduler::next(time_point now, ticket& pass)
{
    auto& p = *parts_;
    for (auto* in : {&p.free, &p.gated}) {
        if (in->empty() || (in == &p.gated && p.gate(now) > now))
            continue;
        for (;;) {
            p.wake_due(*in, now);
            auto* turn = in->pick(in == &p.free || p.bulk_has_room());
            if (turn == nullptr) {
                if (in->due(now) != nullptr)
                    continue;
                break;
            }
            auto& entry = turn->first();
            const bool is_late = entry.deadline() <= now;
            if (!is_late) {
                time_point until;
                if (auto* place = p.blocker(turn->what.endpoint, turn->what.draws, turn->buckets, now, until)) {
                    in->park(*turn, *place, until);
                    continue;
                }
                pass = p.admit(turn->what, turn->buckets, now);
            } else {
                pass = ticket();
            }
            count_out(p.buckets, *turn, p.by_rule);
            if (is_late ? in->remove(entry) : in->start(*turn))
                p.drop_flow(*in, *turn);
            return &entry;
        }
    }
    return nullptr;
}

time_point scheduler::next_look(time_point now)
{
    auto& p = *parts_;
    const auto look_of = [&](line& in) {
        const bool ready =
            in.has_ready(lane::interactive) || (in.has_ready(lane::bulk) && (&in == &p.free || p.bulk_has_room()));
        return ready ? now : in.next_wake();
    };
    auto look = p.free.empty() ? time_point::max() : look_of(p.free);
    if (!p.gated.empty()) {
        const auto ready = look_of(p.gated);
        look = std::min(look, ready == time_point::max() ? ready : std::max(ready, p.gate(now)));
    }
    if (!p.asking.empty())
        look = std::min(look, std::max(now, p.asking.begin()->ask_at));
    return look;
}

time_point scheduler::predicted_start(const demand& what, time_point deadline, time_point now)
{
    auto& p = *parts_;
    const auto list = p.resolve(what.draws, now);
    time_point until;
    auto start = now;
    if (p.blocker(what.endpoint, what.draws, list, now, until) != nullptr && until != time_point::max())
        start = until;
    for (std::size_t i = 0; i != what.draws.size(); ++i) {
        auto& one = p.buckets[list[i]];
        // Whole windows that those who wait already will use up. Those with later deadlines are among them, so half of
        // them is left out.
        if (!one.is_common && one.counts.requests() != 0) {
            const auto next = one.counts.next(now);
            const auto windows = static_cast<duration::rep>(one.waiting / 2 / one.counts.requests());
            if (next != time_point::max())
                start = std::max(start, next + windows * one.counts.window());
        }
    }
    if (!p.is_gated(what.draws))
        return start;
    const auto open = p.gate(now);
    const auto ahead = static_cast<duration::rep>(p.gated.ahead_of(what, deadline, now));
    duration between{};
    for (auto* one : p.buckets.common())
        between = std::max(between, one->counts.interval(now));
    return std::max(start, (open == time_point::max() ? now : open) + ahead * between);
}

} // namespace usher::schedule
