#include "live/checks/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(the_calls_it_tells_are_those_that_the_import_makes)
{
    checks_fixture at;
    texts records{whole_organization("o1"), whole_organization("o2")};
    for (int i = 1; i <= 60; ++i)
        records.push_back(whole_user(i, i % 3 == 0 ? texts{"o1", "o2"} : texts{"o1"}));
    records.push_back(whole_user(7));
    at.write_source(records);
    texts findings;
    const auto planned = at.plan(&findings);
    BOOST_TEST(findings == texts{"63 duplicate_in_source id"}, boost::test_tools::per_element());
    BOOST_TEST(planned.users == 60U);
    BOOST_TEST(planned.organizations == 2U);
    BOOST_TEST(planned.memberships == 80U);
    // Two organizations; users; an address each that is not verified; memberships; six bans.
    BOOST_TEST(planned.calls == 2U + 60U + 60U + 80U + 6U);
    BOOST_TEST(at.service.count("users") == 0U);
    BOOST_TEST(planned.users_there.value() == 0);

    const auto before = at.service.stats().requests;
    const auto made = at.import();
    BOOST_TEST(made.failed == 1U);
    // And two questions before it begins: how many users there are, and which instance it is.
    BOOST_TEST(at.service.stats().requests - before == planned.calls + made.lookups + 2U);
}

BOOST_AUTO_TEST_CASE(what_is_at_the_target_already_is_told)
{
    checks_fixture at;
    at.send("POST", "/users", json::parse(R"({"email_address":["first-u1@example.com"],"username":"stranger"})"));
    at.send("POST", "/users", json::parse(R"({"external_id":"u2","email_address":["first-u2@example.com"]})"));
    at.send("POST", "/users", json::parse(R"({"phone_number":["+15550101003"],"username":"NAME_u4"})"));
    at.send("POST", "/organizations", json::parse(R"({"name":"Other","slug":"slug-o1"})"));
    texts records{whole_organization("o1")};
    for (int i = 1; i <= 5; ++i)
        records.push_back(whole_user(i));
    records.push_back(
        R"({"kind":"user","id":"x","username":"x","memberships":[{"organization":"none","roles":["org:what"]}]})");
    at.write_source(records);
    const auto before = at.everything();
    texts findings;
    const auto planned = at.plan(&findings);
    BOOST_TEST(findings ==
                   (texts{"1 slug_taken slug", "2 identifier_taken email_address", "4 identifier_taken phone_number",
                          "5 identifier_taken username", "7 organization_missing membership"}),
               boost::test_tools::per_element());
    BOOST_TEST(planned.taken == 3U);
    BOOST_TEST(planned.already_there == 1U);
    BOOST_TEST(planned.users == 3U);
    BOOST_TEST(planned.users_there.value() == 3);
    BOOST_TEST(planned.organizations_there.value() == 1);
    BOOST_TEST(planned.warnings == texts{"the target has no role org:what, which 1 membership needs"},
               boost::test_tools::per_element());
    BOOST_TEST(at.everything() == before);
    // What it tells is what happens.
    const auto made = at.import();
    BOOST_TEST(made.created == 2U);
    BOOST_TEST(made.already_there == 1U);
    BOOST_TEST(made.failed == 4U);
    BOOST_TEST(made.taken == 3U);
}

BOOST_AUTO_TEST_CASE(of_the_records_that_nobody_can_read_each_part_refuses_its_own)
{
    checks_fixture at;
    at.write_source({"{", whole_user(1, {}), "{", "{", whole_user(2, {})});
    std::vector<std::uint64_t> refused;
    for (std::uint32_t part = 0; part < 2; ++part) {
        bulk::plan_options how;
        how.part = part;
        how.parts = 2;
        refused.push_back(at.plan(nullptr, how).refused);
    }
    BOOST_TEST(refused == (std::vector<std::uint64_t>{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(where_many_are_there_the_source_is_asked_for)
{
    checks_fixture at;
    at.service.add_users(20'500, "sk_test_key");
    texts records;
    for (int i = 1; i <= 250; ++i)
        records.push_back(whole_user(i, {}));
    records.push_back(
        R"({"kind":"user","id":"-user-7","email_addresses":[{"value":"USER-19999@example.com","verified":true}]})");
    records.push_back(R"({"kind":"user","id":"user-8","username":"any"})");
    at.write_source(records);
    const auto before = at.service.stats().requests;
    texts findings;
    const auto planned = at.plan(&findings);
    BOOST_TEST(findings == texts{"251 identifier_taken email_address"}, boost::test_tools::per_element());
    BOOST_TEST(planned.users_there.value() == 20'500);
    BOOST_TEST(planned.already_there == 1U);
    BOOST_TEST(planned.taken == 1U);
    // Three to look around, then for each hundred records: ids, 300 addresses, numbers, user names.
    BOOST_TEST(at.service.stats().requests - before <= 3U + 3U * 7U);
}

BOOST_AUTO_TEST_CASE(scalekit_is_asked_by_its_listing)
{
    checks_fixture at(usher::sandbox::service::scalekit);
    const auto made =
        at.send("POST", "/api/v1/organizations", json::parse(R"({"display_name":"One","external_id":"o1"})"));
    const auto organization = std::string(made.at("organization").at("id").as_string());
    for (const char* body :
         {R"({"email":"first-u1@example.com"})", R"({"email":"first-u2@example.com","external_id":"u2"})"})
        at.send("POST", "/api/v1/organizations/" + organization + "/users?send_invitation_email=false",
                json::parse(body));
    texts records{whole_organization("o1")};
    for (int i = 1; i <= 3; ++i)
        records.push_back(whole_user(i));
    at.write_source(records);
    texts findings;
    const auto planned = at.plan(&findings);
    BOOST_TEST(findings == texts{"2 identifier_taken email_address"}, boost::test_tools::per_element());
    BOOST_TEST(planned.users_there.value() == 2);
    BOOST_TEST(planned.organizations_there.value() == 1);
    BOOST_TEST(planned.already_there == 2U);
    BOOST_TEST(planned.taken == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
