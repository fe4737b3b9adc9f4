// A token of each kind that is signed.
#ifndef USHER_TESTS_TOKEN_KINDS_HPP
#define USHER_TESTS_TOKEN_KINDS_HPP

#include "issuer.hpp"

#include <usher/token/verifier.hpp>

namespace token_tests {

template <class Claims>
usher::token::verdict<Claims> check(const json::object& header, const json::object& claims,
                                    const usher::token::verify_options& options = {})
{
    const usher::token::verifier one(keys_of({rsa_key().jwk("ins_one", "RS256")}), options);
    return one.check<Claims>(make_token(rsa_key(), header, claims), now);
}

inline json::object machine_claims_json()
{
    json::object claims;
    claims["iss"] = "https://clerk.example.com";
    claims["sub"] = "mch_2aB";
    claims["aud"] = json::array{"mch_b", "mch_c"};
    claims["iat"] = now_count;
    claims["exp"] = now_count + 60;
    claims["jti"] = "mt_1";
    return claims;
}

inline json::object machine_header()
{
    return with(session_header(), "cat", "cl_B7d4PD333AAA");
}

inline json::object oauth_header()
{
    return with(without(session_header(), "cat"), "typ", "at+jwt");
}

inline json::object oauth_claims_json()
{
    json::object claims;
    claims["iss"] = "https://clerk.example.com";
    claims["sub"] = "user_2aB";
    claims["client_id"] = "client_1";
    claims["scope"] = "openid profile";
    claims["iat"] = now_count;
    claims["exp"] = now_count + 60;
    claims["jti"] = "oat_1";
    return claims;
}

inline json::object access_claims_json()
{
    json::object claims;
    claims["iss"] = "https://acme.scalekit.com";
    claims["sub"] = "usr_1";
    claims["aud"] = json::array{"skc_1"};
    claims["iat"] = now_count;
    claims["nbf"] = now_count;
    claims["exp"] = now_count + 60;
    claims["jti"] = "tkn_1";
    claims["sid"] = "ses_1";
    claims["oid"] = "org_1";
    claims["roles"] = json::array{"admin"};
    claims["permissions"] = json::array{"tasks:read", "tasks:write"};
    claims["scopes"] = json::array{"org:read", "usr:write"};
    return claims;
}

inline json::object id_claims_json()
{
    json::object claims;
    claims["iss"] = "https://acme.scalekit.com";
    claims["sub"] = "conn_1;ada@example.com";
    claims["aud"] = json::array{"skc_1"};
    claims["azp"] = "skc_1";
    claims["iat"] = now_count;
    claims["exp"] = now_count + 60;
    claims["nonce"] = "n-0S6_WzA2Mj";
    claims["amr"] = json::array{"conn_1"};
    claims["oid"] = "org_1";
    claims["email"] = "ada@example.com";
    claims["email_verified"] = true;
    claims["name"] = "Ada L";
    return claims;
}

inline json::object scalekit_header()
{
    return without(session_header(), "cat");
}

inline usher::token::verify_options id_options()
{
    usher::token::verify_options options;
    options.issuer = "https://acme.scalekit.com";
    options.audiences = {"skc_1"};
    options.nonce = "n-0S6_WzA2Mj";
    return options;
}

} // namespace token_tests

#endif
