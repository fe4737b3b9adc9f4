#include "pool/origin.hpp"

#include <algorithm>

namespace usher::detail {

std::unique_ptr<connection> origin_state::take_idle(time_point now)
{
    while (!idle_.empty()) {
        auto candidate = std::move(idle_.back());
        idle_.pop_back();
        if (now < candidate->idle_until && now < candidate->expires && candidate->is_quiet()) {
            ++leased_;
            return candidate;
        }
    }
    return nullptr;
}

bool origin_state::may_connect() const noexcept
{
    return connecting_ < limits_.connecting && total() < limits_.connections;
}

void origin_state::come_back(std::unique_ptr<connection> back, time_point now, time_point idle_until)
{
    if (!back || now >= back->expires) {
        --leased_;
        return;
    }
    if (!waiters_.empty()) {
        auto& first = waiters_.front();
        waiters_.pop_front();
        back->idle_until = idle_until; // should it be passed on without being used
        first.given = std::move(back);
        first.wake();
        return;
    }
    --leased_;
    back->idle_until = std::min(idle_until, now + limits_.idle_time);
    idle_.push_back(std::move(back));
    close_expired(now);
}

void origin_state::add_waiter(pool_waiter& waiter)
{
    waiter.number = ++waiters_so_far_;
    waiters_.push_back(waiter);
}

void origin_state::add_again(pool_waiter& waiter)
{
    const auto behind = std::find_if(waiters_.begin(), waiters_.end(),
                                     [&waiter](const pool_waiter& other) { return other.number > waiter.number; });
    waiters_.insert(behind, waiter);
}

bool origin_state::let_connect()
{
    if (waiters_.empty() || !may_connect())
        return false;
    auto& first = waiters_.front();
    waiters_.pop_front();
    begin_connecting();
    first.may_connect = true;
    first.wake();
    return true;
}

void origin_state::leave(pool_waiter& waiter, time_point now)
{
    if (waiter.is_linked())
        waiters_.erase(waiters_.iterator_to(waiter));
    if (waiter.given) {
        const auto idle_until = waiter.given->idle_until;
        come_back(std::move(waiter.given), now, idle_until);
    }
    if (waiter.may_connect) {
        waiter.may_connect = false;
        connect_failed();
    }
}

void origin_state::close_expired(time_point now)
{
    while (!idle_.empty() && (now >= idle_.front()->idle_until || now >= idle_.front()->expires))
        idle_.pop_front();
}

bool origin_state::close_oldest()
{
    if (idle_.empty())
        return false;
    idle_.pop_front();
    return true;
}

} // namespace usher::detail
