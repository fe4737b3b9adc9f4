#include "net/tcp_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <tuple>
#include <utility>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

io_result io_failure(const error_code& ec, io_state wanted) noexcept
{
    if (ec == asio::error::would_block || ec == asio::error::try_again || ec == asio::error::interrupted)
        return {wanted, 0, {}};
    if (ec == asio::error::eof)
        return {io_state::closed, 0, ec};
    return {io_state::failed, 0, ec};
}

} // namespace

tcp_stream::tcp_stream(asio::ip::tcp::socket socket) : socket_(std::move(socket))
{
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

io_result tcp_stream::read_some(char* data, std::size_t size) noexcept
{
    error_code ec;
    const auto bytes = socket_.read_some(asio::buffer(data, size), ec);
    return ec ? io_failure(ec, io_state::want_read) : io_result{io_state::ready, bytes, {}};
}

io_result tcp_stream::write_some(const char* data, std::size_t size) noexcept
{
    error_code ec;
    const auto bytes = socket_.write_some(asio::buffer(data, size), ec);
    return ec ? io_failure(ec, io_state::want_write) : io_result{io_state::ready, bytes, {}};
}

asio::awaitable<error_code> tcp_stream::wait(io_state state)
{
    if (state == io_state::want_either) {
        auto both = asio::experimental::make_parallel_group(
            socket_.async_wait(asio::ip::tcp::socket::wait_read, asio::deferred),
            socket_.async_wait(asio::ip::tcp::socket::wait_write, asio::deferred));
        const auto [order, readable, writable] =
            co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        co_return order[0] == 0 ? readable : writable;
    }
    auto [ec] = co_await socket_.async_wait(wait_type_of(state), asio::as_tuple(asio::deferred));
    co_return ec;
}

void tcp_stream::cancel() noexcept
{
    error_code ignored;
    socket_.cancel(ignored);
}

void tcp_stream::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
}

} // namespace usher::detail
