// Key sets that are fetched from their issuers and kept.
#ifndef USHER_TOKEN_KEY_CACHE_HPP
#define USHER_TOKEN_KEY_CACHE_HPP

#include <usher/engine.hpp>
#include <usher/result.hpp>
#include <usher/secret.hpp>
#include <usher/token/keys.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace usher::token {

namespace detail {
class key_source_state;
class key_registry;
} // namespace detail

/// How long keys are kept and how often they may be fetched. Nothing may be zero; times above a year count as one.
struct key_cache_options {
    key_cache_options() = default;
    /// Without `max-age`.
    std::chrono::seconds fresh{300};
    /// `Cache-Control: max-age` counts within these bounds.
    std::chrono::seconds shortest_fresh{60};
    std::chrono::seconds longest_fresh{3600};
    /// A set that is not fresh is used for so long while it is fetched anew. Later, tokens wait for that fetch, and the
    /// old set serves only where it fails.
    std::chrono::seconds revalidate{600};
    /// A set that could not be fetched anew for so long is not used any more.
    std::chrono::seconds usable{24 * 3600};
    /// A key that is not in the set makes it fetched anew at most once in this time.
    std::chrono::milliseconds unknown_key_interval{5'000};
    /// A key that was not in the set does not make it fetched again for this time.
    std::chrono::milliseconds unknown_key_memory{60'000};
    /// After a failed fetch none is tried for this time, which doubles with each failure.
    std::chrono::milliseconds first_backoff{500};
    std::chrono::milliseconds longest_backoff{30'000};
    /// Of one fetch, with its attempts. One second later it is cancelled and counts as failed.
    std::chrono::milliseconds deadline{10'000};
    /// Verifications that may wait for one fetch; more are refused as `keys_unavailable`.
    std::size_t most_waiting = 10'000;
};

/// What a fetch brought.
struct fetched_keys {
    fetched_keys() = default;
    key_set keys;
    std::optional<std::chrono::seconds> max_age;
};

/// Brings a key set that is not empty. Called when one is due; never twice at once, unless it goes on after its
/// cancellation at the deadline.
using key_fetch = std::function<boost::asio::awaitable<result<fetched_keys>>()>;

struct key_source_counters {
    key_source_counters() = default;
    std::uint64_t fetches = 0;
    std::uint64_t failures = 0;
    std::uint64_t unknown_keys = 0; ///< tokens refused because their key is unknown
};

/// The keys of one issuer or instance, kept apart from those of every other: a key is found for the tokens of the
/// source that it came from, whatever its id.
///
/// *Lifetime*: a small value; copies share the keys. It may outlive the execution context of its engine. *Thread
/// safety*: that of its engine.
class key_source {
public:
    explicit key_source(std::shared_ptr<detail::key_source_state> state);

    /// The issuer that tokens of these keys must name; empty: not bound to one.
    const std::string& issuer() const noexcept;
    /// The keys at hand, without fetching.
    key_set at_hand() const;
    key_source_counters counters() const noexcept;
    /// Fetches the keys if none are at hand: at the start of a server, so that no request waits.
    /// *Errors*: those of a call; `decode` when the answer is no key set.
    boost::asio::awaitable<result<void>> ready() const;

    const std::shared_ptr<detail::key_source_state>& state() const noexcept { return state_; }

private:
    std::shared_ptr<detail::key_source_state> state_;
};

/// The key sources of an engine. The same scope (issuer, address and key) is the same source; nothing is fetched until
/// keys are asked for.
///
/// A set is used for `fresh`, then for `revalidate` while it is fetched anew, then, up to `usable`, only where no fetch
/// succeeds; however many wait, one fetch runs; a token with an
/// unknown key makes it fetched at most once in `unknown_key_interval`, a bad signature never; failures back off.
/// *Lifetime*: copies are the same cache; sources may outlive it. *Thread safety*: that of its engine.
class key_cache {
public:
    /// *Errors*: `std::invalid_argument` naming the option that is zero or out of order.
    explicit key_cache(const engine& engine, key_cache_options options = key_cache_options());

    // Each throws `std::invalid_argument` for an address that is not https (or http to loopback), or a malformed key.

    /// Any key set by its address. Tokens must name `issuer`, unless it is empty.
    key_source url(std::string_view url, std::string_view issuer = std::string_view()) const;
    /// A Clerk instance by its issuer, `https://clerk.example.com`: `{issuer}/.well-known/jwks.json`.
    key_source clerk_issuer(std::string_view issuer) const;
    /// A Clerk instance by its publishable key, `pk_live_…`, which names its issuer.
    key_source clerk_publishable_key(std::string_view key) const;
    /// A Clerk instance by its secret key: `{base_url}/jwks`. `base_url`: empty means Clerk's own. Tokens must name
    /// `issuer`, unless it is empty.
    key_source clerk_secret_key(const secret& key, std::string_view issuer = std::string_view(),
                                std::string_view base_url = std::string_view()) const;
    /// A Scalekit environment, `https://example.scalekit.com`: `{environment}/keys`. Tokens must name it as their
    /// issuer.
    key_source scalekit(std::string_view environment) const;
    /// Keys that come some other way. `scope` names them: the same scope is the same source, with its first `fetch`.
    key_source custom(std::string_view scope, key_fetch fetch, std::string_view issuer = std::string_view()) const;

private:
    std::shared_ptr<detail::key_registry> registry_;
};

/// The host that a Clerk publishable key names: `clerk.example.com`. Nothing when the key is malformed.
std::optional<std::string> publishable_key_host(std::string_view key);

} // namespace usher::token

#endif
