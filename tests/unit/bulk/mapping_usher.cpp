#include "unit/bulk/mapped.hpp"
#include "unit/bulk/read_all.hpp"

#include <usher/time.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace bulk = usher::bulk;
namespace json = boost::json;

namespace {

bulk::mapped map(const std::string& line)
{
    const auto records = read_all(bulk::source_format::usher, line + "\n");
    BOOST_TEST_REQUIRE(records.size() == 1U);
    return bulk::map_record(records[0]);
}

json::object object(std::string_view name)
{
    json::object made;
    made[name] = 1;
    return made;
}

bulk::user whole_user()
{
    bulk::user made;
    made.id = "user_1";
    made.email_addresses.emplace_back("ada@example.com", true);
    made.email_addresses.emplace_back("old@example.com", false);
    made.phone_numbers.emplace_back("+12125550100", false);
    made.username = "ada";
    made.first_name = "https://no.name.example";
    made.last_name = " kept as it is ";
    made.locale = "en-GB";
    made.password.emplace("bcrypt", "$2b$10$abcdefghijklmnopqrstuuHgNhGqVVtiYH3MpjLgnbfVqbOG0wJTK");
    made.totp_secret = "JBSWY3DPEHPK3PXP";
    made.backup_codes = {"one", "two"};
    made.public_metadata = object("a");
    made.private_metadata = object("b");
    made.unsafe_metadata = object("c");
    made.created_at = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(1'700'000'000'123));
    made.legal_accepted_at = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(-1));
    made.banned = true;
    made.locked = true;
    made.delete_self_enabled = false;
    made.create_organization_enabled = true;
    made.create_organizations_limit = 0;
    auto& first = made.memberships.emplace_back();
    first.organization = "org_1";
    first.roles = {"org:admin", "org:member"};
    first.public_metadata = object("d");
    first.private_metadata = object("e");
    made.memberships.emplace_back().organization = "org_2";
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(mapping_usher)

BOOST_AUTO_TEST_CASE(every_member_of_a_user_comes_back)
{
    const auto text = json::serialize(bulk::to_record(whole_user()));
    const auto again = map(text);
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST(json::serialize(bulk::to_record(user_of(again))) == text);
    const auto record = bulk::to_record(whole_user());
    BOOST_TEST(record.size() == 22U, "kind and all members of the model");
    BOOST_TEST(again->notes.empty());
    const auto& made = user_of(again);
    BOOST_TEST(made.first_name == "https://no.name.example");
    BOOST_TEST(made.last_name == " kept as it is ");
    BOOST_TEST(made.memberships.at(0).roles.size() == 2U);
    BOOST_TEST(made.memberships[0].private_metadata.contains("e"));
    BOOST_TEST(*made.create_organizations_limit == 0);
    BOOST_TEST(*made.delete_self_enabled == false);
    BOOST_TEST((*made.created_at == *whole_user().created_at));
    BOOST_TEST((*made.legal_accepted_at == *whole_user().legal_accepted_at));
}

BOOST_AUTO_TEST_CASE(every_member_of_an_organization_comes_back)
{
    bulk::organization whole;
    whole.id = "org_1";
    whole.name = "Acme";
    whole.slug = "acme";
    whole.created_at = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(5));
    whole.public_metadata = object("a");
    whole.private_metadata = object("b");
    whole.max_allowed_memberships = 0;
    whole.admin_delete_enabled = false;
    const auto record = bulk::to_record(whole);
    BOOST_TEST(record.size() == 9U, "kind and all members of the model");
    const auto again = map(json::serialize(record));
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST((again->kind() == bulk::entity_kind::organization));
    BOOST_TEST(again->id() == "org_1");
    BOOST_TEST(json::serialize(bulk::to_record(std::get<bulk::organization>(again->what))) == json::serialize(record));
}

BOOST_AUTO_TEST_CASE(a_user_with_nothing_but_an_id_stays_so)
{
    bulk::user bare;
    bare.id = "user_1";
    const auto again = map(json::serialize(bulk::to_record(bare)));
    BOOST_TEST(json::serialize(bulk::to_record(user_of(again))) == R"({"kind":"user","id":"user_1"})");
}

BOOST_AUTO_TEST_CASE(what_an_instance_did_not_give_is_noted)
{
    const auto made =
        map(R"({"kind":"user","id":"user_1","not_exported":[{"field":"password","reason":"not given"}]})");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST_REQUIRE(made->notes.size() == 1U);
    BOOST_TEST(made->notes[0].field == "password");
    BOOST_TEST(made->notes[0].reason == "not given");
}

BOOST_AUTO_TEST_CASE(a_member_of_another_form_refuses_the_record_and_is_named)
{
    const auto field = [](const std::string& members) {
        const auto made = map(R"({"kind":"user","id":"user_1",)" + members + "}");
        return code_of(made) == "member_malformed" ? made.error().field : code_of(made) + "?";
    };
    BOOST_TEST(field(R"("username":1)") == "username");
    BOOST_TEST(field(R"("banned":"true")") == "banned");
    BOOST_TEST(field(R"("created_at":"yesterday")") == "created_at");
    BOOST_TEST(field(R"("backup_codes":["a",1])") == "backup_codes");
    BOOST_TEST(field(R"("private_metadata":[])") == "private_metadata");
    BOOST_TEST(field(R"("email_addresses":["ada@example.com"])") == "email_addresses");
    BOOST_TEST(field(R"("email_addresses":[{"verified":true}])") == "email_addresses.value");
    BOOST_TEST(field(R"("email_addresses":[{"value":"ada@example.com","verified":"yes"}])") ==
               "email_addresses.verified");
    BOOST_TEST(field(R"("memberships":[{"roles":["a"]}])") == "memberships.organization");
    BOOST_TEST(field(R"("memberships":{})") == "memberships");
    BOOST_TEST(field(R"("create_organizations_limit":1.5)") == "create_organizations_limit");
    BOOST_TEST(field(R"("password":"secret")") == "password");
}

BOOST_AUTO_TEST_CASE(half_a_credential_and_an_unknown_kind_and_no_id_are_refused)
{
    BOOST_TEST(code_of(map(R"({"kind":"user","id":"1","password":{"hasher":"bcrypt"}})")) == "password_digest_missing");
    BOOST_TEST(code_of(map(R"({"kind":"user","id":"1","password":{"digest":"x"}})")) == "password_hasher_missing");
    BOOST_TEST(code_of(map(R"({"kind":"user","id":"1","password":{"hasher":"bcrypt","digest":"x"}})")) ==
               "password_digest_invalid");
    BOOST_TEST(code_of(map(R"({"kind":"team","id":"1"})")) == "unknown_kind");
    BOOST_TEST(code_of(map(R"({"id":"1"})")) == "unknown_kind");
    BOOST_TEST(code_of(map(R"({"kind":"user"})")) == "no_external_id");
    BOOST_TEST(code_of(map(R"({"kind":"organization","id":""})")) == "no_external_id");
}

BOOST_AUTO_TEST_CASE(members_that_nobody_knows_are_noted_wherever_they_stand)
{
    const auto made =
        map(R"({"kind":"user","id":"1","shoe_size":42,"memberships":[{"organization":"o","since":"x"}],"empty":null})");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(has_note(made, "shoe_size"));
    BOOST_TEST(has_note(made, "memberships.since"));
    BOOST_TEST(made->notes.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
