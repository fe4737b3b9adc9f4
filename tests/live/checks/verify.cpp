#include "live/checks/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>

using namespace usher::tests;
namespace bulk = usher::bulk;

namespace {

texts a_job(int users)
{
    texts records;
    for (const char* id : {"o1", "o2", "o3", "o4", "o5", "o6", "o7"})
        records.push_back(whole_organization(id));
    for (int i = 1; i <= users; ++i)
        records.push_back(whole_user(i));
    return records;
}

std::string id_of(checks_fixture& at, const std::string& user, const char* list, std::size_t index)
{
    return std::string(at.get("/users/" + at.user_id(user)).at(list).as_array().at(index).at("id").as_string());
}

/// Something that is changed behind the job's back, and what has to be told of it.
struct change {
    std::string expected;
    std::function<void(checks_fixture&)> make;
};

change of_user(const std::string& user, const std::string& field, json::value members)
{
    return {user + ", " + field,
            [user, members](checks_fixture& at) { at.send("PATCH", "/users/" + at.user_id(user), members); }};
}

change verb(const std::string& user, const std::string& field, const std::string& method, const std::string& path)
{
    return {user + ", " + field, [=](checks_fixture& at) { at.send(method, "/users/" + at.user_id(user) + path); }};
}

change of_organization(const std::string& id, const std::string& field, json::value members)
{
    return {id + ", " + field, [=](checks_fixture& at) {
                at.send("PATCH", "/organizations/" + at.organization_id("slug-" + id), members);
            }};
}

std::vector<change> all_changes()
{
    using at = checks_fixture;
    return {
        of_user("u1", "first_name", json::object{{"first_name", "Other"}}),
        of_user("u2", "last_name", json::object{{"last_name", "Other"}}),
        of_user("u3", "username", json::object{{"username", "other_name"}}),
        of_user("u4", "locale", json::object{{"locale", "de-DE"}}),
        {"u5, public_metadata/plan/name",
         [](at& a) {
             a.send("PATCH", "/users/" + a.user_id("u5") + "/metadata",
                    json::parse(R"({"public_metadata":{"plan":{"name":"tin"}}})"));
         }},
        {"u6, private_metadata/stripe",
         [](at& a) {
             a.send("PATCH", "/users/" + a.user_id("u6") + "/metadata",
                    json::parse(R"({"private_metadata":{"stripe":null}})"));
         }},
        {"u7, unsafe_metadata/more",
         [](at& a) {
             a.send("PATCH", "/users/" + a.user_id("u7") + "/metadata",
                    json::parse(R"({"unsafe_metadata":{"more":1}})"));
         }},
        {"u8, email_address",
         [](at& a) { a.send("DELETE", "/email_addresses/" + id_of(a, "u8", "email_addresses", 1)); }},
        {"u9, email_address",
         [](at& a) {
             a.send("PATCH", "/email_addresses/" + id_of(a, "u9", "email_addresses", 2),
                    json::object{{"verified", true}});
         }},
        verb("u10", "banned", "POST", "/unban"),
        {"u11, email_address",
         [](at& a) {
             a.send("POST", "/email_addresses",
                    json::object{
                        {"user_id", a.user_id("u11")}, {"email_address", "more@example.com"}, {"verified", true}});
         }},
        {"u12, primary_email_address",
         [](at& a) {
             a.send("PATCH", "/users/" + a.user_id("u12"),
                    json::object{{"primary_email_address_id", id_of(a, "u12", "email_addresses", 1)}});
         }},
        {"u13, phone_number", [](at& a) { a.send("DELETE", "/phone_numbers/" + id_of(a, "u13", "phone_numbers", 0)); }},
        verb("u14", "banned", "POST", "/ban"),
        verb("u15", "locked", "POST", "/lock"),
        verb("u16", "totp_secret", "DELETE", "/totp"),
        verb("u17", "", "DELETE", ""),
        {"u18, membership",
         [](at& a) {
             a.send("DELETE", "/organizations/" + a.organization_id("slug-o1") + "/memberships/" + a.user_id("u18"));
         }},
        {"u19, membership/roles",
         [](at& a) {
             a.send("PATCH", "/organizations/" + a.organization_id("slug-o1") + "/memberships/" + a.user_id("u19"),
                    json::object{{"role", "org:admin"}});
         }},
        {"u20, membership",
         [](at& a) {
             a.send("POST", "/organizations/" + a.organization_id("slug-o2") + "/memberships",
                    json::object{{"user_id", a.user_id("u20")}, {"role", "org:member"}});
         }},
        of_user("u21", "delete_self_enabled", json::object{{"delete_self_enabled", false}}),
        of_user("u22", "created_at", json::object{{"created_at", "2021-02-03T04:05:06.790Z"}}),
        {"u23, membership/public_metadata/desk",
         [](at& a) {
             a.send("PATCH",
                    "/organizations/" + a.organization_id("slug-o1") + "/memberships/" + a.user_id("u23") + "/metadata",
                    json::parse(R"({"public_metadata":{"desk":7}})"));
         }},
        of_organization("o3", "name", json::object{{"name", "Other"}}),
        {"o4, ", [](at& a) { a.send("DELETE", "/organizations/" + a.organization_id("slug-o4")); }},
        of_organization("o5", "public_metadata/tier", json::parse(R"({"public_metadata":{"tier":2}})")),
        of_organization("o6", "max_allowed_memberships", json::object{{"max_allowed_memberships", 7}}),
        of_user("u24", "id", json::object{{"external_id", "another"}}),
        {"o2, id",
         [](at& a) {
             a.send("PATCH", "/organizations/" + a.organization_id("slug-o2") + "/metadata",
                    json::parse(R"({"private_metadata":{"usher":{"source_id":"another"}}})"));
         }},
        of_organization("o7", "slug", json::object{{"slug", "other"}}),
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(verify)

BOOST_AUTO_TEST_CASE(an_import_that_nobody_touched_has_no_difference)
{
    checks_fixture at;
    at.write_source(a_job(230));
    const auto made = at.import();
    BOOST_TEST(made.created == 237U);
    BOOST_TEST(at.verify() == texts{}, boost::test_tools::per_element());
    BOOST_TEST(at.verified.records == 237U);
    BOOST_TEST(at.verified.compared == 237U);
    BOOST_TEST(at.verified.equal == 237U);
    BOOST_TEST(at.verified.looked_again == 0U);
}

BOOST_AUTO_TEST_CASE(each_of_the_planted_differences_is_found_and_nothing_else)
{
    checks_fixture at;
    at.write_source(a_job(40));
    at.import();
    texts expected;
    for (const auto& each : all_changes()) {
        each.make(at);
        expected.push_back(each.expected);
    }
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(expected.size() == 30U);
    BOOST_TEST(at.verify() == expected, boost::test_tools::per_element());
    BOOST_TEST(at.verified.missing == 2U);
    BOOST_TEST(at.verified.different == 28U);
    BOOST_TEST(at.verified.equal == 47U - 30U);
}

BOOST_AUTO_TEST_CASE(a_listing_that_lags_is_waited_for)
{
    checks_fixture at;
    at.write_source(a_job(25));
    at.service.set_listing_lag(1s);
    at.import();
    BOOST_TEST(at.verify(20s) == texts{}, boost::test_tools::per_element());
    BOOST_TEST(at.verified.equal == 32U);
    // What differs all the same is told.
    at.send("PATCH", "/users/" + at.user_id("u1"), json::object{{"first_name", "Other"}});
    BOOST_TEST(at.verify(200ms) == texts{"u1, first_name"}, boost::test_tools::per_element());
    BOOST_TEST(at.verified.looked_again > 0U);
}

BOOST_AUTO_TEST_CASE(what_was_not_brought_over_is_not_compared)
{
    checks_fixture at;
    auto records = a_job(3);
    records.push_back(whole_user(2));
    records.push_back(
        R"({"kind":"user","id":"taken","email_addresses":[{"value":"first-u1@example.com","verified":true}]})");
    at.write_source(records);
    at.import();
    BOOST_TEST(at.verify() == texts{}, boost::test_tools::per_element());
    BOOST_TEST(at.verified.records == 12U);
    BOOST_TEST(at.verified.equal == 10U);
    BOOST_TEST(at.verified.unfinished == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
