#include "client.hpp"
#include "jwt.hpp"
#include "oauth_fixture.hpp"

#include <boost/test/unit_test.hpp>

// Scalekit's token endpoint and the pages around it.

using namespace sandbox_test;
using namespace usher::sandbox;

BOOST_FIXTURE_TEST_SUITE(scalekit_tokens, oauth_fixture)

BOOST_AUTO_TEST_CASE(a_client_gets_a_token_that_verifies_with_the_published_key_and_opens_the_api)
{
    const auto got = own_token();
    BOOST_REQUIRE_MESSAGE(got.status == 200, got.text);
    BOOST_TEST(got.header("cache-control") == "no-store");
    const auto body = got.object();
    BOOST_TEST(body.at("token_type").as_string() == "Bearer");
    BOOST_TEST(body.at("expires_in").as_int64() == 600);
    const std::string token(body.at("access_token").as_string());
    const auto keys = http.get("/keys").object();
    BOOST_TEST(verified(token, keys));
    const auto claims = claims_of(token);
    BOOST_TEST(claims.at("iss").as_string() == sandbox.origin());
    BOOST_TEST(claims.at("sub").as_string() == "skc_1");
    BOOST_TEST(claims.at("exp").as_int64() - claims.at("iat").as_int64() == 600);
    BOOST_TEST(sandbox.stats().tokens == 1u);

    http.credentials = "Bearer " + token;
    BOOST_TEST(http.get("/api/v1/organizations").status == 200);
    http.credentials = "Bearer " + sandbox.mint("{\"sub\":\"skc_1\"}");
    BOOST_TEST(http.get("/api/v1/organizations").status == 401);
}

BOOST_AUTO_TEST_CASE(a_token_ends_when_it_is_revoked)
{
    http.credentials = "Bearer " + std::string(own_token().object().at("access_token").as_string());
    BOOST_TEST(http.get("/api/v1/organizations").status == 200);
    sandbox.revoke_tokens();
    const auto refused = http.get("/api/v1/organizations");
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(refused.object().at("code").as_int64() == 16);
    const auto next = std::string(own_token().object().at("access_token").as_string());
    http.credentials = "Bearer " + next;
    BOOST_TEST(http.get("/api/v1/organizations").status == 200);
}

BOOST_AUTO_TEST_CASE(an_opaque_token_is_held_against_the_configured_keys)
{
    http.credentials = "Bearer opaque";
    BOOST_TEST(http.get("/api/v1/organizations").status == 200);
    auto how = scalekit();
    how.keys = {"listed"};
    const server strict(how);
    client c(strict, "opaque");
    BOOST_TEST(c.get("/api/v1/organizations").status == 401);
    c.credentials = "Bearer listed";
    BOOST_TEST(c.get("/api/v1/organizations").status == 200);
}

BOOST_AUTO_TEST_CASE(a_client_proves_itself_in_the_form_or_by_basic_authentication)
{
    http.credentials = "Basic c2tjXzE6c2VjcmV0K29uZQ=="; // skc_1:secret+one
    BOOST_TEST(token("grant_type=client_credentials").status == 200);
    BOOST_TEST(token("grant_type=client_credentials&client_secret=x").status == 400);
    http.credentials = "Basic c2tjXzE6d3Jvbmc="; // skc_1:wrong
    const auto refused = token("grant_type=client_credentials");
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(error(refused) == "invalid_client");
    BOOST_TEST(refused.header("www-authenticate").starts_with("Basic"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_token_request_is_said_as_rfc_6749_has_it)
{
    struct row {
        const char* form;
        int status;
        const char* error;
    };
    const row rows[] = {
        {"", 401, "invalid_client"},
        {"client_id=skc_1&client_secret=secret+one", 400, "invalid_request"},
        {"grant_type=password&client_id=skc_1&client_secret=secret+one", 400, "unsupported_grant_type"},
        {"grant_type=client_credentials&client_id=nobody&client_secret=x", 401, "invalid_client"},
        {"grant_type=client_credentials&client_id=skc_1&client_secret=x", 401, "invalid_client"},
        {"grant_type=client_credentials&client_id=skc_1", 401, "invalid_client"},
        {"grant_type=client_credentials&grant_type=x&client_id=skc_1&client_secret=x", 400, "invalid_request"},
        {"grant_type=authorization_code&client_id=skc_1&client_secret=secret+one", 400, "invalid_request"},
        {"grant_type=authorization_code&client_id=skc_1&client_secret=secret+one&code=c", 400, "invalid_grant"},
        {"grant_type=refresh_token&client_id=skc_1&client_secret=secret+one", 400, "invalid_request"},
        {"grant_type=refresh_token&client_id=skc_1&client_secret=secret+one&refresh_token=r", 400, "invalid_grant"},
    };
    for (const auto& one : rows)
        BOOST_TEST_CONTEXT(one.form)
        {
            const auto got = token(one.form);
            BOOST_TEST(got.status == one.status);
            BOOST_TEST(error(got) == one.error);
            BOOST_TEST(!got.object().at("error_description").as_string().empty());
        }
    BOOST_TEST(error(http.post("/oauth/token", {{"grant_type", "client_credentials"}})) == "invalid_request");
    BOOST_TEST(http.get("/oauth/token").status == 405);
}

BOOST_AUTO_TEST_CASE(a_login_gives_a_code_and_the_code_gives_tokens_once)
{
    const auto went = http.get(authorization());
    BOOST_TEST(went.header("location").starts_with("https://app.test/cb?code="));
    BOOST_TEST(went.header("location").ends_with("&state=s%26t"));
    const auto mine = code();
    const auto got = token(exchange_form(mine));
    BOOST_REQUIRE_MESSAGE(got.status == 200, got.text);
    const auto keys = http.get("/keys").object();
    const std::string id_token(got.object().at("id_token").as_string());
    BOOST_TEST(verified(id_token, keys));
    const auto id = claims_of(id_token), access = claims_of(got.object().at("access_token").as_string());
    BOOST_TEST(id.at("nonce").as_string() == "n1");
    BOOST_TEST(id.at("amr").as_array()[0].as_string() == "conn_7");
    BOOST_TEST(id.at("oid").as_string() == "org_7");
    BOOST_TEST(id.at("email").as_string() == "ada@example.com");
    BOOST_TEST(id.at("aud").as_array()[0].as_string() == "skc_1");
    for (const auto* name : {"sub", "sid", "oid", "roles", "permissions", "scopes", "jti", "nbf"})
        BOOST_TEST(access.contains(name), name);
    BOOST_TEST(id.at("sub") == access.at("sub"));

    const auto again = token(exchange_form(mine));
    BOOST_TEST(again.status == 400);
    BOOST_TEST(error(again) == "invalid_grant");
    http.credentials = "Bearer " + std::string(got.object().at("access_token").as_string());
    BOOST_TEST(http.get("/api/v1/organizations").status == 401); // a code used twice ends what it began
}

BOOST_AUTO_TEST_CASE(a_code_needs_its_verifier_its_client_and_its_redirect_uri)
{
    BOOST_TEST(error(token(exchange_form(code(), "short"))) == "invalid_request");
    BOOST_TEST(error(token(exchange_form(code(), std::string(43, 'a')))) == "invalid_grant");
    auto form = exchange_form(code());
    form.replace(form.find("app.test"), 3, "bad");
    BOOST_TEST(error(token(form)) == "invalid_grant");
    form = exchange_form(code());
    form.replace(form.find("skc_1&client_secret=secret+one"), 30, "skc_public");
    BOOST_TEST(error(token(form)) == "invalid_grant");
    BOOST_TEST(token(exchange_form(code())).status == 200);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_good_for_one_use)
{
    const auto first = token(exchange_form(code())).object();
    const auto form = [](const json::object& from) {
        return "grant_type=refresh_token&client_id=skc_1&client_secret=secret+one&refresh_token=" +
               std::string(from.at("refresh_token").as_string());
    };
    const auto second = token(form(first));
    BOOST_REQUIRE_MESSAGE(second.status == 200, second.text);
    BOOST_TEST(second.object().at("refresh_token") != first.at("refresh_token"));
    BOOST_TEST(error(token(form(first))) == "invalid_grant");
    BOOST_TEST(!claims_of(second.object().at("id_token").as_string()).contains("nonce"));
    BOOST_TEST(token(form(second.object())).status == 200);
    BOOST_TEST(error(token(form(second.object()))) == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(an_authorization_that_cannot_be_goes_back_with_its_reason)
{
    struct row {
        const char* from;
        const char* to;
        const char* error;
    };
    const row rows[] = {
        {"response_type=code", "response_type=token", "unsupported_response_type"},
        {"response_type=code", "a=b", "invalid_request"},
        {"S256", "plain", "invalid_request"},
        {"E9Melhoa", "E9", "invalid_request"},
        {"organization_id=org_7", "organization_id=7", "invalid_request"},
        {"connection_id=conn_7", "connection_id=7", "invalid_request"},
        {"nonce=n1", "prompt=perhaps", "invalid_request"},
        {"scope=openid", "scope=%22", "invalid_scope"},
        {"nonce=n1", "domain_hint=a%40b", "invalid_request"},
    };
    for (const auto& one : rows)
        BOOST_TEST_CONTEXT(one.to)
        {
            auto path = authorization();
            path.replace(path.find(one.from), std::string_view(one.from).size(), one.to);
            const auto got = http.get(path);
            BOOST_TEST(got.status == 302);
            BOOST_TEST(got.header("location").starts_with("https://app.test/cb?error=" + std::string(one.error)),
                       got.header("location"));
            BOOST_TEST(got.header("location").find("error_description=") != std::string::npos);
            BOOST_TEST(got.header("location").ends_with("&state=s%26t"));
        }
    auto path = authorization();
    path.replace(path.find("skc_1"), 5, "other");
    BOOST_TEST(http.get(path).status == 400);
    path = authorization();
    path.replace(path.find("https%3A"), 8, "nowhere");
    BOOST_TEST(http.get(path).status == 400);
    BOOST_TEST(http.get(authorization("&state=twice")).status == 400);
}

BOOST_AUTO_TEST_CASE(logout_ends_the_session_and_goes_back)
{
    const auto got = token(exchange_form(code())).object();
    const std::string hint(got.at("id_token").as_string()), access(got.at("access_token").as_string());
    const auto went = http.get("/oidc/logout?id_token_hint=" + hint +
                               "&post_logout_redirect_uri=https%3A%2F%2Fapp.test%2Fbye%3Fa%3D1&state=s1");
    BOOST_TEST(went.status == 302);
    BOOST_TEST(went.header("location") == "https://app.test/bye?a=1&state=s1");
    http.credentials = "Bearer " + access;
    BOOST_TEST(http.get("/api/v1/organizations").status == 401);
    BOOST_TEST(http.get("/oidc/logout?id_token_hint=" + hint + "x").status == 400);
}

BOOST_AUTO_TEST_CASE(discovery_names_the_pages_that_are_there)
{
    const auto found = http.get("/.well-known/openid-configuration").object();
    BOOST_TEST(found.at("issuer").as_string() == sandbox.origin());
    BOOST_TEST(found.at("jwks_uri").as_string() == sandbox.origin() + "/keys");
    BOOST_TEST(found.at("token_endpoint").as_string() == sandbox.origin() + "/oauth/token");
    BOOST_TEST(found.at("code_challenge_methods_supported").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_pages_fail_by_name)
{
    fault busy(fault::kind::answer);
    busy.operation = "oauth_token";
    busy.status = 503;
    busy.count = 1;
    fault gone(fault::kind::answer);
    gone.operation = "keys";
    gone.status = 500;
    gone.count = 1;
    sandbox.set_faults({busy, gone});
    BOOST_TEST(http.get("/.well-known/openid-configuration").status == 200);
    const auto failed = own_token();
    BOOST_TEST(failed.status == 503);
    BOOST_TEST(error(failed) == "temporarily_unavailable");
    BOOST_TEST(own_token().status == 200);
    BOOST_TEST(http.get("/keys").object().at("code").as_int64() == 13);
    BOOST_TEST(http.get("/keys").status == 200);
    BOOST_TEST(sandbox.stats().tokens == 1u);
}

BOOST_AUTO_TEST_CASE(keys_change_and_the_old_one_is_shown_when_it_shall_be)
{
    const auto old = std::string(own_token().object().at("access_token").as_string());
    sandbox.rotate_keys(true);
    auto keys = http.get("/keys").object();
    BOOST_TEST(keys.at("keys").as_array().size() == 2u);
    BOOST_TEST(verified(old, keys));
    BOOST_TEST(verified(std::string(own_token().object().at("access_token").as_string()), keys));
    sandbox.rotate_keys(false);
    keys = http.get("/keys").object();
    BOOST_TEST(keys.at("keys").as_array().size() == 1u);
    BOOST_TEST(!verified(old, keys));
}

BOOST_AUTO_TEST_CASE(two_servers_have_different_keys)
{
    const server other(scalekit());
    client c(other);
    c.credentials.clear();
    BOOST_TEST(!verified(std::string(own_token().object().at("access_token").as_string()), c.get("/keys").object()));
}

BOOST_AUTO_TEST_SUITE_END()
