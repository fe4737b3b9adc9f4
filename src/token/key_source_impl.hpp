// The bodies of basic_key_source, for key_source.cpp and for tests with a clock of their own.
#ifndef USHER_TOKEN_KEY_SOURCE_IMPL_HPP
#define USHER_TOKEN_KEY_SOURCE_IMPL_HPP

#include "token/key_source.hpp"

#include "call/time_limits.hpp"

#include <utility>

namespace usher::token::detail {

// A fetch keeps its own deadline, which ends first; those who wait need not rely on it.
template <class Clock>
basic_key_source<Clock>::basic_key_source(boost::asio::any_io_executor executor, const key_cache_options& options,
                                          key_fetch fetch, std::string issuer)
    : key_source_state(std::move(issuer)),
      flight(std::move(executor), std::move(fetch), usher::detail::bounded(options.deadline) + std::chrono::seconds(1),
             "the key set"),
      state_(options)
{
}

template <class Clock>
key_lookup basic_key_source<Clock>::look(std::string_view kid)
{
    const auto answer = state_.look(kid, Clock::now());
    if (answer.is_due) {
        state_.begin();
        this->take_off(this->shared_from_this());
    }
    if (answer.what == key_lookup::wait && this->waiting() >= state_.options().most_waiting)
        return key_lookup::unavailable;
    return answer.what;
}

template <class Clock>
boost::asio::awaitable<void> basic_key_source<Clock>::settled()
{
    return wait(this->shared_from_this());
}

template <class Clock>
std::monostate basic_key_source<Clock>::landed(result<fetched_keys> brought)
{
    if (brought)
        state_.fetched(std::move(*brought), Clock::now());
    else
        state_.failed(brought.error(), Clock::now());
    return {};
}

template <class Clock>
boost::asio::awaitable<void> basic_key_source<Clock>::wait(std::shared_ptr<basic_key_source> self)
{
    if (!self->state_.is_fetching())
        co_return;
    [[maybe_unused]] const auto told = co_await flight::landing(self, flight::time_point::max());
}

} // namespace usher::token::detail

#endif
