// The one coroutine template between a typed endpoint function and the untyped line. Generated sources include it.
#ifndef USHER_DETAIL_TYPED_CALL_HPP
#define USHER_DETAIL_TYPED_CALL_HPP

#include <usher/client.hpp>

#include <utility>

namespace usher::detail {

template <class T>
boost::asio::awaitable<result<T>> run(prepared_call_ptr call)
{
    T value{};
    auto done = co_await execute(std::move(call), &value);
    if (!done)
        co_return done.error();
    co_return std::move(value);
}

} // namespace usher::detail

#endif
