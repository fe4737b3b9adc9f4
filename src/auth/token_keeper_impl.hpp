// The bodies of basic_token_keeper, for token_keeper.cpp and for tests with a clock of their own.
#ifndef USHER_AUTH_TOKEN_KEEPER_IMPL_HPP
#define USHER_AUTH_TOKEN_KEEPER_IMPL_HPP

#include "auth/token_keeper.hpp"

#include "core/http_text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace usher::auth {

inline error token_error(error_kind kind, std::string text, const error& cause = error())
{
    error_details details;
    details.kind = kind;
    details.stage = call_stage::credentials;
    details.text = std::move(text);
    if (cause) {
        details.cause = std::make_shared<const error>(cause);
        details.retry_after = cause.retry_after();
    }
    return error(std::move(details));
}

/// A call that sleeps until the fetch ends or its own deadline comes. However its coroutine ends, it is off the list.
template <class Clock>
class basic_token_keeper<Clock>::waiter {
public:
    explicit waiter(basic_token_keeper& owner)
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
    issued_token_ptr token;
    error failure;

private:
    basic_token_keeper& owner_;
    typename std::list<waiter*>::iterator place_;
};

/// Ends a fetch that takes too long. Held by the fetch; the timer goes with it.
template <class Clock>
class basic_token_keeper<Clock>::limit {
public:
    explicit limit(const boost::asio::any_io_executor& executor) : clock(executor) {}

    timer clock;
    boost::asio::cancellation_signal signal;
    bool is_over = false;
};

template <class Clock>
basic_token_keeper<Clock>::basic_token_keeper(boost::asio::any_io_executor executor, token_function fetch,
                                              const token_options& options, std::string identity, std::uint64_t seed)
    : executor_(std::move(executor)),
      fetch_(std::move(fetch)),
      fetch_limit_(options.fetch_limit),
      identity_(std::move(identity)),
      state_(options, seed)
{
}

template <class Clock>
basic_token_keeper<Clock>::~basic_token_keeper() = default;

template <class Clock>
issued_token_ptr basic_token_keeper<Clock>::current()
{
    // A look without a token begins a fetch, which is for `obtain`, where somebody waits for it.
    if (!state_.token())
        return nullptr;
    const auto what = state_.look(Clock::now());
    if (what == advice::use_and_ask || what == advice::ask)
        start_fetch();
    return state_.token();
}

template <class Clock>
void basic_token_keeper<Clock>::refuse(std::uint64_t generation)
{
    state_.refuse(generation, Clock::now());
}

template <class Clock>
boost::asio::awaitable<result<issued_token_ptr>> basic_token_keeper<Clock>::obtain(time_point deadline)
{
    return wait(this->shared_from_this(), deadline);
}

template <class Clock>
boost::asio::awaitable<result<issued_token_ptr>> basic_token_keeper<Clock>::wait(
    std::shared_ptr<basic_token_keeper> self, time_point deadline)
{
    namespace asio = boost::asio;
    const auto now = Clock::now();
    const auto what = self->state_.look(now);
    if (what == advice::use_and_ask || what == advice::ask)
        self->start_fetch();
    if (what == advice::use || what == advice::use_and_ask)
        co_return self->state_.token();
    if (what == advice::fail)
        co_return self->state_.last_failure(now);
    if (now >= deadline)
        co_return self->out_of_time();

    waiter one(*self);
    one.sleep.expires_at(deadline);
    boost::system::error_code slept;
    auto token = asio::redirect_error(asio::use_awaitable, slept);
    co_await one.sleep.async_wait(token);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return token_error(error_kind::cancelled, "cancelled by the caller");
    if (!one.is_over)
        co_return self->out_of_time();
    if (one.failure)
        co_return one.failure;
    co_return one.token;
}

template <class Clock>
error basic_token_keeper<Clock>::out_of_time() const
{
    return token_error(error_kind::timeout, "there was no token before the deadline",
                       state_.last_failure(Clock::now()));
}

template <class Clock>
void basic_token_keeper<Clock>::start_fetch()
{
    const auto number = state_.fetches();
    auto self = this->shared_from_this();
    try {
        boost::asio::co_spawn(executor_, run_fetch(self, number), [self, number](std::exception_ptr thrown) {
            // `run_fetch` takes every failure in; what it throws is for want of memory.
            if (thrown)
                self->settle(number, token_error(error_kind::credentials, "the fetch of a token broke off"));
        });
    } catch (...) {
        settle(number, token_error(error_kind::credentials, "the fetch of a token could not begin"));
        throw;
    }
}

template <class Clock>
boost::asio::awaitable<void> basic_token_keeper<Clock>::run_fetch(std::shared_ptr<basic_token_keeper> self,
                                                                  std::uint64_t number)
{
    namespace asio = boost::asio;
    auto guard = std::make_shared<limit>(self->executor_);
    guard->clock.expires_after(self->fetch_limit_);
    guard->clock.async_wait([guard, self, number](const boost::system::error_code& stopped) {
        if (stopped || guard->is_over)
            return;
        // Nobody waits longer, even if it does not listen.
        self->settle(number, token_error(error_kind::timeout, "no token came in time"));
        guard->signal.emit(asio::cancellation_type::terminal);
    });
    std::optional<result<access_token>> got;
    std::string thrown = "the function that fetches tokens ended with an unknown exception";
    try {
        auto token = asio::bind_cancellation_slot(guard->signal.slot(), asio::use_awaitable);
        got = co_await asio::co_spawn(self->executor_, self->fetch_(), token);
    } catch (const std::exception& problem) {
        thrown = std::string("the function that fetches tokens threw: ") + problem.what();
    } catch (...) {
        // `thrown` says so.
    }
    guard->is_over = true;
    guard->clock.cancel();
    if (!got)
        got = result<access_token>(token_error(error_kind::credentials, std::move(thrown)));
    self->settle(number, std::move(*got));
}

template <class Clock>
void basic_token_keeper<Clock>::settle(std::uint64_t number, result<access_token> got)
{
    // One that was given up comes too late.
    if (!state_.is_fetching() || number != state_.fetches())
        return;
    const auto now = Clock::now();
    if (got && !detail::is_bearer(got->text.reveal()))
        got = token_error(error_kind::decode,
                          "the token is empty, or has a space or a character that no header may have");
    if (got)
        state_.came(std::move(*got), now);
    else
        state_.failed(
            token_error(error_kind::credentials, "no token could be had: " + got.error().message(), got.error()), now);
    // Whoever is told runs later: nobody joins the list meanwhile.
    const auto failure = state_.last_failure(now);
    while (!waiters_.empty()) {
        waiter& one = *waiters_.front();
        waiters_.pop_front();
        one.is_over = true;
        one.token = state_.token();
        one.failure = failure;
        one.sleep.cancel();
    }
}

} // namespace usher::auth

#endif
