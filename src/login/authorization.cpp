// The addresses that a browser is sent to.
#include "login/login_state.hpp"

#include "call/fetch.hpp"
#include "core/http_text.hpp"

#include <algorithm>

namespace usher::scalekit {

namespace {

error invalid(const char* operation, std::string text)
{
    error_details details;
    details.kind = error_kind::invalid_request;
    details.operation = operation;
    details.text = std::move(text);
    return error(std::move(details));
}

bool has_control_character(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// RFC 6749 §3.1.2: an absolute URI without a fragment. Custom schemes are for apps.
bool is_absolute_uri(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
        return false;
    const auto scheme = text.substr(0, colon);
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto is_in_scheme = [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    return is_letter(scheme.front()) && std::all_of(scheme.begin(), scheme.end(), is_in_scheme) &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
}

bool is_scope(std::string_view text)
{
    // RFC 6749 §3.3.
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

/// Collects parameters; the first that is wrong is kept in `wrong`.
class parameters {
public:
    explicit parameters(const char* operation) : operation_(operation) {}

    void add(std::string_view name, std::string_view value)
    {
        if (value.empty())
            return;
        if (has_control_character(value))
            refuse(std::string(name) + ": it has a control character");
        detail::add_form_member(text_, name, value);
    }
    void refuse(std::string text)
    {
        if (!wrong_)
            wrong_ = invalid(operation_, std::move(text));
    }
    result<std::string> url(const std::string& address) const
    {
        if (wrong_)
            return *wrong_;
        return text_.empty() ? address : address + '?' + text_;
    }

private:
    const char* operation_;
    std::string text_;
    std::optional<error> wrong_;
};

} // namespace

result<std::string> login::authorization_url(const authorization_options& options) const
{
    parameters all("authorization_url");
    if (!is_absolute_uri(options.redirect_uri))
        all.refuse(options.redirect_uri.empty() ? "redirect_uri: required, not given"
                                                : "redirect_uri: an absolute URI without a fragment was expected");
    std::string scope;
    for (const auto& one : options.scopes) {
        if (!is_scope(one))
            all.refuse("scopes: one is empty, or has a space or a character that no scope has");
        scope += (scope.empty() ? "" : " ") + one;
    }
    all.add("response_type", "code");
    all.add("client_id", state_->client_id);
    all.add("redirect_uri", options.redirect_uri);
    all.add("scope", scope);
    all.add("state", options.state);
    all.add("nonce", options.nonce);
    all.add("connection_id", options.connection_id);
    all.add("organization_id", options.organization_id);
    all.add("domain_hint", options.domain_hint);
    all.add("login_hint", options.login_hint);
    all.add("provider", options.provider);
    all.add("prompt", options.prompt);
    if (!options.code_challenge.empty()) {
        all.add("code_challenge", options.code_challenge);
        all.add("code_challenge_method", "S256");
    }
    return all.url(state_->environment + "/oauth/authorize");
}

result<login_attempt> login::begin(authorization_options options) const
{
    if (!options.code_challenge.empty())
        return invalid("begin", "code_challenge: begin makes one of its own");
    const auto key = proof_key::make();
    options.code_challenge = key.challenge();
    if (options.state.empty())
        options.state = random_text();
    const bool wants_id_token =
        std::find(options.scopes.begin(), options.scopes.end(), "openid") != options.scopes.end();
    if (options.nonce.empty() && wants_id_token)
        options.nonce = random_text();
    auto url = authorization_url(options);
    if (!url)
        return url.error();
    login_attempt attempt;
    attempt.url = std::move(*url);
    attempt.redirect_uri = std::move(options.redirect_uri);
    attempt.state = std::move(options.state);
    attempt.nonce = std::move(options.nonce);
    attempt.code_verifier = key.verifier();
    return attempt;
}

result<std::string> login::logout_url(const logout_options& options) const
{
    parameters all("logout_url");
    if (!options.post_logout_redirect_uri.empty() && !is_absolute_uri(options.post_logout_redirect_uri))
        all.refuse("post_logout_redirect_uri: an absolute URI without a fragment was expected");
    all.add("id_token_hint", options.id_token_hint.reveal());
    all.add("post_logout_redirect_uri", options.post_logout_redirect_uri);
    all.add("state", options.state);
    return all.url(state_->environment + "/oidc/logout");
}

authorization_options login::options_of(const token::scalekit_idp_login_claims& claims, std::string redirect_uri)
{
    authorization_options options;
    options.redirect_uri = std::move(redirect_uri);
    options.connection_id = claims.connection_id;
    options.organization_id = claims.organization_id;
    options.login_hint = claims.login_hint;
    options.state = claims.relay_state;
    return options;
}

} // namespace usher::scalekit
