// Scalekit's login flows: OAuth 2.0 authorization code with PKCE, OpenID Connect.
//
//     usher::scalekit::login login(engine, "https://acme.scalekit.dev", client_id, client_secret);
//
//     auto attempt = login.begin(options); // keep it in the browser's session, and redirect to attempt->url
//
//     auto tokens = co_await login.complete(*attempt, query); // on the callback, with its query string
#ifndef USHER_SCALEKIT_LOGIN_HPP
#define USHER_SCALEKIT_LOGIN_HPP

#include <usher/engine.hpp>
#include <usher/result.hpp>
#include <usher/secret.hpp>
#include <usher/token/verifier.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::scalekit {

/// A proof key (RFC 7636), method S256.
class proof_key {
public:
    /// A new verifier of `length` characters, 43 to 128, evenly chosen from the 66 that are allowed.
    /// *Errors*: `std::invalid_argument` for another length; `std::runtime_error` when the system gives no random
    /// bytes.
    static proof_key make(std::size_t length = 64);
    /// *Errors*: `std::invalid_argument` for a verifier of another length, or with a character that is not allowed.
    explicit proof_key(secret verifier);

    const secret& verifier() const noexcept { return verifier_; }
    /// The base64url of the verifier's SHA-256 digest.
    const std::string& challenge() const noexcept { return challenge_; }

private:
    secret verifier_;
    std::string challenge_;
};

/// What an authorization URL asks for. Empty texts are left out.
class authorization_options {
public:
    authorization_options() = default;

    std::string redirect_uri; ///< required; registered with the environment
    std::vector<std::string> scopes{"openid", "profile", "email"};
    std::string state; ///< comes back on the callback; `login::begin` makes one
    std::string nonce; ///< comes back in the ID token; `login::begin` makes one
    std::string connection_id;
    std::string organization_id;
    std::string domain_hint;
    std::string login_hint;
    std::string provider;       ///< a social login, such as `google`
    std::string prompt;         ///< `login`, `select_account`, …
    std::string code_challenge; ///< S256; `login::begin` makes one
};

/// A login that has begun. Keep it on the server or in an encrypted cookie, for this browser alone, and use it once.
class login_attempt {
public:
    login_attempt() = default;

    std::string url; ///< where to send the browser
    std::string redirect_uri;
    std::string state;
    std::string nonce;
    secret code_verifier;
};

/// What a code or a refresh token was exchanged for.
class login_tokens {
public:
    login_tokens() = default;

    secret access_token;
    secret refresh_token;                         ///< empty: none. It takes the place of the one that was sent
    secret id_token;                              ///< empty: none
    std::optional<std::chrono::seconds> lifetime; ///< of the access token, from now
    std::string scope;                            ///< empty: as asked for
    /// The ID token's claims, verified; null when there is none, or when a refresh came through and the key to verify
    /// its ID token could not be fetched.
    std::shared_ptr<const token::scalekit_id_claims> user;
};

/// What the code of a callback is exchanged with.
class code_exchange {
public:
    code_exchange() = default;

    std::string code;         ///< required
    std::string redirect_uri; ///< required; the same as in the authorization URL
    secret code_verifier;     ///< when the URL had a code_challenge
    /// The ID token must have this nonce. Empty: not looked at.
    std::string nonce;
};

/// What a user leaves with.
class logout_options {
public:
    logout_options() = default;

    secret id_token_hint;
    std::string post_logout_redirect_uri;
    std::string state;
};

class login_state;

/// The login flows of one environment.
///
/// *Lifetime*: a small value; copies are the same. *Thread safety*: that of its engine.
class login {
public:
    /// `client_secret` may be empty for a public client, which then has to use a proof key.
    /// *Errors*: `std::invalid_argument` for an address that is not https (or http to loopback) or an empty id.
    login(const engine& engine, std::string_view environment_url, std::string client_id, secret client_secret);

    /// The authorization URL. *Errors*: `invalid_request`, naming the member: `redirect_uri` is missing or no absolute
    /// URI, a control character, a scope with a space.
    result<std::string> authorization_url(const authorization_options& options) const;
    /// The same with a new proof key, and a state and (with the scope `openid`) a nonce where `options` has none.
    result<login_attempt> begin(authorization_options options) const;

    /// Ends what `begin` began. `query` is the query string of the callback, as it came.
    ///
    /// *Errors*: `invalid_request` when there is no code, or the state is another (nothing is sent then); `service`
    /// when the environment reports one on the callback, with its code; else those of `exchange`.
    boost::asio::awaitable<result<login_tokens>> complete(const login_attempt& attempt, std::string_view query) const;

    /// Exchanges a code for tokens, and verifies the ID token: signature, issuer, audience, nonce, times.
    ///
    /// *Errors*: `service` with the OAuth code, such as `invalid_grant`; `credentials` for an ID token that is refused,
    /// with the reason as its code. *Retries*: a code is good once: not repeated once it may have taken effect.
    /// *Cancellation*: terminal.
    boost::asio::awaitable<result<login_tokens>> exchange(const code_exchange& with) const;

    /// Exchanges a refresh token for new tokens; it is good once, and the answer has the next one. With `subject`, the
    /// new ID token has to be about the same user (`user->subject`).
    ///
    /// *Errors*: as `exchange`. When no answer came, or 5xx, or one that can't be read, `is_outcome_unknown` is set:
    /// the old token may be used up, and a second try may end the session. *Retries*: never once it may have taken
    /// effect.
    boost::asio::awaitable<result<login_tokens>> refresh(const secret& refresh_token,
                                                         std::string_view subject = std::string_view()) const;

    /// Where to send a browser so that the session ends there too. *Errors*: `invalid_request` as above.
    result<std::string> logout_url(const logout_options& options) const;

    /// A login that began at the identity provider: the callback has `idp_initiated_login` instead of a code. Answer it
    /// with a new authorization URL: `begin(options_of(*claims, redirect_uri))`.
    boost::asio::awaitable<token::verdict<token::scalekit_idp_login_claims>> idp_initiated(
        std::string_view token) const;
    static authorization_options options_of(const token::scalekit_idp_login_claims& claims, std::string redirect_uri);

    /// Verifies an access token of this environment, and that each of `required_scopes` is granted.
    boost::asio::awaitable<token::verdict<token::scalekit_access_claims>> verify_access_token(
        std::string_view token, std::vector<std::string> required_scopes = std::vector<std::string>()) const;

private:
    std::shared_ptr<const login_state> state_;
};

/// One parameter of a query string, or of a target such as `/callback?code=…`, decoded; nothing if it is not there.
/// *Errors*: nothing too when it is there twice, since no callback may be read in two ways.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);
/// True if it is there, once or more.
bool has_parameter(std::string_view query, std::string_view name);

} // namespace usher::scalekit

#endif
