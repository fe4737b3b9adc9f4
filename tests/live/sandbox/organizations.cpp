#include "client.hpp"

#include <boost/test/unit_test.hpp>

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct fixture {
    fixture() : sandbox(options()), http(sandbox) {}

    server sandbox;
    client http;
    int users = 0;

    static std::string id(const json::object& of) { return std::string(of.at("id").as_string()); }
    json::object made(const answer& got)
    {
        BOOST_REQUIRE_MESSAGE(got.status == 200, got.text);
        return got.object();
    }
    std::string user(const std::string& email = {})
    {
        return id(made(http.post(
            "/users", {{"email_address", {email.empty() ? "u" + std::to_string(++users) + "@example.com" : email}},
                       {"first_name", "Ada"}})));
    }
    std::string organization(const std::string& name = "Acme")
    {
        return id(made(http.post("/organizations", {{"name", name}})));
    }
    std::int64_t total(const std::string& path) { return made(http.get(path)).at("total_count").as_int64(); }

    void refused(const answer& got, int status, const std::string& code, const std::string& parameter = {})
    {
        BOOST_TEST(got.status == status, got.text);
        BOOST_TEST(got.code() == code, got.text);
        BOOST_TEST(got.parameter() == parameter, got.text);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(organizations, fixture)

BOOST_AUTO_TEST_CASE(slugs_are_unique_made_from_names_and_stand_for_ids)
{
    const auto first = made(http.post(
        "/organizations",
        {{"name", "Acme & Co"}, {"public_metadata", {{"a", 1}}}, {"created_at", "2020-01-02T03:04:05.006Z"}}));
    BOOST_TEST(first.at("slug").as_string() == "acme-co");
    BOOST_TEST(first.at("created_at").as_int64() == 1577934245006);
    BOOST_TEST(id(first).starts_with("org_"));
    const auto second = made(http.post("/organizations", {{"name", "Acme & Co"}}));
    BOOST_TEST(second.at("slug").as_string().starts_with("acme-co-"));
    refused(http.post("/organizations", {{"name", "x"}, {"slug", "acme-co"}}), 422, "form_identifier_exists", "slug");
    refused(http.post("/organizations", {{"name", "x"}, {"slug", "Not A Slug"}}), 422, "form_param_format_invalid",
            "slug");
    refused(http.post("/organizations", {{"name", "see https://example.com"}}), 422, "form_param_format_invalid",
            "name");
    refused(http.post("/organizations", {{"name", std::string(257, 'x')}}), 422, "form_param_exceeds_allowed_size",
            "name");
    BOOST_TEST(made(http.get("/organizations/acme-co")) == first);
    BOOST_TEST(total("/organizations/acme-co/memberships") == 0);
    BOOST_TEST(http.patch("/organizations/" + id(second), {{"slug", "acme-two"}}).object().at("slug").as_string() ==
               "acme-two");
    refused(http.patch("/organizations/" + id(second), {{"slug", "acme-co"}}), 422, "form_identifier_exists", "slug");
    refused(http.post("/organizations", {{"name", "x"}, {"created_by", "user_1"}}), 404, "resource_not_found");
}

BOOST_AUTO_TEST_CASE(listing_finds_orders_and_pages)
{
    for (const auto* name : {"beta", "alpha", "gamma"})
        organization(name);
    const auto page = made(http.get("/organizations?order_by=name&limit=2"));
    BOOST_TEST(page.at("total_count").as_int64() == 3);
    BOOST_TEST(page.at("data").as_array().size() == 2u);
    BOOST_TEST(page.at("data").as_array()[0].as_object().at("name").as_string() == "alpha");
    BOOST_TEST(total("/organizations?query=ALPH") == 1);
    const auto member = user();
    const auto own = id(made(http.post("/organizations", {{"name", "own"}, {"created_by", member}})));
    BOOST_TEST(total("/organizations?user_id=" + member) == 1);
    BOOST_TEST(total("/organizations?organization_id=" + own) == 1);
    BOOST_TEST(total("/organizations?organization_id=-" + own) == 3);
    BOOST_TEST(made(http.get("/organizations/" + own + "?include_members_count=true")).at("members_count").as_int64() ==
               1);
}

BOOST_AUTO_TEST_CASE(memberships)
{
    const auto organization_id = organization();
    const auto ada = user("ada@example.com"), bea = user("bea@example.com");
    const auto path = "/organizations/" + organization_id + "/memberships";
    const auto membership =
        made(http.post(path, {{"user_id", ada}, {"role", "org:member"}, {"public_metadata", {{"a", 1}}}}));
    BOOST_TEST(id(membership).starts_with("orgmem_"));
    BOOST_TEST(membership.at("organization").as_object().at("id").as_string() == organization_id);
    BOOST_TEST(membership.at("public_user_data").as_object().at("identifier").as_string() == "ada@example.com");
    refused(http.post(path, {{"user_id", ada}, {"role", "org:member"}}), 400, "already_a_member_in_organization",
            "user_id");
    refused(http.post(path, {{"user_id", "user_1"}, {"role", "org:member"}}), 404, "resource_not_found");
    refused(http.post("/organizations/org_1/memberships", {{"user_id", ada}, {"role", "org:member"}}), 404,
            "resource_not_found");
    made(http.post(path, {{"user_id", bea}, {"role", "org:admin"}}));
    BOOST_TEST(total(path) == 2);
    BOOST_TEST(total(path + "?role=org:admin") == 1);
    BOOST_TEST(total(path + "?email_address=ada@example.com") == 1);
    BOOST_TEST(total(path + "?user_id=-" + ada) == 1);
    BOOST_TEST(total("/organization_memberships") == 2);
    BOOST_TEST(total("/users/" + ada + "/organization_memberships") == 1);
    BOOST_TEST(made(http.patch(path + "/" + ada, {{"role", "org:admin"}})).at("role").as_string() == "org:admin");
    BOOST_TEST(
        (made(http.patch(path + "/" + ada + "/metadata", {{"public_metadata", {{"b", 2}}}})).at("public_metadata") ==
         json::value{{"a", 1}, {"b", 2}}));
    BOOST_TEST(made(http.remove(path + "/" + ada)).at("id") == membership.at("id"));
    refused(http.remove(path + "/" + ada), 404, "resource_not_found");
    BOOST_TEST(sandbox.count("memberships") == 1u);
    BOOST_TEST(made(http.remove("/organizations/" + organization_id)).at("deleted").as_bool());
    BOOST_TEST(sandbox.count("memberships") == 0u);
    BOOST_TEST(total("/users/" + bea + "/organization_memberships") == 0);
}

BOOST_AUTO_TEST_CASE(an_organization_holds_as_many_members_as_it_was_made_for)
{
    const auto small = id(made(http.post("/organizations", {{"name", "small"}, {"max_allowed_memberships", 1}})));
    made(http.post("/organizations/" + small + "/memberships", {{"user_id", user()}, {"role", "org:member"}}));
    refused(http.post("/organizations/" + small + "/memberships", {{"user_id", user()}, {"role", "org:member"}}), 403,
            "organization_membership_quota_exceeded");
}

BOOST_AUTO_TEST_CASE(invitations)
{
    const auto first =
        made(http.post("/invitations", {{"email_address", "new@example.com"}, {"public_metadata", {{"a", 1}}}}));
    BOOST_TEST(first.at("status").as_string() == "pending");
    refused(http.post("/invitations", {{"email_address", "New@example.com"}}), 400, "duplicate_record",
            "email_address");
    user("ada@example.com");
    refused(http.post("/invitations", {{"email_address", "ada@example.com"}}), 422, "form_identifier_exists",
            "email_address");
    BOOST_TEST(http.post("/invitations", {{"email_address", "ada@example.com"}, {"ignore_existing", true}}).status ==
               200);
    BOOST_TEST(
        http.post("/invitations/bulk", {{{"email_address", "b@example.com"}}, {{"email_address", "c@example.com"}}})
            .body()
            .as_array()
            .size() == 2u);
    refused(
        http.post("/invitations/bulk", {{{"email_address", "d@example.com"}}, {{"email_address", "D@example.com"}}}),
        400, "duplicate_record", "email_address");
    BOOST_TEST(sandbox.count("invitations") == 4u);
    const auto revoked = made(http.send("POST", "/invitations/" + id(first) + "/revoke"));
    BOOST_TEST(revoked.at("revoked").as_bool());
    refused(http.send("POST", "/invitations/" + id(first) + "/revoke"), 400, "invitation_already_revoked");
    BOOST_TEST(http.get("/invitations?status=revoked").body().as_array().size() == 1u);
    BOOST_TEST(http.get("/invitations?query=b@exa").body().as_array().size() == 1u);
    BOOST_TEST(http.post("/invitations", {{"email_address", "new@example.com"}}).status == 200);
}

BOOST_AUTO_TEST_CASE(invitations_to_an_organization)
{
    const auto organization_id = organization();
    const auto path = "/organizations/" + organization_id + "/invitations";
    const auto inviter = user("ada@example.com");
    const auto first = made(
        http.post(path, {{"email_address", "new@example.com"}, {"role", "org:member"}, {"inviter_user_id", inviter}}));
    BOOST_TEST(first.at("public_inviter_data").as_object().at("user_id").as_string() == inviter);
    refused(http.post(path, {{"email_address", "new@example.com"}, {"role", "org:member"}}), 400, "duplicate_record",
            "email_address");
    BOOST_TEST(made(http.post(path + "/bulk", {{{"email_address", "b@example.com"}, {"role", "org:member"}},
                                               {{"email_address", "c@example.com"}, {"role", "org:member"}}}))
                   .at("total_count")
                   .as_int64() == 2);
    BOOST_TEST(total(path) == 3);
    BOOST_TEST(made(http.get(path + "/" + id(first))).at("email_address").as_string() == "new@example.com");
    BOOST_TEST(made(http.post(path + "/" + id(first) + "/revoke", {{"requesting_user_id", inviter}}))
                   .at("status")
                   .as_string() == "revoked");
    BOOST_TEST(total(path + "/pending") == 2);
    BOOST_TEST(total(path + "?status=revoked") == 1);
    const auto all = made(http.get("/organization_invitations?limit=1"));
    BOOST_TEST(all.at("total_count").as_int64() == 3);
    BOOST_TEST(
        all.at("data").as_array().at(0).as_object().at("public_organization_data").as_object().at("id").as_string() ==
        organization_id);
}

BOOST_AUTO_TEST_SUITE_END()
