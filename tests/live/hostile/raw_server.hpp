// A server of which the test writes every byte, and calls against it.
#ifndef USHER_TESTS_LIVE_HOSTILE_RAW_SERVER_HPP
#define USHER_TESTS_LIVE_HOSTILE_RAW_SERVER_HPP

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace usher::tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// The server's end of one connection.
class raw_peer {
public:
    explicit raw_peer(tcp::socket accepted) : socket(std::move(accepted)), timer_(socket.get_executor()) {}

    /// The head of the next request; throws when the client has closed.
    asio::awaitable<std::string> request()
    {
        const auto size =
            co_await asio::async_read_until(socket, asio::dynamic_buffer(input_), "\r\n\r\n", asio::use_awaitable);
        auto head = input_.substr(0, size);
        input_.erase(0, size);
        co_return head;
    }
    /// The same, once its body has come, too.
    asio::awaitable<std::string> whole_request()
    {
        auto head = co_await request();
        const auto found = head.find("Content-Length: ");
        const auto size = found == std::string::npos ? 0 : std::stoul(head.substr(found + 16));
        if (input_.size() < size)
            co_await asio::async_read(socket, asio::dynamic_buffer(input_),
                                      asio::transfer_exactly(size - input_.size()), asio::use_awaitable);
        input_.erase(0, size);
        co_return head;
    }
    asio::awaitable<void> say(std::string text)
    {
        co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
    }
    asio::awaitable<void> pause(std::chrono::microseconds time)
    {
        timer_.expires_after(time);
        co_await timer_.async_wait(asio::use_awaitable);
    }
    /// Until the client closes; true when it did so without another byte.
    asio::awaitable<bool> until_closed()
    {
        char byte = 0;
        boost::system::error_code ended;
        const auto got =
            co_await socket.async_read_some(asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, ended));
        co_return got == 0;
    }
    void reset()
    {
        boost::system::error_code ignored;
        socket.set_option(tcp::socket::linger(true, 0), ignored);
        socket.close(ignored);
    }
    void stop()
    {
        boost::system::error_code ignored;
        socket.close(ignored);
        timer_.cancel();
    }

    tcp::socket socket;

private:
    asio::steady_timer timer_;
    std::string input_;
};

class raw_server {
public:
    using script = std::function<asio::awaitable<void>(std::shared_ptr<raw_peer>, int number)>;

    raw_server(asio::io_context& io, script act) : acceptor_(io), act_(std::move(act))
    {
        const tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
        acceptor_.open(any.protocol());
        // A body of some hundred kilobytes has to be waited for.
        acceptor_.set_option(tcp::socket::receive_buffer_size(8 * 1024));
        acceptor_.bind(any);
        acceptor_.listen();
        asio::co_spawn(io, accept(), asio::detached);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/v1"; }
    void stop()
    {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (auto& weak : open_)
            if (const auto one = weak.lock())
                one->stop();
    }

    int connections = 0;
    int failures = 0; ///< peers whose script threw: mostly, that the client has closed

private:
    asio::awaitable<void> accept()
    {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            auto one = std::make_shared<raw_peer>(std::move(socket));
            std::erase_if(open_, [](const auto& weak) { return weak.expired(); });
            open_.push_back(one);
            asio::co_spawn(acceptor_.get_executor(), act_(one, ++connections),
                           [this, one](std::exception_ptr failed) { failures += failed ? 1 : 0; });
        }
    }

    tcp::acceptor acceptor_;
    script act_;
    std::list<std::weak_ptr<raw_peer>> open_;
};

/// An answer with this body.
inline std::string ok(const std::string& body, const std::string& more = "")
{
    return "HTTP/1.1 200 OK\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// To `GET /users/count`.
inline std::string count_of(int number)
{
    return R"({"object":"total_count","total_count":)" + std::to_string(number) + "}";
}

/// Lets the context run until a count that somebody else keeps is reached; throws when it is not.
inline asio::awaitable<void> until(asio::io_context& io, const int& count, int wanted)
{
    const auto end = clock::now() + 20s;
    while (count < wanted) {
        if (clock::now() > end)
            throw std::runtime_error("the count was not reached");
        co_await asio::post(io, asio::use_awaitable);
    }
}

/// A client of a server whose bytes the test writes.
struct hostile_fixture {
    clerk::client client(raw_server::script act, client_options how = client_options())
    {
        server.emplace(io, std::move(act));
        how.base_url = server->url();
        how.quota = quota::unlimited();
        how.retry.initial_backoff = how.retry.max_backoff = 1ms;
        how.retry.budgeted = false;
        return clerk::client(on, secret("sk_live_usherusherusherusherusherusher"), how);
    }

    /// Runs until the coroutine has ended, then stops the server.
    void run(asio::awaitable<void> what)
    {
        asio::co_spawn(io, std::move(what), [this](std::exception_ptr thrown) {
            BOOST_TEST(!thrown);
            on.close_idle();
            server->stop();
        });
        io.restart();
        io.run();
        const auto counted = on.counters();
        BOOST_TEST(counted.in_flight == 0U);
        BOOST_TEST(counted.connections == 0U);
        BOOST_TEST(counted.answers + counted.errors == counted.calls);
    }

    static engine_options settings()
    {
        engine_options how;
        how.proxy_from_environment = false;
        return how;
    }

    asio::io_context io{1};
    engine on{io.get_executor(), settings()};
    std::optional<raw_server> server;
};

} // namespace usher::tests

#endif
