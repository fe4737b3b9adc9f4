// What a browser visits, and what describes the environment: authorization, logout, discovery, key set.

#include "sandbox/identifier.hpp"
#include "sandbox/oauth.hpp"

#include <algorithm>
#include <array>

namespace usher::sandbox {

namespace {

constexpr std::int64_t code_lifetime = 10 * 60'000;

std::string encode(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
            c == '_' || c == '~')
            out += c;
        else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    return out;
}

// Absolute, without a fragment; custom schemes are those of native applications.
bool redirectable(std::string_view uri)
{
    const auto colon = uri.find(':');
    return colon != std::string_view::npos && colon != 0 && uri.size() <= 2048 &&
           uri.find('#') == std::string_view::npos && uri.substr(0, colon) != "javascript" &&
           (!uri.starts_with("http") || uri.substr(colon).starts_with("://")) &&
           std::all_of(uri.begin(), uri.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool scope_like(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

bool challenge_like(std::string_view text)
{
    return text.size() == 43 && base64url_decode(text).has_value();
}

constexpr std::array<const char*, 5> prompts{"none", "login", "consent", "select_account", "create"};

} // namespace

void oauth::answer(builtin page, const request& asked, std::string_view query, std::int64_t wall, reply& to)
{
    switch (page) {
    case builtin::token:
        return token(asked, wall, to);
    case builtin::authorize:
        return authorize(query, wall, to);
    case builtin::logout:
        return logout(query, to);
    case builtin::configuration:
        return configuration(to);
    case builtin::keys:
    case builtin::clerk_keys:
        to.headers.emplace_back("cache-control", "public, max-age=300");
        to.body = json::serialize(keys_.published());
        return;
    case builtin::none:
        break;
    }
    to.status = 404;
}

void oauth::redirect(std::string where, const std::vector<std::pair<const char*, std::string>>& more, reply& to)
{
    for (const auto& [name, text] : more)
        if (!text.empty())
            where += (where.find('?') == std::string::npos ? '?' : '&') + std::string(name) + "=" + encode(text);
    to.status = 302;
    to.headers.emplace_back("location", std::move(where));
    to.headers.emplace_back("cache-control", "no-store");
}

// An unknown client or a bad redirect_uri is answered here; everything else goes back to the application (RFC 6749,
// 4.1.2.1).
void oauth::authorize(std::string_view query, std::int64_t wall, reply& to)
{
    members form;
    try {
        form = read(query);
        if (!known_client(value(form, "client_id")))
            throw failure(400, "invalid_client", "client_id is not known.");
        if (!redirectable(value(form, "redirect_uri")))
            throw failure(400, "invalid_request", "redirect_uri must be an absolute URI without a fragment.");
    } catch (const failure& why) {
        return fail(why, to);
    }
    const auto &back = value(form, "redirect_uri"), &state = value(form, "state");
    try {
        auto made = read_authorization(form, wall);
        const auto code = "code_" + base62(43, source_);
        std::erase_if(codes_, [&](const auto& one) { return one.second.until <= wall; });
        codes_[code] = std::move(made);
        redirect(back, {{"code", code}, {"state", state}}, to);
    } catch (const failure& why) {
        redirect(back, {{"error", why.error}, {"error_description", why.description}, {"state", state}}, to);
    }
}

oauth::grant oauth::read_authorization(const members& form, std::int64_t wall)
{
    const auto invalid = [](std::string text) { return failure(400, "invalid_request", std::move(text)); };
    const auto& type = value(form, "response_type");
    if (type.empty())
        throw invalid("response_type is missing.");
    if (type != "code")
        throw failure(400, "unsupported_response_type", "response_type must be code.");
    grant made;
    made.client = value(form, "client_id");
    made.redirect_uri = value(form, "redirect_uri");
    made.scope = form.contains("scope") ? value(form, "scope") : "openid profile email";
    made.nonce = value(form, "nonce");
    made.challenge = value(form, "code_challenge");
    made.until = wall + code_lifetime;
    if (!scope_like(made.scope))
        throw failure(400, "invalid_scope", "scope has characters that no scope has.");
    const auto& method = value(form, "code_challenge_method");
    if (made.challenge.empty() != method.empty())
        throw invalid("code_challenge and code_challenge_method go together.");
    if (!method.empty() && method != "S256")
        throw invalid("code_challenge_method must be S256.");
    if (!made.challenge.empty() && !challenge_like(made.challenge))
        throw invalid("code_challenge must be 43 characters of base64url.");
    if (const auto& prompt = value(form, "prompt");
        !prompt.empty() && std::find(prompts.begin(), prompts.end(), prompt) == prompts.end())
        throw invalid("prompt must be none, login, consent, select_account or create.");
    made.connection = value(form, "connection_id");
    if (!made.connection.empty() && !made.connection.starts_with("conn_"))
        throw invalid("connection_id is no id of a connection.");
    const auto& organization = value(form, "organization_id");
    if (!organization.empty() && !organization.starts_with("org_"))
        throw invalid("organization_id is no id of an organization.");

    const auto& hint = value(form, "login_hint");
    const auto& domain = value(form, "domain_hint");
    if (domain.find('@') != std::string::npos)
        throw invalid("domain_hint must be a domain.");
    const auto email = email_like(hint) ? hint : "user@" + (domain.empty() ? std::string("example.com") : domain);
    if (made.connection.empty()) // how a provider of social logins, or an organization, would be found
        made.connection = "conn_" + base64url(sha256(value(form, "provider") + "|" + organization)).substr(0, 12);
    if (hooks.person)
        if (auto kept = hooks.person(email, organization)) {
            made.who = std::move(*kept);
            return made;
        }
    made.who.id = "usr_" + base64url(sha256(lower(email))).substr(0, 18);
    made.who.email = email;
    made.who.name = "Ada Lovelace";
    made.who.given_name = "Ada";
    made.who.family_name = "Lovelace";
    made.who.organization = organization.empty() ? "org_" + base64url(sha256(email)).substr(0, 18) : organization;
    made.who.roles = {"member"};
    return made;
}

// OpenID Connect RP-Initiated Logout.
void oauth::logout(std::string_view query, reply& to)
{
    try {
        const auto form = read(query);
        const auto& hint = value(form, "id_token_hint");
        const auto& back = value(form, "post_logout_redirect_uri");
        if (!back.empty() && !redirectable(back))
            throw failure(400, "invalid_request", "post_logout_redirect_uri must be an absolute URI.");
        if (!hint.empty()) {
            const auto claims = claims_of(hint);
            if (!claims || !keys_.signed_here(hint))
                throw failure(400, "invalid_request", "id_token_hint was not issued here.");
            if (const auto* session = claims->if_contains("sid"); session && session->is_string())
                end_session(std::string(session->get_string()));
        }
        if (back.empty())
            to.body = "{}";
        else
            redirect(back, {{"state", value(form, "state")}}, to);
    } catch (const failure& why) {
        fail(why, to);
    }
}

void oauth::configuration(reply& to) const
{
    to.body = json::serialize(
        json::object{{"issuer", origin},
                     {"authorization_endpoint", origin + "/oauth/authorize"},
                     {"token_endpoint", origin + "/oauth/token"},
                     {"jwks_uri", origin + "/keys"},
                     {"end_session_endpoint", origin + "/oidc/logout"},
                     {"response_types_supported", {"code"}},
                     {"response_modes_supported", {"query"}},
                     {"grant_types_supported", {"authorization_code", "client_credentials", "refresh_token"}},
                     {"subject_types_supported", {"public"}},
                     {"id_token_signing_alg_values_supported", {"RS256"}},
                     {"scopes_supported", {"openid", "profile", "email", "offline_access"}},
                     {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post", "none"}},
                     {"code_challenge_methods_supported", {"S256"}},
                     {"claims_supported",
                      {"iss", "sub", "aud", "exp", "iat", "nonce", "sid", "oid", "amr", "email", "email_verified",
                       "name", "given_name", "family_name"}}});
}

} // namespace usher::sandbox
