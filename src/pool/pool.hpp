// All connections of an engine.
//
// Vocabulary. A *lease* is the right of one call to one connection; it ends when the lease does. See origin.hpp.
// Invariants. A connection belongs to one origin, one TLS configuration and one proxy with its credentials, and so do
// the TLS sessions: the configuration is the engine's, the others are the key. The connections of all origins together
// never pass the engine's cap: an idle connection of another origin makes room first. Whenever a place gets free,
// somebody who waits for one is woken. Lifecycle. The pool outlives its leases; idle connections hold no work of the
// execution context. It may outlive that one: then it is empty.
#ifndef USHER_POOL_POOL_HPP
#define USHER_POOL_POOL_HPP

#include <usher/observer.hpp>
#include <usher/options.hpp>

#include "core/proxy.hpp"
#include "net/context_end.hpp"
#include "pool/origin.hpp"

#include <map>
#include <random>

namespace usher::detail {

class pool;

/// The connections of one origin, and how to make more.
struct pool_origin {
    explicit pool_origin(const origin_limits& limits) : state(limits) {}
    origin_state state;
    std::shared_ptr<dial_target> target;
};

class lease {
public:
    lease() = default;
    lease(pool& from, std::shared_ptr<pool_origin> origin, std::unique_ptr<connection> leased)
        : pool_(&from), origin_(std::move(origin)), connection_(std::move(leased))
    {
    }
    lease(lease&& other) noexcept = default;
    lease& operator=(lease&& other) noexcept;
    /// Closes the connection, unless it was given back.
    ~lease();

    explicit operator bool() const noexcept { return connection_ != nullptr; }
    connection& operator*() const noexcept { return *connection_; }
    connection* operator->() const noexcept { return connection_.get(); }
    /// Gives the connection back, to be used until `idle_until` at most.
    void give_back(time_point idle_until);
    void reset();

private:
    pool* pool_ = nullptr;
    std::shared_ptr<pool_origin> origin_;
    std::unique_ptr<connection> connection_;
};

struct lease_result {
    lease_result() = default;
    lease taken;
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::pool;
    boost::system::error_code code;
    std::string text;
    bool resumed = false; ///< a new connection that took up an earlier TLS session
    // How long a new connection took to set up; zero for one that was there already.
    std::chrono::nanoseconds resolve{0};
    std::chrono::nanoseconds connect{0}; ///< TCP, and the tunnel through a proxy
    std::chrono::nanoseconds handshake{0};
};

class pool final : private context_end {
public:
    /// *Errors*: `std::runtime_error` when certificate authorities or revocation lists can't be read;
    /// `std::invalid_argument` for a proxy's address, or a list of exceptions, that is none.
    pool(boost::asio::any_io_executor executor, std::shared_ptr<deadline_queue> deadlines,
         const engine_options& options, engine_counters& counters);
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;

    std::shared_ptr<pool_origin> origin(const base_url& url);
    /// A connection that is there already, without waiting; empty when there is none.
    lease try_acquire(const std::shared_ptr<pool_origin>& origin, time_point now);
    /// A connection: one that comes back, or a new one. *Cancellation*: at any point.
    boost::asio::awaitable<lease_result> acquire(std::shared_ptr<pool_origin> origin, phase_timeouts timeouts,
                                                 time_point end);

    void close_idle();
    std::size_t connections() const noexcept;
    std::size_t idle() const noexcept;

private:
    friend class lease;
    class waiter;
    class connecting_place;
    boost::asio::awaitable<lease_result> connect(std::shared_ptr<pool_origin> origin, phase_timeouts timeouts,
                                                 time_point end);
    bool make_room(const pool_origin& for_origin);
    void come_back(pool_origin& origin, std::unique_ptr<connection> back, time_point idle_until);
    void place_got_free();
    time_point end_of_life(time_point now);
    void over() noexcept override;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<deadline_queue> deadlines_;
    engine_options options_;
    engine_counters& counters_;
    proxy_choice proxy_;
    std::shared_ptr<const tls_context> tls_;
    std::shared_ptr<tls_sessions> proxy_sessions_;
    std::map<std::string, std::shared_ptr<pool_origin>> origins_; ///< by origin and the proxy on the way to it
    std::minstd_rand random_;
    std::size_t waiting_ = 0; ///< calls that wait for a connection of any origin
    bool is_over_ = false;    ///< the context is going: no connection is kept
};

} // namespace usher::detail

#endif
