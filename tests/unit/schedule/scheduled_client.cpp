#include "scheduled_client.hpp"

#include <algorithm>
#include <utility>

namespace schedule_tests {

using usher::schedule::demand;

namespace {

std::chrono::system_clock::time_point time_of_day(time_point now)
{
    return std::chrono::system_clock::time_point(std::chrono::hours(500'000)) + (now - world::start);
}

} // namespace

scheduled_client::scheduled_client(world& around, std::shared_ptr<const rule_table> rules)
    : world_(around), rules_(std::move(rules)), scheduler_(rules_, around.timeout()), who_(around.add(*this))
{
}

void scheduled_client::restore(const std::string& saved)
{
    scheduler_.restore(saved, world_.now(), time_of_day(world_.now()));
}

std::string scheduled_client::save()
{
    return scheduler_.save(world_.now(), time_of_day(world_.now()));
}

void scheduled_client::require(bool holds, const char* promise)
{
    if (!holds && broken_.empty())
        broken_ = std::string(promise) + " (" +
                  std::to_string(std::chrono::duration<double>(world_.now() - world::start).count()) + " s)";
}

std::size_t scheduled_client::add(source work)
{
    sources_.push_back(std::move(work));
    figures_.emplace_back();
    return sources_.size() - 1;
}

void scheduled_client::begin()
{
    const auto now = world_.now();
    for (std::uint32_t i = 0; i != sources_.size(); ++i) {
        const auto first = std::max(now, sources_[i].from);
        world_.timer(who_, arrival, i,
                     sources_[i].depth != 0 ? first : first + world_.dice().gap(sources_[i].per_second));
    }
}

void scheduled_client::die() noexcept
{
    is_dead_ = is_closed_ = true;
    world_.remove(who_);
    leave_all();
}

void scheduled_client::leave_all() noexcept
{
    for (auto& place : seats_)
        if (place.one)
            release(*place.one);
}

std::optional<ticket> scheduled_client::try_admit(const demand& wanted, time_point now)
{
    // Of some denials it is looked at whether they cost anybody anything.
    if (++denials_ % 64 != 0)
        return scheduler_.try_admit(wanted, now);
    demand other = wanted;
    other.draws = {};
    if (wanted.draws.size() != 0)
        other.draws.add(wanted.draws[0]);
    const auto in_flight = scheduler_.in_flight();
    const auto before = scheduler_.predicted_start(other, time_point::max(), now);
    const auto stats = scheduler_.stats(now);
    auto pass = scheduler_.try_admit(wanted, now);
    if (pass)
        return pass;
    require(scheduler_.in_flight() == in_flight && scheduler_.stats(now).admitted == stats.admitted &&
                scheduler_.predicted_start(other, time_point::max(), now) <= before,
            "a denied admission is charged");
    return pass;
}

/// New work of a source by chance, as a call does it.
void scheduled_client::ask(std::uint32_t place, time_point now)
{
    const auto& from = sources_[place];
    const auto& kind = *from.kinds[world_.dice().upto(from.kinds.size() - 1)];
    const auto deadline = from.patience > duration::zero() ? now + from.patience : time_point::max();
    const auto wanted = demand_of(from, kind);
    ++figures_[place].asked;
    if (auto pass = try_admit(wanted, now))
        return start(std::move(*pass), kind, place, now, now);
    if (scheduler_.predicted_start(wanted, deadline, now) > deadline) {
        ++figures_[place].declined;
        return;
    }
    join(place, kind, now);
}

void scheduled_client::join(std::uint32_t from, const request_kind& kind, time_point now)
{
    if (free_seats_.empty()) {
        free_seats_.push_back(static_cast<std::uint32_t>(seats_.size()));
        seats_.emplace_back();
    }
    const auto place = free_seats_.back();
    free_seats_.pop_back();
    auto& held = seats_[place];
    const auto& work = sources_[from];
    const bool is_patient = work.patience == duration::zero();
    const auto deadline = is_patient ? time_point::max() : now + work.patience;
    scheduler_.join(held.one.emplace(demand_of(work, kind), deadline, kind, from, place, now), now);
    if (!is_patient && world_.dice().happens(work.cancelled))
        world_.timer(who_, cancellation | held.use << 2, place, world_.dice().within(duration(1), work.patience) + now);
}

/// Work that never ends.
void scheduled_client::again(std::uint32_t from, const request_kind& kind, time_point now)
{
    if (!is_closed_ && sources_[from].depth != 0 && now < sources_[from].until)
        join(from, kind, now);
}

void scheduled_client::release(waiter& one) noexcept
{
    const auto place = one.place;
    if (one.in_line())
        scheduler_.leave(one, world_.now());
    auto& held = seats_[place];
    held.one.reset();
    held.use = (held.use + 1) & 0x3fffffffU;
    free_seats_.push_back(place);
}

void scheduled_client::start(ticket pass, const request_kind& kind, std::uint32_t from, time_point since,
                             time_point now)
{
    require(pass.valid(), "a ticket is valid");
    require(frozen_.size() <= kind.number || frozen_[kind.number] <= now, "nothing leaves before Retry-After ends");
    auto& counted = figures_[from];
    ++counted.sent;
    if (sources_[from].keeps_waits)
        counted.waits.push_back(now - since);
    if (free_attempts_.empty()) {
        free_attempts_.push_back(static_cast<std::uint32_t>(attempts_.size()));
        attempts_.emplace_back();
    }
    const auto tag = free_attempts_.back();
    free_attempts_.pop_back();
    attempts_[tag].pass = std::move(pass);
    attempts_[tag].kind = &kind;
    if (world_.dice().happens(dropped_))
        world_.timer(who_, return_unsent, tag,
                     now + world_.dice().within(duration::zero(), std::chrono::milliseconds(20)));
    else
        world_.send(who_, tag, kind);
}

void scheduled_client::pump(time_point now)
{
    if (is_dead_)
        return;
    ticket pass;
    while (const auto found = scheduler_.next(now, pass)) {
        auto& one = static_cast<waiter&>(*found);
        const auto from = one.source;
        const auto& kind = *one.kind;
        const auto since = one.since;
        const auto deadline = one.deadline();
        require(!one.in_line(), "whoever starts is out of line");
        release(one);
        if (pass.valid()) {
            require(deadline >= now, "no expired work is sent");
            start(std::move(pass), kind, from, since, now);
        } else {
            require(deadline <= now, "nobody is sent away before the deadline");
            ++figures_[from].expired;
        }
        again(from, kind, now);
    }
    const auto look = scheduler_.next_look(now);
    require(look > now, "the line looks again only when time has passed");
    world_.alarm(who_, std::max(look, now + std::chrono::microseconds(1)));
}

void scheduled_client::timer(std::uint32_t what, std::uint32_t which, time_point now)
{
    if ((what & 3U) == cancellation) {
        auto& held = seats_[which];
        if (!held.one || held.use != what >> 2)
            return;
        const auto from = held.one->source;
        const auto& kind = *held.one->kind;
        ++figures_[from].cancelled;
        release(*held.one);
        again(from, kind, now);
    } else if ((what & 3U) == return_unsent) {
        scheduler_.unanswered(attempts_[which].pass, now, false);
        free_attempts_.push_back(which);
    } else if (!is_closed_ && now < sources_[which].until) {
        auto& from = sources_[which];
        if (from.depth != 0) {
            for (std::uint32_t i = 0; i != from.depth; ++i)
                for (const auto kind : from.kinds)
                    join(which, *kind, now);
        } else {
            ask(which, now);
            world_.timer(who_, arrival, which, now + world_.dice().gap(from.per_second));
        }
    }
    pump(now);
}

void scheduled_client::answered(std::uint32_t tag, time_point sent, time_point now, const answer_info& answer)
{
    auto& one = attempts_[tag];
    if (answer.status == 429 && answer.retry_after) {
        const auto number = one.kind->number;
        if (frozen_.size() <= number)
            frozen_.resize(number + 1, time_point::min());
        frozen_[number] = std::max(frozen_[number], now + *answer.retry_after);
    }
    scheduler_.answered(one.pass, sent, now, answer);
    require(!one.pass.valid(), "a settled ticket is not valid");
    free_attempts_.push_back(tag);
    pump(now);
}

void scheduled_client::unanswered(std::uint32_t tag, time_point now)
{
    scheduler_.unanswered(attempts_[tag].pass, now, true);
    free_attempts_.push_back(tag);
    pump(now);
}

void scheduled_client::check_end()
{
    const auto stats = scheduler_.stats(world_.now());
    require(scheduler_.waiting() == 0, "whoever waits starts or runs out of time");
    require(scheduler_.in_flight() == 0, "every ticket is settled");
    require(stats.admitted == stats.answered + stats.unanswered + stats.given_back, "every ticket is settled once");
    std::uint64_t sent = 0;
    for (const auto& one : figures_)
        sent += one.sent;
    require(stats.admitted == sent, "what is admitted is what was started");
}

} // namespace schedule_tests
