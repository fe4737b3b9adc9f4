#include "schedule/pacer.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <stdexcept>

namespace usher::schedule {
namespace {

constexpr std::size_t no_cap = std::numeric_limits<std::size_t>::max();

// What stands in the network when it stalls arrives at once when it goes on. A service that counts evenly may allow
// no more than a tenth of its quota at once; a twelfth leaves room for the burst.
std::size_t least_in_flight_cap(const single_limit& limit)
{
    return std::clamp<std::size_t>(limit.requests / 12, 8, 32);
}

// The service's clock and ours need not run at quite the same speed, nor count whole windows.
duration hold_for(duration window)
{
    return window + std::clamp<duration>(window / 1000, std::chrono::milliseconds(1), std::chrono::milliseconds(20));
}

std::uint32_t kept_burst(const single_limit& limit)
{
    return std::clamp<std::uint32_t>(limit.burst, 1, std::max<std::uint32_t>(1, limit.requests / 50));
}

const single_limit& checked(const single_limit& limit)
{
    if (limit.window <= limit.window.zero())
        throw std::invalid_argument("usher: quota.window must be positive");
    if (limit.least_spread < limit.least_spread.zero() || limit.least_spread > limit.most_spread)
        throw std::invalid_argument("usher: quota.least_spread must be between 0 and quota.most_spread");
    return limit;
}

std::size_t first_cap(const single_limit& limit)
{
    if (limit.in_flight != 0)
        return limit.in_flight;
    return limit.is_unlimited() ? no_cap : least_in_flight_cap(limit);
}

} // namespace

pacer::pacer(const single_limit& limit, duration timeout)
    : limit_(checked(limit)),
      timeout_(timeout),
      burst_(kept_burst(limit)),
      spread_(std::clamp<duration>(first_spread, limit.least_spread, limit.most_spread)),
      log_(limit.requests, hold_for(limit.window)),
      freezes_(limit.window),
      in_flight_cap_(first_cap(limit))
{
    adapt();
}

std::optional<ticket> pacer::try_admit(std::uint16_t endpoint, time_point now)
{
    if (in_flight_ >= in_flight_cap_ || freezes_.until(endpoint) > now)
        return std::nullopt;
    if (!limit_.is_unlimited()) {
        if (pace_.next() > now || !log_.has_room(now))
            return std::nullopt;
        pace_.take(now);
        log_.take();
    }
    ++in_flight_;
    ++counted_.admitted;
    return ticket(endpoint, now);
}

time_point pacer::earliest(std::uint16_t endpoint, time_point now) const noexcept
{
    if (in_flight_ >= in_flight_cap_)
        return time_point::max();
    auto time = std::max(now, freezes_.until(endpoint));
    if (!limit_.is_unlimited())
        time = std::max({time, pace_.next(), log_.next_free(now)});
    return time;
}

void pacer::answered(ticket& pass, time_point sent, time_point now, const answer_info& answer)
{
    assert(pass.valid_);
    pass.valid_ = false;
    --in_flight_;
    ++counted_.answered;
    if (answer.status == 429) {
        ++counted_.refused;
        freezes_.refused(pass.endpoint_, now, now + answer.retry_after.value_or(freeze_without_advice));
    }
    if (limit_.is_unlimited())
        return;
    log_.answered(now);
    round_trips_.add(now - sent);
    if (round_trips_.take_news())
        adapt();
}

void pacer::unanswered(ticket& pass, time_point now, bool sent)
{
    assert(pass.valid_);
    pass.valid_ = false;
    --in_flight_;
    ++(sent ? counted_.unanswered : counted_.given_back);
    if (limit_.is_unlimited())
        return;
    if (sent) {
        log_.lost(std::max(now, pass.admitted_ + timeout_));
    } else {
        log_.give_back();
        pace_.give_back();
    }
}

void pacer::adapt() noexcept
{
    if (limit_.is_unlimited())
        return;
    if (round_trips_.known()) {
        spread_ = round_trips_.spread();
        if (!round_trips_.settled())
            spread_ = std::max<duration>(spread_, first_spread);
        spread_ = std::clamp<duration>(spread_, limit_.least_spread, limit_.most_spread);
    }
    // With one request per window there is nothing left to set aside.
    const auto requests = static_cast<duration::rep>(std::max(limit_.requests - burst_, 1U));
    const auto interval = duration((duration(limit_.window + spread_).count() + requests - 1) / requests);
    pace_.set(interval, burst_);
    if (limit_.in_flight == 0) {
        // Little's law: what is in flight is the rate times the round trip. A quarter more is headroom.
        const auto needed = round_trips_.longest_usual() * 5 / 4 / interval + 1;
        in_flight_cap_ = std::max(least_in_flight_cap(limit_), static_cast<std::size_t>(needed));
    }
}

pacer_stats pacer::stats(time_point now) const noexcept
{
    auto stats = counted_;
    stats.in_flight = in_flight_;
    stats.in_flight_cap = in_flight_cap_ == no_cap ? 0 : in_flight_cap_;
    stats.slots_held = limit_.is_unlimited() ? 0 : log_.held();
    stats.endpoints_frozen = freezes_.count(now);
    stats.interval = pace_.interval();
    stats.spread = spread_;
    return stats;
}

} // namespace usher::schedule
