#include "client.hpp"
#include "scalekit_fixture.hpp"

#include <boost/test/unit_test.hpp>

// Organizations, users and memberships of Scalekit: created, found, listed, searched, changed and deleted.

using namespace sandbox_test;
using namespace usher::sandbox;

BOOST_FIXTURE_TEST_SUITE(scalekit_resources, scalekit_fixture)

BOOST_AUTO_TEST_CASE(an_organization_is_created_found_changed_and_deleted)
{
    const auto acme = organization({{"display_name", "Acme"}, {"external_id", "a-1"}, {"metadata", {{"plan", "pro"}}}});
    const auto id = text(acme, "id");
    BOOST_TEST(id.starts_with("org_"));
    BOOST_TEST(text(acme, "create_time").ends_with("Z"));
    BOOST_TEST(http.get(api + "/organizations/" + id).object().at("organization") == acme);
    BOOST_TEST(http.get(api + "/organizations:external/a-1").object().at("organization") == acme);
    BOOST_TEST(http.get(api + "/organizations?external_id=a-1").object().at("total_size").as_int64() == 1);
    const auto changed = http.patch(api + "/organizations/" + id, {{"display_name", "Acme 2"}}).object();
    BOOST_TEST(text(changed.at("organization").as_object(), "display_name") == "Acme 2");
    BOOST_TEST(text(changed.at("organization").as_object(), "external_id") == "a-1");
    const auto settings =
        http.patch(api + "/organizations/" + id + "/settings", {{"features", {{{"name", "sso"}, {"enabled", true}}}}});
    BOOST_TEST(settings.status == 200, settings.text);
    BOOST_TEST(http.get(api + "/organizations/" + id).text.find("\"sso\"") != std::string::npos);
    BOOST_TEST(http.send("PUT", api + "/organizations/" + id + "/portal_links?features=sso").status == 200);
    BOOST_TEST(sandbox.count("organizations") == 1u);
    BOOST_TEST(http.remove(api + "/organizations/" + id).text == "{}");
    for (const auto* where : {"", "/settings/usermanagement"})
        refused(http.send(*where ? "PATCH" : "GET", api + "/organizations/" + id + where, *where ? "{}" : ""), 404, 5);
    refused(http.get(api + "/organizations:external/a-1"), 404, 5);
}

BOOST_AUTO_TEST_CASE(what_an_organization_may_not_be_is_said_field_by_field)
{
    refused(http.post(api + "/organizations", json::object()), 400, 3, "display_name");
    refused(http.post(api + "/organizations", {{"display_name", ""}}), 400, 3, "display_name");
    refused(http.post(api + "/organizations", {{"display_name", std::string(201, 'x')}}), 400, 3, "display_name");
    refused(http.post(api + "/organizations", {{"display_name", 7}}), 400, 3, "display_name");
    refused(http.post(api + "/organizations", {{"display_name", "A"}, {"colour", "red"}}), 400, 3, "colour");
    const auto with = [&](json::object metadata) {
        return http.post(api + "/organizations", {{"display_name", "A"}, {"metadata", std::move(metadata)}});
    };
    refused(with({{"ab", "x"}}), 400, 3, "metadata.ab");
    refused(with({{std::string(26, 'k'), "x"}}), 400, 3);
    refused(with({{"key", ""}}), 400, 3, "metadata.key");
    refused(with({{"key", std::string(257, 'x')}}), 400, 3, "metadata.key");
    refused(with({{"key", 7}}), 400, 3);
    json::object eleven;
    for (int i = 0; i != 11; ++i)
        eleven["key-" + std::to_string(i)] = "x";
    refused(with(eleven), 400, 3, "metadata");
    eleven.erase("key-0");
    BOOST_TEST(with(eleven).status == 201);
    BOOST_TEST(with({{std::string(25, 'k'), std::string(256, 'x')}, {"key", "1"}}).status == 201);
}

BOOST_AUTO_TEST_CASE(an_external_id_belongs_to_one)
{
    const auto first = organization({{"display_name", "A"}, {"external_id", "one"}});
    const auto got = http.post(api + "/organizations", {{"display_name", "B"}, {"external_id", "one"}});
    refused(got, 409, 6);
    const auto detail = got.object().at("details").as_array()[0].as_object();
    BOOST_TEST(text(detail, "@type") == "type.googleapis.com/scalekit.v1.errdetails.ErrorInfo");
    BOOST_TEST(text(detail.at("resource_info").as_object(), "resource_name") == "organization");
    const auto second = organization({{"display_name", "B"}, {"external_id", "two"}});
    refused(http.patch(api + "/organizations/" + text(second, "id"), {{"external_id", "one"}}), 409, 6);
    http.remove(api + "/organizations/" + text(first, "id"));
    BOOST_TEST(http.patch(api + "/organizations/" + text(second, "id"), {{"external_id", "one"}}).status == 200);

    const auto home = text(second, "id");
    user(home, {{"email", "a@b.co"}, {"external_id", "u1"}});
    refused(make_user(home, {{"email", "A@b.co"}}), 409, 6);
    refused(make_user(home, {{"email", "c@b.co"}, {"external_id", "u1"}}), 409, 6);
}

BOOST_AUTO_TEST_CASE(pages_go_forward_and_back_by_token)
{
    std::vector<std::string> ids;
    for (int i = 0; i != 25; ++i)
        ids.push_back(text(organization({{"display_name", "O" + std::to_string(i)}}), "id"));
    const auto page = [&](const std::string& token, std::size_t from, std::size_t size) {
        const auto got = http.get(api + "/organizations?page_size=10" + (token.empty() ? "" : "&page_token=" + token));
        BOOST_REQUIRE_MESSAGE(got.status == 200, got.text);
        const auto body = got.object();
        BOOST_TEST(body.at("total_size").as_int64() == 25);
        const auto& list = body.at("organizations").as_array();
        BOOST_REQUIRE(list.size() == size);
        for (std::size_t i = 0; i != size; ++i)
            BOOST_TEST(text(list[i].as_object(), "id") == ids[from + i]);
        return body;
    };
    const auto first = page("", 0, 10);
    BOOST_TEST(text(first, "prev_page_token").empty());
    const auto second = page(text(first, "next_page_token"), 10, 10);
    const auto third = page(text(second, "next_page_token"), 20, 5);
    BOOST_TEST(text(third, "next_page_token").empty());
    page(text(page(text(third, "prev_page_token"), 10, 10), "prev_page_token"), 0, 10);

    http.remove(api + "/organizations/" + ids[9]); // what a token points at may go
    ids.erase(ids.begin() + 9);
    const auto after = http.get(api + "/organizations?page_size=10&page_token=" + text(first, "next_page_token"));
    BOOST_TEST(text(after.object().at("organizations").as_array()[0].as_object(), "id") == ids[9]);

    refused(http.get(api + "/organizations?page_token=nonsense"), 400, 3, "page_token");
    refused(http.get(api + "/users?page_token=" + text(first, "next_page_token")), 400, 3, "page_token");
    refused(http.get(api + "/organizations?page_size=101"), 400, 3, "page_size");
}

BOOST_AUTO_TEST_CASE(a_user_is_created_with_a_membership_found_changed_and_deleted)
{
    const auto home = text(organization({{"display_name", "Acme"}}), "id");
    const auto ada = user(home, {{"email", "ada@example.com"},
                                 {"external_id", "u-1"},
                                 {"metadata", {{"team", "one"}}},
                                 {"user_profile", {{"given_name", "Ada"}, {"family_name", "Lovelace"}}}});
    const auto id = text(ada, "id");
    BOOST_TEST(id.starts_with("usr_"));
    const auto& membership = ada.at("memberships").as_array().at(0).as_object();
    BOOST_TEST(text(membership, "organization_id") == home);
    BOOST_TEST(text(membership, "membership_status") == "ACTIVE");
    BOOST_TEST(text(membership.at("roles").as_array().at(0).as_object(), "name") == "member");
    BOOST_TEST(text(ada.at("user_profile").as_object(), "name") == "Ada Lovelace");
    BOOST_TEST(http.get(api + "/users/" + id).object().at("user") == ada);
    BOOST_TEST(http.get(api + "/users/external?external_id=u-1").object().at("user") == ada);

    const auto changed = http.patch(api + "/users/" + id, {{"user_profile", {{"locale", "en-GB"}}}}).object();
    const auto& profile = changed.at("user").as_object().at("user_profile").as_object();
    BOOST_TEST(text(profile, "locale") == "en-GB");
    BOOST_TEST(text(profile, "given_name") == "Ada");
    refused(http.patch(api + "/users/" + id, {{"user_profile", {{"phone_number", "123"}}}}), 400, 3,
            "user_profile.phone_number");

    BOOST_TEST(http.remove(api + "/users/" + id).status == 200);
    refused(http.get(api + "/users/" + id), 404, 5);
    BOOST_TEST(http.get(api + "/organizations/" + home + "/users").object().at("total_size").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(an_invitation_is_mailed_unless_told_otherwise)
{
    const auto home = text(organization({{"display_name", "Acme"}}), "id");
    user(home, {{"email", "a@b.co"}});
    BOOST_TEST(sandbox.mails() == 0u);
    const auto invited = http.post(api + "/organizations/" + home + "/users", {{"email", "c@b.co"}}).object();
    BOOST_TEST(sandbox.mails() == 1u);
    const auto& body = invited.at("user").as_object();
    BOOST_TEST(text(body.at("memberships").as_array().at(0).as_object(), "membership_status") == "PENDING_INVITE");
    const auto resend = api + "/invites/organizations/" + home + "/users/" + text(body, "id") + "/resend";
    const auto again = http.send("PATCH", resend, "{}");
    BOOST_REQUIRE_MESSAGE(again.status == 200, again.text);
    BOOST_TEST(again.object().at("invite").as_object().at("resent_count").as_int64() == 1);
    BOOST_TEST(sandbox.mails() == 2u);
    const auto active = text(user(home, {{"email", "d@b.co"}}), "id");
    refused(http.send("PATCH", api + "/invites/organizations/" + home + "/users/" + active + "/resend", "{}"), 400, 3);
    const auto other = text(organization({{"display_name", "Other"}}), "id");
    http.post(api + "/memberships/organizations/" + other + "/users/" + active, json::object());
    BOOST_TEST(sandbox.mails() == 3u);
}

BOOST_AUTO_TEST_CASE(memberships_are_added_changed_and_ended)
{
    const auto a = text(organization({{"display_name", "A"}}), "id"),
               b = text(organization({{"display_name", "B"}}), "id");
    const auto id = text(user(a, {{"email", "a@b.co"}}), "id");
    const auto path = api + "/memberships/organizations/" + b + "/users/" + id;
    const auto joined = http.post(path + "?send_invitation_email=false", {{"roles", {{{"name", "admin"}}}}});
    BOOST_REQUIRE_MESSAGE(joined.status == 201, joined.text);
    BOOST_TEST(joined.object().at("user").as_object().at("memberships").as_array().size() == 2u);
    refused(http.post(path, json::object()), 409, 6);
    BOOST_TEST(sandbox.count("memberships") == 2u);
    refused(http.patch(path, {{"roles", {{{"name", "nobody"}}}}}), 400, 3);
    BOOST_TEST(http.patch(path, {{"metadata", {{"key", "v"}}}}).status == 200);
    const auto there = http.get(api + "/organizations/" + b + "/users").object();
    BOOST_TEST(there.at("users").as_array()[0].as_object().at("memberships").as_array().size() == 1u);
    BOOST_TEST(http.get(api + "/organizations/" + b + "/users/" + id + "/roles").text.find("\"admin\"") !=
               std::string::npos);
    BOOST_TEST(http.remove(path).status == 200);
    refused(http.remove(path), 404, 5);
    http.remove(api + "/organizations/" + a);
    BOOST_TEST(http.get(api + "/users/" + id).object().at("user").as_object().at("memberships").as_array().empty());
}

BOOST_AUTO_TEST_CASE(users_are_searched_by_address_and_ids)
{
    const auto a = text(organization({{"display_name", "A"}}), "id"),
               b = text(organization({{"display_name", "B"}}), "id");
    for (int i = 0; i != 12; ++i)
        user(i < 11 ? a : b, {{"email", "person-" + std::to_string(i) + "@example.com"}});
    BOOST_TEST(http.get(api + "/users:search?query=PERSON-1").object().at("total_size").as_int64() == 3);
    const auto page = http.get(api + "/users:search?query=person&page_size=10").object();
    BOOST_TEST(page.at("users").as_array().size() == 10u);
    const auto rest =
        http.get(api + "/users:search?query=person&page_size=10&page_token=" + text(page, "next_page_token"));
    BOOST_TEST(rest.object().at("users").as_array().size() == 2u);
    BOOST_TEST(
        http.get(api + "/organizations/" + b + "/users:search?query=person").object().at("total_size").as_int64() == 1);
    refused(http.get(api + "/users:search?query=pe"), 400, 3, "query");
    BOOST_TEST(http.get(api + "/users").object().at("total_size").as_int64() == 12);
}

BOOST_AUTO_TEST_CASE(an_organization_may_bound_its_users)
{
    const auto home = text(organization({{"display_name", "A"}}), "id");
    const auto set = http.patch(api + "/organizations/" + home + "/settings/usermanagement",
                                {{"settings", {{"max_allowed_users", 1}}}});
    BOOST_TEST(set.object().at("settings").as_object().at("max_allowed_users").as_int64() == 1);
    user(home, {{"email", "a@b.co"}});
    refused(make_user(home, {{"email", "b@b.co"}}), 400, 3);
    BOOST_TEST(sandbox.count("users") == 1u);
}

BOOST_AUTO_TEST_CASE(domains_are_those_of_businesses)
{
    const auto path = api + "/organizations/" + text(organization({{"display_name", "A"}}), "id") + "/domains";
    const auto made = http.post(path, {{"domain", "Acme.com"}}).object().at("domain").as_object();
    BOOST_TEST(text(made, "domain") == "acme.com");
    BOOST_TEST(http.get(path + "/" + text(made, "id")).object().at("domain") == made);
    refused(http.post(path, {{"domain", "gmail.com"}}), 400, 3, "domain");
    refused(http.post(path, {{"domain", "acme.com"}}), 400, 3);
    http.post(path, {{"domain", "acme.org"}, {"domain_type", "ALLOWED_EMAIL_DOMAIN"}});
    BOOST_TEST(http.get(path + "?domain_type=ALLOWED_EMAIL_DOMAIN").object().at("domains").as_array().size() == 1u);
    const auto second = http.get(path + "?page_size=1&page_number=1").object();
    BOOST_TEST(text(second.at("domains").as_array().at(0).as_object(), "domain") == "acme.org");
    BOOST_TEST(http.remove(path + "/" + text(made, "id")).status == 200);
    refused(http.remove(path + "/" + text(made, "id")), 404, 5);
}

BOOST_AUTO_TEST_CASE(every_status_has_its_grpc_code)
{
    fault f(fault::kind::answer);
    const std::pair<int, int> codes[] = {{400, 3}, {401, 16}, {403, 7},  {404, 5},
                                         {409, 6}, {429, 8},  {500, 13}, {503, 14}};
    for (const auto& [status, code] : codes) {
        f.status = status;
        sandbox.set_faults({f});
        refused(http.get(api + "/organizations"), status, code);
    }
}

BOOST_AUTO_TEST_SUITE_END()
