// What holds up those who wait: noted while they do, told when they leave.
#include "schedule/scheduler_parts.hpp"

namespace usher::schedule {

gate_holds::cause scheduler::parts::gate_cause(time_point now, std::uint16_t& rule) noexcept
{
    if (is_capped && gated_in_flight >= cap.value())
        return gate_holds::by_requests;
    auto cause = gate_holds::open;
    auto until = now;
    if (freeze.instance_until() > until) {
        until = freeze.instance_until();
        cause = gate_holds::by_freeze;
    }
    for (auto* one : buckets.common()) {
        const auto next = one->counts.next(now);
        if (next <= until)
            continue;
        until = next;
        cause = gate_holds::by_limit;
        rule = one->name.rule;
    }
    return cause == gate_holds::open && !bulk_has_room() ? gate_holds::for_bulk : cause;
}

void scheduler::parts::look_at_gate(time_point now) noexcept
{
    std::uint16_t rule = 0;
    const auto cause = gate_cause(now, rule);
    gate_held.look(now, cause, rule);
}

held_up scheduler::parts::cause_of(const parking& place) noexcept
{
    if (place.bucket != nullptr)
        return held_up(wait_reason::limit, place.bucket->name.rule);
    return held_up(wait_reason::retry_after);
}

held_up scheduler::parts::held(const waiting_entry& entry, time_point now) noexcept
{
    held_up cause;
    const auto parked = entry.flow_->holds.most(entry.joined_, now, cause);
    // Whoever is parked is behind the gate as well; what holds up only some is the narrower place.
    if (parked > duration::zero() && parked >= (now - entry.joined_) / 2)
        return cause;
    if (&line_of(entry.what().draws) == &gated) {
        look_at_gate(now);
        const auto by_gate = gate_held.most(entry.before_, entry.what().priority == lane::bulk);
        if (by_gate.why != wait_reason::none)
            return by_gate;
    }
    return parked > duration::zero() ? cause : held_up();
}

held_up scheduler::held_up_by(const waiting_entry& entry, time_point now) noexcept
{
    return entry.in_line() ? parts_->held(entry, now) : entry.held();
}

held_up scheduler::held_up_by(const demand& what, time_point now)
{
    auto& p = *parts_;
    time_point until;
    const auto list = p.resolve(what.draws, now);
    if (const auto* place = p.blocker(what.endpoint, what.draws, list, now, until))
        return p.cause_of(*place);
    if (!p.is_gated(what.draws))
        return held_up();
    std::uint16_t rule = 0;
    switch (p.gate_cause(now, rule)) {
    case gate_holds::by_limit:
        return held_up(wait_reason::limit, rule);
    case gate_holds::by_freeze:
        return held_up(wait_reason::retry_after);
    case gate_holds::by_requests:
    case gate_holds::for_bulk:
        return held_up(wait_reason::in_flight);
    case gate_holds::open:
        break;
    }
    return held_up();
}

} // namespace usher::schedule
