#include "schedule/line.hpp"

#include <algorithm>
#include <tuple>

namespace usher::schedule {

std::uint64_t line::hash_of(const demand& what) noexcept
{
    auto mixed = (static_cast<std::uint64_t>(what.endpoint) << 24) ^ (static_cast<std::uint64_t>(what.tenant) << 8) ^
                 static_cast<std::uint64_t>(what.priority);
    for (const auto& one : what.draws) {
        mixed ^= one.key + one.rule;
        mixed *= 0x9e3779b97f4a7c15U;
        mixed ^= mixed >> 32;
    }
    return mixed;
}

bool line::flow_key_less::operator()(const flow_key& a, const flow_key& b) const noexcept
{
    if (a.hash != b.hash)
        return a.hash < b.hash;
    const auto tuple_of = [](const demand& what) { return std::tuple(what.endpoint, what.tenant, what.priority); };
    if (tuple_of(*a.what) != tuple_of(*b.what))
        return tuple_of(*a.what) < tuple_of(*b.what);
    return std::lexicographical_compare(
        a.what->draws.begin(), a.what->draws.end(), b.what->draws.begin(), b.what->draws.end(),
        [](const draw& x, const draw& y) { return x.rule != y.rule ? x.rule < y.rule : x.key < y.key; });
}

line::~line()
{
    // Whoever still waits belongs to coroutines that are gone with their execution context, or go right after.
    wakes_.clear();
    for (auto& each : lanes_) {
        each.active.clear();
        for (auto& tenant : each.tenants)
            tenant->ready.clear();
    }
    flows_.clear_and_dispose([](flow* one) {
        for (auto& entry : one->waiting)
            entry.flow_ = nullptr;
        one->waiting.clear();
        if (one->parked)
            one->parked->held[index(one->what.priority)].clear();
        delete one;
    });
}

std::size_t line::waiting(std::uint16_t tenant) const noexcept
{
    return tenant < waiting_.size() ? waiting_[tenant] : 0;
}

void line::set_weight(std::uint16_t tenant, std::uint32_t weight)
{
    if (waiting_.size() <= tenant)
        waiting_.resize(std::size_t{tenant} + 1);
    for (auto& each : lanes_) {
        while (each.tenants.size() <= tenant)
            each.tenants.push_back(std::make_unique<turn>());
        each.tenants[tenant]->weight = weight;
    }
}

line::turn& line::turn_of(const flow& one)
{
    return *lanes_[index(one.what.priority)].tenants[one.what.tenant];
}

flow* line::find(const demand& what) noexcept
{
    const auto found = flows_.find(flow_key{hash_of(what), &what});
    return found == flows_.end() ? nullptr : &*found;
}

flow& line::add_flow(const demand& what)
{
    spare_.reserve(most_spare);
    if (lanes_[0].tenants.size() <= what.tenant)
        set_weight(what.tenant, 1);
    std::unique_ptr<flow> one;
    if (spare_.empty()) {
        one = std::make_unique<flow>();
    } else {
        one = std::move(spare_.back());
        spare_.pop_back();
    }
    one->what = what;
    one->hash = hash_of(what);
    one->parked = nullptr;
    one->holds.clear();
    flows_.insert(*one);
    return *one.release();
}

void line::drop(flow& one) noexcept
{
    flows_.erase(flows_.iterator_to(one));
    std::unique_ptr<flow> kept(&one);
    if (spare_.size() < most_spare)
        spare_.push_back(std::move(kept));
}

void line::set_ready(flow& one) noexcept
{
    auto& each = lanes_[index(one.what.priority)];
    auto& tenant = turn_of(one);
    tenant.ready.insert(one);
    tenant.ready_entries += one.waiting.size();
    each.ready_entries += one.waiting.size();
    if (!tenant.is_active) {
        tenant.is_active = true;
        tenant.tag = std::max(tenant.tag, each.served);
        each.active.insert(tenant);
        each.active_weight += tenant.weight;
    }
}

void line::unset_ready(flow& one, bool keeps_turn) noexcept
{
    auto& each = lanes_[index(one.what.priority)];
    auto& tenant = turn_of(one);
    tenant.ready.erase(tenant.ready.iterator_to(one));
    tenant.ready_entries -= one.waiting.size();
    each.ready_entries -= one.waiting.size();
    if (tenant.ready.empty() && !keeps_turn) {
        tenant.is_active = false;
        each.active.erase(each.active.iterator_to(tenant));
        each.active_weight -= tenant.weight;
    }
}

void line::push(flow& to, waiting_entry& entry, time_point now)
{
    auto& each = lanes_[index(to.what.priority)];
    auto& tenant = turn_of(to);
    if (!tenant.deadlines)
        tenant.deadlines = std::make_unique<deadline_counts>();
    entry.number_ = ++numbers_;
    const bool is_new = to.waiting.empty();
    // A ready flow stands where its first entry puts it.
    const bool leads = !is_new && flow::earlier()(entry, to.first());
    if (leads && !to.parked)
        unset_ready(to, true);
    to.waiting.insert(to.waiting.end(), entry);
    if ((leads || is_new) && !to.parked) {
        set_ready(to);
    } else if (!to.parked) {
        ++tenant.ready_entries;
        ++each.ready_entries;
    }
    entry.flow_ = &to;
    entry.counted_ = tenant.deadlines->add(entry.deadline_, now);
    ++waiting_[to.what.tenant];
    ++size_;
}

bool line::remove(waiting_entry& entry) noexcept
{
    auto& from = *entry.flow_;
    const bool leads = &from.first() == &entry;
    const bool is_ready = !from.parked;
    if (is_ready && leads)
        unset_ready(from, from.waiting.size() > 1);
    from.waiting.erase(from.waiting.iterator_to(entry));
    if (is_ready && leads && !from.waiting.empty()) {
        set_ready(from);
    } else if (is_ready && !leads) {
        --turn_of(from).ready_entries;
        --lanes_[index(from.what.priority)].ready_entries;
    }
    if (!is_ready && from.waiting.empty()) {
        auto& place = *from.parked;
        auto& held = place.held[index(from.what.priority)];
        held.erase(held.iterator_to(from));
        from.parked = nullptr;
        if (place.empty())
            set_wake(place, time_point::max());
    }
    turn_of(from).deadlines->remove(entry.deadline_, entry.counted_);
    entry.flow_ = nullptr;
    --waiting_[from.what.tenant];
    if (--size_ == 0)
        owed_ = 0;
    return from.waiting.empty();
}

flow* line::pick(bool bulk_has_room) noexcept
{
    const bool interactive = has_ready(lane::interactive);
    const bool bulk = bulk_has_room && has_ready(lane::bulk);
    if (!interactive && !bulk)
        return nullptr;
    const bool is_bulk = bulk && (!interactive || owed_ >= interactive_parts);
    return &*lanes_[is_bulk ? 1 : 0].active.begin()->ready.begin();
}

bool line::start(flow& one) noexcept
{
    if (one.what.priority == lane::bulk)
        owed_ = std::max(0, owed_ - interactive_parts);
    else if (has_ready(lane::bulk))
        owed_ = std::min(owed_ + bulk_parts, 2 * interactive_parts);
    auto& each = lanes_[index(one.what.priority)];
    auto& tenant = turn_of(one);
    each.served = tenant.tag;
    each.active.erase(each.active.iterator_to(tenant));
    tenant.tag += std::max<std::uint64_t>(1, whole_turn / tenant.weight);
    each.active.insert(tenant);
    return remove(one.first());
}

void line::park(flow& one, parking& place, time_point wake) noexcept
{
    unset_ready(one, false);
    one.parked = &place;
    place.held[index(one.what.priority)].push_back(one);
    set_wake(place, wake);
}

void line::set_wake(parking& place, time_point wake) noexcept
{
    if (place.empty())
        wake = time_point::max();
    if (place.is_set && place.wake == wake)
        return;
    if (place.is_set)
        wakes_.erase(wakes_.iterator_to(place));
    place.wake = wake;
    place.is_set = wake != time_point::max();
    if (place.is_set)
        wakes_.insert(place);
}

parking* line::due(time_point now) noexcept
{
    return !wakes_.empty() && wakes_.begin()->wake <= now ? &*wakes_.begin() : nullptr;
}

void line::wake(parking& place, std::size_t most) noexcept
{
    // From both lanes, so that each has its part of a limit that is not the instance's.
    for (bool any = true; any && most != 0;) {
        any = false;
        for (auto& held : place.held) {
            if (held.empty() || most == 0)
                continue;
            auto& one = held.front();
            held.pop_front();
            one.parked = nullptr;
            one.holds.end(place.wake);
            set_ready(one);
            any = true;
            --most;
        }
    }
    if (place.empty())
        set_wake(place, time_point::max());
}

time_point line::next_wake() const noexcept
{
    return wakes_.empty() ? time_point::max() : wakes_.begin()->wake;
}

std::size_t line::ahead_of(const demand& what, time_point deadline, time_point now) const noexcept
{
    const auto& own = lanes_[index(what.priority)];
    if (what.tenant >= own.tenants.size() || !own.tenants[what.tenant]->deadlines)
        return 0;
    const auto& tenant = *own.tenants[what.tenant];
    auto ahead = std::min(tenant.ready_entries, tenant.deadlines->before(deadline, now));
    // Meanwhile the others have their turns.
    const auto weight = own.active_weight - (tenant.is_active ? tenant.weight : 0);
    ahead += std::min<std::size_t>(own.ready_entries - tenant.ready_entries, ahead * weight / tenant.weight);
    const auto other = lanes_[1 - index(what.priority)].ready_entries;
    const auto parts = what.priority == lane::interactive ? std::size_t{bulk_parts} : std::size_t{interactive_parts};
    return ahead + std::min(other, ahead * parts / (interactive_parts + bulk_parts - parts));
}

} // namespace usher::schedule
