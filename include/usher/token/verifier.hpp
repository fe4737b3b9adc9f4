// Verification of tokens.
#ifndef USHER_TOKEN_VERIFIER_HPP
#define USHER_TOKEN_VERIFIER_HPP

#include <usher/time.hpp>
#include <usher/token/claims.hpp>
#include <usher/token/key_cache.hpp>
#include <usher/token/keys.hpp>
#include <usher/token/rejection.hpp>
#include <usher/token/verified_cache.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace usher::token {

/// What a token must say beyond being signed, unexpired and about somebody.
struct verify_options {
    verify_options() = default;
    /// `iss`, exactly. Empty: the key source's issuer, if it is bound to one, and it can't be another than that one.
    /// Required for ID tokens.
    std::string issuer;
    /// `aud` must name one of these. Empty: not looked at. Required for ID tokens.
    std::vector<std::string> audiences;
    /// `azp` must be one of these; a session, access or ID token without `azp` is refused then. Empty: not looked at.
    /// Machine and OAuth tokens have none.
    std::vector<std::string> authorized_parties;
    /// All of these must be granted. Session and ID tokens grant none, so that they are refused when there are any; for
    /// requests of several kinds see `authenticate_options::required_scopes`.
    std::vector<std::string> required_scopes;
    /// The machine that receives a machine's token: the token must have been issued for it. Required for them, unless
    /// `required_scopes` names machines or `accept_any_machine` is set.
    std::string machine_id;
    /// Accept a machine's token whatever machines it was issued for: for those who look at its scopes themselves.
    bool accept_any_machine = false;
    /// `nonce` of an ID token, exactly; not empty. Not set: not looked at.
    std::optional<std::string> nonce;
    /// Accept sessions with a task left (`sts: pending`), with `is_pending` set.
    bool accept_pending = false;
    /// How far the issuer's clock may be off; 0 to 300 s.
    std::chrono::seconds skew{5};
    /// Keeps accepted tokens, if set.
    std::optional<verified_cache> cache;
};

/// The kinds of claims that come as a signed token.
template <class Claims>
concept signed_claims = std::is_same_v<Claims, session_claims> || std::is_same_v<Claims, m2m_claims> ||
    std::is_same_v<Claims, oauth_claims> || std::is_same_v<Claims, scalekit_access_claims> ||
    std::is_same_v<Claims, scalekit_id_claims> || std::is_same_v<Claims, scalekit_idp_login_claims>;

namespace detail {
class verifier_state;
}

/// Verifies tokens: shape, algorithm allowed for the key, signature, and only then the claims. The key is chosen by
/// `kid` among the configured ones; `jku`, `jwk`, `x5u` and `x5c` of a token are never used, `crit` is refused.
///
/// *Lifetime*: a small value; copies are the same verifier. *Thread safety*: with fixed keys and without a cache, safe
/// from any thread; else that of the engine.
class verifier {
public:
    /// Verifies without network. *Errors*: `std::invalid_argument` for an option that is out of range.
    explicit verifier(key_set keys, verify_options options = verify_options());
    /// Verifies with keys that are fetched when they are needed. *Errors*: as above, and for an issuer that is not the
    /// source's.
    explicit verifier(key_source source, verify_options options = verify_options());

    /// Verifies with the keys at hand; `verifier.check<session_claims>(text)`. A fetch that is due begins in the
    /// background; a token that can't be judged before it ends is refused as `keys_not_at_hand`.
    template <signed_claims Claims>
    verdict<Claims> check(std::string_view token) const;
    /// The same at another time than now.
    template <signed_claims Claims>
    verdict<Claims> check(std::string_view token, unix_seconds now) const;

    /// Verifies, and waits for the keys if it must. *Cancellation*: terminal, `keys_unavailable` with a cause that says
    /// so; a fetch that others wait for goes on.
    template <signed_claims Claims>
    boost::asio::awaitable<verdict<Claims>> verify(std::string_view token) const;

    const verify_options& options() const noexcept;
    const std::shared_ptr<detail::verifier_state>& state() const noexcept { return state_; }

private:
    std::shared_ptr<detail::verifier_state> state_;
};

/// What a token says, without looking at its signature: for people who debug, never for a decision.
struct unverified {
    unverified() = default;
    boost::json::object header;
    boost::json::object claims;
};

/// *Errors*: `too_large` or `malformed`, as in a verification.
verdict<unverified> decode_unverified(std::string_view token);

} // namespace usher::token

#endif
