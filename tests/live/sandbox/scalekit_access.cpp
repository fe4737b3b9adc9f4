#include "client.hpp"
#include "jwt.hpp"
#include "scalekit_fixture.hpp"

#include <boost/test/unit_test.hpp>

// Roles and permissions, clients, connections, directories, and connected accounts of Scalekit.

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct access_fixture : scalekit_fixture {
    std::vector<std::string> names(const answer& got, const char* member)
    {
        BOOST_REQUIRE_MESSAGE(got.status == 200 || got.status == 201, got.text);
        std::vector<std::string> out;
        const auto body = got.object();
        for (const auto& one : body.at(member).as_array())
            out.push_back(text(one.as_object(), "name"));
        return out;
    }
    void permission(const char* name)
    {
        inside(http.post(api + "/permissions", {{"name", name}, {"description", "d"}}), "permission");
    }
    using list = std::vector<std::string>;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(scalekit_access, access_fixture)

BOOST_AUTO_TEST_CASE(permissions_are_created_listed_changed_and_deleted)
{
    permission("read:docs");
    permission("write:docs");
    refused(http.post(api + "/permissions", {{"name", "read:docs"}}), 409, 6);
    refused(http.post(api + "/permissions", {{"name", "no spaces"}}), 400, 3, "name");
    BOOST_TEST(names(http.get(api + "/permissions"), "permissions") == (list{"read:docs", "write:docs"}));
    const auto changed = http.put(api + "/permissions/read:docs", {{"name", "read:docs"}, {"description", "other"}});
    BOOST_TEST(text(inside(changed, "permission"), "description") == "other");
    BOOST_TEST(text(inside(http.get(api + "/permissions/read:docs"), "permission"), "description") == "other");
    BOOST_TEST(http.remove(api + "/permissions/read:docs").status == 200);
    refused(http.get(api + "/permissions/read:docs"), 404, 5);
}

BOOST_AUTO_TEST_CASE(roles_give_their_own_and_inherited_permissions)
{
    permission("read:docs");
    permission("write:docs");
    BOOST_TEST(names(http.get(api + "/roles"), "roles") == (list{"admin", "member"}));
    inside(http.post(api + "/roles", {{"name", "reader"}, {"permissions", {"read:docs"}}}), "role");
    inside(http.post(api + "/roles",
                     {{"name", "writer"}, {"extends", "reader"}, {"permissions", json::array{"write:docs"}}}),
           "role");
    refused(http.post(api + "/roles", {{"name", "x"}, {"permissions", json::array{"fly"}}}), 400, 3, "permissions");
    refused(http.post(api + "/roles", {{"name", "x"}, {"extends", "nobody"}}), 400, 3, "extends");
    refused(http.put(api + "/roles/reader", {{"extends", "writer"}}), 400, 3, "extends");
    BOOST_TEST(names(http.get(api + "/roles/writer/permissions"), "permissions") == list{"write:docs"});
    BOOST_TEST(names(http.get(api + "/roles/writer/permissions:all"), "permissions") ==
               (list{"write:docs", "read:docs"}));
    BOOST_TEST(names(http.get(api + "/roles/reader/dependents"), "roles") == list{"writer"});
    const auto shown = inside(http.get(api + "/roles/writer?include=permissions:all"), "role");
    BOOST_TEST(shown.at("permissions").as_array().size() == 2u);
    BOOST_TEST(!inside(http.get(api + "/roles/writer"), "role").contains("permissions"));

    const auto home = text(organization({{"display_name", "A"}}), "id");
    const auto id = text(user(home, {{"email", "a@b.co"}, {"membership", {{"roles", {{{"name", "writer"}}}}}}}), "id");
    const auto mine = api + "/organizations/" + home + "/users/" + id;
    BOOST_TEST(names(http.get(mine + "/permissions"), "permissions") == (list{"read:docs", "write:docs"}));
    BOOST_TEST(text(http.get(api + "/roles/writer/users:count").object(), "count") == "1");
    BOOST_TEST(http.remove(api + "/roles/writer/base").status == 200);
    BOOST_TEST(names(http.get(mine + "/permissions"), "permissions") == list{"write:docs"});
    BOOST_TEST(names(http.post(api + "/roles/writer/permissions", {{"permission_names", json::array{"read:docs"}}}),
                     "permissions") == (list{"write:docs", "read:docs"}));
    BOOST_TEST(http.remove(api + "/roles/writer/permissions/write:docs").status == 200);
    refused(http.remove(api + "/roles/writer/permissions/write:docs"), 404, 5);
    BOOST_TEST(names(http.get(mine + "/permissions"), "permissions") == list{"read:docs"});
    BOOST_TEST(http.remove(api + "/permissions/read:docs").status == 200);
    BOOST_TEST(names(http.get(mine + "/permissions"), "permissions").empty());
}

BOOST_AUTO_TEST_CASE(a_role_that_is_held_goes_only_with_a_successor)
{
    const auto home = text(organization({{"display_name", "A"}}), "id");
    inside(http.post(api + "/roles", {{"name", "editor"}}), "role");
    const auto changed = inside(http.put(api + "/roles/editor", {{"display_name", "Ed"}}), "role");
    BOOST_TEST(text(changed, "display_name") == "Ed");
    const auto id = text(user(home, {{"email", "a@b.co"}, {"membership", {{"roles", {{{"name", "editor"}}}}}}}), "id");
    refused(http.remove(api + "/roles/editor"), 400, 3);
    BOOST_TEST(http.remove(api + "/roles/editor?reassign_role_name=admin").status == 200);
    BOOST_TEST(names(http.get(api + "/organizations/" + home + "/users/" + id + "/roles"), "roles") == list{"admin"});
    refused(http.get(api + "/roles/editor"), 404, 5);
}

BOOST_AUTO_TEST_CASE(defaults_decide_which_role_a_new_member_gets)
{
    const auto home = text(organization({{"display_name", "A"}}), "id");
    inside(http.post(api + "/roles", {{"name", "guest"}}), "role");
    const auto set = http.patch(api + "/roles:set_defaults", {{"default_member_role", "guest"}}).object();
    BOOST_TEST(text(set.at("default_member").as_object(), "name") == "guest");
    BOOST_TEST(text(set.at("default_creator").as_object(), "name") == "admin");
    const auto role_of = [&](const json::object& u) {
        return text(u.at("memberships").as_array()[0].as_object().at("roles").as_array().at(0).as_object(), "name");
    };
    BOOST_TEST(role_of(user(home, {{"email", "a@b.co"}})) == "guest");
    BOOST_TEST(http.patch(api + "/roles/default", {{"default_member_role", "member"}}).status == 200);
    const auto own = api + "/organizations/" + home + "/roles";
    BOOST_TEST(inside(http.post(own, {{"name", "local"}}), "role").at("is_org_role").as_bool());
    BOOST_TEST(names(http.get(own), "roles") == (list{"admin", "member", "guest", "local"}));
    BOOST_TEST(http.patch(own + ":set_defaults", {{"default_member_role", "local"}}).status == 200);
    BOOST_TEST(role_of(user(home, {{"email", "b@b.co"}})) == "local");
    BOOST_TEST(text(inside(http.put(own + "/local", {{"display_name", "L"}}), "role"), "display_name") == "L");
    BOOST_TEST(text(inside(http.get(own + "/local"), "role"), "display_name") == "L");
    refused(http.get(api + "/roles/local"), 404, 5);
    BOOST_TEST(http.remove(own + "/local?reassign_role_name=member").status == 200);
}

BOOST_AUTO_TEST_CASE(a_client_of_an_organization_gets_tokens_with_its_secrets_and_may_not_manage)
{
    const auto path = api + "/organizations/" + text(organization({{"display_name", "A"}}), "id") + "/clients";
    const auto made = http.post(path, {{"name", "CI"},
                                       {"scopes", json::array{"deploy"}},
                                       {"expiry", "60"},
                                       {"custom_claims", {{{"key", "env"}, {"value", "prod"}}}}});
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.text);
    const auto id = text(made.object().at("client").as_object(), "client_id"),
               secret = text(made.object(), "plain_secret");
    BOOST_TEST(http.get(path + "/" + id).text.find(secret) == std::string::npos);
    const auto token = [&](const std::string& with) {
        return http.send("POST", "/oauth/token",
                         "grant_type=client_credentials&client_id=" + id + "&client_secret=" + with,
                         {{"Content-Type", "application/x-www-form-urlencoded"}});
    };
    http.credentials.clear();
    const auto got = token(secret);
    BOOST_REQUIRE_MESSAGE(got.status == 200, got.text);
    const auto claims = claims_of(text(got.object(), "access_token"));
    BOOST_TEST(text(claims, "env") == "prod");
    BOOST_TEST(claims.at("exp").as_int64() - claims.at("iat").as_int64() == 60);
    BOOST_TEST(claims.at("scopes").as_array()[0].as_string() == "deploy");
    BOOST_TEST(token("wrong").status == 401);
    http.credentials = "Bearer " + text(got.object(), "access_token");
    refused(http.get(api + "/organizations"), 403, 7);
    http.credentials = "Bearer opaque";

    const auto second = http.send("POST", path + "/" + id + "/secrets").object();
    const auto old_id = text(made.object().at("client").as_object().at("secrets").as_array()[0].as_object(), "id");
    BOOST_TEST(http.remove(path + "/" + id + "/secrets/" + old_id).status == 200);
    refused(http.remove(path + "/" + id + "/secrets/" + old_id), 404, 5);
    BOOST_TEST(text(inside(http.patch(path + "/" + id, {{"name", "CD"}}), "client"), "name") == "CD");
    BOOST_TEST(http.get(path).object().at("total_size").as_int64() == 1);
    http.credentials.clear();
    BOOST_TEST(token(secret).status == 401);
    BOOST_TEST(token(text(second, "plain_secret")).status == 200);
    http.credentials = "Bearer opaque";
    BOOST_TEST(http.remove(path + "/" + id).status == 200);
    refused(http.get(path + "/" + id), 404, 5);
}

BOOST_AUTO_TEST_CASE(connections_and_directories_are_there_and_can_be_turned_off)
{
    const auto home = text(organization({{"display_name", "A"}}), "id");
    const auto path = api + "/organizations/" + home;
    const auto all = http.get(api + "/connections?organization_id=" + home).object().at("connections").as_array();
    BOOST_REQUIRE(all.size() == 1u);
    const auto id = text(all[0].as_object(), "id");
    BOOST_TEST(inside(http.get(path + "/connections/" + id), "connection").at("enabled").as_bool());
    BOOST_TEST(!http.send("PATCH", path + "/connections/" + id + ":disable").object().at("enabled").as_bool());
    BOOST_TEST(http.get(api + "/connections").object().at("connections").as_array().empty());
    BOOST_TEST(http.get(api + "/connections?include=all").object().at("connections").as_array().size() == 1u);
    BOOST_TEST(http.send("PATCH", path + "/connections/" + id + ":enable").object().at("enabled").as_bool());
    BOOST_TEST(http.remove(path + "/connections/" + id).status == 200);
    refused(http.get(path + "/connections/" + id), 404, 5);

    const auto directory =
        text(http.get(path + "/directories").object().at("directories").as_array().at(0).as_object(), "id");
    const auto below = path + "/directories/" + directory;
    BOOST_TEST(text(inside(http.get(below), "directory"), "organization_id") == home);
    const auto groups = http.get(below + "/groups").object();
    BOOST_TEST(groups.at("total_size").as_int64() == 2);
    const auto admins = text(groups.at("groups").as_array()[0].as_object(), "id");
    BOOST_TEST(http.get(below + "/users").object().at("total_size").as_int64() == 3);
    BOOST_TEST(http.get(below + "/users?directory_group_id=" + admins).object().at("total_size").as_int64() == 1);
    BOOST_TEST(http.get(below + "/users?include_detail=true").text.find("user_detail") != std::string::npos);
    BOOST_TEST(!http.send("PATCH", below + ":disable").object().at("enabled").as_bool());
    BOOST_TEST(!inside(http.get(below), "directory").at("enabled").as_bool());
    BOOST_TEST(http.send("PATCH", below + ":enable").status == 200);
    refused(http.get(path + "/directories/dir_1/users"), 404, 5);
}

BOOST_AUTO_TEST_CASE(connected_accounts_are_made_found_authorized_used_and_deleted)
{
    const auto path = api + "/connected_accounts";
    const json::value named{{"connector", "notion"}, {"identifier", "a@b.co"}, {"organization_id", "org_1"}};
    const auto made = inside(http.post(path, named), "connected_account");
    const auto id = text(made, "id");
    BOOST_TEST(text(made, "status") == "PENDING_AUTH");
    refused(http.post(path, named), 409, 6);
    refused(http.post(path, {{"connector", "notion"}}), 400, 3, "identifier");
    refused(http.post(api + "/execute_tool", {{"tool_name", "t"}, {"connected_account_id", id}}), 400, 3);

    const auto link =
        http.post(path + "/magic_link", {{"id", id}, {"user_verify_url", "https://a.co/v"}, {"state", "s"}}).object();
    const auto request = text(link, "link").substr(text(link, "link").rfind('/') + 1);
    refused(http.post(path + "/user/verify", {{"auth_request_id", request}, {"identifier", "other"}}), 403, 7);
    const auto verified =
        http.post(path + "/user/verify", {{"auth_request_id", request}, {"identifier", "a@b.co"}}).object();
    BOOST_TEST(text(verified, "post_user_verify_redirect_url") == "https://a.co/v?state=s");
    refused(http.post(path + "/user/verify", {{"auth_request_id", request}, {"identifier", "a@b.co"}}), 404, 5);

    const auto updated = inside(
        http.put(path,
                 {{"id", id},
                  {"connected_account", {{"authorization_details", {{"oauth_token", {{"access_token", "t"}}}}}}}}),
        "connected_account");
    BOOST_TEST(text(updated, "status") == "ACTIVE");
    BOOST_TEST(http.get(path + "/auth?connector=notion&identifier=a%40b.co").text.find("\"access_token\"") !=
               std::string::npos);
    const auto listed = http.get(path + "?connector=notion");
    BOOST_TEST(listed.object().at("total_size").as_int64() == 1);
    BOOST_TEST(listed.text.find("access_token") == std::string::npos);
    BOOST_TEST(http.get(path + ":search?query=NOTI").object().at("total_size").as_int64() == 1);
    refused(http.get(path + ":search?query=no"), 400, 3);
    const auto ran =
        http.post(api + "/execute_tool", {{"tool_name", "t"}, {"connected_account_id", id}, {"params", {{"a", 1}}}})
            .object();
    BOOST_TEST(ran.at("data").as_object().at("a").as_int64() == 1);
    BOOST_TEST(http.post(path + ":delete", {{"id", id}}).text == "{}");
    refused(http.post(path + ":delete", {{"id", id}}), 404, 5);
}

BOOST_AUTO_TEST_SUITE_END()
