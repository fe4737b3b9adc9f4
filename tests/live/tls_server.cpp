#include "live/tls_server.hpp"
#include "live/accepting.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cstring>

namespace usher::tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Each ticket carries a number; one that comes back for the second time is counted, and taken all the same.
struct tls_server::tickets {
    static int number_one(SSL* ssl, void* self)
    {
        auto& to = *static_cast<tickets*>(self);
        const int number = ++to.given;
        return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), &number, sizeof number);
    }
    static SSL_TICKET_RETURN take_one(SSL*, SSL_SESSION* session, const unsigned char*, std::size_t,
                                      SSL_TICKET_STATUS status, void* self)
    {
        if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
            return SSL_TICKET_RETURN_IGNORE_RENEW;
        auto& to = *static_cast<tickets*>(self);
        void* data = nullptr;
        std::size_t size = 0;
        SSL_SESSION_get0_ticket_appdata(session, &data, &size);
        int number = 0;
        if (size == sizeof number)
            std::memcpy(&number, data, size);
        to.used_again += to.used.insert(number).second ? 0 : 1;
        return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW;
    }
    int given = 0;
    int used_again = 0;
    std::set<int> used;
};

tls_server::tls_server(asio::io_context& io, tls_server_options options)
    : io_(io),
      options_(std::move(options)),
      acceptor_(io, {asio::ip::address_v4::loopback(), 0}),
      context_(asio::ssl::context::tls_server),
      tickets_(std::make_unique<tickets>()),
      tick_(io)
{
    auto* const context = context_.native_handle();
    // A bad server may do everything wrong.
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_use_certificate(context, options_.self.certificate.get());
    SSL_CTX_use_PrivateKey(context, options_.self.key.get());
    for (const auto& one : options_.chain)
        SSL_CTX_add1_chain_cert(context, one.certificate.get());
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_ticket_cb(context, tickets::number_one, tickets::take_one, tickets_.get());
    SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("usher"), 5);
    if (options_.late_tickets)
        SSL_CTX_set_num_tickets(context, 0);
    if (options_.set_up)
        options_.set_up(context);
    asio::co_spawn(io_, accept(), asio::detached);
    if (options_.hold)
        asio::co_spawn(io_, release(), asio::detached);
}

tls_server::~tls_server()
{
    stop();
}

void tls_server::close_all()
{
    error_code ignored;
    for (auto& weak : open_)
        if (const auto one = weak.lock())
            one->lowest_layer().close(ignored);
    open_.clear();
}

void tls_server::stop()
{
    error_code ignored;
    acceptor_.close(ignored);
    tick_.cancel();
    held_.clear();
    close_all();
    end_what_is_under_way(io_);
}

asio::awaitable<void> tls_server::accept()
{
    for (;;) {
        auto accepted = co_await accept_one(acceptor_);
        if (!accepted)
            co_return;
        auto& socket = *accepted;
        ++connections;
        const auto one = std::make_shared<tls_socket>(std::move(socket), context_);
        open_.push_back(one);
        if (!options_.hold) {
            begin(one);
            continue;
        }
        held_.push_back(one);
        most_in_setup = std::max(most_in_setup, held_.size());
    }
}

void tls_server::begin(const std::shared_ptr<tls_socket>& on)
{
    asio::co_spawn(io_, serve(on), asio::detached);
}

asio::awaitable<void> tls_server::release()
{
    for (int before = -1; acceptor_.is_open();) {
        error_code ec;
        tick_.expires_after(std::chrono::milliseconds(1));
        co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return;
        if (before == connections)
            for (; !held_.empty(); held_.pop_front())
                begin(held_.front());
        before = connections;
    }
}

asio::awaitable<void> tls_server::serve(std::shared_ptr<tls_socket> on)
{
    error_code ec;
    co_await on->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return;
    ++handshakes;
    resumed += SSL_session_reused(on->native_handle()) == 1 ? 1 : 0;
    std::string input;
    bool owes_tickets = options_.late_tickets;
    for (;;) {
        while (input.find("\r\n\r\n") == std::string::npos) {
            std::string piece(4096, '\0');
            const auto got =
                co_await on->async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, ec));
            bytes += got;
            tickets_used_again = tickets_->used_again;
            if (ec)
                co_return;
            input.append(piece, 0, got);
        }
        const auto end = input.find("\r\n\r\n") + 4;
        heads.push_back(input.substr(0, end));
        input.erase(0, end);
        const std::string body = R"({"object":"total_count","total_count":)" + std::to_string(++requests) + "}";
        const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                                   (options_.close_each ? "\r\nConnection: close" : "") + "\r\n\r\n" + body;
        co_await asio::async_write(*on, asio::buffer(answer), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return;
        if (owes_tickets) {
            // In records of their own, behind the answer.
            owes_tickets = false;
            SSL_new_session_ticket(on->native_handle());
            SSL_new_session_ticket(on->native_handle());
            co_await on->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ec));
        }
        if (options_.close_each) {
            on->lowest_layer().shutdown(tcp::socket::shutdown_send, ec);
            co_return;
        }
    }
}

} // namespace usher::tests
