// One fetch at a time for any number of callers who wait: what sources of tokens and of keys have in common.
//
// Vocabulary. A *fetch* runs by itself: no caller that goes away takes it along. A *waiter* is a caller that sleeps.
// Invariants. A waiter is on the list exactly while it sleeps. Of each fetch the owner hears once, within its limit of
// time, whether it listens to its cancellation or not; what it brings after that is dropped.
// Lifecycle. The owner is held by a fetch under way. No timer outlives the coroutine that it belongs to, so that an
// owner may outlive its execution context.
#ifndef USHER_CALL_SINGLE_FLIGHT_HPP
#define USHER_CALL_SINGLE_FLIGHT_HPP

#include <usher/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace usher::detail {

inline error flight_error(error_kind kind, std::string text)
{
    error_details details;
    details.kind = kind;
    details.stage = call_stage::credentials;
    details.text = std::move(text);
    return error(std::move(details));
}

/// A base of `Owner`, which is held by a `shared_ptr` and has `Outcome landed(result<Value>)`: it takes in what the
/// fetch brought, and says what the waiters are told. *Thread safety*: none; everything happens on `executor`.
template <class Owner, class Clock, class Value, class Outcome>
class single_flight {
public:
    using fetch_function = std::function<boost::asio::awaitable<result<Value>>()>;
    using timer = boost::asio::basic_waitable_timer<Clock>;
    using time_point = std::chrono::steady_clock::time_point;

    std::size_t waiting() const noexcept { return waiters_.size(); }

protected:
    /// `what` is fetched, such as "a token", in errors.
    single_flight(boost::asio::any_io_executor executor, fetch_function fetch, std::chrono::milliseconds limit,
                  const char* what)
        : executor_(std::move(executor)), fetch_(std::move(fetch)), limit_(limit), what_(what)
    {
    }
    ~single_flight() = default;

    /// Begins a fetch; none is under way.
    void take_off(const std::shared_ptr<Owner>& self)
    {
        const auto number = ++number_;
        is_flying_ = true;
        try {
            boost::asio::co_spawn(executor_, fly(self, number), [self, number](std::exception_ptr thrown) {
                // `fly` takes every failure in; what it throws is for want of memory.
                if (thrown)
                    self->land(number, flight_error(error_kind::credentials, self->text(" broke off")));
            });
        } catch (...) {
            land(number, flight_error(error_kind::credentials, text(" could not begin")));
            throw;
        }
    }

    /// Sleeps until the fetch under way ends: what its waiters are told; or nothing at the deadline and when cancelled.
    static boost::asio::awaitable<std::optional<Outcome>> landing(std::shared_ptr<Owner> self, time_point deadline)
    {
        waiter one(*self);
        one.sleep.expires_at(deadline);
        boost::system::error_code slept;
        auto token = boost::asio::redirect_error(boost::asio::use_awaitable, slept);
        co_await one.sleep.async_wait(token);
        co_return std::move(one.told);
    }

private:
    class waiter {
    public:
        explicit waiter(single_flight& owner)
            : sleep(owner.executor_), owner_(owner), place_(owner.waiters_.insert(owner.waiters_.end(), this))
        {
        }
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;
        ~waiter()
        {
            if (is_listed)
                owner_.waiters_.erase(place_);
        }

        timer sleep;
        bool is_listed = true;
        std::optional<Outcome> told;

    private:
        single_flight& owner_;
        typename std::list<waiter*>::iterator place_;
    };

    /// Ends a fetch that takes too long. Held by the fetch; the timer goes with it.
    class guard {
    public:
        explicit guard(const boost::asio::any_io_executor& executor) : clock(executor) {}

        timer clock;
        boost::asio::cancellation_signal signal;
        bool is_over = false;
    };

    std::string text(const std::string& more) const { return std::string("the fetch of ") + what_ + more; }

    static boost::asio::awaitable<void> fly(std::shared_ptr<Owner> self, std::uint64_t number)
    {
        namespace asio = boost::asio;
        auto watch = std::make_shared<guard>(self->executor_);
        watch->clock.expires_after(self->limit_);
        watch->clock.async_wait([watch, self, number](const boost::system::error_code& stopped) {
            if (stopped || watch->is_over)
                return;
            // Nobody waits longer, even if it does not listen.
            self->land(number, flight_error(error_kind::timeout, self->text(" took too long")));
            watch->signal.emit(asio::cancellation_type::terminal);
        });
        std::optional<result<Value>> brought;
        std::string thrown = self->text(" ended with an unknown exception");
        try {
            auto token = asio::bind_cancellation_slot(watch->signal.slot(), asio::use_awaitable);
            brought = co_await asio::co_spawn(self->executor_, self->fetch_(), token);
        } catch (const std::exception& problem) {
            thrown = self->text(" threw: ") + problem.what();
        } catch (...) {
            // `thrown` says so.
        }
        watch->is_over = true;
        watch->clock.cancel();
        if (!brought)
            brought = result<Value>(flight_error(error_kind::credentials, std::move(thrown)));
        self->land(number, std::move(*brought));
    }

    void land(std::uint64_t number, result<Value> brought)
    {
        // One that was given up comes too late.
        if (!is_flying_ || number != number_)
            return;
        is_flying_ = false;
        const Outcome outcome = static_cast<Owner*>(this)->landed(std::move(brought));
        // Whoever is told runs later: nobody joins the list meanwhile.
        while (!waiters_.empty()) {
            waiter& one = *waiters_.front();
            waiters_.pop_front();
            one.is_listed = false;
            one.told = outcome;
            one.sleep.cancel();
        }
    }

    boost::asio::any_io_executor executor_;
    fetch_function fetch_;
    std::chrono::milliseconds limit_;
    const char* what_;
    bool is_flying_ = false;
    std::uint64_t number_ = 0;
    std::list<waiter*> waiters_;
};

} // namespace usher::detail

#endif
