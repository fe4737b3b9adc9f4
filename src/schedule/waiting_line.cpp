#include "schedule/waiting_line.hpp"

#include <algorithm>

namespace usher::schedule {

void waiting_line::push(waiting_entry& entry)
{
    auto& lane_queues = lanes_[static_cast<std::size_t>(entry.lane_)];
    const auto endpoint = entry.endpoint_;
    auto found = std::find_if(lane_queues.begin(), lane_queues.end(),
                              [endpoint](const queue& one) { return one.endpoint == endpoint; });
    if (found == lane_queues.end())
        found = lane_queues.insert(lane_queues.end(), queue{nullptr, nullptr, 0, endpoint});
    entry.before_ = found->last;
    entry.after_ = nullptr;
    (found->last ? found->last->after_ : found->first) = &entry;
    found->last = &entry;
    ++found->size;
    entry.number_ = ++numbers_;
    entry.in_line_ = true;
    ++size_;
}

void waiting_line::unlink(waiting_entry& entry) noexcept
{
    auto& lane_queues = lanes_[static_cast<std::size_t>(entry.lane_)];
    const auto endpoint = entry.endpoint_;
    const auto found = std::find_if(lane_queues.begin(), lane_queues.end(),
                                    [endpoint](const queue& one) { return one.endpoint == endpoint; });
    (entry.before_ ? entry.before_->after_ : found->first) = entry.after_;
    (entry.after_ ? entry.after_->before_ : found->last) = entry.before_;
    if (--found->size == 0) {
        *found = lane_queues.back();
        lane_queues.pop_back();
    }
    entry.in_line_ = false;
    --size_;
}

void waiting_line::remove(waiting_entry& entry) noexcept
{
    unlink(entry);
    if (empty())
        owed_ = 0;
}

void waiting_line::started(waiting_entry& entry, const pacer& limits, time_point now) noexcept
{
    unlink(entry);
    passed(entry.lane_, limits, now);
    if (empty())
        owed_ = 0;
}

bool waiting_line::has_room(lane priority, const pacer& limits) noexcept
{
    const auto cap = limits.in_flight_cap();
    const auto reserve = priority == lane::bulk ? std::min(cap / 10 + 1, cap - 1) : 0;
    return limits.in_flight() < cap - reserve;
}

waiting_entry* waiting_line::first_eligible(lane priority, const pacer& limits, time_point now) const noexcept
{
    waiting_entry* first = nullptr;
    if (!has_room(priority, limits))
        return first;
    for (const auto& one : of(priority)) {
        if (!limits.is_frozen(one.endpoint, now) && (!first || one.first->number_ < first->number_))
            first = one.first;
    }
    return first;
}

waiting_entry* waiting_line::next(const pacer& limits, time_point now) const noexcept
{
    const auto interactive = first_eligible(lane::interactive, limits, now);
    const auto bulk = first_eligible(lane::bulk, limits, now);
    if (interactive && bulk)
        return is_bulks_turn() ? bulk : interactive;
    return interactive ? interactive : bulk;
}

bool waiting_line::may_pass(lane priority, const pacer& limits, time_point now) const noexcept
{
    if (!has_room(priority, limits))
        return false;
    if (empty())
        return true;
    const auto first = next(limits, now);
    return !first || (priority == lane::interactive && first->lane_ == lane::bulk && !is_bulks_turn());
}

void waiting_line::passed(lane priority, const pacer& limits, time_point now) noexcept
{
    if (priority == lane::bulk)
        owed_ = std::max(0, owed_ - interactive_parts);
    else if (first_eligible(lane::bulk, limits, now))
        owed_ = std::min(owed_ + bulk_parts, 2 * interactive_parts);
}

time_point waiting_line::next_look(const pacer& limits, time_point now) const noexcept
{
    auto look = time_point::max();
    for (const auto priority : {lane::interactive, lane::bulk}) {
        if (!has_room(priority, limits))
            continue;
        for (const auto& one : of(priority))
            look = std::min(look, limits.earliest(one.endpoint, now));
    }
    return look;
}

std::size_t waiting_line::ahead_of(std::uint16_t endpoint, lane priority, const pacer& limits,
                                   time_point now) const noexcept
{
    const auto count = [&](lane which) {
        std::size_t size = 0;
        for (const auto& one : of(which)) {
            if (one.endpoint == endpoint || !limits.is_frozen(one.endpoint, now))
                size += one.size;
        }
        return size;
    };
    const auto interactive = count(lane::interactive);
    const auto bulk = count(lane::bulk);
    if (priority == lane::interactive)
        return interactive + std::min(bulk, interactive * bulk_parts / interactive_parts);
    return bulk + std::min(interactive, bulk * interactive_parts / bulk_parts);
}

} // namespace usher::schedule
