// From a host name to a connection that can carry a request.
//
// Vocabulary. *Resolving* yields addresses; a *race* tries them one after another, each a little after the one before
// it, until the first is connected (RFC 8305); a *tunnel* is what a proxy makes of a connection to it (RFC 9110
// §9.3.6); the *handshake* makes TLS of it, for the origin's host whatever lies between.
//
// Invariants. Every step ends at the deadline. A call leaves a name look-up that hangs behind; Asio's one resolver
// thread can't, so that other look-ups wait behind it, each to its own limit, and the context runs until it returned.
#ifndef USHER_NET_DIAL_HPP
#define USHER_NET_DIAL_HPP

#include <usher/error.hpp>

#include "core/base_url.hpp"
#include "core/proxy.hpp"
#include "net/connection.hpp"
#include "net/race.hpp"
#include "net/tls.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace usher::detail {

/// Addresses of one host, kept for a while.
struct address_cache {
    std::vector<boost::asio::ip::tcp::endpoint> addresses;
    time_point until;
};

struct dial_target {
    base_url url;
    std::shared_ptr<const tls_context> tls; ///< null for plain http
    std::shared_ptr<tls_sessions> sessions;
    std::shared_ptr<const proxy_address> proxy;   ///< null: the origin is reached directly
    std::shared_ptr<const tls_context> proxy_tls; ///< null: the proxy is spoken to in plain text
    std::shared_ptr<tls_sessions> proxy_sessions; ///< those with the proxy itself
    address_cache addresses;                      ///< of the proxy, if there is one
    lookup_slot lookup;                           ///< of the same host
    /// Makes the stream instead of all this; for what runs without a network. Null: it can't be connected.
    std::function<std::unique_ptr<stream>()> make_stream;
};

struct dial_limits {
    std::chrono::milliseconds connect;   ///< name resolution and TCP; and again, the proxy's opening of a tunnel
    std::chrono::milliseconds handshake; ///< of each TLS handshake
    time_point end;
};

struct dial_result {
    dial_result() = default;
    std::unique_ptr<connection> made; ///< null: it failed
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::resolve;
    boost::system::error_code code;
    std::string text;
    bool resumed = false;
    // How long each phase took, that which failed included.
    std::chrono::nanoseconds resolve{0};
    std::chrono::nanoseconds connect{0}; ///< TCP, and the tunnel through a proxy
    std::chrono::nanoseconds handshake{0};
};

/// Connects. *Cancellation*: at any point; what was begun is closed.
boost::asio::awaitable<dial_result> dial(boost::asio::any_io_executor executor,
                                         std::shared_ptr<deadline_queue> deadlines, std::shared_ptr<dial_target> target,
                                         dial_limits limits);

} // namespace usher::detail

#endif
