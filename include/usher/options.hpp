// What can be said of an engine, a client and a call.
#ifndef USHER_OPTIONS_HPP
#define USHER_OPTIONS_HPP

#include <usher/quota.hpp>
#include <usher/secret.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace usher {

class budget;
class call_trace;
class observer;
class quota_store;

namespace detail {
class look_up;
}

/// Limits of time for one attempt; each phase that ends late is an error that names it. Zero is not allowed:
/// nothing waits for ever.
struct phase_timeouts {
    phase_timeouts() = default;
    std::chrono::milliseconds pool{30'000};       ///< waiting for a free connection
    std::chrono::milliseconds connect{10'000};    ///< resolution and TCP, all addresses; again for a proxy's tunnel
    std::chrono::milliseconds handshake{10'000};  ///< TLS; with an https proxy once with it, once with the origin
    std::chrono::milliseconds first_byte{30'000}; ///< from the last byte sent to the first byte of the answer
    std::chrono::milliseconds whole{60'000};      ///< one attempt from its connection to the end of its answer
};

/// When a failed attempt is followed by another. Defaults are the figures of Clerk's API document.
struct retry_policy {
    retry_policy() = default;
    int max_attempts = 8; ///< 1: no second attempt
    std::chrono::milliseconds initial_backoff{500};
    std::chrono::milliseconds max_backoff{60'000};
    double multiplier = 1.5;
    std::chrono::milliseconds max_elapsed{3'600'000}; ///< no attempt begins later than this after the call
    /// Also repeat a POST or PATCH that may have taken effect. Leave it off unless doing it twice is harmless.
    bool repeat_unsafe = false;
    /// Repeat a POST or PATCH answered with 503 and Retry-After, which says that nothing was done.
    bool repeat_unavailable = true;
    /// Attempts after the first one draw on the instance's retry budget (500; a retry takes 14, one after a 429 takes
    /// 5, an answer gives 1 back), and the call fails at once when that is empty. Without it the breaker alone bounds
    /// what is sent to a service that is down.
    bool budgeted = true;
    /// Send a GET a second time when its answer takes longer than 95 % of those before it did, and take the answer
    /// that comes first. At most 2 % more requests, and only while a fifth of the quota is idle.
    bool hedge = false;

    static retry_policy none()
    {
        retry_policy policy;
        policy.max_attempts = 1;
        return policy;
    }
};

/// Who goes first when the quota is short.
enum class lane : std::uint8_t { interactive, bulk };

/// What an answer looked like on the wire, when a call was told to keep it.
struct raw_answer {
    raw_answer() = default;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// How a call finds out whether a POST or PATCH of unknown outcome took effect: see `usher/reconcile.hpp`.
class reconciler {
public:
    /// The operation's own way, where it has one; else the call ends with the outcome unknown.
    reconciler() noexcept = default;
    /// No way: the call ends with the outcome unknown.
    static reconciler none() noexcept
    {
        reconciler off;
        off.is_off_ = true;
        return off;
    }
    explicit reconciler(std::shared_ptr<const detail::look_up> own) noexcept : own_(std::move(own)) {}

    bool is_off() const noexcept { return is_off_; }
    const std::shared_ptr<const detail::look_up>& own() const noexcept { return own_; }

private:
    std::shared_ptr<const detail::look_up> own_;
    bool is_off_ = false;
};

/// What one call may say beyond its parameters. Every member has a default that suits a server.
struct call_options {
    call_options() = default;
    /// The whole call: waiting, all attempts, backoff.
    std::chrono::milliseconds deadline{120'000};
    lane priority = lane::interactive;
    /// Instead of the client's.
    std::optional<retry_policy> retry;
    /// Instead of the client's.
    std::optional<phase_timeouts> timeouts;
    /// Sent instead of the client's credentials, such as a machine's own secret key for a call about its tokens.
    /// *Errors*: one that no header can carry is `invalid_request`.
    std::optional<secret> key;
    /// Further headers. *Errors*: a name or value that HTTP does not allow, or one of the client's own headers, is
    /// `invalid_request`.
    std::vector<std::pair<std::string, std::string>> headers;
    /// Check documented bounds (lengths, ranges, patterns, required members) before anything is sent.
    bool validate = true;
    /// What to do when the outcome of a POST or PATCH is unknown.
    reconciler reconcile;
    /// Filled with the answer as it came, if set. It has to live until the call ends.
    raw_answer* keep_raw = nullptr;
    /// Filled with what happened when, step by step, if set: see `usher/trace.hpp`. It has to live until the call ends.
    call_trace* trace = nullptr;
};

/// What an engine may hold and how long.
struct engine_options {
    engine_options() = default;
    std::size_t max_connections_per_origin = 64;
    std::size_t max_connections = 256;
    /// Connections being set up at once, per origin.
    std::size_t max_connecting = 16;
    /// Calls that wait for a connection, per origin; one more is refused as `overloaded`.
    std::size_t max_waiting = 100'000;
    /// Looked at when a connection is taken or comes back: nothing runs to close idle connections of an engine that
    /// does nothing. `engine::close_idle` does.
    std::chrono::milliseconds idle_time{60'000};
    /// Connections are replaced at this age, give or take 10 %, which also picks up changes of DNS.
    std::chrono::milliseconds life_time{600'000};
    /// Answers: bytes of the header block, bytes of the body, depth of the JSON.
    std::size_t max_header_size = 32 * 1024;
    std::uint64_t max_body_size = 64 * 1024 * 1024;
    std::size_t max_depth = 64;
    /// PEM file of certificate authorities, instead of the system's.
    std::string ca_file;
    /// The same as text; both may be given.
    std::string ca_pem;
    /// PEM file of certificate revocation lists. With one of the two, every certificate of a chain is looked up, and an
    /// authority without a list that is valid now makes the handshake fail.
    std::string crl_file;
    /// The same as text; both may be given.
    std::string crl_pem;
    /// Where tunnels to https origins begin: `http://[user:password@]host[:port]`, or `https://…` for TLS to the proxy;
    /// user and password percent-encoded, port 80 or 443 unless given. Empty: as the environment says, or none.
    /// Loopback addresses are never reached through a proxy that the environment names.
    secret proxy;
    /// Hosts that are reached directly: names with all below them, `.example.com` for those below alone, addresses,
    /// networks as `10.0.0.0/8`, each with `:port` if need be; `*` for all; with commas. Empty: as the environment
    /// says.
    std::string no_proxy;
    /// Look at `HTTPS_PROXY` and `NO_PROXY` (and their lower-case forms, which come first, also set to nothing) where
    /// the two above are empty.
    bool proxy_from_environment = true;
    /// Seed of the jitter in backoff and lifetimes; 0: from the system.
    std::uint64_t seed = 0;
    /// Shares the quotas of all clients with other engines: see `usher/budget.hpp`. One for each engine.
    std::shared_ptr<budget> shared_budget;
    /// Remembers what was used of limits with windows of a minute and longer: see `usher/quota_store.hpp`.
    std::shared_ptr<quota_store> quota_memory;
};

/// What a client is made of beside its credentials.
struct client_options {
    client_options() = default;
    /// Where the service is, with its path prefix. Empty: as the API document says.
    /// `https://…`, or `http://` to a loopback address.
    std::string base_url;
    /// Empty: the version that this library was made from.
    std::string api_version;
    /// The instance's limits. Not set: Clerk's documented ones, as the key's prefix says (`sk_live_`, `sk_test_`); for
    /// Scalekit and Clerk Platform, which publish none, they are learned. Of several clients with the same address and
    /// key on one engine, the first one's hold.
    std::optional<usher::quota> quota;
    /// On whose behalf the calls are made: the quota of an instance is divided between its tenants by weight when it
    /// is short. Clients with the same name are one tenant.
    std::string tenant;
    /// At least 1. Of several clients of one tenant, the first one's holds.
    std::uint32_t tenant_weight = 1;
    /// Clerk: the machine secret key (`ak_…`) for the operation that only takes one, the creation of machine
    /// tokens. Not set: that one is called with the client's own credentials too.
    std::optional<secret> machine_key;
    /// Put in front of usher's own product name in `User-Agent`.
    std::string user_agent;
    phase_timeouts timeouts;
    retry_policy retry;
    /// Told of every attempt. May be empty.
    std::shared_ptr<usher::observer> watcher;
};

} // namespace usher

#endif
