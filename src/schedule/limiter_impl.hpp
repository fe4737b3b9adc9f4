// The bodies of basic_limiter, for limiter.cpp and for tests with a clock of their own.
#ifndef USHER_SRC_SCHEDULE_LIMITER_IMPL_HPP
#define USHER_SRC_SCHEDULE_LIMITER_IMPL_HPP

#include "schedule/limiter.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace usher::schedule {

/// Its place in line, and the timer that it sleeps on until its deadline. However the coroutine ends, its place is
/// free. (A granted one always runs again, unless the execution context goes, and the limiter's timers with it.)
template <class Clock>
class basic_limiter<Clock>::waiter final : public waiting_entry {
public:
    waiter(basic_limiter& owner, std::uint16_t endpoint, lane priority)
        : waiting_entry(endpoint, priority), owner_(owner), timer_(owner.executor_)
    {
    }
    ~waiter()
    {
        if (in_line()) {
            owner_.line_.remove(*this);
            if (owner_.line_.empty())
                owner_.clear_alarm();
        }
    }

    void grant(ticket pass)
    {
        granted_ = std::move(pass);
        timer_.cancel();
    }
    ticket& granted() noexcept { return granted_; }
    timer& sleep() noexcept { return timer_; }

private:
    basic_limiter& owner_;
    timer timer_;
    ticket granted_;
};

template <class Clock>
basic_limiter<Clock>::basic_limiter(boost::asio::any_io_executor executor, const quota& limit, std::size_t max_waiting,
                                    duration timeout)
    : pacer_(single_limit(limit), timeout), max_waiting_(max_waiting), executor_(std::move(executor)), alarm_(executor_)
{
}

template <class Clock>
basic_limiter<Clock>::~basic_limiter() = default;

template <class Clock>
std::optional<ticket> basic_limiter<Clock>::try_admit(std::uint16_t endpoint, lane priority)
{
    const auto now = Clock::now();
    if (!line_.may_pass(priority, pacer_, now))
        return std::nullopt;
    auto pass = pacer_.try_admit(endpoint, now);
    if (pass && !line_.empty())
        line_.passed(priority, pacer_, now);
    return pass;
}

template <class Clock>
boost::asio::awaitable<boost::system::error_code> basic_limiter<Clock>::admit(std::uint16_t endpoint, lane priority,
                                                                              time_point deadline, ticket& out)
{
    return wait(this->shared_from_this(), endpoint, priority, deadline, &out);
}

template <class Clock>
boost::asio::awaitable<boost::system::error_code> basic_limiter<Clock>::wait(std::shared_ptr<basic_limiter> self,
                                                                             std::uint16_t endpoint, lane priority,
                                                                             time_point deadline, ticket* out)
{
    namespace asio = boost::asio;
    if (auto pass = self->try_admit(endpoint, priority)) {
        *out = std::move(*pass);
        co_return boost::system::error_code();
    }
    waiter one(*self, endpoint, priority);
    const auto refused = self->join(one, deadline);
    if (refused)
        co_return refused;
    boost::system::error_code slept;
    if (one.in_line()) {
        one.sleep().expires_at(deadline);
        auto token = asio::redirect_error(asio::use_awaitable, slept);
        co_await one.sleep().async_wait(token);
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool is_cancelled = state.cancelled() != asio::cancellation_type::none;
    if (one.granted().valid()) {
        if (!is_cancelled) {
            *out = std::move(one.granted());
            co_return boost::system::error_code();
        }
        self->unanswered(one.granted(), false);
        co_return admission_error::cancelled;
    }
    co_return slept ? admission_error::cancelled : admission_error::timed_out;
}

template <class Clock>
boost::system::error_code basic_limiter<Clock>::join(waiter& one, time_point deadline)
{
    const auto now = Clock::now();
    if (now >= deadline)
        return admission_error::timed_out;
    if (line_.size() >= max_waiting_)
        return admission_error::overloaded;
    const auto earliest = pacer_.earliest(one.endpoint(), now);
    const auto ahead = static_cast<duration::rep>(line_.ahead_of(one.endpoint(), one.priority(), pacer_, now));
    const auto start = (earliest == time_point::max() ? now : earliest) + ahead * pacer_.interval();
    if (start >= deadline)
        return admission_error::timed_out;
    line_.push(one);
    pump();
    return {};
}

template <class Clock>
void basic_limiter<Clock>::answered(ticket& pass, time_point sent, const answer_info& answer)
{
    pacer_.answered(pass, sent, Clock::now(), answer);
    if (!line_.empty())
        pump();
}

template <class Clock>
void basic_limiter<Clock>::unanswered(ticket& pass, bool sent)
{
    pacer_.unanswered(pass, Clock::now(), sent);
    if (!line_.empty())
        pump();
}

template <class Clock>
void basic_limiter<Clock>::pump()
{
    const auto now = Clock::now();
    while (const auto entry = line_.next(pacer_, now)) {
        auto pass = pacer_.try_admit(entry->endpoint(), now);
        if (!pass)
            break;
        line_.started(*entry, pacer_, now);
        static_cast<waiter*>(entry)->grant(std::move(*pass));
    }
    set_alarm(now);
}

template <class Clock>
void basic_limiter<Clock>::set_alarm(time_point now)
{
    const auto look = line_.next_look(pacer_, now);
    if (look == time_point::max()) {
        clear_alarm();
        return;
    }
    // One that rings too early costs less than to set it anew with every answer.
    if (alarm_time_ <= look)
        return;
    alarm_time_ = look;
    alarm_.expires_at(look);
    alarm_.async_wait([weak = this->weak_from_this()](boost::system::error_code error) {
        const auto self = weak.lock();
        if (error || !self)
            return;
        // It may be one that rang while it was changed; then the other one is set anew, or cleared.
        self->alarm_time_ = time_point::max();
        self->pump();
    });
}

template <class Clock>
void basic_limiter<Clock>::clear_alarm() noexcept
{
    alarm_time_ = time_point::max();
    alarm_.cancel();
}

} // namespace usher::schedule

#endif
