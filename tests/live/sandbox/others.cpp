#include "client.hpp"

#include <boost/test/unit_test.hpp>

// Collections that have no rules of their own, and the other services.

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct fixture {
    fixture() : sandbox(options()), http(sandbox) {}

    server sandbox;
    client http;

    static std::string id(const json::object& of) { return std::string(of.at("id").as_string()); }
    json::object made(const answer& got)
    {
        BOOST_REQUIRE_MESSAGE(got.status == 200 || got.status == 201, got.text);
        return got.object();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(other_resources, fixture)

BOOST_AUTO_TEST_CASE(a_collection_creates_gets_lists_and_deletes)
{
    struct row {
        const char* path;
        json::value body;
        const char* prefix;
        bool wrapped;
        bool gets;
    };
    const row rows[] = {
        {"/redirect_urls", {{"url", "https://a.co/b"}}, "ru_", false, true},
        {"/jwt_templates", {{"name", "mine"}, {"claims", {{"a", 1}}}}, "jtmp_", false, true},
        {"/allowlist_identifiers", {{"identifier", "a@b.co"}}, "alid_", false, false},
        {"/blocklist_identifiers", {{"identifier", "a@b.co"}}, "blid_", true, false},
        {"/domains", {{"name", "a.co"}, {"is_satellite", true}}, "dmn_", true, false},
        {"/machines", {{"name", "m"}}, "mch_", true, true},
        {"/organization_roles", {{"name", "Editor"}, {"key", "org:editor"}}, "role_", true, true},
        {"/organization_permissions", {{"name", "Edit"}, {"key", "org:edit:x"}}, "perm_", true, true},
        {"/oauth_applications", {{"name", "app"}}, "oauthapp_", true, true},
        {"/saml_connections", {{"name", "s"}, {"provider", "saml_custom"}, {"domains", {"a.co"}}}, "", true, true},
    };
    for (const auto& one : rows) {
        BOOST_TEST_CONTEXT(one.path)
        {
            const std::string path = one.path;
            const auto count = [&] {
                const auto listed = http.get(path).body();
                return (one.wrapped ? listed.as_object().at("data").as_array() : listed.as_array()).size();
            };
            const auto before = count();
            BOOST_TEST(before == (path == "/organization_roles" ? 2u : 0u));
            const auto first = made(http.post(path, one.body));
            BOOST_TEST(id(first).starts_with(one.prefix), id(first));
            BOOST_TEST(count() == before + 1);
            if (one.gets)
                BOOST_TEST(made(http.get(path + "/" + id(first))).at("id") == first.at("id"));
            BOOST_TEST(made(http.remove(path + "/" + id(first))).at("deleted").as_bool());
            BOOST_TEST(http.remove(path + "/" + id(first)).status == 404);
            if (one.gets)
                BOOST_TEST(http.get(path + "/" + id(first)).status == 404);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_update_of_any_resource_keeps_the_rest)
{
    const auto template_id =
        id(made(http.post("/jwt_templates", {{"name", "mine"}, {"claims", {{"a", 1}}}, {"lifetime", 60}})));
    const auto changed = made(http.patch("/jwt_templates/" + template_id, {{"name", "other"}, {"claims", {{"b", 2}}}}));
    BOOST_TEST(changed.at("name").as_string() == "other");
    BOOST_TEST(changed.at("lifetime").as_int64() == 60);
    BOOST_TEST(made(http.get("/jwt_templates/" + template_id)) == changed);
    BOOST_TEST(http.patch("/jwt_templates/" + template_id, {{"name", "other"}}).code() == "form_param_missing");
}

BOOST_AUTO_TEST_CASE(a_duplicate_is_refused)
{
    http.post("/allowlist_identifiers", {{"identifier", "a@b.co"}});
    BOOST_TEST(http.post("/allowlist_identifiers", {{"identifier", "A@b.co"}}).code() == "duplicate_record");
    http.post("/waitlist_entries", {{"email_address", "a@b.co"}});
    BOOST_TEST(http.post("/waitlist_entries", {{"email_address", "a@b.co"}}).code() == "form_already_exists");
}

BOOST_AUTO_TEST_CASE(verbs_change_the_element_and_show_in_it)
{
    const auto entry = id(made(http.post("/waitlist_entries", {{"email_address", "a@b.co"}})));
    BOOST_TEST(made(http.send("POST", "/waitlist_entries/" + entry + "/reject")).at("status").as_string() ==
               "rejected");
    BOOST_TEST(made(http.get("/waitlist_entries")).at("data").as_array()[0].as_object().at("status").as_string() ==
               "rejected");

    const auto application = made(http.post("/oauth_applications", {{"name", "app"}}));
    const auto rotated = made(http.send("POST", "/oauth_applications/" + id(application) + "/rotate_secret"));
    BOOST_TEST(rotated.at("client_secret") != application.at("client_secret"));

    const auto role = id(made(http.post("/organization_roles", {{"name", "Editor"}, {"key", "org:editor"}})));
    const auto permission = id(made(http.post("/organization_permissions", {{"name", "Edit"}, {"key", "org:edit:x"}})));
    BOOST_TEST(made(http.send("POST", "/organization_roles/" + role + "/permissions/" + permission))
                   .at("permissions")
                   .as_array()
                   .size() == 1u);
    BOOST_TEST(made(http.get("/organization_roles/" + role)).at("permissions").as_array().size() == 1u);
    BOOST_TEST(made(http.remove("/organization_roles/" + role + "/permissions/" + permission))
                   .at("permissions")
                   .as_array()
                   .empty());
    BOOST_TEST(http.send("POST", "/organization_roles/" + role + "/permissions/perm_1").status == 404);
}

BOOST_AUTO_TEST_CASE(sessions_and_tokens_belong_to_users)
{
    const auto user = id(made(http.post("/users", {{"email_address", {"a@b.co"}}})));
    const auto session = made(http.post("/sessions", {{"user_id", user}}));
    BOOST_TEST(session.at("status").as_string() == "active");
    BOOST_TEST(http.get("/sessions?user_id=" + user).body().as_array().size() == 1u);
    BOOST_TEST(http.get("/sessions?user_id=user_1").body().as_array().empty());
    BOOST_TEST(!made(http.send("POST", "/sessions/" + id(session) + "/tokens")).at("jwt").as_string().empty());
    BOOST_TEST(http.send("POST", "/sessions/sess_1/tokens").status == 404);
    BOOST_TEST(made(http.send("POST", "/sessions/" + id(session) + "/revoke")).at("status").as_string() == "revoked");
    BOOST_TEST(http.get("/sessions?status=revoked").body().as_array().size() == 1u);
    BOOST_TEST(http.post("/sessions", {{"user_id", "user_1"}}).status == 404);
    const auto token = made(http.post("/sign_in_tokens", {{"user_id", user}}));
    BOOST_TEST(made(http.send("POST", "/sign_in_tokens/" + id(token) + "/revoke")).at("status").as_string() ==
               "revoked");
}

BOOST_AUTO_TEST_CASE(settings_there_is_one_of_are_kept)
{
    BOOST_TEST(made(http.patch("/instance/restrictions", {{"allowlist", true}})).at("allowlist").as_bool());
    BOOST_TEST(made(http.patch("/instance/restrictions", {{"blocklist", true}})).at("allowlist").as_bool());
    BOOST_TEST(made(http.patch("/instance/protect", {{"rules_enabled", true}})).at("rules_enabled").as_bool());
    BOOST_TEST(made(http.get("/instance/protect")).at("rules_enabled").as_bool());
    BOOST_TEST(http.patch("/instance", {{"test_mode", true}}).status == 204);
    BOOST_TEST(http.put("/templates/email/invitation", {{"name", "mine"}, {"subject", "Hi"}}).status == 200);
    BOOST_TEST(made(http.get("/templates/email/invitation")).at("subject").as_string() == "Hi");
}

BOOST_AUTO_TEST_CASE(tokens_between_machines_need_a_machine_s_key_to_be_made_only)
{
    BOOST_TEST(http.post("/m2m_tokens", json::object()).status == 401);
    client machine(sandbox, "ak_0123456789");
    const auto made_token = made(machine.post("/m2m_tokens", {{"seconds_until_expiration", 60}}));
    BOOST_TEST(made_token.at("expiration").as_int64() > 0);
    BOOST_TEST(machine.get("/users").status == 401);
    BOOST_TEST(http.post("/m2m_tokens/" + id(made_token) + "/revoke", json::object()).status == 200);
}

BOOST_AUTO_TEST_CASE(the_store_can_be_emptied)
{
    sandbox.add_users(3, "sk_test_key");
    BOOST_TEST(sandbox.count("users") == 3u);
    sandbox.clear();
    BOOST_TEST(sandbox.count("users") == 0u);
    BOOST_TEST(http.post("/users", {{"email_address", {"user-0@example.com"}}}).status == 200);
}

BOOST_AUTO_TEST_CASE(all_three_services_can_be_served_at_once)
{
    options how;
    how.services = {service::clerk, service::clerk_platform, service::scalekit};
    const server all(how);
    options named;
    set_option(named, "services", "all");
    BOOST_TEST((named.services == how.services));
    BOOST_TEST(all.url() == all.origin() + "/v1");
    BOOST_TEST(all.url(service::scalekit) == all.origin());
    client platform(all, "ak_workspace");
    BOOST_TEST(platform.get("/platform/applications").status == 200);
    BOOST_TEST(platform.get("/users").status == 401);
    client backend(all);
    BOOST_TEST(backend.get("/users").status == 200);
    backend.raw("GET /api/v1/organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer opaque\r\n\r\n");
    BOOST_TEST(backend.receive().status == 200);
    backend.raw("GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(backend.receive().object().at("code").as_int64() == 5);

    how.services = {service::scalekit};
    const server scalekit(how);
    client c(scalekit, "opaque");
    const auto organization = c.post("/api/v1/organizations", {{"display_name", "Acme"}});
    BOOST_TEST(organization.status == 201, organization.text);
    const auto refused = c.post("/api/v1/organizations", {{"display_name", 7}});
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.object().at("details").as_array().size() == 1u);
    c.credentials.clear();
    BOOST_TEST(c.get("/api/v1/organizations").object().at("code").as_int64() == 16);
}

BOOST_AUTO_TEST_SUITE_END()
