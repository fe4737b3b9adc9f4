// The HTTP server of the examples, on Beast: just enough to show usher at work behind one. Your own server takes its
// place: usher takes and gives plain texts and knows no framework.
#ifndef USHER_EXAMPLES_SMALL_SERVER_HPP
#define USHER_EXAMPLES_SMALL_SERVER_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace example {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using request = http::request<http::string_body>;

/// An answer.
class page {
public:
    explicit page(unsigned status_ = 200, std::string body_ = std::string()) : status(status_), body(std::move(body_))
    {
    }

    unsigned status;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

using handler = std::function<asio::awaitable<page>(const request&)>;

inline std::string_view header_of(const request& asked, http::field name)
{
    const auto value = asked[name];
    return {value.data(), value.size()};
}

inline std::string_view target_of(const request& asked)
{
    return {asked.target().data(), asked.target().size()};
}

inline asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, handler answer)
{
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    for (;;) {
        boost::system::error_code failed;
        auto token = asio::redirect_error(asio::use_awaitable, failed);
        http::request_parser<http::string_body> parser;
        parser.body_limit(1024 * 1024);
        stream.expires_after(std::chrono::seconds(30));
        co_await http::async_read(stream, buffer, parser, token);
        if (failed)
            co_return;
        const request asked = parser.release();
        page made(500);
        try {
            made = co_await answer(asked);
        } catch (const std::exception& problem) {
            std::cerr << problem.what() << std::endl;
        }
        http::response<http::string_body> response(static_cast<http::status>(made.status), asked.version());
        response.set(http::field::content_type, "application/json");
        for (const auto& [name, value] : made.headers)
            name == "Content-Type" ? response.set(name, value) : response.insert(name, value);
        response.body() = std::move(made.body);
        response.keep_alive(asked.keep_alive());
        response.prepare_payload();
        stream.expires_after(std::chrono::seconds(30));
        co_await http::async_write(stream, response, token);
        if (failed || !asked.keep_alive())
            co_return;
    }
}

inline asio::awaitable<void> accept_connections(asio::ip::tcp::acceptor& acceptor, handler answer)
{
    asio::steady_timer breath(acceptor.get_executor());
    for (;;) {
        boost::system::error_code failed;
        auto token = asio::redirect_error(asio::use_awaitable, failed);
        auto socket = co_await acceptor.async_accept(token);
        if (!failed) {
            asio::co_spawn(acceptor.get_executor(), serve_connection(std::move(socket), answer), asio::detached);
            continue;
        }
        if (!acceptor.is_open())
            co_return;
        // Out of descriptors, most likely: some come back.
        breath.expires_after(std::chrono::milliseconds(100));
        co_await breath.async_wait(token);
    }
}

/// An environment variable; empty if it is not set.
inline std::string setting(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// Listens on 127.0.0.1, on a port or (0) any free one.
inline asio::ip::tcp::acceptor listen(asio::io_context& io, int port)
{
    const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), static_cast<unsigned short>(port));
    return asio::ip::tcp::acceptor(io, where);
}

inline std::string address_of(const asio::ip::tcp::acceptor& acceptor)
{
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
}

/// Serves until Ctrl-C or SIGTERM. Its address is the first line that it prints.
inline void serve(asio::io_context& io, asio::ip::tcp::acceptor& acceptor, handler answer)
{
    std::cout << address_of(acceptor) << std::endl;
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
    asio::co_spawn(io, accept_connections(acceptor, std::move(answer)), asio::detached);
    io.run();
}

} // namespace example

#endif
