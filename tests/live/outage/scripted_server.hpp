// A server that does with each request what the test says, and notes when it came.
#ifndef USHER_TESTS_LIVE_OUTAGE_SCRIPTED_SERVER_HPP
#define USHER_TESTS_LIVE_OUTAGE_SCRIPTED_SERVER_HPP

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// What becomes of a request. A success tells its number, from 1, as the count of users.
struct script {
    script() = default;
    explicit script(int status_, std::chrono::milliseconds delay_ = 0ms) : status(status_), delay(delay_) {}
    int status = 200;
    std::chrono::milliseconds delay{0};
    std::string headers;                  ///< further ones
    bool only_half = false;               ///< the answer stops in its body
    std::chrono::milliseconds in_body{0}; ///< stops in its body for so long, and goes on
    int behind = 0;                       ///< nothing happens, and no delay begins, before so many requests have come
};

class scripted_server {
public:
    scripted_server(asio::io_context& io, std::function<script(int number)> act)
        : acceptor_(io, {asio::ip::address_v4::loopback(), 0}), act_(std::move(act)), arrival_(io)
    {
        arrival_.expires_at(clock::time_point::max());
        asio::co_spawn(io, accept(), asio::detached);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    int requests() const { return static_cast<int>(came.size()); }
    void stop()
    {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        arrival_.cancel();
        for (auto& weak : open_)
            if (const auto one = weak.lock()) {
                one->socket.close(ignored);
                one->pause.cancel();
            }
    }

    std::vector<clock::time_point> came;
    int most_at_once = 0;
    int at_once = 0;

private:
    struct peer {
        explicit peer(asio::ip::tcp::socket accepted) : socket(std::move(accepted)), pause(socket.get_executor()) {}
        asio::ip::tcp::socket socket;
        asio::steady_timer pause;
    };

    asio::awaitable<void> accept()
    {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            auto one = std::make_shared<peer>(std::move(socket));
            open_.push_back(one);
            asio::co_spawn(acceptor_.get_executor(), serve(one), asio::detached);
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<peer> on)
    {
        std::string input;
        for (;;) {
            const auto size = co_await asio::async_read_until(on->socket, asio::dynamic_buffer(input), "\r\n\r\n",
                                                              asio::use_awaitable);
            input.erase(0, size);
            came.push_back(clock::now());
            arrival_.cancel();
            const int number = requests();
            const auto how = act_(number);
            most_at_once = std::max(most_at_once, ++at_once);
            while (requests() < how.behind && acceptor_.is_open()) {
                boost::system::error_code came_one;
                co_await arrival_.async_wait(asio::redirect_error(asio::use_awaitable, came_one));
            }
            if (how.delay > 0ms) {
                on->pause.expires_after(how.delay);
                try {
                    co_await on->pause.async_wait(asio::use_awaitable);
                } catch (const boost::system::system_error&) {
                    // Stopped.
                }
            }
            --at_once;
            const std::string body = R"({"object":"total_count","total_count":)" + std::to_string(number) + "}";
            std::string answer = "HTTP/1.1 " + std::to_string(how.status) + " X\r\n" + how.headers +
                                 "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
            if (how.only_half)
                answer.resize(answer.size() - 1);
            if (how.in_body > 0ms) {
                const auto most = answer.size() - 2;
                co_await asio::async_write(on->socket, asio::buffer(answer, most), asio::use_awaitable);
                answer.erase(0, most);
                on->pause.expires_after(how.in_body);
                co_await on->pause.async_wait(asio::use_awaitable);
            }
            co_await asio::async_write(on->socket, asio::buffer(answer), asio::use_awaitable);
        }
    }

    asio::ip::tcp::acceptor acceptor_;
    std::function<script(int)> act_;
    asio::steady_timer arrival_; ///< never ends by itself
    std::list<std::weak_ptr<peer>> open_;
};

struct noting_observer final : observer {
    void on_attempt(const attempt_event& event) noexcept override { events.push_back(event); }
    std::vector<attempt_event> events;
};

using count_result = result<clerk::total_count>;

/// A client of a server that the test scripts. Calls are `GET /users/count`.
struct outage_fixture {
    clerk::client client(std::function<script(int)> act, retry_policy policy = retry_policy::none(),
                         quota limit = quota::unlimited())
    {
        server.emplace(io, std::move(act));
        client_options options;
        options.base_url = server->url();
        options.quota = std::move(limit);
        options.retry = policy;
        options.watcher = watcher;
        return clerk::client(on, secret("sk_live_usherusherusherusherusherusher"), options);
    }

    static asio::awaitable<void> one(clerk::client clerk, call_options how, std::optional<count_result>& done)
    {
        const clerk::get_users_count_params all;
        done = co_await clerk.users().count(all, how);
    }

    /// Makes calls one after the other.
    static asio::awaitable<void> several(clerk::client clerk, int calls, call_options how,
                                         std::vector<count_result>& done)
    {
        const clerk::get_users_count_params all;
        for (int i = 0; i < calls; ++i)
            done.push_back(co_await clerk.users().count(all, how));
    }

    std::vector<count_result> call(clerk::client clerk, int calls, call_options how = call_options())
    {
        std::vector<count_result> done;
        run(several(std::move(clerk), calls, how, done));
        BOOST_TEST_REQUIRE(done.size() == static_cast<std::size_t>(calls));
        return done;
    }
    count_result call(clerk::client clerk, call_options how = call_options())
    {
        return call(std::move(clerk), 1, how).front();
    }

    /// Runs what can go on at once, and waits neither for a time nor for bytes: what has ended then has not waited.
    void run_ready()
    {
        io.restart();
        io.poll();
    }
    /// A call that ends without waiting for anything.
    count_result call_at_once(clerk::client clerk, call_options how = call_options())
    {
        std::optional<count_result> done;
        asio::co_spawn(io, one(std::move(clerk), how, done), [](std::exception_ptr thrown) { BOOST_TEST(!thrown); });
        run_ready();
        BOOST_TEST_REQUIRE(done.has_value());
        return *done;
    }

    /// Runs until the coroutine has ended; the server goes on.
    void run(asio::awaitable<void> what)
    {
        bool over = false;
        asio::co_spawn(io, std::move(what), [&over](std::exception_ptr thrown) {
            BOOST_TEST(!thrown);
            over = true;
        });
        while (!over)
            io.run_one();
    }

    static call_options bulk()
    {
        call_options how;
        how.priority = lane::bulk;
        return how;
    }

    asio::io_context io{1};
    std::shared_ptr<noting_observer> watcher = std::make_shared<noting_observer>();
    engine on{io.get_executor()};
    std::optional<scripted_server> server;
};

} // namespace usher::tests

#endif
