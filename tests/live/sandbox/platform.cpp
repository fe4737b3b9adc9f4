#include "tour.hpp"

#include <boost/test/unit_test.hpp>

// The Platform API: applications with their instances, domains, transfers and configuration.

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct fixture {
    fixture() : sandbox(both()), http(sandbox, "ak_workspace") { tour::of("clerk-platform").watch(http); }
    static options both()
    {
        options o;
        o.services = {service::clerk, service::clerk_platform};
        return o;
    }
    server sandbox;
    client http;
    const std::string all = "/platform/applications";

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
    json::object application(const json::value& more = json::object())
    {
        json::object body{{"name", "App"}};
        for (const auto& [name, value] : more.as_object())
            body[name] = value;
        return made(http.post(all, body));
    }
    std::string path_of(const json::object& application) { return all + "/" + text(application, "application_id"); }
};

const json::value two{{"environment_types", {"development", "production"}}, {"domain", "acme.com"}};

} // namespace

BOOST_FIXTURE_TEST_SUITE(platform, fixture)

BOOST_AUTO_TEST_CASE(an_application_is_created_found_renamed_and_deleted)
{
    const auto app = application(two);
    const auto path = path_of(app);
    BOOST_TEST(app.at("instances").as_array().size() == 2u);
    const auto plain = made(http.get(path));
    BOOST_TEST(!plain.at("instances").as_array()[0].as_object().contains("secret_key"));
    const auto whole = made(http.get(path + "?include_secret_keys=true"));
    BOOST_TEST(text(whole.at("instances").as_array()[1].as_object(), "secret_key").starts_with("sk_live_"));
    BOOST_TEST(text(made(http.patch(path, {{"name", "Other"}})), "name") == "Other");
    BOOST_TEST(http.get(all).body().as_array().size() == 1u);
    BOOST_TEST(http.post(all, {{"name", ""}}).status == 422);
    BOOST_TEST(http.post(all, {{"name", "a"}, {"environment_types", json::array{"moon"}}}).parameter() ==
               "environment_types");
    BOOST_TEST(made(http.remove(path)).at("deleted").as_bool());
    BOOST_TEST(http.get(path).status == 404);
    BOOST_TEST(made(http.get("/platform/domains")).at("total_count").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(an_image_is_taken_as_a_file_or_as_bytes)
{
    const auto path = path_of(application());
    for (const auto* which : {"/logo", "/favicon"}) {
        const auto form = multipart("b", "file", "bytes");
        BOOST_TEST(
            http.send("POST", path + which, form, {{"Content-Type", "multipart/form-data; boundary=b"}}).status == 200);
        BOOST_TEST(http.send("POST", path + which, "bytes", {{"Content-Type", "application/octet-stream"}}).status ==
                   200);
        BOOST_TEST(http.send("POST", path + which, "bytes", {{"Content-Type", "text/plain"}}).status == 415);
        BOOST_TEST(http.send("POST", path + which, "", {{"Content-Type", "application/octet-stream"}}).status == 422);
        BOOST_TEST(http.remove(path + which).status == 200);
    }
    BOOST_TEST(http.remove(all + "/app_1/logo").status == 404);
}

BOOST_AUTO_TEST_CASE(users_of_an_instance_are_those_of_its_key)
{
    const auto app = application(two);
    const auto path = path_of(app);
    client backend(sandbox, text(app.at("instances").as_array()[1].as_object(), "secret_key"));
    const auto ada = text(made(backend.post("/users", {{"email_address", {"ada@a.co"}}})), "id");
    backend.post("/users", {{"email_address", {"bob@a.co"}}});
    made(backend.post("/sessions", {{"user_id", ada}}));
    const auto users = path + "/instances/production/users";
    BOOST_TEST(made(http.get(users)).at("total_count").as_int64() == 2);
    BOOST_TEST(made(http.get(users + "?query=ada&limit=1")).at("data").as_array().size() == 1u);
    BOOST_TEST(made(http.get(path + "/instances/development/users")).at("total_count").as_int64() == 0);
    BOOST_TEST(made(http.send("POST", users + "/" + ada + "/ban")).at("banned").as_bool());
    BOOST_TEST(made(backend.get("/users/" + ada)).at("banned").as_bool());
    BOOST_TEST(backend.get("/sessions?status=active&user_id=" + ada).body().as_array().empty());
    BOOST_TEST(!made(http.send("POST", users + "/" + ada + "/unban")).at("banned").as_bool());
    BOOST_TEST(made(http.remove(users + "/" + ada)).at("deleted").as_bool());
    BOOST_TEST(http.remove(users + "/" + ada).status == 404);
    BOOST_TEST(backend.get("/users/" + ada).status == 404);
    BOOST_TEST(http.get(path + "/instances/ins_1/users").status == 404);
    const auto usage = made(http.get(path + "/instances/production/usage?start=2025-01-01&end=2025-01-31"));
    BOOST_TEST(usage.at("mau").as_object().at("total_usage").as_int64() == 1);
    BOOST_TEST(http.get(path + "/instances/production/usage?start=2025-01-01").status == 422);
}

BOOST_AUTO_TEST_CASE(templates_and_redirect_urls_are_kept_by_the_instance)
{
    const auto app = application();
    const auto path = path_of(app) + "/instances/development";
    client backend(sandbox, text(app.at("instances").as_array()[0].as_object(), "secret_key"));
    const auto mine = made(http.post(path + "/jwt_templates", {{"name", "mine"}, {"claims", {{"a", 1}}}}));
    const auto id = text(mine, "id");
    BOOST_TEST(made(backend.get("/jwt_templates/" + id)).at("name").as_string() == "mine");
    BOOST_TEST(http.post(path + "/jwt_templates", {{"name", "mine"}, {"claims", json::object()}}).code() ==
               "form_identifier_exists");
    const auto changed =
        made(http.patch(path + "/jwt_templates/" + id, {{"name", "other"}, {"claims", {{"b", 2}}}, {"lifetime", 90}}));
    BOOST_TEST(changed.at("lifetime").as_int64() == 90);
    BOOST_TEST(made(http.get(path + "/jwt_templates/" + id)) == changed);
    BOOST_TEST(http.get(path + "/jwt_templates").body().as_array().size() == 1u);
    BOOST_TEST(made(http.remove(path + "/jwt_templates/" + id)).at("deleted").as_bool());
    BOOST_TEST(http.get(path + "/jwt_templates/" + id).status == 404);

    const auto url = text(made(http.post(path + "/redirect_urls", {{"url", "https://a.co/b"}})), "id");
    BOOST_TEST(http.post(path + "/redirect_urls", {{"url", "https://a.co/b"}}).status == 400);
    BOOST_TEST(made(http.get(path + "/redirect_urls")).at("total_count").as_int64() == 1);
    BOOST_TEST(text(made(http.get(path + "/redirect_urls/" + url)), "url") == "https://a.co/b");
    BOOST_TEST(made(http.remove(path + "/redirect_urls/" + url)).at("deleted").as_bool());
    BOOST_TEST(http.remove(path + "/redirect_urls/" + url).status == 404);
}

BOOST_AUTO_TEST_CASE(domains_are_added_checked_listed_and_removed)
{
    const auto path = path_of(application(two));
    const auto mine = made(http.post(path + "/domains", {{"name", "app.other.com"}}));
    BOOST_TEST(mine.at("is_provider_domain").as_bool());
    BOOST_TEST(http.post(path + "/domains", {{"name", "app.other.com"}}).status == 409);
    BOOST_TEST(http.post(path + "/domains", {{"name", "nothing"}}).status == 422);
    BOOST_TEST(made(http.get(path + "/domains/app.other.com")).at("id") == mine.at("id"));
    BOOST_TEST(made(http.get(path + "/domains")).at("total_count").as_int64() == 2);
    BOOST_TEST(text(made(http.get(path + "/domains/acme.com/status")), "status") == "incomplete");
    BOOST_TEST(made(http.send("POST", path + "/domains/acme.com/dns_check")).contains("domain_id"));
    BOOST_TEST(http.send("POST", path + "/domains/acme.com/dns_check").status == 409);
    BOOST_TEST(text(made(http.patch(path + "/domain", {{"name", "new.com"}})), "name") == "new.com");
    BOOST_TEST(http.get("/platform/domains/acme.com").status == 404);
    BOOST_TEST(made(http.get("/platform/domains/new.com")).contains("application"));
    const auto page = made(http.get("/platform/domains?limit=1"));
    const auto first = text(page.at("data").as_array().at(0).as_object(), "id");
    BOOST_TEST(first == text(mine, "id")); // the newest
    const auto next = made(http.get("/platform/domains?limit=1&starting_after=" + first));
    const auto second = text(next.at("data").as_array().at(0).as_object(), "id");
    BOOST_TEST(made(http.get("/platform/domains?ending_before=" + second)).at("data").as_array().size() == 1u);
    BOOST_TEST(http.get("/platform/domains?starting_after=dmn_1").status == 422);
    BOOST_TEST(http.remove(path + "/domains/new.com").status == 422);
    BOOST_TEST(made(http.remove(path + "/domains/" + first)).at("deleted").as_bool());
    BOOST_TEST(http.get(path + "/domains/" + first).status == 404);
}

BOOST_AUTO_TEST_CASE(one_transfer_at_a_time_is_pending)
{
    const auto path = path_of(application()) + "/transfers";
    const auto first = made(http.send("POST", path));
    BOOST_TEST(http.send("POST", path).status == 409);
    BOOST_TEST(made(http.get(path + "/" + text(first, "id"))) == first);
    BOOST_TEST(text(made(http.remove(path + "/" + text(first, "id"))), "status") == "canceled");
    BOOST_TEST(http.remove(path + "/" + text(first, "id")).status == 409);
    made(http.send("POST", path));
    BOOST_TEST(made(http.get("/platform/application_transfers")).at("total_count").as_int64() == 2);
    BOOST_TEST(made(http.get("/platform/application_transfers?status=pending")).at("total_count").as_int64() == 1);
    BOOST_TEST(http.get(path + "/appt_1").status == 404);
}

BOOST_AUTO_TEST_CASE(a_configuration_changes_under_its_version)
{
    const auto path = path_of(application()) + "/instances/development/config";
    const auto before = made(http.get(path));
    const auto version = text(before, "config_version");
    const auto patch = [&](const char* method, const json::value& body, const std::string& tag,
                           const char* query = "") {
        client::fields more;
        if (!tag.empty())
            more.emplace_back("If-Match", tag);
        return http.send(method, path + query, json::serialize(body), more);
    };
    const json::value change{{"session", {{"lifetime_seconds", 60}}}};
    const auto dry = made(patch("PATCH", change, version, "?dry_run=true"));
    BOOST_TEST(dry.at("dry_run").as_bool());
    BOOST_TEST(text(dry, "config_version") == version);
    BOOST_TEST(made(http.get(path)) == before);

    const auto done = made(patch("PATCH", change, "\"" + version + "\""));
    BOOST_TEST(text(done, "config_version") != version);
    BOOST_TEST(done.at("before").as_object().size() == 1u);
    const auto& session = done.at("after").as_object().at("session").as_object();
    BOOST_TEST(session.at("lifetime_seconds").as_int64() == 60);
    BOOST_TEST(session.contains("inactivity_timeout_seconds"));
    BOOST_TEST(patch("PATCH", change, version).status == 409);
    BOOST_TEST(patch("PATCH", {{"session", nullptr}}, {}).status == 422);
    BOOST_TEST(patch("PATCH", {{"session", nullptr}}, {}, "?destructive=true").status == 200);
    BOOST_TEST(!made(http.get(path)).contains("session"));
    BOOST_TEST(patch("PUT", change, {}).status == 400);
    auto whole = made(http.get(path + "?keys=auth_email&keys=auth_password&keys=organizations"));
    whole.erase("config_version");
    BOOST_TEST(patch("PUT", whole, {}).status == 200);
    BOOST_TEST(made(http.get(path + "/schema?keys=auth_email")).at("properties").as_object().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_claim_token_is_good_once)
{
    const json::value body{{"token", "t1"}, {"name", "Mine"}};
    BOOST_TEST(text(made(http.post("/platform/accountless_applications/claim", body)), "name") == "Mine");
    BOOST_TEST(http.post("/platform/accountless_applications/claim", body).status == 404);
    http.credentials.clear();
    BOOST_TEST(http.get(all).status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
