// What servers within tests have in common.
#ifndef USHER_TESTS_LIVE_ACCEPTING_HPP
#define USHER_TESTS_LIVE_ACCEPTING_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>

namespace usher::tests {

/// The next connection; nothing when the acceptor was closed.
inline boost::asio::awaitable<std::optional<boost::asio::ip::tcp::socket>> accept_one(
    boost::asio::ip::tcp::acceptor& on)
{
    boost::system::error_code ec;
    auto socket = co_await on.async_accept(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    if (ec)
        co_return std::nullopt;
    socket.set_option(boost::asio::ip::tcp::no_delay(true), ec);
    co_return std::move(socket);
}

/// For a server that goes: what is under way ends now, while there is something for it to end in.
inline void end_what_is_under_way(boost::asio::io_context& io)
{
    io.restart();
    for (int i = 0; i < 50; ++i)
        io.poll();
}

} // namespace usher::tests

#endif
