#include "client.hpp"
#include "jwt.hpp"

#include <boost/test/unit_test.hpp>

// Clerk's tokens: of sessions, templates, machines, API keys and OAuth.

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct fixture {
    fixture() : sandbox(options()), http(sandbox) {}

    server sandbox;
    client http;

    static std::string text(const json::object& of, std::string_view name)
    {
        const auto* v = of.if_contains(name);
        return v && v->is_string() ? std::string(v->get_string()) : std::string();
    }
    json::object made(const answer& got)
    {
        BOOST_REQUIRE_MESSAGE(got.status == 200 || got.status == 201, got.status << ' ' << got.text);
        return got.object();
    }
    std::string id(const answer& got) { return text(made(got), "id"); }
    std::string user()
    {
        return id(http.post(
            "/users", {{"email_address", {"ada@b.co"}}, {"first_name", "Ada"}, {"public_metadata", {{"team", 7}}}}));
    }
    std::string token(const std::string& session, const std::string& form = {},
                      const json::value& body = json::object())
    {
        return text(made(http.post("/sessions/" + session + "/tokens" + form, body)), "jwt");
    }
    json::object keys() { return made(http.get("/jwks")); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(clerk_tokens, fixture)

BOOST_AUTO_TEST_CASE(a_session_token_is_signed_and_says_who_is_signed_in)
{
    const auto ada = user();
    const auto session = id(http.post("/sessions", {{"user_id", ada}}));
    const auto jwt = token(session);
    BOOST_TEST(verified(jwt, keys()));
    BOOST_TEST(verified(jwt, sandbox.jwt_key()));
    const auto head = header_of(jwt), claims = claims_of(jwt);
    BOOST_TEST(text(head, "alg") == "RS256");
    BOOST_TEST(text(head, "cat") == "cl_B7d4PD111AAA");
    BOOST_TEST(text(claims, "sub") == ada);
    BOOST_TEST(text(claims, "sid") == session);
    BOOST_TEST(text(claims, "iss") == sandbox.origin());
    BOOST_TEST(claims.at("v").as_int64() == 2);
    BOOST_TEST(claims.at("exp").as_int64() - claims.at("iat").as_int64() == 60);
    BOOST_TEST(claims.at("fva").as_array().size() == 2u);
    for (const auto* name : {"azp", "nbf", "jti", "sts", "pla", "fea"})
        BOOST_TEST(claims.contains(name), name);
    const auto longer = claims_of(token(session, {}, {{"expires_in_seconds", 600}}));
    BOOST_TEST(longer.at("exp").as_int64() - longer.at("iat").as_int64() == 600);
    BOOST_TEST(http.send("POST", "/sessions/" + session + "/revoke").status == 200);
    BOOST_TEST(http.send("POST", "/sessions/" + session + "/tokens").status == 401);
}

BOOST_AUTO_TEST_CASE(a_session_in_an_organization_carries_role_and_permissions_as_masks)
{
    const auto ada = user();
    const auto home = id(http.post("/organizations", {{"name", "Acme"}, {"slug", "acme"}}));
    const auto role = id(http.post("/organization_roles", {{"name", "Editor"}, {"key", "org:editor"}}));
    for (const auto* key : {"org:docs:read", "org:docs:write", "org:bills:read"}) {
        const auto permission = id(http.post("/organization_permissions", {{"name", key}, {"key", key}}));
        BOOST_TEST(http.send("POST", "/organization_roles/" + role + "/permissions/" + permission).status == 200);
    }
    made(http.post("/organizations/" + home + "/memberships", {{"user_id", ada}, {"role", "org:editor"}}));
    const auto session = id(http.post("/sessions", {{"user_id", ada}, {"active_organization_id", home}}));
    const auto claims = claims_of(token(session));
    const auto& o = claims.at("o").as_object();
    BOOST_TEST(text(o, "id") == home);
    BOOST_TEST(text(o, "slg") == "acme");
    BOOST_TEST(text(o, "rol") == "editor");
    BOOST_TEST(text(claims, "fea") == "o:bills,o:docs");
    BOOST_TEST(text(o, "per") == "read,write");
    BOOST_TEST(text(o, "fpm") == "1,3");
}

BOOST_AUTO_TEST_CASE(a_template_decides_what_its_token_says)
{
    const auto ada = user();
    const auto session = id(http.post("/sessions", {{"user_id", ada}}));
    made(http.post("/jwt_templates", {{"name", "hasura"},
                                      {"lifetime", 90},
                                      {"claims",
                                       {{"aud", "api"},
                                        {"who", "{{user.first_name}} <{{user.primary_email_address}}>"},
                                        {"team", "{{user.public_metadata.team}}"},
                                        {"none", "{{user.no.such}}"}}}}));
    const auto jwt = token(session, "/hasura");
    const auto claims = claims_of(jwt);
    BOOST_TEST(verified(jwt, keys()));
    BOOST_TEST(text(header_of(jwt), "cat") == "cl_B7d4PD222AAA");
    BOOST_TEST(text(claims, "aud") == "api");
    BOOST_TEST(text(claims, "who") == "Ada <ada@b.co>");
    BOOST_TEST(claims.at("team").as_int64() == 7);
    BOOST_TEST(claims.at("none").is_null());
    BOOST_TEST(claims.at("exp").as_int64() - claims.at("iat").as_int64() == 90);
    BOOST_TEST(!claims.contains("v"));
    BOOST_TEST(http.send("POST", "/sessions/" + session + "/tokens/other").status == 404);
}

BOOST_AUTO_TEST_CASE(any_token_can_be_minted)
{
    const auto plain = sandbox.session_token("{\"sub\":\"user_1\",\"azp\":null}");
    BOOST_TEST(verified(plain, keys()));
    BOOST_TEST(text(claims_of(plain), "sub") == "user_1");
    BOOST_TEST(claims_of(plain).at("azp").is_null());
    const auto exact = sandbox.mint("{\"a\":1}", "{\"cat\":\"x\",\"typ\":\"at+jwt\"}");
    BOOST_TEST(claims_of(exact) == (json::object{{"a", 1}}));
    BOOST_TEST(text(header_of(exact), "typ") == "at+jwt");
    BOOST_CHECK_THROW((void)sandbox.mint("[]"), std::invalid_argument);
    client anybody(sandbox);
    anybody.raw("GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(verified(plain, anybody.receive().object()));
}

BOOST_AUTO_TEST_CASE(tokens_of_machines_are_made_verified_listed_and_revoked)
{
    const auto target = id(http.post("/machines", {{"name", "target"}}));
    const auto caller =
        made(http.post("/machines", {{"name", "caller"}, {"scoped_machines", json::array{json::value(target)}}}));
    const auto caller_id = text(caller, "id");
    client machine(sandbox, text(caller, "secret_key"));
    client receiver(sandbox, text(made(http.get("/machines/" + target + "/secret_key")), "secret"));
    BOOST_TEST(http.post("/m2m_tokens", json::object()).status == 401);
    const auto issued = made(machine.post("/m2m_tokens", {{"seconds_until_expiration", 60}, {"claims", {{"a", 1}}}}));
    BOOST_TEST(text(issued, "token").starts_with("mt_"));
    BOOST_TEST(text(issued, "subject") == caller_id);
    BOOST_TEST(issued.at("scopes").as_array().size() == 1u);
    const json::value body{{"token", text(issued, "token")}};
    for (auto* who : {&http, &machine, &receiver})
        BOOST_TEST(made(who->post("/m2m_tokens/verify", body)).at("id") == issued.at("id"));
    client stranger(sandbox, text(made(http.post("/machines", {{"name", "stranger"}})), "secret_key"));
    BOOST_TEST(stranger.post("/m2m_tokens/verify", body).status == 404);
    BOOST_TEST(http.post("/m2m_tokens/verify", {{"token", "mt_unknown"}}).status == 404);
    BOOST_TEST(made(machine.get("/m2m_tokens?subject=" + caller_id)).at("total_count").as_int64() == 1);
    BOOST_TEST(machine.get("/m2m_tokens?subject=" + target).status == 403);
    const auto revoked =
        made(machine.post("/m2m_tokens/" + text(issued, "id") + "/revoke", {{"revocation_reason", "r"}}));
    BOOST_TEST(revoked.at("revoked").as_bool());
    BOOST_TEST(made(http.post("/m2m_tokens/verify", body)).at("revoked").as_bool());
    BOOST_TEST(made(http.get("/m2m_tokens?subject=" + caller_id)).at("total_count").as_int64() == 0);
    BOOST_TEST(made(http.get("/m2m_tokens?revoked=true&subject=" + caller_id)).at("total_count").as_int64() == 1);
    const auto jwt = sandbox.mint("{\"sub\":\"" + caller_id + "\",\"exp\":9999999999,\"iat\":1}");
    BOOST_TEST(text(made(http.post("/m2m_tokens/verify", {{"token", jwt}})), "subject") == caller_id);

    const auto rotated = made(http.post("/machines/" + caller_id + "/secret_key/rotate", {{"previous_token_ttl", 0}}));
    client again(sandbox, text(rotated, "secret"));
    BOOST_TEST(text(made(again.post("/m2m_tokens", json::object())), "subject") == caller_id);
    BOOST_TEST(made(http.get("/machines/" + caller_id)).at("scoped_machines").as_array().size() == 1u);
    BOOST_TEST(made(http.remove("/machines/" + caller_id + "/scopes/" + target)).at("deleted").as_bool());
    BOOST_TEST(http.remove("/machines/" + caller_id + "/scopes/" + target).status == 404);
}

BOOST_AUTO_TEST_CASE(api_keys_are_verified_by_their_secret)
{
    const std::string subject = "user_" + std::string(27, 'a');
    const auto key =
        made(http.post("/api_keys", {{"name", "key"}, {"subject", subject}, {"scopes", json::array{"read"}}}));
    const json::value secret{{"secret", text(key, "secret")}};
    BOOST_TEST(text(made(http.post("/api_keys/verify", secret)), "id") == text(key, "id"));
    BOOST_TEST(http.get("/api_keys/" + text(key, "id")).text.find(text(key, "secret")) == std::string::npos);
    BOOST_TEST(text(made(http.get("/api_keys/" + text(key, "id") + "/secret")), "secret") == text(key, "secret"));
    BOOST_TEST(http.post("/api_keys/verify", {{"secret", "ak_unknown"}}).status == 404);
    BOOST_TEST(made(http.get("/api_keys?subject=" + subject)).at("total_count").as_int64() == 1);
    BOOST_TEST(made(http.post("/api_keys/" + text(key, "id") + "/revoke", json::object())).at("revoked").as_bool());
    BOOST_TEST(made(http.get("/api_keys?subject=" + subject)).at("total_count").as_int64() == 0);
    BOOST_TEST(made(http.post("/api_keys/verify", secret)).at("revoked").as_bool());
    BOOST_TEST(made(http.remove("/api_keys/" + text(key, "id"))).at("deleted").as_bool());
    BOOST_TEST(http.post("/api_keys/verify", secret).status == 404);
}

BOOST_AUTO_TEST_CASE(oauth_tokens_that_are_known_are_verified)
{
    const auto opaque = sandbox.oauth_token("{\"subject\":\"user_1\",\"expiration\":1}");
    BOOST_TEST(opaque.starts_with("oat_"));
    const auto got = made(http.post("/oauth_applications/access_tokens/verify", {{"access_token", opaque}}));
    BOOST_TEST(text(got, "subject") == "user_1");
    BOOST_TEST(got.at("expired").as_bool());
    BOOST_TEST(http.post("/oauth_applications/access_tokens/verify", {{"access_token", "oat_x"}}).status == 404);
    const auto verify = [&](const char* exp) {
        return made(
            http.post("/oauth_applications/access_tokens/verify",
                      {{"access_token",
                        sandbox.mint(std::string("{\"sub\":\"user_2\",\"scope\":\"a b\",\"client_id\":\"c\",\"exp\":") +
                                         exp + "}",
                                     "{\"typ\":\"at+jwt\"}")}}));
    };
    BOOST_TEST(verify("9999999999").at("scopes").as_array().size() == 2u);
    BOOST_TEST(!verify("1").at("active").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
