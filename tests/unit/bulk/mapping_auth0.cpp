#include <usher/bulk/mapping.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace bulk = usher::bulk;

namespace {

bulk::mapped_user map(std::string_view json, const bulk::mapping_options& options = bulk::mapping_options())
{
    bulk::source_record record;
    record.format = bulk::source_format::auth0;
    record.fields = boost::json::parse(json).as_object();
    return bulk::map_user(record, options);
}

bool has_note(const bulk::user_plan& plan, std::string_view field)
{
    return std::any_of(plan.notes.begin(), plan.notes.end(),
                       [&](const bulk::note& note) { return note.field == field; });
}

const std::string digest = "$2b$10$abcdefghijklmnopqrstuuHgNhGqVVtiYH3MpjLgnbfVqbOG0wJTK";

} // namespace

BOOST_AUTO_TEST_SUITE(mapping_auth0)

BOOST_AUTO_TEST_CASE(a_verified_user_is_created_whole)
{
    const auto plan =
        map(R"({"user_id":"auth0|1","email":"ada@example.com","email_verified":true,"username":"ada","given_name":"Ada",
        "family_name":"Lovelace","name":"Ada Lovelace","phone_number":"+12125550100","phone_verified":true,
        "created_at":"2019-05-01T10:30:00.123Z","password_hash":")" +
            digest + R"(","app_metadata":{"plan":"team"},"user_metadata":{"theme":"dark"}})");
    BOOST_TEST_REQUIRE(plan.has_value());
    const auto& create = plan->create;
    BOOST_TEST(*create.external_id == "auth0|1");
    BOOST_TEST(create.email_address->at(0) == "ada@example.com");
    BOOST_TEST(create.phone_number->at(0) == "+12125550100");
    BOOST_TEST(*create.username == "ada");
    BOOST_TEST(*create.first_name == "Ada");
    BOOST_TEST(*create.last_name == "Lovelace");
    BOOST_TEST((*create.created_at == *usher::parse_rfc3339("2019-05-01T10:30:00.123Z")));
    BOOST_TEST(*create.password_digest == digest);
    BOOST_TEST(*create.password_hasher == "bcrypt");
    BOOST_TEST(create.private_metadata->at("plan").as_string() == "team");
    BOOST_TEST(create.unsafe_metadata->at("theme").as_string() == "dark");
    BOOST_TEST(create.public_metadata.is_absent());
    BOOST_TEST(*create.skip_password_checks);
    BOOST_TEST(create.skip_password_requirement.is_absent());
    BOOST_TEST(*create.skip_legal_checks);
    BOOST_TEST(create.skip_user_requirement.is_absent());
    BOOST_TEST(!plan->has_steps());
    BOOST_TEST(plan->notes.empty());
}

BOOST_AUTO_TEST_CASE(an_unverified_address_is_not_promoted)
{
    const auto plan = map(R"({"user_id":"auth0|1","email":"ada@example.com","email_verified":false,"username":"ada"})");
    BOOST_TEST_REQUIRE(plan.has_value());
    BOOST_TEST(plan->create.email_address.is_absent());
    BOOST_TEST_REQUIRE(plan->unverified_email_addresses.size() == 1U);
    BOOST_TEST(plan->unverified_email_addresses[0] == "ada@example.com");
    BOOST_TEST(plan->create.skip_user_requirement.is_absent());
    BOOST_TEST(*plan->create.skip_password_requirement);
    for (const auto* flag : {"null", "0", "1", "\"yes\"", "\"false\""}) {
        const auto other =
            map(std::string(R"({"user_id":"auth0|1","email":"ada@example.com","email_verified":)") + flag + "}");
        BOOST_TEST(other->create.email_address.is_absent());
        BOOST_TEST(other->unverified_email_addresses.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_user_with_nothing_but_an_unverified_address_is_created_without_identifier)
{
    const auto plan = map(R"({"user_id":"auth0|1","email":"ada@example.com"})");
    BOOST_TEST_REQUIRE(plan.has_value());
    BOOST_TEST(*plan->create.skip_user_requirement);
    BOOST_TEST(plan->unverified_email_addresses.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_unverified_number_is_added_afterwards_and_one_that_is_no_e164_is_noted)
{
    auto plan = map(R"({"user_id":"auth0|1","username":"ada","phone_number":"+12125550100"})");
    BOOST_TEST(plan->create.phone_number.is_absent());
    BOOST_TEST(plan->unverified_phone_numbers.size() == 1U);
    for (const auto* number :
         {"0049 (0)30 1234", "12125550100", "+0123456789", "+1234567890123456", "+", "+1 212 555 0100"}) {
        plan = map(std::string(R"({"user_id":"auth0|1","username":"ada","phone_verified":true,"phone_number":")") +
                   number + "\"}");
        BOOST_TEST(plan->create.phone_number.is_absent());
        BOOST_TEST(plan->unverified_phone_numbers.empty());
        BOOST_TEST(has_note(*plan, "phone_number"));
    }
}

BOOST_AUTO_TEST_CASE(an_address_of_the_web_or_a_number_is_no_name)
{
    auto plan = map(
        R"({"user_id":"auth0|1","username":"ada","given_name":"https://win.example.com","family_name":"+1 (555) 010-9999"})");
    BOOST_TEST(plan->create.first_name.is_absent());
    BOOST_TEST(plan->create.last_name.is_absent());
    BOOST_TEST(has_note(*plan, "given_name"));
    BOOST_TEST(has_note(*plan, "family_name"));
    plan = map(R"({"user_id":"auth0|1","username":"ada","given_name":"WWW.example.com","family_name":"Hawking-3rd"})");
    BOOST_TEST(plan->create.first_name.is_absent());
    BOOST_TEST(*plan->create.last_name == "Hawking-3rd");
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_null)
{
    const auto plan =
        map(R"({"user_id":"auth0|1","username":"","given_name":" ","family_name":null,"phone_number":"","nickname":"",
        "email":"ada@example.com","email_verified":true,"app_metadata":{},"password_hash":"","created_at":""})");
    BOOST_TEST_REQUIRE(plan.has_value());
    BOOST_TEST(plan->create.username.is_absent());
    BOOST_TEST(plan->create.first_name.is_absent());
    BOOST_TEST(plan->create.last_name.is_absent());
    BOOST_TEST(plan->create.phone_number.is_absent());
    BOOST_TEST(plan->create.private_metadata.is_absent());
    BOOST_TEST(plan->create.created_at.is_absent());
    BOOST_TEST(plan->create.password_digest.is_absent());
    BOOST_TEST(plan->notes.empty());
}

BOOST_AUTO_TEST_CASE(half_a_credential_refuses_the_record)
{
    auto refused = map(R"({"user_id":"auth0|1","username":"ada","password_hash":"$2b$10$tooshort"})");
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().code == "password_digest_invalid");
    BOOST_TEST(refused.error().field == "password_hash");
    refused = map(R"({"user_id":"auth0|1","username":"ada","custom_password_hash":{"algorithm":"hmac"}})");
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().code == "password_digest_unknown");
    BOOST_TEST(map(R"({"user_id":"auth0|1","username":"ada","passwordHash":")" + digest + "\"}").has_value());
}

BOOST_AUTO_TEST_CASE(metadata_over_8_kib_refuses_the_record)
{
    const auto with_notes = [](std::size_t size) {
        return map(R"({"user_id":"auth0|1","username":"ada","user_metadata":{"notes":")" + std::string(size, 'x') +
                   "\"}}");
    };
    constexpr std::size_t around = sizeof(R"({"notes":""})") - 1;
    BOOST_TEST(with_notes(8192 - around).has_value());
    const auto refused = with_notes(8193 - around);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().code == "metadata_too_large");
    BOOST_TEST(refused.error().field == "user_metadata");
}

BOOST_AUTO_TEST_CASE(what_users_could_write_becomes_public_only_when_asked_for)
{
    bulk::mapping_options options;
    options.user_metadata = bulk::user_metadata_target::public_metadata;
    const auto plan =
        map(R"({"user_id":"auth0|1","username":"ada","user_metadata":{"a":1},"app_metadata":{"b":2}})", options);
    BOOST_TEST(plan->create.public_metadata->contains("a"));
    BOOST_TEST(plan->create.unsafe_metadata.is_absent());
    BOOST_TEST(plan->create.private_metadata->contains("b"));
}

BOOST_AUTO_TEST_CASE(a_record_without_id_or_without_identifier_is_refused)
{
    BOOST_TEST(map(R"({"email":"ada@example.com","email_verified":true})").error().code == "no_external_id");
    BOOST_TEST(map(R"({"user_id":"","email":"ada@example.com"})").error().code == "no_external_id");
    BOOST_TEST(map(R"({"user_id":17,"email":"ada@example.com"})").error().code == "no_external_id");
    BOOST_TEST(map(R"({"user_id":"auth0|1","given_name":"Ada"})").error().code == "no_identifier");
    BOOST_TEST(map(R"({"user_id":"auth0|1","email":"nobody at all"})").error().code == "no_identifier");
}

BOOST_AUTO_TEST_CASE(a_blocked_user_is_banned)
{
    BOOST_TEST(map(R"({"user_id":"auth0|1","username":"ada","blocked":true})")->ban);
    BOOST_TEST(!map(R"({"user_id":"auth0|1","username":"ada","blocked":false})")->ban);
}

BOOST_AUTO_TEST_CASE(what_clerk_cannot_take_is_noted_member_by_member)
{
    const auto plan = map(
        R"({"user_id":"auth0|1","username":"ada","picture":"https://x","nickname":"a","last_login":"x","name":"Countess",
        "created_at":"yesterday","app_metadata":[1],"identities":[{"provider":"google-oauth2"}],"something_new":{"a":1}})");
    BOOST_TEST_REQUIRE(plan.has_value());
    for (const auto* field :
         {"picture", "nickname", "last_login", "name", "created_at", "app_metadata", "identities", "something_new"})
        BOOST_TEST(has_note(*plan, field), field << " is noted");
    BOOST_TEST(plan->notes.size() == 8U);
    BOOST_TEST(map(R"({"user_id":"a","username":"ada","identities":[{"provider":"auth0"}]})")->notes.empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_could_not_be_read_is_refused_with_its_problem)
{
    bulk::source_record record;
    record.problem = "torn";
    const auto refused = bulk::map_user(record);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().message == "torn");
}

BOOST_AUTO_TEST_SUITE_END()
