// The bodies of basic_token_keeper, for token_keeper.cpp and for tests with a clock of their own.
#ifndef USHER_AUTH_TOKEN_KEEPER_IMPL_HPP
#define USHER_AUTH_TOKEN_KEEPER_IMPL_HPP

#include "auth/token_keeper.hpp"

#include "core/http_text.hpp"

#include <boost/asio/this_coro.hpp>

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

template <class Clock>
basic_token_keeper<Clock>::basic_token_keeper(boost::asio::any_io_executor executor, token_function fetch,
                                              const token_options& options, std::string identity, std::uint64_t seed)
    : flight(std::move(executor), std::move(fetch), options.fetch_limit, "a token"),
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
        this->take_off(this->shared_from_this());
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
        self->take_off(self);
    if (what == advice::use || what == advice::use_and_ask)
        co_return self->state_.token();
    if (what == advice::fail)
        co_return self->state_.last_failure(now);
    if (now >= deadline)
        co_return self->out_of_time();

    auto told = co_await flight::landing(self, deadline);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return token_error(error_kind::cancelled, "cancelled by the caller");
    if (!told)
        co_return self->out_of_time();
    co_return std::move(*told);
}

template <class Clock>
error basic_token_keeper<Clock>::out_of_time() const
{
    return token_error(error_kind::timeout, "there was no token before the deadline",
                       state_.last_failure(Clock::now()));
}

template <class Clock>
result<issued_token_ptr> basic_token_keeper<Clock>::landed(result<access_token> got)
{
    const auto now = Clock::now();
    if (got && !detail::is_bearer(got->text.reveal()))
        got = token_error(error_kind::decode,
                          "the token is empty, or has a space or a character that no header may have");
    if (got)
        state_.came(std::move(*got), now);
    else
        state_.failed(
            token_error(error_kind::credentials, "no token could be had: " + got.error().message(), got.error()), now);
    const auto failure = state_.last_failure(now);
    if (failure)
        return failure;
    return state_.token();
}

} // namespace usher::auth

#endif
