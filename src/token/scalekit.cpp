// Scalekit's tokens.
#include "token/claim_reader.hpp"
#include "token/jws.hpp"

#include <openssl/crypto.h>

namespace usher::token::detail {

namespace {

bool same_secret(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

/// Only Clerk's tokens have one.
bool check_category(claim_reader& from)
{
    const auto category = from.header_text("cat");
    return category.empty() || from.refuse(reason::token_type, "cat is " + quoted(category) + ": not Scalekit's");
}

} // namespace

bool read_kind(claim_reader& from, scalekit_access_claims& to, const verify_options& options)
{
    // All of one environment's tokens have the same issuer, key and audience: what is in them tells them apart (OpenID
    // Connect Core §2, §3.3.2.11, §5.1).
    if (!check_category(from) ||
        !check_absent(from, {"nonce", "at_hash", "c_hash", "amr", "email_verified"}, "an ID token, no access token") ||
        !check_absent(from, {"relay_state"}, "about a login, no access token"))
        return false;
    std::string azp;
    if (!from.text("azp", azp) || !check_party(from, azp, options) || !from.text("sid", to.session_id) ||
        !from.text("oid", to.organization_id) || !from.text("client_id", to.client_id) ||
        !from.texts("roles", to.roles) || !from.texts("permissions", to.permissions) ||
        !from.words("scopes", to.scopes))
        return false;
    if (!from.all().contains("scopes") && !from.words("scope", to.scopes))
        return false;
    return check_scopes(from, to.scopes, options);
}

bool read_kind(claim_reader& from, scalekit_id_claims& to, const verify_options& options)
{
    if (is_access_token(from))
        return from.refuse(reason::token_type, "typ is at+jwt: the token is an access token, no ID token");
    if (!check_category(from) ||
        !check_absent(from, {"scopes", "scope", "permissions"}, "an access token, no ID token") ||
        !check_absent(from, {"relay_state"}, "about a login, no ID token"))
        return false;
    if (options.audiences.empty())
        return from.refuse(reason::audience, "no audience is configured, and an ID token is for its client alone");
    if (!from.text("azp", to.authorized_party) || !check_party(from, to.authorized_party, options) ||
        !from.text("nonce", to.nonce) || !from.texts("amr", to.amr) || !from.text("oid", to.organization_id) ||
        !from.text("sid", to.session_id) || !from.text("email", to.email) ||
        !from.flag("email_verified", to.is_email_verified) || !from.text("name", to.name) ||
        !from.text("given_name", to.given_name) || !from.text("family_name", to.family_name))
        return false;
    if (to.audience.size() > 1 && to.authorized_party.empty())
        return from.refuse(reason::authorized_party, "azp is missing, and aud names several");
    if (!to.authorized_party.empty() && !contains(options.audiences, to.authorized_party))
        return from.refuse(reason::authorized_party,
                           "azp is " + quoted(to.authorized_party) + ", which is none of the expected audiences");
    if (options.nonce && !same_secret(*options.nonce, to.nonce))
        return from.refuse(reason::nonce,
                           to.nonce.empty() ? "nonce is missing" : "nonce is another than the one that was sent");
    if (!to.amr.empty())
        to.connection_id = to.amr.front();
    return check_scopes(from, {}, options);
}

bool read_kind(claim_reader& from, scalekit_idp_login_claims& to, const verify_options& options)
{
    if (!check_category(from) ||
        !check_absent(from, {"nonce", "at_hash", "c_hash", "amr", "scopes", "scope", "permissions", "client_id"},
                      "somebody's, and not about a login"))
        return false;
    if (!from.text("connection_id", to.connection_id) || !from.text("organization_id", to.organization_id) ||
        !from.text("login_hint", to.login_hint) || !from.text("relay_state", to.relay_state))
        return false;
    if (is_access_token(from) || (to.connection_id.empty() && to.organization_id.empty()))
        return from.refuse(reason::token_type,
                           "it names no connection and no organization: the token is about no login");
    return check_scopes(from, {}, options);
}

} // namespace usher::token::detail
