// The bodies of basic_key_source, for key_source.cpp and for tests with a clock of their own.
#ifndef USHER_TOKEN_KEY_SOURCE_IMPL_HPP
#define USHER_TOKEN_KEY_SOURCE_IMPL_HPP

#include "token/key_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace usher::token::detail {

template <class Clock>
basic_key_source<Clock>::basic_key_source(boost::asio::any_io_executor executor, const key_cache_options& options,
                                          key_fetch fetch, std::string issuer)
    : key_source_state(std::move(issuer)),
      executor_(std::move(executor)),
      patience_(options.deadline),
      fetch_(std::move(fetch)),
      state_(options),
      gate_(executor_)
{
}

template <class Clock>
key_lookup basic_key_source<Clock>::look(std::string_view kid)
{
    const auto answer = state_.look(kid, Clock::now());
    if (answer.is_due)
        begin();
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
    // A fetch keeps its own deadline; those who wait need not rely on it.
    gate_.expires_at(Clock::now() + patience_ + std::chrono::seconds(1));
    boost::asio::co_spawn(executor_, run(this->shared_from_this()),
                          [self = this->shared_from_this()](std::exception_ptr thrown) {
                              if (!thrown)
                                  return;
                              error_details details;
                              details.kind = error_kind::credentials;
                              details.text = "fetching the key set ended with an exception";
                              self->ended(usher::error(std::move(details)));
                          });
}

template <class Clock>
void basic_key_source<Clock>::ended(result<fetched_keys> brought)
{
    if (!state_.is_fetching())
        return;
    if (brought)
        state_.fetched(std::move(*brought), Clock::now());
    else
        state_.failed(brought.error(), Clock::now());
    gate_.cancel();
}

template <class Clock>
boost::asio::awaitable<void> basic_key_source<Clock>::run(std::shared_ptr<basic_key_source> self)
{
    auto brought = co_await self->fetch_();
    self->ended(std::move(brought));
}

template <class Clock>
boost::asio::awaitable<void> basic_key_source<Clock>::wait(std::shared_ptr<basic_key_source> self)
{
    boost::system::error_code woken;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, woken);
    if (self->state_.is_fetching())
        co_await self->gate_.async_wait(token);
}

} // namespace usher::token::detail

#endif
