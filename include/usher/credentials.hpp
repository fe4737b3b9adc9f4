// Where a client's token comes from.
//
//     usher::clerk::client clerk(engine, usher::secret::from_env("CLERK_SECRET_KEY"));      // a key
//     usher::scalekit::client scalekit(engine, "https://acme.scalekit.dev", id, secret);    // OAuth client credentials
//     usher::clerk::client vault(engine, usher::token_function_source(engine, ask_vault));  // a function of your own
#ifndef USHER_CREDENTIALS_HPP
#define USHER_CREDENTIALS_HPP

#include <usher/result.hpp>
#include <usher/secret.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace usher {

class engine;
class observer;

/// A bearer token that a source has issued.
class issued_token {
public:
    issued_token(secret text_, std::uint64_t generation_) : text(std::move(text_)), generation(generation_) {}

    secret text;
    std::uint64_t generation; ///< 1, 2, …: tells the tokens of one source apart
};
using issued_token_ptr = std::shared_ptr<const issued_token>;

/// Issues tokens to clients. Implement it for what `token_function_source` can't express.
///
/// *Thread safety*: none; used on the engine's executor alone.
class credential_source {
public:
    virtual ~credential_source() = default;

    /// The token in hand, or null when `obtain` has to be waited for. Called for every attempt; does not wait.
    virtual issued_token_ptr current() = 0;
    /// The service answered 401 to the token of this generation. A source that goes on giving it (because it is young,
    /// and so was the one before it) leaves the call with its 401.
    virtual void refuse(std::uint64_t generation) = 0;
    /// Waits for a token. *Errors*: of kind `credentials`, with the reason as its cause; `timeout` at the deadline at
    /// the latest; `cancelled`. *Cancellation*: terminal; only this caller stops waiting.
    virtual boost::asio::awaitable<result<issued_token_ptr>> obtain(std::chrono::steady_clock::time_point deadline) = 0;
    /// Whose tokens they are: clients with the same identity, at the same address, share one quota.
    virtual std::string identity() const = 0;
};

/// Who a client is: a key that stays, a source of tokens, or nobody.
class credentials {
public:
    /// Nobody: every operation is called without credentials.
    credentials() noexcept = default;
    /// A key or a token that stays, sent as `Authorization: Bearer`.
    credentials(secret key) : key_(std::move(key)) {}
    credentials(std::shared_ptr<credential_source> source) : source_(std::move(source)) {}

    const std::optional<secret>& key() const noexcept { return key_; }
    const std::shared_ptr<credential_source>& source() const noexcept { return source_; }

private:
    std::optional<secret> key_;
    std::shared_ptr<credential_source> source_;
};

/// A token as it was received.
class access_token {
public:
    access_token() = default;
    explicit access_token(secret text_, std::optional<std::chrono::seconds> lifetime_ = std::nullopt)
        : text(std::move(text_)), lifetime(lifetime_)
    {
    }

    secret text;
    /// From the moment in which it was asked for; not set: until the service refuses it.
    std::optional<std::chrono::seconds> lifetime;
};

/// Fetches a token. It is called when the last one runs out or was refused, so it must not answer with that one from a
/// cache of its own. After `token_options::fetch_limit` it is cancelled, and whatever it still brings is dropped.
using token_function = std::function<boost::asio::awaitable<result<access_token>>()>;

/// How tokens are kept. The defaults suit tokens of an hour or a day.
class token_options {
public:
    token_options() = default;

    /// A token is replaced this long before it expires, and up to half as long again at random, so that a fleet
    /// does not ask at once; never earlier than after half of its life.
    std::chrono::seconds renew_before{300};
    /// How long one fetch may take.
    std::chrono::milliseconds fetch_limit{15'000};
    /// After a failed fetch the next one waits for a random time up to this, doubled with every further failure up to
    /// `max_backoff`; a Retry-After of the token endpoint counts too, up to five minutes. Calls that come meanwhile and
    /// have no token take the last failure for theirs, and try again after that time, as often as their retry policy
    /// says.
    std::chrono::milliseconds initial_backoff{500};
    std::chrono::milliseconds max_backoff{10'000};
    /// Seed of the jitter; 0: from the system.
    std::uint64_t seed = 0;
};

/// A source that asks `fetch` for tokens and keeps them: renewed before they expire while the old one still serves,
/// one fetch at a time however many calls wait for it, renewed once when the service answers 401.
///
/// A renewal ahead of time runs beside the calls and keeps `io_context::run()` busy for `fetch_limit` at most.
/// *Lifetime*: the source keeps `fetch`, and what it needs of the engine. *Errors*: `std::invalid_argument` for an
/// empty function or an option that is out of range.
std::shared_ptr<credential_source> token_function_source(const engine& engine, token_function fetch,
                                                         token_options options = token_options());

/// An OAuth 2.0 client that acts for itself (RFC 6749 §4.4).
class oauth_client {
public:
    oauth_client() = default;

    std::string token_url; ///< `https://…`, or `http://` to a loopback address
    std::string client_id;
    secret client_secret;
    std::string scope; ///< separated by spaces; empty: not sent
    /// Told of every attempt to fetch a token. May be empty.
    std::shared_ptr<observer> watcher;
};

/// A source of tokens by client credentials: see `token_function_source` for when it asks. A failed attempt to reach
/// the token endpoint is repeated within `token_options::fetch_limit`.
///
/// *Errors*: `std::invalid_argument`, naming the member, for an address, id or secret that can't be used. A refusal
/// of the token endpoint reaches the calls as an error of kind `credentials` with that answer as its cause.
std::shared_ptr<credential_source> client_credentials(const engine& engine, oauth_client client,
                                                      token_options options = token_options());

} // namespace usher

#endif
