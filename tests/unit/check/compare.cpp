#include "bulk/check/compare.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace bulk = usher::bulk;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;
using moment = std::chrono::sys_time<std::chrono::milliseconds>;

bulk::membership member_of(const std::string& organization, std::vector<std::string> roles)
{
    bulk::membership made;
    made.organization = organization;
    made.roles = std::move(roles);
    return made;
}

/// A user with something in every member.
bulk::user ada()
{
    bulk::user who;
    who.id = "ada";
    who.email_addresses = {{"ada@example.com", true}, {"lovelace@example.com", false}};
    who.phone_numbers = {{"+15550100", true}, {"+15550101", false}};
    who.username = "ada";
    who.first_name = "Ada";
    who.last_name = "Lovelace";
    who.locale = "en-GB";
    who.password = bulk::password_digest("bcrypt", "$2b$secret-of-the-source");
    who.totp_secret = "TOTPSECRET";
    who.backup_codes = {"codesecret"};
    who.public_metadata = json::parse(R"({"plan":{"name":"gold","seats":5},"tags":[1,2]})").as_object();
    who.private_metadata = json::parse(R"({"stripe":"cus_1"})").as_object();
    who.unsafe_metadata = json::parse(R"({"theme":"dark","a/b":1})").as_object();
    who.created_at = moment(std::chrono::milliseconds(1'600'000'000'000));
    who.legal_accepted_at = moment(std::chrono::milliseconds(1'600'000'000'001));
    who.delete_self_enabled = true;
    who.create_organization_enabled = false;
    who.create_organizations_limit = 3;
    who.memberships = {member_of("org_1", {"org:admin"}), member_of("org_2", {"org:member"})};
    who.memberships.front().public_metadata["desk"] = 7;
    return who;
}

bulk::organization acme()
{
    bulk::organization which;
    which.id = "acme";
    which.name = "Acme";
    which.slug = "acme";
    which.public_metadata = json::parse(R"({"tier":1})").as_object();
    which.private_metadata = json::parse(R"({"crm":"x"})").as_object();
    which.max_allowed_memberships = 10;
    which.admin_delete_enabled = true;
    which.created_at = moment(std::chrono::milliseconds(1'500'000'000'000));
    return which;
}

template <class Entity>
texts fields(const Entity& expected, const Entity& found)
{
    texts all;
    for (const auto& each : bulk::compare(expected, found))
        all.push_back(each.field + " " + each.expected + " " + each.found);
    return all;
}

template <class Entity>
void check_each(const Entity& whole, const std::vector<std::pair<std::function<void(Entity&)>, texts>>& changes)
{
    for (const auto& [change, expected] : changes) {
        auto found = whole;
        change(found);
        BOOST_TEST(fields(whole, found) == expected, boost::test_tools::per_element());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(compare)

BOOST_AUTO_TEST_CASE(what_is_as_it_should_be_has_no_difference)
{
    BOOST_TEST(bulk::compare(ada(), ada()).empty());
    BOOST_TEST(bulk::compare(acme(), acme()).empty());
    BOOST_TEST(bulk::compare(bulk::user(), bulk::user()).empty());
    BOOST_TEST(bulk::compare(bulk::organization(), bulk::organization()).empty());
}

BOOST_AUTO_TEST_CASE(each_member_of_a_user_is_compared)
{
    using bulk::user;
    const std::vector<std::pair<std::function<void(user&)>, texts>> changes{
        {[](user& u) { u.email_addresses.pop_back(); },
         {R"(email_address {"value":"lovelace@example.com","verified":false} null)"}},
        {[](user& u) { u.email_addresses.back().verified = true; },
         {R"(email_address {"value":"lovelace@example.com","verified":false} {"value":"lovelace@example.com","verified":true})"}},
        {[](user& u) { u.email_addresses.emplace_back("x@example.com", true); },
         {R"(email_address null {"value":"x@example.com","verified":true})"}},
        {[](user& u) { std::swap(u.email_addresses[0], u.email_addresses[1]); },
         {R"(primary_email_address "ada@example.com" "lovelace@example.com")"}},
        {[](user& u) { u.email_addresses.erase(u.email_addresses.begin()); },
         {R"(email_address {"value":"ada@example.com","verified":true} null)"}},
        {[](user& u) { u.phone_numbers.clear(); },
         {R"(phone_number {"value":"+15550100","verified":true} null)",
          R"(phone_number {"value":"+15550101","verified":false} null)"}},
        {[](user& u) { std::swap(u.phone_numbers[0], u.phone_numbers[1]); },
         {R"(primary_phone_number "+15550100" "+15550101")"}},
        {[](user& u) { u.username = "ada2"; }, {R"(username "ada" "ada2")"}},
        {[](user& u) { u.first_name = "ada"; }, {R"(first_name "Ada" "ada")"}},
        {[](user& u) { u.last_name = ""; }, {R"(last_name "Lovelace" null)"}},
        {[](user& u) { u.locale = "de"; }, {R"(locale "en-GB" "de")"}},
        {[](user& u) { u.password.reset(); }, {R"(password "set" "not set")"}},
        {[](user& u) { u.totp_secret.clear(); }, {R"(totp_secret "set" "not set")"}},
        {[](user& u) { u.backup_codes.clear(); }, {R"(backup_codes "set" "not set")"}},
        {[](user& u) { u.public_metadata["plan"].as_object()["name"] = "tin"; },
         {R"(public_metadata/plan/name "gold" "tin")"}},
        {[](user& u) { u.public_metadata["tags"].as_array().pop_back(); }, {R"(public_metadata/tags [1,2] [1])"}},
        {[](user& u) { u.public_metadata["plan"] = "gold"; },
         {R"(public_metadata/plan {"name":"gold","seats":5} "gold")"}},
        {[](user& u) { u.private_metadata["more"] = nullptr; }, {R"(private_metadata/more null null)"}},
        {[](user& u) { u.unsafe_metadata.erase("a/b"); }, {R"(unsafe_metadata/a~1b 1 null)"}},
        {[](user& u) { *u.created_at += std::chrono::milliseconds(1); }, {"created_at 1600000000000 1600000000001"}},
        {[](user& u) { u.legal_accepted_at.reset(); }, {"legal_accepted_at 1600000000001 null"}},
        {[](user& u) { u.banned = true; }, {"banned false true"}},
        {[](user& u) { u.locked = true; }, {"locked false true"}},
        {[](user& u) { u.delete_self_enabled = false; }, {"delete_self_enabled true false"}},
        {[](user& u) { u.create_organization_enabled = true; }, {"create_organization_enabled false true"}},
        {[](user& u) { u.create_organizations_limit.reset(); }, {"create_organizations_limit 3 null"}},
        {[](user& u) { u.memberships.pop_back(); },
         {R"(membership {"organization":"org_2","roles":["org:member"]} null)"}},
        {[](user& u) { u.memberships.push_back(member_of("org_3", {"x"})); },
         {R"(membership null {"organization":"org_3","roles":["x"]})"}},
        {[](user& u) { u.memberships.back().roles = {"org:admin"}; },
         {R"(membership/roles {"organization":"org_2","roles":["org:member"]} {"organization":"org_2","roles":["org:admin"]})"}},
        {[](user& u) { u.memberships.front().public_metadata["desk"] = 8; }, {"membership/public_metadata/desk 7 8"}},
        {[](user& u) { u.memberships.back().private_metadata["x"] = 1; }, {"membership/private_metadata/x null 1"}}};
    check_each(ada(), changes);
}

BOOST_AUTO_TEST_CASE(each_member_of_an_organization_is_compared)
{
    using bulk::organization;
    const std::vector<std::pair<std::function<void(organization&)>, texts>> changes{
        {[](organization& o) { o.name = "Acme 2"; }, {R"(name "Acme" "Acme 2")"}},
        {[](organization& o) { o.slug = ""; }, {R"(slug "acme" null)"}},
        {[](organization& o) { o.public_metadata["tier"] = 2; }, {"public_metadata/tier 1 2"}},
        {[](organization& o) { o.private_metadata.erase("crm"); }, {R"(private_metadata/crm "x" null)"}},
        {[](organization& o) { o.max_allowed_memberships = 0; }, {"max_allowed_memberships 10 0"}},
        {[](organization& o) { o.admin_delete_enabled = false; }, {"admin_delete_enabled true false"}},
        {[](organization& o) { o.created_at.reset(); }, {"created_at 1500000000000 null"}},
        {[](organization& o) {
             o.private_metadata["usher"] = json::object{{"source_id", "acme"}};
         },
         {}}};
    check_each(acme(), changes);
}

BOOST_AUTO_TEST_CASE(what_services_change_on_their_own_is_no_difference)
{
    auto expected = ada();
    auto found = ada();
    found.email_addresses[0].value = "Ada@Example.com";
    found.username = "ADA";
    std::swap(found.memberships[0], found.memberships[1]);
    expected.memberships[0].roles = {"a", "b"};
    found.memberships[1].roles = {"b", "a"};
    found.public_metadata = json::parse(R"({"tags":[1.0,2],"plan":{"seats":5e0,"name":"gold"}})").as_object();
    BOOST_TEST(fields(expected, found) == texts{}, boost::test_tools::per_element());
    // What the source leaves open may be anything.
    expected.created_at.reset();
    expected.create_organizations_limit.reset();
    BOOST_TEST(fields(expected, found) == texts{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(large_numbers_that_differ_do_not_seem_equal)
{
    BOOST_TEST(
        !bulk::same_json(json::value(std::int64_t{9007199254740993}), json::value(std::int64_t{9007199254740992})));
    BOOST_TEST(bulk::same_json(json::value(std::uint64_t{5}), json::value(std::int64_t{5})));
    BOOST_TEST(bulk::same_json(json::value(0.5), json::value(0.5)));
    BOOST_TEST(!bulk::same_json(json::value("5"), json::value(5)));
    BOOST_TEST(!bulk::same_json(json::parse("[1,2]"), json::parse("[2,1]")));
    BOOST_TEST(!bulk::same_json(json::parse(R"({"a":1})"), json::parse(R"({"a":1,"b":1})")));
    BOOST_TEST(!bulk::same_json(json::parse(R"({"a":1,"c":1})"), json::parse(R"({"a":1,"b":1})")));
}

BOOST_AUTO_TEST_CASE(no_secret_is_told)
{
    auto found = ada();
    found.password.reset();
    found.totp_secret.clear();
    found.backup_codes.clear();
    for (const auto& each : fields(ada(), found))
        BOOST_TEST(each.find("ecret") == each.find("ecret \"set\""));
    BOOST_TEST(fields(ada(), found).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
