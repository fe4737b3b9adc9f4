// Verifying and taking back at Scalekit.
#include "live/checks/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace usher::tests;
namespace bulk = usher::bulk;

namespace {

const std::string users = "/api/v1/users/";
const std::string organizations = "/api/v1/organizations/";

struct scalekit_checks : checks_fixture {
    scalekit_checks() : checks_fixture(usher::sandbox::service::scalekit) {}

    json::object user(const std::string& source_id)
    {
        return get(users + "usr_0?external_id=" + source_id).at("user").as_object();
    }
    std::string id_of(const std::string& source_id) { return std::string(user(source_id).at("id").as_string()); }
    json::object organization(const std::string& source_id)
    {
        return get("/api/v1/organizations:external/" + source_id).at("organization").as_object();
    }
    std::string home_of(const std::string& source_id)
    {
        return std::string(organization(source_id).at("id").as_string());
    }
    std::string seat(const std::string& who, const std::string& where)
    {
        return "/api/v1/memberships/organizations/" + home_of(where) + "/users/" + id_of(who);
    }
    void change(const std::string& who, const json::object& body) { send("PATCH", users + id_of(who), body); }
    void change_profile(const std::string& who, const json::object& profile)
    {
        change(who, {{"user_profile", profile}});
    }
    /// Sets one member of what the import kept there; nothing: takes it away.
    void change_kept(const std::string& who, const std::string& name, std::optional<std::string> value)
    {
        auto kept = user(who).at("metadata").as_object();
        if (value)
            kept[name] = *value;
        else
            kept.erase(name);
        change(who, {{"metadata", kept}});
    }
    std::string all()
    {
        std::string text;
        for (const auto& [path, member] : {std::pair(users, "users"), std::pair(organizations, "organizations")}) {
            texts some;
            const auto page = get(path.substr(0, path.size() - 1) + "?page_size=100");
            for (const auto& each : page.at(member).as_array()) {
                auto one = each.as_object();
                one.erase("update_time");
                some.push_back(json::serialize(one));
            }
            std::sort(some.begin(), some.end());
            for (const auto& each : some)
                text += each + '\n';
        }
        return text;
    }
};

texts a_job(int count)
{
    texts records;
    for (const char* id : {"o1", "o2", "o3", "o4", "o5", "o6"})
        records.push_back(whole_organization(id));
    for (int i = 1; i <= count; ++i)
        records.push_back(whole_user(i, {"o1", "o2"}));
    return records;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scalekit)

BOOST_AUTO_TEST_CASE(each_of_the_planted_differences_is_found_and_nothing_else)
{
    scalekit_checks at;
    at.write_source(a_job(20));
    BOOST_TEST(at.import().created == 26U);
    BOOST_TEST(at.verify() == texts{}, boost::test_tools::per_element());
    BOOST_TEST(at.verified.equal == 26U);

    at.change_profile("u1", {{"given_name", "Other"}});
    at.change_profile("u2", {{"family_name", "Other"}});
    at.change_profile("u3", {{"locale", "de-DE"}});
    at.change_profile("u4", {{"phone_number", "+15550109999"}});
    at.change_kept("u6", "username", "other");
    at.change_kept("u7", "created_at", "2021-02-03T04:05:06.790Z");
    at.change_kept("u8", "private_metadata", std::nullopt);
    at.send("DELETE", at.seat("u10", "o2"));
    at.send("PATCH", at.seat("u11", "o1"), json::parse(R"({"roles":[{"name":"admin"}]})"));
    at.send("POST", at.seat("u12", "o3") + "?send_invitation_email=false", json::object());
    at.send("PATCH", organizations + at.home_of("o3"), json::object{{"display_name", "Other"}});
    auto kept = at.organization("o6").at("metadata").as_object();
    kept["slug"] = "other";
    at.send("PATCH", organizations + at.home_of("o6"), json::object{{"metadata", kept}});
    at.send("DELETE", users + at.id_of("u9"));
    at.send("DELETE", organizations + at.home_of("o4"));
    at.send("PATCH", organizations + at.home_of("o5"), json::object{{"external_id", "another"}});
    at.change("u5", {{"external_id", "another"}});

    const texts expected{"o3, name",
                         "o4, ",
                         "o5, id",
                         "o6, slug",
                         "u1, first_name",
                         "u10, membership",
                         "u11, membership/roles",
                         "u12, membership",
                         "u2, last_name",
                         "u3, locale",
                         "u4, phone_number",
                         "u4, phone_number",
                         "u5, id",
                         "u6, username",
                         "u7, created_at",
                         "u8, private_metadata/stripe",
                         "u9, "};
    BOOST_TEST(at.verify() == expected, boost::test_tools::per_element());
    BOOST_TEST(at.verified.missing == 2U);
    BOOST_TEST(at.verified.different == 14U);
}

BOOST_AUTO_TEST_CASE(what_the_service_says_of_an_address_is_compared_and_not_what_the_import_wrote)
{
    scalekit_checks at;
    at.write_source({whole_organization("o1"), whole_user(1)});
    at.import();
    auto shown = at.user("u1");
    shown["user_profile"].as_object()["email_verified"] = false;
    shown["user_profile"].as_object()["phone_number_verified"] = true;
    usher::sandbox::fault says(usher::sandbox::fault::kind::answer);
    says.operation = "UserService_GetUser";
    says.status = 200;
    says.body = json::serialize(json::object{{"user", shown}});
    at.service.set_faults({says});
    const texts expected{"u1, email_address", "u1, phone_number"};
    BOOST_TEST(at.verify() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_undo_leaves_the_target_as_it_was)
{
    scalekit_checks at;
    const auto home = std::string(
        at.send("POST", "/api/v1/organizations", json::parse(R"({"display_name":"Before","external_id":"o0"})"))
            .at("organization")
            .at("id")
            .as_string());
    for (const char* who :
         {R"({"email":"stranger@example.com"})", R"({"email":"first-u3@example.com","external_id":"u3"})"})
        at.send("POST", organizations + home + "/users?send_invitation_email=false", json::parse(who));
    const auto before = at.all();
    auto records = a_job(12);
    records.insert(records.begin(), whole_organization("o0"));
    records[9] = whole_user(3, {"o0", "o1"});
    at.write_source(records);
    const auto made = at.import();
    BOOST_TEST(made.created == 17U);
    BOOST_TEST(made.already_there == 2U);
    BOOST_TEST(at.all() != before);
    const auto undone = at.undo();
    BOOST_TEST(undone.failed == 0U);
    BOOST_TEST(undone.in_use == 0U);
    BOOST_TEST(at.all() == before);
    const auto again = at.undo();
    BOOST_TEST(again.removed + again.was_gone == 0U);
}

BOOST_AUTO_TEST_CASE(a_plan_counts_no_call_for_what_comes_along_with_a_creation)
{
    scalekit_checks at;
    at.write_source({whole_organization("o1"), whole_organization("o2"), whole_user(1, {"o1", "o2"}), whole_user(2)});
    const auto planned = at.plan();
    BOOST_TEST(planned.memberships == 3U);
    BOOST_TEST(planned.steps.at("create") == 4U);
    BOOST_TEST(planned.steps.at("membership") == 1U);
}

BOOST_AUTO_TEST_CASE(who_was_there_before_leaves_every_organization_that_the_job_brought_the_user_into)
{
    scalekit_checks at;
    const auto make = [&at](const char* id) {
        const json::object body{{"display_name", id}, {"external_id", id}};
        return std::string(at.send("POST", "/api/v1/organizations", body).at("organization").at("id").as_string());
    };
    const auto home = make("o0");
    (void)make("o9");
    const auto invite = organizations + home + "/users?send_invitation_email=false";
    at.send("POST", invite, json::parse(R"({"email":"first-u3@example.com","external_id":"u3"})"));
    at.send("POST", invite, json::parse(R"({"email":"first-u4@example.com","external_id":"u4"})"));
    const auto before = at.all();
    // The first one is there before the job, and stays; of the other user it is where the user is already.
    at.write_source({R"({"kind":"organization","id":"o0","name":"o0"})",
                     R"({"kind":"organization","id":"o9","name":"o9"})", whole_user(3, {"o9", "o0"}),
                     whole_user(4, {"o0", "o9"}), whole_user(5, {"o9"})});
    const auto made = at.import();
    BOOST_TEST(made.failed == 0U);
    BOOST_TEST(made.created == 1U);
    BOOST_TEST(made.already_there == 4U);
    BOOST_TEST(made.memberships == 3U);
    BOOST_TEST(at.user("u3").at("memberships").as_array().size() == 2U);
    const auto undone = at.undo();
    BOOST_TEST(undone.failed == 0U);
    BOOST_TEST(undone.removed == 3U);
    BOOST_TEST(at.all() == before);
}

BOOST_AUTO_TEST_SUITE_END()
