#include "live/connect_proxy.hpp"
#include "live/accepting.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace usher::tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

connect_proxy::connect_proxy(asio::io_context& io, std::uint16_t leads_to, const identity* self)
    : io_(io), leads_to_(leads_to), acceptor_(io, {asio::ip::address_v4::loopback(), 0})
{
    if (self != nullptr) {
        context_.emplace(asio::ssl::context::tls_server);
        SSL_CTX_use_certificate(context_->native_handle(), self->certificate.get());
        SSL_CTX_use_PrivateKey(context_->native_handle(), self->key.get());
    }
    asio::co_spawn(io_, accept(), asio::detached);
}

connect_proxy::~connect_proxy()
{
    stop();
}

void connect_proxy::stop()
{
    error_code ignored;
    acceptor_.close(ignored);
    for (auto& close : open_)
        close();
    open_.clear();
    end_what_is_under_way(io_);
}

asio::awaitable<void> connect_proxy::accept()
{
    for (;;) {
        auto accepted = co_await accept_one(acceptor_);
        if (!accepted)
            co_return;
        auto& socket = *accepted;
        ++connections;
        if (context_) {
            const auto client = std::make_shared<tls_socket>(std::move(socket), *context_);
            asio::co_spawn(io_, with_tls(client), asio::detached);
        } else {
            const auto client = std::make_shared<tcp_socket>(std::move(socket));
            asio::co_spawn(io_, serve(client), asio::detached);
        }
    }
}

asio::awaitable<void> connect_proxy::with_tls(std::shared_ptr<tls_socket> client)
{
    error_code ec;
    co_await client->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec)
        co_await serve(client);
}

template <class From, class To>
asio::awaitable<void> connect_proxy::pump(std::shared_ptr<From> from, std::shared_ptr<To> to, std::string* copy)
{
    std::vector<char> piece(16 * 1024);
    error_code ec;
    while (!ec) {
        const auto got =
            co_await from->async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, ec));
        if (copy != nullptr)
            copy->append(piece.data(), got);
        if (got > 0)
            co_await asio::async_write(*to, asio::buffer(piece.data(), got),
                                       asio::redirect_error(asio::use_awaitable, ec));
    }
    error_code ignored;
    from->lowest_layer().close(ignored);
    to->lowest_layer().close(ignored);
}

template <class Stream>
asio::awaitable<void> connect_proxy::serve(std::shared_ptr<Stream> client)
{
    keep([weak = std::weak_ptr(client)] {
        error_code ignored;
        if (const auto one = weak.lock())
            one->lowest_layer().close(ignored);
    });
    error_code ec;
    std::string input;
    while (input.find("\r\n\r\n") == std::string::npos) {
        std::array<char, 1024> piece{};
        const auto got =
            co_await client->async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return;
        input.append(piece.data(), got);
    }
    const auto end = input.find("\r\n\r\n") + 4;
    heads.push_back(input.substr(0, end));
    through.append(input, end);
    const auto how = act ? act(static_cast<int>(heads.size())) : proxy_act();
    co_await asio::async_write(*client, asio::buffer(how.says), asio::redirect_error(asio::use_awaitable, ec));
    if (how.closes || ec) {
        if (how.resets)
            client->lowest_layer().set_option(tcp::socket::linger(true, 0), ec);
        client->lowest_layer().close(ec);
        co_return;
    }
    auto origin = std::make_shared<tcp_socket>(io_);
    if (how.joins && how.says.find(" 200") != std::string::npos) {
        co_await origin->async_connect({asio::ip::address_v4::loopback(), leads_to_},
                                       asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return;
        origin->set_option(tcp::no_delay(true), ec);
        asio::co_spawn(io_, pump(origin, client, nullptr), asio::detached);
        co_await pump(client, origin, &through);
        co_return;
    }
    // Silence, until the client goes.
    while (!ec) {
        std::array<char, 1024> piece{};
        const auto got =
            co_await client->async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, ec));
        through.append(piece.data(), got);
    }
}

} // namespace usher::tests
