#include "world.hpp"

#include <algorithm>

namespace schedule_tests {

std::uint32_t world::add_counter(const limit& what, duration phase)
{
    counters_.emplace_back(what, start - phase);
    return static_cast<std::uint32_t>(counters_.size() - 1);
}

std::uint32_t world::add(client& one)
{
    clients_.emplace_back().one = &one;
    return static_cast<std::uint32_t>(clients_.size() - 1);
}

void world::draw_from(time_point when, std::size_t tenths)
{
    draw_from_ = when;
    drawn_.assign(tenths, {});
}

group_figures world::figures() const noexcept
{
    group_figures all;
    for (const auto& one : figures_) {
        all.sent += one.sent;
        all.accepted += one.accepted;
        all.refused += one.refused;
        all.counted += one.counted;
    }
    return all;
}

void world::push(time_point when, happening what, std::uint8_t who, std::uint32_t first, std::uint32_t second)
{
    // A flat heap, the earliest in front; what happens at the same time happens in the order of its planning.
    const event added{when, sequence_++, what, who, first, second};
    events_.push_back(added);
    auto at = events_.size() - 1;
    while (at != 0) {
        const auto above = (at - 1) / 4;
        if (events_[above].when <= added.when)
            break;
        events_[at] = events_[above];
        at = above;
    }
    events_[at] = added;
}

world::event world::pop() noexcept
{
    const auto is_before = [](const event& one, const event& other) {
        return one.when != other.when ? one.when < other.when : one.sequence < other.sequence;
    };
    const auto result = events_.front();
    const auto moved = events_.back();
    events_.pop_back();
    const auto size = events_.size();
    std::size_t at = 0;
    while (size != 0) {
        const auto first = 4 * at + 1;
        if (first >= size)
            break;
        auto least = first;
        for (auto other = first + 1; other < std::min(first + 4, size); ++other)
            if (is_before(events_[other], events_[least]))
                least = other;
        if (!is_before(events_[least], moved))
            break;
        events_[at] = events_[least];
        at = least;
    }
    if (size != 0)
        events_[at] = moved;
    return result;
}

void world::send(std::uint32_t who, std::uint32_t tag, const request_kind& kind)
{
    if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(flights_.size()));
        flights_.emplace_back();
    }
    const auto index = free_.back();
    free_.pop_back();
    const auto travel = network_.draw(dice_);
    const auto client = static_cast<std::uint8_t>(who);
    auto& one = flights_[index];
    one = {&kind, now_, travel.back, tag, client, true, {}};
    ++figures_[kind.group].sent;
    note(static_cast<std::uint64_t>(now_.time_since_epoch().count()) + tag);
    if (dice_.happens(network_.path().lost)) {
        one.has_answer = false;
        push(now_ + timeout_, happening::silence, client, tag, 0);
        if (dice_.happens(0.5)) {
            free_.push_back(index);
            return;
        }
    }
    push(network_.passes(now_ + travel.there), happening::arrival, client, index, 0);
}

void world::alarm(std::uint32_t who, time_point when) noexcept
{
    auto& one = clients_[who];
    if (one.asked == when)
        return;
    one.asked = when;
    one.alarm = when == time_point::max() || when <= now_ ? when : when + dice_.within({}, network_.path().late);
}

void world::timer(std::uint32_t who, std::uint32_t what, std::uint32_t which, time_point when)
{
    push(when, happening::timer, static_cast<std::uint8_t>(who), what, which);
}

duration world::refusal(const request_kind& kind) noexcept
{
    auto wait = duration::zero();
    for (const auto& block : blocks_)
        if (block.endpoint == kind.endpoint && block.from <= now_ && now_ < block.to)
            wait = std::max(wait, block.to - now_);
    for (std::size_t i = 0; i != kind.size; ++i)
        wait = std::max(wait, counters_[kind.counters[i]].wait(now_));
    return wait;
}

void world::arrive(std::uint32_t index)
{
    auto& one = flights_[index];
    const auto& kind = *one.kind;
    const auto wait = refusal(kind);
    const bool is_refused = wait > duration::zero();
    for (std::size_t i = 0; i != kind.size; ++i) {
        auto& counted = counters_[kind.counters[i]];
        counted.arrived(now_);
        if (!is_refused || charges_refused_)
            counted.take(now_);
    }
    auto& found = figures_[kind.group];
    ++(is_refused ? found.refused : found.accepted);
    found.counted += !is_refused && now_ >= count_from_ ? 1U : 0U;
    if (!drawn_.empty() && now_ >= draw_from_) {
        const auto at = static_cast<std::size_t>((now_ - draw_from_) / std::chrono::milliseconds(100));
        if (at < drawn_.size())
            ++(is_refused ? drawn_[at].refused : drawn_[at].accepted);
    }
    one.answer = is_refused ? answer_info(429, std::chrono::ceil<std::chrono::seconds>(wait)) : answer_info(200);
    if (!is_refused && dice_.happens(network_.path().failing))
        one.answer = answer_info(dice_.happens(0.5) ? 503 : 504);
    note(static_cast<std::uint64_t>(one.answer.status));
    if (!one.has_answer) {
        free_.push_back(index);
        return;
    }
    const auto back = network_.passes(now_ + one.back);
    // An answer that comes too late finds nobody.
    if (back - one.sent < timeout_) {
        push(back, happening::answer, one.who, index, 0);
    } else {
        push(std::max(now_, one.sent + timeout_), happening::silence, one.who, one.tag, 0);
        free_.push_back(index);
    }
}

void world::happen(const event& what)
{
    note(static_cast<std::uint64_t>(what.when.time_since_epoch().count()) * 4 + static_cast<std::uint64_t>(what.what));
    if (what.what == happening::arrival)
        return arrive(what.first);
    const auto who = clients_[what.who].one;
    if (what.what == happening::answer) {
        const auto one = flights_[what.first];
        free_.push_back(what.first);
        if (who)
            who->answered(one.tag, one.sent, now_, one.answer);
    } else if (who && what.what == happening::silence) {
        who->unanswered(what.first, now_);
    } else if (who) {
        who->timer(what.first, what.second, now_);
    }
}

void world::run(time_point end)
{
    for (;;) {
        auto first = time_point::max();
        std::size_t who = 0;
        for (std::size_t i = 0; i != clients_.size(); ++i)
            if (clients_[i].alarm < first) {
                first = clients_[i].alarm;
                who = i;
            }
        const bool is_event = !events_.empty() && events_.front().when <= first;
        const auto when = is_event ? events_.front().when : first;
        if (when >= end || when == time_point::max())
            break;
        now_ = std::max(now_, when);
        if (is_event) {
            happen(pop());
            continue;
        }
        note(static_cast<std::uint64_t>(when.time_since_epoch().count()) + 3);
        clients_[who].asked = clients_[who].alarm = time_point::max();
        clients_[who].one->wake(now_);
    }
    if (end != time_point::max())
        now_ = std::max(now_, end);
}

} // namespace schedule_tests
