// A CONNECT proxy in the test's own thread that leads every name to one port of loopback.
#ifndef USHER_TESTS_LIVE_CONNECT_PROXY_HPP
#define USHER_TESTS_LIVE_CONNECT_PROXY_HPP

#include "live/certificates.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::tests {

/// What becomes of a request for a tunnel.
struct proxy_act {
    proxy_act() = default;
    explicit proxy_act(std::string says_) : says(std::move(says_)) {}
    std::string says = "HTTP/1.1 200 Connection established\r\n\r\n";
    bool joins = true;   ///< a tunnel is behind it, if `says` is that of one; else silence
    bool closes = false; ///< the connection ends behind `says`
    bool resets = false; ///< … by a reset
};

class connect_proxy {
public:
    /// `self` null: it speaks plain text.
    connect_proxy(boost::asio::io_context& io, std::uint16_t leads_to, const identity* self = nullptr);
    connect_proxy(const connect_proxy&) = delete;
    connect_proxy& operator=(const connect_proxy&) = delete;
    ~connect_proxy();

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
    /// `user` as it stands in an address: `name:password`, percent-encoded.
    std::string url(const std::string& user = "") const
    {
        return (context_ ? "https://" : "http://") + (user.empty() ? "" : user + '@') + address();
    }
    void stop();

    std::function<proxy_act(int number)> act; ///< none: every request is granted
    int connections = 0;
    std::vector<std::string> heads; ///< of requests
    std::string through;            ///< bytes from the client, behind the heads: what goes through the tunnels

private:
    using tcp_socket = boost::asio::ip::tcp::socket;
    using tls_socket = boost::asio::ssl::stream<tcp_socket>;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> with_tls(std::shared_ptr<tls_socket> client);
    template <class Stream>
    boost::asio::awaitable<void> serve(std::shared_ptr<Stream> client);
    template <class From, class To>
    boost::asio::awaitable<void> pump(std::shared_ptr<From> from, std::shared_ptr<To> to, std::string* copy);
    void keep(std::function<void()> close) { open_.push_back(std::move(close)); }

    boost::asio::io_context& io_;
    std::uint16_t leads_to_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::optional<boost::asio::ssl::context> context_;
    std::list<std::function<void()>> open_;
};

} // namespace usher::tests

#endif
