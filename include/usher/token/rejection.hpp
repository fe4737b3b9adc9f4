// Why a token was refused.
#ifndef USHER_TOKEN_REJECTION_HPP
#define USHER_TOKEN_REJECTION_HPP

#include <usher/error.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace usher::token {

/// The first rule that a token broke, in the order in which they are checked.
enum class reason : std::uint8_t {
    none,
    no_token,           ///< the request carries none
    ambiguous,          ///< the request carries several that differ
    not_accepted,       ///< a kind of token that these options do not accept
    too_large,          ///< longer than any real token
    malformed,          ///< not three parts of base64url with JSON objects in them
    critical_header,    ///< `crit` demands an extension; none is known
    algorithm,          ///< unknown, or not the one that the key allows
    keys_not_at_hand,   ///< the key set was not fetched yet, and this function does not wait
    keys_unavailable,   ///< the key set could not be fetched; `rejection::cause` says why
    unknown_key,        ///< the issuer has no such key
    signature,          ///< the signature does not belong to this text and key
    token_type,         ///< another kind of token than the one asked for
    claim_missing,      ///< a claim that must be there is not
    claim_invalid,      ///< a claim has the wrong type or is out of its range
    expired,            ///< `exp`
    not_yet_valid,      ///< `nbf`
    issued_in_future,   ///< `iat`
    issuer,             ///< `iss`
    audience,           ///< `aud`
    authorized_party,   ///< `azp`
    nonce,              ///< `nonce`
    session_pending,    ///< `sts`: a task is left before the user is signed in
    scope,              ///< a required scope is not granted
    revoked,            ///< the service says that the token was revoked or does not exist
    service_unavailable ///< the service could not be asked; `rejection::cause` says why
};

/// `expired`, `unknown_key`, …: stable, for logs and metrics.
std::string_view to_string(reason reason) noexcept;

/// A refusal: the rule, and one line for a person that names the claim, what was expected and what was found. Never
/// holds the token.
struct rejection {
    rejection() = default;
    rejection(token::reason why, std::string line) : reason(why), text(std::move(line)) {}
    token::reason reason = token::reason::none;
    std::string text;
    usher::error cause; ///< of `keys_unavailable` and `service_unavailable`
};

/// Thrown by `verdict::value()`.
class rejected : public std::exception {
public:
    explicit rejected(rejection why) : why_(std::move(why)) {}
    const char* what() const noexcept override { return why_.text.c_str(); }
    const rejection& why() const noexcept { return why_; }

private:
    rejection why_;
};

/// The claims of a token that was accepted, or why it was refused: `if (!who) … who.error()`, `who->subject`.
///
/// *Lifetime*: copies share the claims. *Thread safety*: reading is safe from any thread.
template <class Claims>
class verdict {
public:
    verdict(std::shared_ptr<const Claims> claims) noexcept : claims_(std::move(claims)) {}
    verdict(rejection why) noexcept : why_(std::move(why)) {}

    bool has_value() const noexcept { return claims_ != nullptr; }
    explicit operator bool() const noexcept { return claims_ != nullptr; }
    const Claims& operator*() const noexcept { return *claims_; }
    const Claims* operator->() const noexcept { return claims_.get(); }
    /// Throws `rejected` when there are no claims.
    const Claims& value() const
    {
        if (!claims_)
            throw rejected(why_);
        return *claims_;
    }
    /// The claims, to be kept; null when the token was refused.
    const std::shared_ptr<const Claims>& share() const noexcept { return claims_; }
    /// Its reason is `none` when the token was accepted.
    const rejection& error() const noexcept { return why_; }

private:
    std::shared_ptr<const Claims> claims_;
    rejection why_;
};

} // namespace usher::token

#endif
