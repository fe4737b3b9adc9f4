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
    waiter(basic_limiter& owner, const demand& what, time_point deadline)
        : waiting_entry(what, deadline), owner_(owner), timer_(owner.executor_)
    {
    }
    ~waiter()
    {
        if (in_line()) {
            owner_.scheduler_.leave(*this, Clock::now());
            if (owner_.waiting() == 0)
                owner_.clear_alarm();
        }
    }

    void end(ticket pass, boost::system::error_code error)
    {
        granted_ = std::move(pass);
        error_ = error;
        timer_.cancel();
    }
    ticket& granted() noexcept { return granted_; }
    boost::system::error_code error() const noexcept { return error_; }
    timer& sleep() noexcept { return timer_; }

private:
    basic_limiter& owner_;
    timer timer_;
    ticket granted_;
    boost::system::error_code error_;
};

template <class Clock>
basic_limiter<Clock>::basic_limiter(boost::asio::any_io_executor executor, std::shared_ptr<const rule_table> rules,
                                    limiter_options options)
    : options_(std::move(options)),
      scheduler_(std::move(rules), options_.timeout, options_.shared ? options_.instance : std::string()),
      executor_(std::move(executor))
{
    if (!options_.memory)
        return;
    const auto text = options_.memory->load(options_.instance);
    if (!text.empty())
        scheduler_.restore(text, Clock::now(), std::chrono::system_clock::now());
}

template <class Clock>
basic_limiter<Clock>::~basic_limiter()
{
    if (options_.shared)
        scheduler_.give_back_leases(Clock::now(), [this](const std::string& bucket, std::uint32_t unused) {
            options_.shared->give_back(bucket, unused);
        });
}

template <class Clock>
std::optional<ticket> basic_limiter<Clock>::try_admit(const demand& what)
{
    const auto now = Clock::now();
    auto pass = scheduler_.try_admit(what, now);
    if (pass && !remember()) {
        scheduler_.unanswered(*pass, now, false);
        return std::nullopt;
    }
    if (options_.shared)
        send_orders(now);
    return pass;
}

/// False: what was drawn on could not be saved, and must not be sent.
template <class Clock>
bool basic_limiter<Clock>::remember()
{
    if (!scheduler_.take_unsaved() || !options_.memory)
        return true;
    try {
        options_.memory->save(options_.instance, scheduler_.save(Clock::now(), std::chrono::system_clock::now()));
    } catch (...) {
        return false;
    }
    return true;
}

template <class Clock>
boost::asio::awaitable<boost::system::error_code> basic_limiter<Clock>::admit(demand what, time_point deadline,
                                                                              ticket& out, held_up* held)
{
    return wait(this->shared_from_this(), std::move(what), deadline, &out, held);
}

template <class Clock>
boost::asio::awaitable<boost::system::error_code> basic_limiter<Clock>::wait(std::shared_ptr<basic_limiter> self,
                                                                             demand what, time_point deadline,
                                                                             ticket* out, held_up* held)
{
    namespace asio = boost::asio;
    if (auto pass = self->try_admit(what)) {
        *out = std::move(*pass);
        co_return boost::system::error_code();
    }
    waiter one(*self, what, deadline);
    const auto refused = self->join(one, deadline);
    if (refused) {
        if (held != nullptr)
            *held = self->scheduler_.held_up_by(one.what(), Clock::now());
        co_return refused;
    }
    boost::system::error_code slept;
    if (one.in_line()) {
        one.sleep().expires_at(deadline);
        auto token = asio::redirect_error(asio::use_awaitable, slept);
        co_await one.sleep().async_wait(token);
    }
    if (held != nullptr)
        *held = self->scheduler_.held_up_by(one, Clock::now());
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
    if (one.error() && !is_cancelled)
        co_return one.error();
    co_return slept ? admission_error::cancelled : admission_error::timed_out;
}

template <class Clock>
boost::system::error_code basic_limiter<Clock>::join(waiter& one, time_point deadline)
{
    const auto now = Clock::now();
    if (now >= deadline)
        return admission_error::timed_out;
    if (waiting() >= options_.max_waiting)
        return admission_error::overloaded;
    if (scheduler_.predicted_start(one.what(), deadline, now) >= deadline)
        return admission_error::timed_out;
    scheduler_.join(one, now);
    pump();
    return {};
}

template <class Clock>
void basic_limiter<Clock>::answered(ticket& pass, time_point sent, const answer_info& answer)
{
    scheduler_.answered(pass, sent, Clock::now(), answer);
    if (waiting() != 0)
        pump();
}

template <class Clock>
void basic_limiter<Clock>::unanswered(ticket& pass, bool sent, bool timed_out)
{
    scheduler_.unanswered(pass, Clock::now(), sent, timed_out);
    if (waiting() != 0)
        pump();
}

template <class Clock>
void basic_limiter<Clock>::pump()
{
    // A budget may answer while it is asked.
    pump_again_ = true;
    if (is_pumping_)
        return;
    is_pumping_ = true;
    const std::unique_ptr<bool, void (*)(bool*)> pumping(&is_pumping_, [](bool* is) { *is = false; });
    const auto now = Clock::now();
    while (pump_again_) {
        pump_again_ = false;
        ticket pass;
        while (auto* entry = scheduler_.next(now, pass)) {
            auto& one = *static_cast<waiter*>(entry);
            if (!pass.valid()) {
                one.end(ticket(), admission_error::timed_out);
            } else if (remember()) {
                one.end(std::move(pass), {});
            } else {
                scheduler_.unanswered(pass, now, false);
                one.end(ticket(), admission_error::not_remembered);
            }
        }
        if (options_.shared)
            send_orders(now);
    }
    set_alarm(now);
}

template <class Clock>
void basic_limiter<Clock>::send_orders(time_point now)
{
    while (auto order = scheduler_.next_order(now)) {
        const auto asked = std::make_shared<lease_order>(std::move(*order)); // settled: without a name
        const auto done = [weak = this->weak_from_this(), asked, now](const lease_grant& grant) {
            const auto self = weak.lock();
            if (!self || asked->what.bucket.empty())
                return;
            asked->what.bucket.clear();
            self->scheduler_.granted(*asked, grant, now, Clock::now());
            if (self->waiting() != 0)
                self->pump();
        };
        const auto what = asked->what;
        try {
            options_.shared->lease(what, done);
        } catch (...) {
            // A budget that fails is one that can't be reached.
            lease_grant none;
            none.is_reachable = false;
            done(none);
        }
    }
}

template <class Clock>
void basic_limiter<Clock>::set_alarm(time_point now)
{
    const auto look = waiting() == 0 ? time_point::max() : scheduler_.next_look(now);
    if (look == time_point::max()) {
        clear_alarm();
        return;
    }
    // One that rings too early costs less than to set it anew with every answer.
    if (alarm_time_ <= look)
        return;
    alarm_time_ = look;
    if (!alarm_)
        alarm_.emplace(executor_);
    alarm_->expires_at(look);
    alarm_->async_wait([weak = this->weak_from_this()](boost::system::error_code error) {
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
    alarm_.reset();
}

} // namespace usher::schedule

#endif
