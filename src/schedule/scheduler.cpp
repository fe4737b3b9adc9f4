#include "schedule/scheduler_parts.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace usher::schedule {

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
        throw std::invalid_argument("client option tenant_weight: it has to be at least 1");
    auto& all = parts_->tenants;
    if (name.empty()) {
        if (weight != 1) {
            parts_->gated.set_weight(0, weight);
            parts_->free.set_weight(0, weight);
        }
        return 0;
    }
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
    p.look_at_gate(now);
    entry.joined_ = now;
    entry.before_ = p.gate_held.so_far();
    in.push(*to, entry, now);
    for (std::size_t i = 0; i != to->what.draws.size(); ++i) {
        auto& one = p.buckets[to->buckets[i]];
        ++one.waiting;
        ++p.by_rule[one.name.rule].waiting;
        // Of the others only those are asked for that hold somebody up whose turn it is.
        if (one.is_common && one.counts.lease() != nullptr)
            p.consider(one, now);
    }
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

waiting_entry* scheduler::next(time_point now, ticket& pass)
{
    auto& p = *parts_;
    for (auto* in : {&p.free, &p.gated}) {
        if (in->empty())
            continue;
        if (in == &p.gated)
            p.look_at_gate(now);
        if (in == &p.gated && p.gate(now) > now)
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
            const bool is_late = entry.deadline() < now;
            if (!is_late) {
                time_point until;
                if (auto* place = p.blocker(turn->what.endpoint, turn->what.draws, turn->buckets, now, until)) {
                    in->park(*turn, *place, until);
                    turn->holds.begin(p.cause_of(*place), now);
                    continue;
                }
                pass = p.admit(turn->what, turn->buckets, now);
            } else {
                pass = ticket();
            }
            entry.held_ = p.held(entry, now);
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
        between = std::max(between, one->counts.least_interval(now));
    return std::max(start, (open == time_point::max() ? now : open) + ahead * between);
}

} // namespace usher::schedule
