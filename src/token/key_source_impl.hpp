// The bodies of basic_key_source, for key_source.cpp and for tests with a clock of their own.
#ifndef USHER_TOKEN_KEY_SOURCE_IMPL_HPP
#define USHER_TOKEN_KEY_SOURCE_IMPL_HPP

#include "token/key_source.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace usher::token::detail {

inline usher::error fetch_error(error_kind kind, const char* text)
{
    error_details details;
    details.kind = kind;
    details.text = text;
    return usher::error(std::move(details));
}

/// However its coroutine ends, it is off the list.
template <class Clock>
class basic_key_source<Clock>::waiter {
public:
    explicit waiter(basic_key_source& owner)
        : sleep(owner.executor_), owner_(owner), place_(owner.waiters_.insert(owner.waiters_.end(), this))
    {
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter()
    {
        if (!is_over)
            owner_.waiters_.erase(place_);
    }

    timer sleep;
    bool is_over = false; ///< the fetch has ended, and this one is off the list

private:
    basic_key_source& owner_;
    typename std::list<waiter*>::iterator place_;
};

/// Ends a fetch that takes too long. Held by the fetch; the timer goes with it.
template <class Clock>
class basic_key_source<Clock>::limit {
public:
    explicit limit(const boost::asio::any_io_executor& executor) : clock(executor) {}

    timer clock;
    boost::asio::cancellation_signal signal;
    bool is_over = false;
};

template <class Clock>
basic_key_source<Clock>::basic_key_source(boost::asio::any_io_executor executor, const key_cache_options& options,
                                          key_fetch fetch, std::string issuer)
    : key_source_state(std::move(issuer)), executor_(std::move(executor)), fetch_(std::move(fetch)), state_(options)
{
}

template <class Clock>
key_lookup basic_key_source<Clock>::look(std::string_view kid)
{
    const auto answer = state_.look(kid, Clock::now());
    if (answer.is_due)
        begin();
    if (answer.what == key_lookup::wait && waiters_.size() >= state_.options().most_waiting)
        return key_lookup::unavailable;
    return answer.what;
}

template <class Clock>
boost::asio::awaitable<void> basic_key_source<Clock>::settled()
{
    return wait(this->shared_from_this());
}

template <class Clock>
void basic_key_source<Clock>::begin()
{
    state_.begin();
    const auto number = state_.counters().fetches;
    const auto self = this->shared_from_this();
    try {
        boost::asio::co_spawn(executor_, run(self, number), [self, number](std::exception_ptr thrown) {
            // `run` takes every failure in; what it throws is for want of memory.
            if (thrown)
                self->ended(number, fetch_error(error_kind::credentials, "fetching the key set broke off"));
        });
    } catch (...) {
        ended(number, fetch_error(error_kind::credentials, "fetching the key set could not begin"));
        throw;
    }
}

template <class Clock>
void basic_key_source<Clock>::ended(std::uint64_t number, result<fetched_keys> brought)
{
    // One that was given up comes too late.
    if (!state_.is_fetching() || number != state_.counters().fetches)
        return;
    if (brought)
        state_.fetched(std::move(*brought), Clock::now());
    else
        state_.failed(brought.error(), Clock::now());
    // Whoever is woken runs later: nobody joins the list meanwhile.
    while (!waiters_.empty()) {
        waiter& one = *waiters_.front();
        waiters_.pop_front();
        one.is_over = true;
        one.sleep.cancel();
    }
}

template <class Clock>
boost::asio::awaitable<void> basic_key_source<Clock>::run(std::shared_ptr<basic_key_source> self, std::uint64_t number)
{
    namespace asio = boost::asio;
    auto guard = std::make_shared<limit>(self->executor_);
    // A fetch keeps its own deadline, which ends first; those who wait need not rely on it.
    guard->clock.expires_after(self->state_.options().deadline + std::chrono::seconds(1));
    guard->clock.async_wait([guard, self, number](const boost::system::error_code& stopped) {
        if (stopped || guard->is_over)
            return;
        self->ended(number, fetch_error(error_kind::timeout, "the key set did not come in time"));
        guard->signal.emit(asio::cancellation_type::terminal);
    });
    std::optional<result<fetched_keys>> brought;
    try {
        auto token = asio::bind_cancellation_slot(guard->signal.slot(), asio::use_awaitable);
        brought = co_await asio::co_spawn(self->executor_, self->fetch_(), token);
    } catch (...) {
        // Told below.
    }
    guard->is_over = true;
    guard->clock.cancel();
    if (!brought)
        brought =
            result<fetched_keys>(fetch_error(error_kind::credentials, "fetching the key set ended with an exception"));
    self->ended(number, std::move(*brought));
}

template <class Clock>
boost::asio::awaitable<void> basic_key_source<Clock>::wait(std::shared_ptr<basic_key_source> self)
{
    if (!self->state_.is_fetching())
        co_return;
    waiter one(*self);
    one.sleep.expires_at(timer::time_point::max());
    boost::system::error_code woken;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, woken);
    co_await one.sleep.async_wait(token);
}

} // namespace usher::token::detail

#endif
