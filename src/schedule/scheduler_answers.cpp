// What answers change: slots, freezes, the pace, the cap.
#include "schedule/scheduler_parts.hpp"

#include <algorithm>
#include <limits>

namespace usher::schedule {

line& scheduler::parts::line_of(const pooled_bucket&) noexcept
{
    return is_capped ? gated : free;
}

void scheduler::parts::reschedule(pooled_bucket& one, time_point now) noexcept
{
    line_of(one).set_wake(one.place, one.counts.next(now));
}

void scheduler::parts::settle(ticket& pass) noexcept
{
    pass.valid_ = false;
    --in_flight;
    gated_in_flight -= pass.is_gated_ ? 1 : 0;
}

void scheduler::parts::refused(const ticket& pass, time_point now, time_point until)
{
    duration common_window{};
    for (auto* one : buckets.common())
        common_window = std::max(common_window, one->counts.window());
    pooled_bucket* fullest = nullptr;
    pooled_bucket* unknown = nullptr;
    for (std::size_t i = 0; i != pass.size_; ++i) {
        auto& one = buckets[pass.buckets_[i]];
        if (one.counts.is_learned()) {
            // Whoever asks for a long wait while little was used, less than it was seen to allow, means the endpoint;
            // but who does so again may count otherwise.
            const bool is_spared = one.counts.requests() != 0 && !one.counts.is_much_used(now) &&
                                   until - now >= one.counts.window() / 2 && now - spared > 5 * one.counts.window();
            if (is_spared)
                spared = now;
            else
                unknown = &one;
        } else if (!one.is_common && (one.counts.is_much_used(now) || until - now > common_window) &&
                   (!fullest || one.counts.utilisation(now) > fullest->counts.utilisation(now))) {
            fullest = &one;
        }
    }
    // A limit that is used to the half at least is the likely one, and whoever asks for longer than the instance's
    // window does not mean the instance; then one of which nothing is known.
    auto* const blamed = fullest ? fullest : unknown;
    if (blamed) {
        blamed->counts.freeze(until);
        blamed->counts.refused(now, until);
        ++by_rule[blamed->name.rule].refused;
        return;
    }
    const auto before = freeze.instance_until();
    freeze.refused(pass.endpoint_, now, until);
    for (auto* one : buckets.common())
        if (freeze.instance_until() != before || one->counts.is_much_used(now)) {
            one->counts.refused(now, until);
            ++by_rule[one->name.rule].refused;
        }
}

namespace {

// Nobody means more than that, and no clock overflows.
constexpr std::chrono::hours longest_freeze{24};

time_point thaw(time_point now, std::optional<std::chrono::seconds> retry_after)
{
    const auto asked = retry_after.value_or(scheduler::freeze_without_advice);
    return now + std::clamp<std::chrono::seconds>(asked, std::chrono::seconds(0), longest_freeze);
}

} // namespace

void scheduler::answered(ticket& pass, time_point sent, time_point now, const answer_info& answer)
{
    auto& p = *parts_;
    p.settle(pass);
    ++p.counted.answered;
    const bool is_refused = answer.status == 429;
    if (is_refused) {
        ++p.counted.refused;
        ++p.tenants[pass.tenant_].refused;
        p.refused(pass, now, thaw(now, answer.retry_after));
    } else if (answer.status == 503 && answer.retry_after) {
        p.freeze.refused(pass.endpoint_, now, thaw(now, answer.retry_after));
    }
    for (std::size_t i = 0; i != pass.size_; ++i) {
        auto& one = p.buckets[pass.buckets_[i]];
        one.counts.answered(now);
        if (!is_refused)
            one.counts.accepted(now);
        // Which of several limits is meant can be told by its size only.
        if (answer.hint && (answer.hint->quota || pass.size_ == 1))
            one.counts.told(*answer.hint, now);
        if (!one.place.empty())
            p.reschedule(one, now);
    }
    if (!p.is_capped)
        return;
    p.trips.add(now - sent);
    if (is_refused || answer.status == 503 || answer.status == 504)
        p.cap.overloaded(now, now - sent);
    else
        p.cap.answered();
    if (p.trips.take_news())
        p.adapt(now);
}

void scheduler::unanswered(ticket& pass, time_point now, bool sent, bool timed_out)
{
    auto& p = *parts_;
    p.settle(pass);
    ++(sent ? p.counted.unanswered : p.counted.given_back);
    for (std::size_t i = 0; i != pass.size_; ++i) {
        auto& one = p.buckets[pass.buckets_[i]];
        if (sent) {
            one.counts.lost(std::max(now, pass.admitted_ + p.timeout));
        } else {
            one.counts.give_back(now);
            --p.by_rule[one.name.rule].admitted;
        }
        if (!one.place.empty())
            p.reschedule(one, now);
    }
    if (sent && timed_out && p.is_capped)
        p.cap.overloaded(now, now - pass.admitted_);
}

void scheduler::parts::adapt(time_point now) noexcept
{
    const auto& limits = rules->limits();
    if (trips.known()) {
        spread = trips.spread();
        if (!trips.settled())
            spread = std::max<duration>(spread, first_spread);
    }
    spread = std::clamp<duration>(spread, limits.least_spread, limits.most_spread);
    auto between = duration::max();
    for (auto* one : buckets.common()) {
        one->counts.set_spread(spread, now);
        between = std::min(between, one->counts.interval(now));
    }
    if (!trips.known() || between <= duration::zero() || between == duration::max())
        return;
    // Little's law: what is in flight is the rate times the round trip. A quarter more is headroom.
    cap.set_most(static_cast<std::size_t>(trips.longest_usual() * 5 / 4 / between / members + 1));
}

std::size_t scheduler::waiting() const noexcept
{
    return parts_->gated.size() + parts_->free.size();
}

std::size_t scheduler::waiting(std::uint16_t tenant) const noexcept
{
    return parts_->gated.waiting(tenant) + parts_->free.waiting(tenant);
}

std::uint64_t scheduler::admitted(std::uint16_t tenant) const noexcept
{
    return parts_->tenants[tenant].admitted;
}

std::uint64_t scheduler::refused(std::uint16_t tenant) const noexcept
{
    return parts_->tenants[tenant].refused;
}

std::size_t scheduler::in_flight() const noexcept
{
    return parts_->in_flight;
}

std::size_t scheduler::in_flight_cap() const noexcept
{
    return parts_->is_capped ? parts_->cap.value() : std::numeric_limits<std::size_t>::max();
}

scheduler_stats scheduler::stats(time_point now)
{
    auto& p = *parts_;
    auto stats = p.counted;
    stats.waiting = waiting();
    stats.in_flight = p.in_flight;
    stats.in_flight_cap = p.is_capped ? p.cap.value() : 0;
    stats.endpoints_frozen = p.freeze.count(now);
    stats.spread = p.spread;
    for (auto* one : p.buckets.common())
        stats.interval = std::max(stats.interval, one->counts.interval(now));
    return stats;
}

std::vector<rule_stats> scheduler::rule_figures(time_point now)
{
    auto& p = *parts_;
    std::vector<rule_stats> figures(p.by_rule.size());
    for (std::size_t i = 0; i != figures.size(); ++i) {
        figures[i].admitted = p.by_rule[i].admitted;
        figures[i].refused = p.by_rule[i].refused;
        figures[i].waiting = p.by_rule[i].waiting;
        figures[i].requests = p.rules->rules()[i].requests;
    }
    p.buckets.for_each([&](pooled_bucket& one) {
        auto& rule = figures[one.name.rule];
        ++rule.buckets;
        rule.requests = one.counts.requests();
        rule.utilisation = std::max(rule.utilisation, one.counts.utilisation(now));
        auto next = one.counts.next(now);
        if (next == time_point::max())
            next = now;
        next += static_cast<duration::rep>(one.waiting) *
                (one.counts.requests() == 0 ? duration::zero() : one.counts.window() / one.counts.requests());
        rule.wait = std::max(rule.wait, next - now);
    });
    return figures;
}

double scheduler::utilisation(time_point now)
{
    double most = 0;
    for (auto* one : parts_->buckets.common())
        most = std::max(most, one->counts.requests() == 0 ? 1.0 : one->counts.utilisation(now));
    return most;
}

} // namespace usher::schedule
