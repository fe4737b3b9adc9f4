#include "unit/bulk/mapped.hpp"

#include <usher/time.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace bulk = usher::bulk;

namespace {

bulk::mapped map(std::string_view json, const bulk::mapping_options& options = bulk::mapping_options())
{
    bulk::source_record record;
    record.format = bulk::source_format::auth0;
    record.fields = boost::json::parse(json).as_object();
    return bulk::map_record(record, options);
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
    BOOST_TEST((plan->kind() == bulk::entity_kind::user));
    BOOST_TEST(plan->id() == "auth0|1");
    const auto& made = user_of(plan);
    BOOST_TEST((texts(made.email_addresses) == std::vector<std::string>{"ada@example.com+"}));
    BOOST_TEST((texts(made.phone_numbers) == std::vector<std::string>{"+12125550100+"}));
    BOOST_TEST(made.username == "ada");
    BOOST_TEST(made.first_name == "Ada");
    BOOST_TEST(made.last_name == "Lovelace");
    BOOST_TEST((made.created_at == usher::parse_rfc3339("2019-05-01T10:30:00.123Z")));
    BOOST_TEST(made.password.value().digest == digest);
    BOOST_TEST(made.password->hasher == "bcrypt");
    BOOST_TEST(made.private_metadata.at("plan").as_string() == "team");
    BOOST_TEST(made.unsafe_metadata.at("theme").as_string() == "dark");
    BOOST_TEST(made.public_metadata.empty());
    BOOST_TEST(!made.banned);
    BOOST_TEST(plan->notes.empty());
}

BOOST_AUTO_TEST_CASE(an_unverified_address_is_not_promoted)
{
    const auto plan = map(R"({"user_id":"auth0|1","email":"ada@example.com","email_verified":false,"username":"ada"})");
    BOOST_TEST((texts(user_of(plan).email_addresses) == std::vector<std::string>{"ada@example.com-"}));
    for (const auto* flag : {"null", "0", "2", "\"perhaps\"", "\"false\""}) {
        const auto other =
            map(std::string(R"({"user_id":"auth0|1","email":"ada@example.com","email_verified":)") + flag + "}");
        BOOST_TEST((texts(user_of(other).email_addresses) == std::vector<std::string>{"ada@example.com-"}));
    }
}

BOOST_AUTO_TEST_CASE(an_unverified_number_stays_unverified_and_one_that_is_no_e164_is_noted)
{
    auto plan = map(R"({"user_id":"auth0|1","username":"ada","phone_number":"+12125550100"})");
    BOOST_TEST((texts(user_of(plan).phone_numbers) == std::vector<std::string>{"+12125550100-"}));
    for (const auto* number :
         {"0049 (0)30 1234", "12125550100", "+0123456789", "+1234567890123456", "+", "+1 212 555 0100"}) {
        plan = map(std::string(R"({"user_id":"auth0|1","username":"ada","phone_verified":true,"phone_number":")") +
                   number + "\"}");
        BOOST_TEST(user_of(plan).phone_numbers.empty());
        BOOST_TEST(has_note(plan, "phone_number"));
    }
}

BOOST_AUTO_TEST_CASE(an_address_of_the_web_or_a_number_is_no_name)
{
    auto plan = map(
        R"({"user_id":"auth0|1","username":"ada","given_name":"https://win.example.com","family_name":"+1 (555) 010-9999"})");
    BOOST_TEST(user_of(plan).first_name == "");
    BOOST_TEST(user_of(plan).last_name == "");
    BOOST_TEST(has_note(plan, "given_name"));
    BOOST_TEST(has_note(plan, "family_name"));
    plan = map(R"({"user_id":"auth0|1","username":"ada","given_name":"WWW.example.com","family_name":"Hawking-3rd"})");
    BOOST_TEST(user_of(plan).first_name == "");
    BOOST_TEST(user_of(plan).last_name == "Hawking-3rd");
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_null)
{
    const auto plan =
        map(R"({"user_id":"auth0|1","username":"","given_name":" ","family_name":null,"phone_number":"","nickname":"",
        "email":"ada@example.com","email_verified":true,"app_metadata":{},"password_hash":"","created_at":""})");
    BOOST_TEST_REQUIRE(plan.has_value());
    BOOST_TEST(user_of(plan).username == "");
    BOOST_TEST(user_of(plan).first_name == "");
    BOOST_TEST(user_of(plan).last_name == "");
    BOOST_TEST(user_of(plan).phone_numbers.empty());
    BOOST_TEST(user_of(plan).private_metadata.empty());
    BOOST_TEST(!user_of(plan).created_at);
    BOOST_TEST(!user_of(plan).password);
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

BOOST_AUTO_TEST_CASE(what_users_could_write_becomes_public_only_when_asked_for)
{
    bulk::mapping_options options;
    options.user_metadata = bulk::user_metadata_target::public_metadata;
    const auto plan =
        map(R"({"user_id":"auth0|1","username":"ada","user_metadata":{"a":1},"app_metadata":{"b":2}})", options);
    BOOST_TEST(user_of(plan).public_metadata.contains("a"));
    BOOST_TEST(user_of(plan).unsafe_metadata.empty());
    BOOST_TEST(user_of(plan).private_metadata.contains("b"));
}

BOOST_AUTO_TEST_CASE(a_record_without_id_is_refused_and_one_without_identifier_is_the_targets_affair)
{
    BOOST_TEST(map(R"({"email":"ada@example.com","email_verified":true})").error().code == "no_external_id");
    BOOST_TEST(map(R"({"user_id":"","email":"ada@example.com"})").error().code == "no_external_id");
    BOOST_TEST(map(R"({"user_id":17,"email":"ada@example.com"})").error().code == "no_external_id");
    BOOST_TEST(user_of(map(R"({"user_id":"auth0|1","given_name":"Ada"})")).email_addresses.empty());
    const auto nobody = map(R"({"user_id":"auth0|1","email":"nobody at all"})");
    BOOST_TEST(user_of(nobody).email_addresses.empty());
    BOOST_TEST(has_note(nobody, "email"));
}

BOOST_AUTO_TEST_CASE(a_block_is_read_however_it_is_written_and_holds_where_it_cannot_be)
{
    const auto blocked = [](const std::string& value) {
        return map(R"({"user_id":"auth0|1","username":"ada","blocked":)" + value + "}");
    };
    for (const char* yes : {"1", R"("1")", R"("TRUE")", R"("t")"}) {
        BOOST_TEST(user_of(blocked(yes)).banned, yes);
        BOOST_TEST(!has_note(blocked(yes), "blocked"), yes);
    }
    for (const char* no : {"0", R"("F")", R"("")", "null"}) {
        BOOST_TEST(!user_of(blocked(no)).banned, no);
        BOOST_TEST(!has_note(blocked(no), "blocked"), no);
    }
    for (const char* unreadable : {"2", R"("until monday")", R"({"until":7})"}) {
        BOOST_TEST(user_of(blocked(unreadable)).banned, unreadable);
        BOOST_TEST(has_note(blocked(unreadable), "blocked"), unreadable);
    }
    const auto verified = map(R"({"user_id":"auth0|1","email":"a@example.com","email_verified":"maybe"})");
    BOOST_TEST(texts(user_of(verified).email_addresses).at(0) == "a@example.com-");
    BOOST_TEST(has_note(verified, "email_verified"));
}

BOOST_AUTO_TEST_CASE(a_blocked_user_is_banned)
{
    BOOST_TEST(user_of(map(R"({"user_id":"auth0|1","username":"ada","blocked":true})")).banned);
    BOOST_TEST(!user_of(map(R"({"user_id":"auth0|1","username":"ada","blocked":false})")).banned);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_carried_over_is_noted_member_by_member)
{
    const auto plan = map(
        R"({"user_id":"auth0|1","username":"ada","picture":"https://x","nickname":"a","last_login":"x","name":"Countess",
        "created_at":"yesterday","app_metadata":[1],"identities":[{"provider":"google-oauth2"}],"something_new":{"a":1}})");
    BOOST_TEST_REQUIRE(plan.has_value());
    for (const auto* field :
         {"picture", "nickname", "last_login", "name", "created_at", "app_metadata", "identities", "something_new"})
        BOOST_TEST(has_note(plan, field), field << " is noted");
    BOOST_TEST(plan->notes.size() == 8U);
    BOOST_TEST(map(R"({"user_id":"a","username":"ada","identities":[{"provider":"auth0"}]})")->notes.empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_could_not_be_read_is_refused_with_its_problem)
{
    bulk::source_record record;
    record.problem = "torn";
    const auto refused = bulk::map_record(record);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().message == "torn");
}

BOOST_AUTO_TEST_SUITE_END()
