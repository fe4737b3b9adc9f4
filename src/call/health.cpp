#include "call/health.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

namespace {

// A probe takes about a round trip to be on its way; whoever is woken in vain costs little.
constexpr std::chrono::milliseconds between_candidates{100};

} // namespace

service_health::waiter::waiter(service_health& owner) : sleep(owner.executor_), owner_(owner)
{
    owner_.waiters_.push_back(*this);
}

service_health::waiter::~waiter()
{
    if (is_linked())
        owner_.waiters_.erase(owner_.waiters_.iterator_to(*this));
    if (owner_.waiters_.empty())
        owner_.alarm_.reset();
}

service_health::service_health(asio::any_io_executor executor, std::uint64_t seed)
    : executor_(std::move(executor)), breaker_(seed)
{
}

service_health::~service_health() = default;

std::chrono::seconds service_health::held_for(time_point now) const noexcept
{
    const auto end = breaker_.passable_at();
    if (end == time_point::max()) // a probe is out
        return std::chrono::seconds(1);
    return std::max(std::chrono::ceil<std::chrono::seconds>(end - now), std::chrono::seconds(1));
}

std::string service_health::held_text(time_point now) const
{
    std::string text = "the service has failed too often lately";
    if (!last_failure_.empty())
        text += " (" + last_failure_ + ")";
    return text + "; it is asked again in " + std::to_string(held_for(now).count()) + " s";
}

asio::awaitable<error_code> service_health::wait(std::shared_ptr<service_health> self, time_point deadline)
{
    const auto now = clock::now();
    const auto first = self->breaker_.passable_at();
    if (now >= deadline || (first != time_point::max() && first >= deadline))
        co_return asio::error::timed_out;
    waiter one(*self);
    self->pump();
    error_code slept;
    if (one.is_linked()) {
        one.sleep.expires_at(deadline);
        auto token = asio::redirect_error(asio::use_awaitable, slept);
        co_await one.sleep.async_wait(token);
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return asio::error::operation_aborted;
    co_return one.is_linked() ? error_code(asio::error::timed_out) : error_code();
}

void service_health::settle(retry::breaker::pass& of, retry::health_sign sign, time_point now, std::string_view text)
{
    if (sign == retry::health_sign::bad)
        last_failure_ = text;
    breaker_.settle(of, sign, now);
    if (!waiters_.empty())
        pump();
}

void service_health::pump()
{
    const auto now = clock::now();
    const auto wake_first = [this] {
        auto& first = waiters_.front();
        waiters_.pop_front();
        first.sleep.cancel();
    };
    if (breaker_.is_closed()) {
        while (!waiters_.empty())
            wake_first();
        alarm_.reset();
    } else if (breaker_.is_passable(now)) {
        wake_first();
        set_alarm(now + between_candidates);
    } else if (breaker_.passable_at() != time_point::max()) {
        set_alarm(breaker_.passable_at());
    }
}

void service_health::set_alarm(time_point when)
{
    if (waiters_.empty())
        return;
    if (!alarm_)
        alarm_.emplace(executor_);
    alarm_->expires_at(when);
    alarm_->async_wait([weak = weak_from_this()](const error_code& stopped) {
        const auto self = weak.lock();
        if (!stopped && self && !self->waiters_.empty())
            self->pump();
    });
}

} // namespace usher::detail
