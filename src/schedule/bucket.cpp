#include "schedule/bucket.hpp"

#include <algorithm>
#include <limits>

namespace usher::schedule {
namespace {

// The service's clock and ours need not run at quite the same speed, nor count whole windows.
duration hold_for(duration window)
{
    return window + std::clamp<duration>(window / 1000, std::chrono::milliseconds(1), std::chrono::milliseconds(20));
}

// What is set aside for bursts is lost to the pace: 5 of 100 requests would be too dear.
std::uint32_t kept_burst(std::uint32_t burst, std::uint32_t requests)
{
    return std::clamp<std::uint32_t>(burst, 1, std::max<std::uint32_t>(1, requests / 50));
}

// Of a long window of which nothing is known, this much may be used at once.
std::uint32_t cold_burst(std::uint32_t requests)
{
    return std::max<std::uint32_t>(1, requests / 20);
}

// The least that any service accepts at once.
std::uint32_t first_tried(std::uint32_t requests)
{
    return std::max<std::uint32_t>(1, requests / 10);
}

constexpr double share_step = 0.05;
constexpr double least_share = 0.1;

} // namespace

void bucket::open(const quota_rule& rule, const quota& limits, bool is_common, bool shared, duration spread,
                  time_point now, time_point born)
{
    requests_ = rule.requests;
    window_ = rule.window;
    spread_ = spread;
    share_ = 1;
    share_since_ = now;
    frozen_until_ = hinted_until_ = cold_until_ = time_point::min();
    pace_ = even_pace();
    start_ = slow_start(window_, limits.slow_start);
    is_common_ = is_common;
    const bool unknown = rule.amount == quota_amount::unknown;
    if (unknown)
        learned_ = std::make_unique<learned_rate>(rule.requests, window_);
    else
        learned_.reset();
    if (is_common || unknown)
        burst_ = unknown ? 1 : kept_burst(rule.burst.value_or(limits.burst), requests_);
    else
        burst_ = rule.burst && *rule.burst < requests_ ? std::max<std::uint32_t>(1, *rule.burst) : 0;
    tried_ = first_tried(requests_);
    if (is_long() && !shared)
        cold_until_ = born + window_;
    log_.restart(unknown ? std::numeric_limits<std::uint32_t>::max() : requests_, hold_for(window_));
    if (shared && !unknown) {
        if (!lease_)
            lease_ = std::make_unique<lease_state>();
        *lease_ = lease_state();
        set_lease(now);
    } else {
        lease_.reset();
    }
}

void bucket::set_lease(time_point now) noexcept
{
    if (has_line())
        lease_->set(requests_, window_, interval(now), burst_);
    else
        lease_->set(requests_, hold_for(window_), duration::zero(), requests_);
}

duration bucket::interval(time_point now) noexcept
{
    if (!is_paced(now))
        return duration::zero();
    auto between = learned_ ? learned_->interval(now) : least_interval(now);
    if (share_ < 1)
        between = std::chrono::duration_cast<duration>(between / share_);
    return now < hinted_until_ ? std::max(between, hinted_) : between;
}

duration bucket::least_interval(time_point now) noexcept
{
    if (!is_paced(now))
        return duration::zero();
    if (learned_)
        return requests() == 0 ? duration::zero() : window() / requests();
    // With one request per window there is nothing left to set aside.
    const auto kept = std::min(paced_burst(now), requests_);
    const auto requests = static_cast<duration::rep>(std::max(requests_ - kept, 1U));
    return duration((duration(window_ + spread_).count() + requests - 1) / requests);
}

time_point bucket::next(time_point now) noexcept
{
    auto time = std::max(now, frozen_until_);
    if (lease_)
        time = std::max(time, lease_->next(now));
    if (!has_line() && is_paced(now))
        time = std::max(time, pace_.next());
    if (learned_)
        time = std::max(time, learned_->not_before(now));
    if (!log_.has_room(now))
        time = std::max(time, log_.next_free(now));
    else if (!learned_ && log_.in_flight() != 0 && log_.held() >= untried_from() && log_.held(now) >= untried_from())
        time = std::max(time, log_.next_expiry()); // the answer to the one before tells, or time makes room
    return time;
}

void bucket::take(time_point now, bool held_up)
{
    if (lease_)
        lease_->take(now);
    if (!has_line() && is_paced(now)) {
        if (learned_)
            learned_->departed(now, held_up);
        auto between = interval(now);
        if (is_common_ && !learned_) {
            start_.departed(now);
            between = std::chrono::duration_cast<duration>(between / start_.share(now));
        }
        pace_.set(between, paced_burst(now));
        pace_.take(now);
    }
    log_.take();
}

void bucket::answered(time_point now)
{
    log_.answered(now);
}

void bucket::lost(time_point arrival)
{
    log_.lost(arrival);
}

void bucket::give_back(time_point now) noexcept
{
    log_.give_back();
    if (lease_)
        lease_->give_back(now);
    if (!has_line() && is_paced(now))
        pace_.give_back();
}

void bucket::set_spread(duration spread, time_point now) noexcept
{
    spread_ = spread;
    if (has_line())
        set_lease(now);
}

void bucket::accepted(time_point now)
{
    if (learned_)
        learned_->answered(now);
    else if (burst_ == 0)
        tried_ = std::max(tried_, static_cast<std::uint32_t>(log_.held(now) - log_.in_flight()));
    if (share_ < 1 && now - share_since_ >= window_) {
        share_ = std::min(1.0, share_ + share_step);
        share_since_ = now;
        if (has_line())
            set_lease(now);
    }
    if (has_line() && hinted_until_ != time_point::min() && hinted_until_ <= now) {
        hinted_until_ = time_point::min();
        set_lease(now);
    }
}

void bucket::refused(time_point now, time_point until)
{
    if (learned_) {
        learned_->refused(now, until);
        freeze(until);
        return;
    }
    // Several that were on their way together are one refusal.
    const bool is_same = now - share_since_ < std::chrono::seconds(1) && share_ < 1;
    if (burst_ == 0) {
        // The log had room, and still it was refused: the service does not count as a log does.
        const auto accepted = static_cast<std::uint32_t>(log_.held(now) - log_.in_flight());
        burst_ = std::max<std::uint32_t>(1, std::min(requests_, accepted) / 2);
        share_since_ = now;
    } else if (!is_common_ && !is_same) {
        burst_ = std::max<std::uint32_t>(1, burst_ / 2);
    }
    if (!is_common_)
        use_up(requests_, now);
    if (is_common_ && !is_same) {
        // Somebody else uses it too, or the service allows less than it says.
        share_ = std::max(least_share, share_ - share_step);
        share_since_ = now;
    }
    if (has_line())
        set_lease(now);
}

void bucket::told(const rate_hint& hint, time_point now)
{
    if (learned_ && hint.quota && *hint.quota != 0)
        learned_->told(*hint.quota, hint.window ? duration(*hint.window) : learned_->window());
    // Another limit than this one.
    if (!learned_ && hint.quota && *hint.quota != requests_)
        return;
    if (!hint.remaining || !hint.reset)
        return;
    const auto reset = std::min<duration>(*hint.reset, 2 * window_);
    if (*hint.remaining == 0) {
        freeze(now + reset);
        return;
    }
    hinted_ = reset / *hint.remaining;
    hinted_until_ = now + reset;
    if (has_line())
        set_lease(now);
}

void bucket::remember(time_point free_at)
{
    log_.remember(free_at);
}

void bucket::restore(std::uint32_t burst, std::uint32_t tried, time_point cold_until, time_point now) noexcept
{
    burst_ = std::min(burst, requests_);
    tried_ = std::clamp(tried, tried_, std::max(tried_, requests_));
    cold_until_ = lease_ ? time_point::min() : std::min(cold_until, now + window_);
}

void bucket::resume(time_point now) noexcept
{
    if (is_paced(now))
        use_up(static_cast<std::uint32_t>(log_.held(now)), now);
}

std::uint32_t bucket::paced_burst(time_point now) const noexcept
{
    if (cold_until_ <= now)
        return burst_;
    return burst_ == 0 ? cold_burst(requests_) : std::min(burst_, cold_burst(requests_));
}

void bucket::use_up(std::uint32_t used, time_point now) noexcept
{
    const auto burst = paced_burst(now);
    pace_ = even_pace();
    pace_.set(interval(now), burst);
    for (std::uint32_t i = 0; i != std::min(burst, used); ++i)
        pace_.take(now);
}

bool bucket::is_idle(time_point now) noexcept
{
    return frozen_until_ <= now && cold_until_ <= now && log_.held(now) == 0;
}

bool bucket::is_much_used(time_point now) noexcept
{
    // What is learned of a limit is less certain than what is told.
    return (learned_ ? 5 : 2) * static_cast<double>(log_.held(now)) >= own_requests();
}

double bucket::utilisation(time_point now) noexcept
{
    const auto allowed = own_requests();
    return allowed == 0 ? 0 : static_cast<double>(log_.held(now)) / allowed;
}

double bucket::own_requests() const noexcept
{
    const auto sharers = lease_ ? std::max<std::uint32_t>(1, lease_->members()) : 1;
    return static_cast<double>(requests()) / sharers;
}

} // namespace usher::schedule
