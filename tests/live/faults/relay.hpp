// A TCP relay that cuts one connection at a given byte.
#ifndef USHER_TESTS_LIVE_FAULTS_RELAY_HPP
#define USHER_TESTS_LIVE_FAULTS_RELAY_HPP

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

enum class direction { request, answer };
enum class cut_mode { reset, orderly, silence };

struct cut {
    cut() = default;
    cut(direction of_, std::size_t at_, cut_mode how_) : of(of_), at(at_), how(how_) {}
    direction of = direction::request;
    std::size_t at = 0; ///< so many bytes still pass
    cut_mode how = cut_mode::reset;
    bool on_accept = false; ///< … or before anything
};

class relay {
public:
    relay(asio::io_context& io, std::uint16_t to)
        : acceptor_(io, {asio::ip::address_v4::loopback(), 0}), to_(asio::ip::address_v4::loopback(), to)
    {
        asio::co_spawn(io, accept(), asio::detached);
    }

    std::string authority() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    /// The next connection meets it, those after it do not.
    void arm(std::optional<cut> what)
    {
        next_ = what;
        is_armed_ = true;
        first_.reset();
        connections = 0;
    }
    /// The first connection since then met it.
    bool was_cut() const { return first_ && first_->is_cut; }
    /// Bytes that this connection let pass.
    std::size_t passed(direction of) const { return first_ ? first_->passed[static_cast<std::size_t>(of)] : 0; }
    void stop()
    {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (auto& weak : open_)
            if (const auto one = weak.lock())
                one->close();
        open_.clear();
        first_.reset();
    }

    int connections = 0; ///< since it was armed

private:
    struct line {
        line(tcp::socket accepted, asio::any_io_executor executor) : client(std::move(accepted)), server(executor) {}
        void close()
        {
            boost::system::error_code ignored;
            client.close(ignored);
            server.close(ignored);
        }
        void reset()
        {
            boost::system::error_code ignored;
            for (auto* socket : {&client, &server})
                socket->set_option(tcp::socket::linger(true, 0), ignored);
            close();
        }
        void end_in_order()
        {
            boost::system::error_code ignored;
            for (auto* socket : {&client, &server})
                socket->shutdown(tcp::socket::shutdown_send, ignored);
        }
        tcp::socket client;
        tcp::socket server;
        std::optional<cut> what;
        std::array<std::size_t, 2> passed{};
        bool is_cut = false;
    };

    asio::awaitable<void> accept()
    {
        for (;;) {
            auto [failed, accepted] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (failed)
                co_return;
            auto one = std::make_shared<line>(std::move(accepted), acceptor_.get_executor());
            one->what = std::exchange(next_, std::nullopt);
            ++connections;
            if (std::exchange(is_armed_, false))
                first_ = one;
            std::erase_if(open_, [](const auto& weak) { return weak.expired(); });
            open_.push_back(one);
            if (one->what && one->what->on_accept) {
                act(*one);
                if (one->what->how == cut_mode::reset)
                    continue;
            }
            asio::co_spawn(acceptor_.get_executor(), serve(one), asio::detached);
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<line> on)
    {
        auto [failed] = co_await on->server.async_connect(to_, asio::as_tuple(asio::use_awaitable));
        if (failed)
            co_return on->close();
        boost::system::error_code ignored;
        for (auto* socket : {&on->client, &on->server})
            socket->set_option(tcp::no_delay(true), ignored);
        const auto executor = acceptor_.get_executor();
        asio::co_spawn(executor, pump(on, on->client, on->server, direction::request), asio::detached);
        asio::co_spawn(executor, pump(on, on->server, on->client, direction::answer), asio::detached);
    }

    /// Passes bytes on; once it is cut, takes them and lets them go.
    asio::awaitable<void> pump(std::shared_ptr<line> on, tcp::socket& from, tcp::socket& to, direction of)
    {
        std::vector<char> buffer(16 * 1024);
        auto& passed = on->passed[static_cast<std::size_t>(of)];
        for (;;) {
            auto [ended, got] =
                co_await from.async_read_some(asio::buffer(buffer), asio::as_tuple(asio::use_awaitable));
            if (ended)
                break;
            if (on->is_cut)
                continue;
            const bool is_here = on->what && on->what->of == of && passed + got > on->what->at;
            const auto now = is_here ? on->what->at - passed : got;
            passed += now;
            auto [failed, sent] =
                co_await asio::async_write(to, asio::buffer(buffer.data(), now), asio::as_tuple(asio::use_awaitable));
            if (failed)
                break;
            if (is_here)
                act(*on);
        }
        // Whoever ends first ends both, in order.
        on->close();
    }

    void act(line& on)
    {
        on.is_cut = true;
        if (on.what->how == cut_mode::reset)
            on.reset();
        else if (on.what->how == cut_mode::orderly)
            on.end_in_order();
    }

    tcp::acceptor acceptor_;
    tcp::endpoint to_;
    std::optional<cut> next_;
    bool is_armed_ = false;
    std::shared_ptr<line> first_;
    std::list<std::weak_ptr<line>> open_;
};

} // namespace usher::tests

#endif
