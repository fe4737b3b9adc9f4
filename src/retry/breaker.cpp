#include "retry/breaker.hpp"

#include <algorithm>

namespace usher::retry {

namespace {

std::int64_t second_of(time_point now) noexcept
{
    return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
}

} // namespace

breaker::pass breaker::enter(time_point now) noexcept
{
    if (state_ == state::open && now >= open_until_) {
        state_ = state::half_open;
        good_probes_ = 0;
        ++round_;
    }
    is_probe_out_ = state_ == state::half_open;
    pass given;
    given.round_ = round_;
    return given;
}

void breaker::settle(pass& of, health_sign sign, time_point now) noexcept
{
    const auto round = of.round_;
    of.round_ = 0;
    if (round != round_)
        return;
    if (state_ == state::closed) {
        if (sign != health_sign::none)
            count(sign == health_sign::bad, now);
        return;
    }
    is_probe_out_ = false;
    if (sign == health_sign::bad)
        open(now);
    else if (sign == health_sign::good && ++good_probes_ == probes_to_close)
        close();
}

void breaker::count(bool is_bad, time_point now) noexcept
{
    const auto second = second_of(now);
    auto& current = slices_[static_cast<std::size_t>(second) % slices_.size()];
    if (current.second != second) {
        current = slice();
        current.second = second;
    }
    ++current.attempts;
    if (!is_bad)
        return;
    ++current.bad;
    if (has_failed_too_often(now)) {
        open_for_ = shortest_open;
        open(now);
    }
}

bool breaker::has_failed_too_often(time_point now) const noexcept
{
    const auto since = second_of(now) - window.count();
    std::uint32_t attempts = 0;
    std::uint32_t bad = 0;
    for (const auto& one : slices_)
        if (one.second > since) {
            attempts += one.attempts;
            bad += one.bad;
        }
    return attempts >= least_attempts && 2 * bad >= attempts;
}

void breaker::open(time_point now) noexcept
{
    state_ = state::open;
    ++round_;
    open_until_ = now + open_for_ - random_.up_to(open_for_ / 4);
    open_for_ = std::min<std::chrono::nanoseconds>(2 * open_for_, longest_open);
    slices_.fill(slice());
}

void breaker::close() noexcept
{
    state_ = state::closed;
    ++round_;
}

} // namespace usher::retry
