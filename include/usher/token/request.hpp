// Who sent an HTTP request.
#ifndef USHER_TOKEN_REQUEST_HPP
#define USHER_TOKEN_REQUEST_HPP

#include <usher/token/verifier.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace usher::token {

/// The two header fields of a request that carry tokens, as they came; empty: the request has no such field.
/// Several Cookie fields are joined with `; `.
struct request_headers {
    request_headers() = default;
    request_headers(std::string_view of_authorization, std::string_view of_cookie)
        : authorization(of_authorization), cookie(of_cookie)
    {
    }
    std::string_view authorization;
    std::string_view cookie;
};

/// Which tokens a request may carry.
struct authenticate_options {
    authenticate_options() = default;
    bool accept_session = true;
    bool accept_m2m = false;
    bool accept_oauth = false;
    bool accept_api_key = false;
    /// An OAuth token or an API key must be granted all of these. Sessions are not asked, they have no scopes; nor are
    /// machines, whose scopes are machines: see `verify_options::machine_id`.
    std::vector<std::string> required_scopes;
    /// Look for session tokens in the `__session` cookie too.
    bool accept_cookie = true;
    /// Tells the cookies of several Clerk instances on one domain apart: the one with this key's suffix is taken first.
    /// Empty: `__session`, else the only cookie named `__session_` and such a suffix.
    std::string publishable_key;
};

/// The answer: signed in, a machine, or signed out with the reason.
class authentication {
public:
    authentication(rejection why) : is_(std::move(why)) {}
    template <class Claims>
    authentication(verdict<Claims> answer)
    {
        if (answer)
            is_ = answer.share();
        else
            is_ = answer.error();
    }

    /// A user's session, an OAuth token, a machine or an API key was accepted.
    bool is_authenticated() const noexcept { return is_.index() != 0; }
    /// A user's session was accepted, and no task is left before the user is signed in (`session_claims::is_pending`).
    bool is_signed_in() const noexcept { return session() != nullptr && !session()->is_pending; }
    // The claims, or null when the request carries something else.
    const session_claims* session() const noexcept { return get<session_claims>(); }
    const m2m_claims* m2m() const noexcept { return get<m2m_claims>(); }
    const oauth_claims* oauth() const noexcept { return get<oauth_claims>(); }
    const api_key_claims* api_key() const noexcept { return get<api_key_claims>(); }
    /// Of whatever was accepted; null when nothing was.
    const token::claims* claims() const noexcept;
    /// Why nothing was accepted; its reason is `none` when something was.
    const rejection& why() const noexcept;

private:
    template <class Claims>
    const Claims* get() const noexcept
    {
        const auto* held = std::get_if<std::shared_ptr<const Claims>>(&is_);
        return held ? held->get() : nullptr;
    }

    std::variant<rejection, std::shared_ptr<const session_claims>, std::shared_ptr<const m2m_claims>,
                 std::shared_ptr<const oauth_claims>, std::shared_ptr<const api_key_claims>>
        is_;
};

/// What kind of token a text is, by its prefix and its header; nothing is verified.
enum class token_kind : std::uint8_t {
    session,
    m2m,
    oauth,
    opaque_m2m,   ///< `mt_…`
    opaque_oauth, ///< `oat_…`
    api_key       ///< `ak_…`
};
token_kind kind_of(std::string_view token);

/// The token that a request carries, and whether it came in the cookie.
struct carried_token {
    carried_token() = default;
    std::string_view text;
    bool in_cookie = false;
};

/// Takes `Authorization: Bearer`, else the session cookie. A bearer token that is no good is not made up for by a
/// cookie; another scheme than Bearer is left alone. *Errors*: `no_token`, `ambiguous` or `malformed`. *Lifetime*: the
/// text is a part of `request`.
verdict<carried_token> find_token(const request_headers& request, const authenticate_options& options);

/// Who sent a request, by a signed token and the keys at hand. Opaque tokens are refused as `not_accepted`: see
/// usher/authenticate.hpp.
authentication authenticate(const request_headers& request, const verifier& verifier,
                            const authenticate_options& options = authenticate_options());

/// The same, and waits for the keys if it must. *Lifetime*: the texts are needed until the function returns its
/// awaitable, no longer. *Cancellation*: terminal.
boost::asio::awaitable<authentication> authenticate_online(
    const request_headers& request, const verifier& verifier,
    const authenticate_options& options = authenticate_options());

} // namespace usher::token

#endif
