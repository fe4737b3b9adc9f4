// A TLS server in the test's own thread. It counts users at every request, and notes what it sees.
#ifndef USHER_TESTS_LIVE_TLS_SERVER_HPP
#define USHER_TESTS_LIVE_TLS_SERVER_HPP

#include "live/certificates.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace usher::tests {

struct tls_server_options {
    tls_server_options() = default;
    identity self;
    std::vector<identity> chain;          ///< what it sends beside its own certificate
    std::function<void(SSL_CTX*)> set_up; ///< the last word on its configuration
    bool close_each = false;              ///< every answer ends its connection
    bool late_tickets = false;            ///< tickets come behind the first answer of a connection
    bool hold = false;                    ///< handshakes begin only when no connection has come for a while
};

class tls_server {
public:
    tls_server(boost::asio::io_context& io, tls_server_options options);
    tls_server(const tls_server&) = delete;
    tls_server& operator=(const tls_server&) = delete;
    ~tls_server();

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port()); }
    /// Closes its idle connections.
    void close_all();
    /// Closes everything; the context has no more work of it.
    void stop();

    int connections = 0;
    int handshakes = 0;
    int resumed = 0;
    int requests = 0;
    std::size_t bytes = 0; ///< of requests, once TLS was there
    int tickets_used_again = 0;
    std::size_t most_in_setup = 0; ///< accepted, and their handshakes not begun
    std::vector<std::string> heads;

private:
    using tls_socket = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
    struct tickets;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(std::shared_ptr<tls_socket> on);
    boost::asio::awaitable<void> release();
    void begin(const std::shared_ptr<tls_socket>& on);

    boost::asio::io_context& io_;
    tls_server_options options_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ssl::context context_;
    std::unique_ptr<tickets> tickets_;
    std::list<std::weak_ptr<tls_socket>> open_;
    std::deque<std::shared_ptr<tls_socket>> held_;
    boost::asio::steady_timer tick_;
};

} // namespace usher::tests

#endif
