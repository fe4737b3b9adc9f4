// A server that answers each request with what a function makes of its query.
#ifndef USHER_TESTS_LIVE_LINE_PAGE_SERVER_HPP
#define USHER_TESTS_LIVE_LINE_PAGE_SERVER_HPP

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;

class page_server {
public:
    using query = std::map<std::string, std::string>;

    /// `answer` makes the JSON body of an answer.
    page_server(asio::io_context& io, std::function<std::string(const query&)> answer)
        : acceptor_(io, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0)), answer_(std::move(answer))
    {
        asio::co_spawn(io, accept(), asio::detached);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

    /// Ends everything, so that the context runs out of work.
    void stop()
    {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (auto& socket : sockets_)
            socket.close(ignored);
    }

    std::vector<query> asked;

private:
    asio::awaitable<void> accept()
    {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            sockets_.push_back(std::move(socket));
            asio::co_spawn(acceptor_.get_executor(), serve(sockets_.back()), asio::detached);
        }
    }

    asio::awaitable<void> serve(asio::ip::tcp::socket& socket)
    {
        std::string bytes;
        for (;;) {
            const auto size =
                co_await asio::async_read_until(socket, asio::dynamic_buffer(bytes), "\r\n\r\n", asio::use_awaitable);
            asked.push_back(query_of(std::string_view(bytes).substr(0, bytes.find("\r\n"))));
            bytes.erase(0, size);
            const std::string body = answer_(asked.back());
            const std::string whole =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body;
            co_await asio::async_write(socket, asio::buffer(whole), asio::use_awaitable);
        }
    }

    /// `GET /path?a=b&c=d HTTP/1.1`; nothing in these tests is percent-encoded.
    static query query_of(std::string_view line)
    {
        query found;
        const auto mark = line.find('?');
        if (mark == std::string_view::npos)
            return found;
        for (auto rest = line.substr(mark + 1, line.rfind(' ') - mark - 1); !rest.empty();) {
            const auto part = rest.substr(0, rest.find('&'));
            const auto equals = part.find('=');
            found[std::string(part.substr(0, equals))] = std::string(part.substr(equals + 1));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        }
        return found;
    }

    asio::ip::tcp::acceptor acceptor_;
    std::function<std::string(const query&)> answer_;
    std::list<asio::ip::tcp::socket> sockets_;
};

} // namespace usher::tests

#endif
