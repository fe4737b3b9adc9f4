#include "client.hpp"

#include <boost/test/unit_test.hpp>

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct fixture {
    fixture() : sandbox(options()), http(sandbox) {}

    server sandbox;
    client http;

    json::object create(const json::object& with)
    {
        const auto made = http.post("/users", with);
        BOOST_REQUIRE_MESSAGE(made.status == 200, made.text);
        return made.object();
    }
    static std::string id(const json::object& of) { return std::string(of.at("id").as_string()); }

    void refused(const answer& got, int status, const std::string& code, const std::string& parameter = {})
    {
        BOOST_TEST(got.status == status, got.text);
        BOOST_TEST(got.code() == code, got.text);
        BOOST_TEST(got.parameter() == parameter, got.text);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(users, fixture)

BOOST_AUTO_TEST_CASE(a_new_user_carries_what_was_given)
{
    const auto user = create({{"external_id", "x-1"},
                              {"first_name", "Ada"},
                              {"last_name", nullptr},
                              {"username", "ada_l"},
                              {"email_address", {"ada@example.com", "a@example.org"}},
                              {"phone_number", {"+15551234567"}},
                              {"web3_wallet", {"0xabc"}},
                              {"public_metadata", {{"plan", "pro"}}},
                              {"created_at", "2020-01-02T03:04:05.006Z"},
                              {"legal_accepted_at", "2020-01-02T03:04:05.007Z"},
                              {"password", "correct horse"},
                              {"create_organizations_limit", 3},
                              {"delete_self_enabled", false},
                              {"totp_secret", "JBSWY3DP"},
                              {"backup_codes", {"one"}}});
    BOOST_TEST(id(user).starts_with("user_"));
    BOOST_TEST(id(user).size() == 32u);
    BOOST_TEST(user.at("external_id").as_string() == "x-1");
    BOOST_TEST(user.at("first_name").as_string() == "Ada");
    BOOST_TEST(user.at("last_name").is_null());
    BOOST_TEST(user.at("created_at").as_int64() == 1577934245006);
    BOOST_TEST(user.at("legal_accepted_at").as_int64() == 1577934245007);
    BOOST_TEST(user.at("last_sign_in_at").is_null());
    BOOST_TEST(user.at("create_organizations_limit").as_int64() == 3);
    BOOST_TEST(!user.at("delete_self_enabled").as_bool());
    for (const auto* flag : {"password_enabled", "totp_enabled", "two_factor_enabled", "backup_code_enabled"})
        BOOST_TEST(user.at(flag).as_bool(), flag);
    const auto& emails = user.at("email_addresses").as_array();
    BOOST_TEST(emails.size() == 2u);
    BOOST_TEST(emails[0].as_object().at("verification").as_object().at("status").as_string() == "verified");
    BOOST_TEST(user.at("primary_email_address_id") == emails[0].as_object().at("id"));
    BOOST_TEST(user.at("primary_phone_number_id") == user.at("phone_numbers").as_array()[0].as_object().at("id"));
    BOOST_TEST(user.at("primary_web3_wallet_id") == user.at("web3_wallets").as_array()[0].as_object().at("id"));
    BOOST_TEST(http.get("/users/" + id(user)).object() == user);
    BOOST_TEST(sandbox.last_request().target == "/v1/users/" + id(user));
    BOOST_TEST(json::parse(sandbox.last_answer()) == json::value(user));
}

BOOST_AUTO_TEST_CASE(identifiers_are_unique_across_users)
{
    create({{"external_id", "x"},
            {"username", "adalove"},
            {"email_address", {"ada@example.com"}},
            {"phone_number", {"+15551234567"}},
            {"web3_wallet", {"0xabc"}}});
    refused(http.post("/users", {{"email_address", {"new@example.com", "ADA@example.com"}}}), 422,
            "form_identifier_exists", "email_address");
    refused(http.post("/users", {{"phone_number", {"+15551234567"}}}), 422, "form_identifier_exists", "phone_number");
    refused(http.post("/users", {{"username", "AdaLove"}}), 422, "form_identifier_exists", "username");
    refused(http.post("/users", {{"web3_wallet", {"0xABC"}}}), 422, "form_identifier_exists", "web3_wallet");
    refused(http.post("/users", {{"email_address", {"b@example.com"}}, {"external_id", "x"}}), 422,
            "form_identifier_exists", "external_id");
    refused(http.post("/users", {{"email_address", {"c@example.com", "c@example.com"}}}), 422, "form_identifier_exists",
            "email_address");
    BOOST_TEST(sandbox.count("users") == 1u);
    BOOST_TEST(http.post("/users", {{"email_address", {"b@example.com"}}, {"external_id", "X"}}).status == 200);
}

BOOST_AUTO_TEST_CASE(identifiers_must_look_like_what_they_are)
{
    refused(http.post("/users", {{"email_address", {"https://example.com"}}}), 422, "form_param_format_invalid",
            "email_address");
    refused(http.post("/users", {{"phone_number", {"555 1234"}}}), 422, "form_param_format_invalid", "phone_number");
    refused(http.post("/users", {{"username", "ada lovelace"}}), 422, "form_username_invalid_character", "username");
    refused(http.post("/users", {{"username", "ada"}}), 422, "form_username_invalid_length", "username");
    refused(http.post("/users", {{"email_address", {"a@b.co"}}, {"created_at", "yesterday"}}), 422,
            "form_param_format_invalid", "created_at");
    refused(http.post("/users", json::object{{"first_name", "Nobody"}}), 422, "form_data_missing");
    BOOST_TEST(http.post("/users", {{"first_name", "Nobody"}, {"skip_user_requirement", true}}).status == 200);
}

BOOST_AUTO_TEST_CASE(passwords_and_digests)
{
    const auto with = [&](json::object more) {
        more["email_address"] = {"p" + std::to_string(sandbox.count("users")) + "@example.com"};
        return http.post("/users", more);
    };
    const std::string bcrypt = "$2a$10$" + std::string(53, 'x');
    refused(with({{"password", "correct horse"}, {"password_digest", bcrypt}, {"password_hasher", "bcrypt"}}), 422,
            "form_conditional_param_disallowed", "password_digest");
    refused(with({{"password_digest", bcrypt}}), 422, "form_conditional_param_missing", "password_hasher");
    refused(with({{"password_hasher", "bcrypt"}}), 422, "form_conditional_param_missing", "password_digest");
    refused(with({{"password_digest", bcrypt}, {"password_hasher", "rot13"}}), 422, "form_param_value_invalid",
            "password_hasher");
    refused(with({{"password_digest", "plain"}, {"password_hasher", "bcrypt"}}), 422,
            "form_password_digest_invalid_code", "password_digest");
    refused(with({{"password", "short"}}), 422, "form_password_length_too_short", "password");
    refused(with({{"password", std::string(73, 'x')}}), 422, "form_password_size_in_bytes_exceeded", "password");
    BOOST_TEST(with({{"password", "short"}, {"skip_password_checks", true}}).status == 200);
    const auto made = with({{"password_digest", bcrypt}, {"password_hasher", "bcrypt"}});
    BOOST_TEST(made.object().at("password_enabled").as_bool());
    BOOST_TEST(made.text.find(bcrypt) == std::string::npos);

    const auto user = id(create({{"email_address", {"q@example.com"}}, {"password", "correct horse"}}));
    BOOST_TEST(http.post("/users/" + user + "/verify_password", {{"password", "correct horse"}}).status == 200);
    refused(http.post("/users/" + user + "/verify_password", {{"password", "battery"}}), 422, "incorrect_password",
            "password");
}

BOOST_AUTO_TEST_CASE(metadata_is_bounded)
{
    refused(http.post("/users", {{"email_address", {"a@b.co"}}, {"private_metadata", {{"x", std::string(8190, 'x')}}}}),
            422, "form_param_exceeds_allowed_size", "private_metadata");
    const json::object whole{{"x", std::string(8192 - 8, 'x')}}; // {"x":"…"} is 8,192 bytes
    const auto user = id(create({{"email_address", {"a@b.co"}}, {"public_metadata", whole}}));
    refused(http.patch("/users/" + user + "/metadata", {{"public_metadata", {{"y", 1}}}}), 422,
            "form_param_exceeds_allowed_size", "public_metadata");
}

BOOST_AUTO_TEST_CASE(an_update_changes_what_it_names_and_null_clears)
{
    const auto user = id(create({{"email_address", {"a@b.co"}},
                                 {"first_name", "Ada"},
                                 {"last_name", "L"},
                                 {"external_id", "x"},
                                 {"public_metadata", {{"a", 1}, {"b", 2}}}}));
    create({{"email_address", {"other@b.co"}}, {"external_id", "y"}});
    auto got = http.patch("/users/" + user, {{"first_name", nullptr},
                                             {"external_id", "z"},
                                             {"public_metadata", {{"c", 3}}},
                                             {"created_at", "2001-01-01T00:00:00Z"}});
    BOOST_TEST(got.object().at("first_name").is_null());
    BOOST_TEST(got.object().at("last_name").as_string() == "L");
    BOOST_TEST((got.object().at("public_metadata") == json::value{{"c", 3}}));
    BOOST_TEST(got.object().at("created_at").as_int64() == 978307200000);
    refused(http.patch("/users/" + user, {{"external_id", "y"}}), 422, "form_identifier_exists", "external_id");
    BOOST_TEST(http.patch("/users/" + user, {{"external_id", "z"}}).status == 200);
    BOOST_TEST(http.post("/users", {{"email_address", {"third@b.co"}}, {"external_id", "x"}}).status ==
               200); // free again
    refused(http.patch("/users/" + user, {{"primary_email_address_id", "idn_1"}}), 422, "form_resource_not_found",
            "primary_email_address_id");
    refused(http.patch("/users/user_1", {{"first_name", "a"}}), 404, "resource_not_found");
    refused(http.send("PATCH", "/users/" + user), 422, "form_data_missing");
}

BOOST_AUTO_TEST_CASE(metadata_is_merged_deeply_and_null_removes_a_key)
{
    const auto user =
        id(create({{"email_address", {"a@b.co"}}, {"public_metadata", {{"a", {{"x", 1}, {"y", 2}}}, {"b", 2}}}}));
    const auto got = http.patch("/users/" + user + "/metadata",
                                {{"public_metadata", {{"a", {{"y", nullptr}, {"z", 3}}}, {"b", nullptr}}}});
    BOOST_TEST((got.object().at("public_metadata") == json::value{{"a", {{"x", 1}, {"z", 3}}}}));
}

BOOST_AUTO_TEST_CASE(a_deleted_user_is_gone_and_its_identifiers_are_free)
{
    const auto user = id(create({{"email_address", {"a@b.co"}}, {"external_id", "x"}}));
    const auto organization = id(http.post("/organizations", {{"name", "Acme"}, {"created_by", user}}).object());
    const auto got = http.remove("/users/" + user);
    BOOST_TEST(got.object().at("deleted").as_bool());
    BOOST_TEST(got.object().at("object").as_string() == "user");
    BOOST_TEST(got.object().at("external_id").as_string() == "x");
    refused(http.get("/users/" + user), 404, "resource_not_found");
    refused(http.remove("/users/" + user), 404, "resource_not_found");
    BOOST_TEST(http.get("/organizations/" + organization + "/memberships").object().at("total_count").as_int64() == 0);
    create({{"email_address", {"a@b.co"}}, {"external_id", "x"}});
}

BOOST_AUTO_TEST_CASE(bans_and_locks)
{
    const auto one = id(create({{"email_address", {"a@b.co"}}})), two = id(create({{"email_address", {"c@d.co"}}}));
    BOOST_TEST(http.send("POST", "/users/" + one + "/ban").object().at("banned").as_bool());
    BOOST_TEST(!http.send("POST", "/users/" + one + "/unban").object().at("banned").as_bool());
    BOOST_TEST(http.send("POST", "/users/" + one + "/lock").object().at("locked").as_bool());
    BOOST_TEST(http.post("/users/ban", {{"user_ids", {one, two}}}).body().as_array().size() == 2u);
    BOOST_TEST(http.get("/users?banned=true").body().as_array().size() == 2u);
    refused(http.post("/users/ban", {{"user_ids", {one, "user_1"}}}), 404, "resource_not_found");
}

BOOST_AUTO_TEST_CASE(addresses_and_numbers_are_resources_too)
{
    const auto user = id(create({{"email_address", {"a@b.co"}}}));
    const auto made =
        http.post("/email_addresses", {{"user_id", user}, {"email_address", "second@b.co"}, {"verified", false}})
            .object();
    BOOST_TEST(made.at("verification").is_null());
    BOOST_TEST(http.get("/email_addresses/" + id(made)).object() == made);
    BOOST_TEST(http.get("/users/" + user).object().at("email_addresses").as_array().size() == 2u);
    refused(http.post("/email_addresses", {{"user_id", user}, {"email_address", "a@b.co"}}), 422,
            "form_identifier_exists", "email_address");
    refused(http.post("/email_addresses", {{"user_id", "user_1"}, {"email_address", "x@b.co"}}), 404,
            "resource_not_found");
    const auto changed = http.patch("/email_addresses/" + id(made), {{"verified", true}, {"primary", true}}).object();
    BOOST_TEST(changed.at("verification").as_object().at("status").as_string() == "verified");
    BOOST_TEST(http.get("/users/" + user).object().at("primary_email_address_id") == made.at("id"));
    BOOST_TEST(http.remove("/email_addresses/" + id(made)).object().at("deleted").as_bool());
    refused(http.get("/email_addresses/" + id(made)), 404, "resource_not_found");
    BOOST_TEST(http.get("/users/" + user).object().at("primary_email_address_id") != made.at("id"));

    const auto phone =
        http.post("/phone_numbers", {{"user_id", user}, {"phone_number", "+15551234567"}, {"verified", true}}).object();
    BOOST_TEST(http.get("/phone_numbers/" + id(phone)).object() == phone);
    refused(http.get("/email_addresses/" + id(phone)), 404, "resource_not_found");
    refused(http.post("/phone_numbers", {{"user_id", user}, {"phone_number", "12"}}), 422, "form_param_format_invalid",
            "phone_number");
}

BOOST_AUTO_TEST_CASE(quotas_are_answered_with_403)
{
    options how;
    how.max_users = 1;
    how.max_organizations = 1;
    how.max_memberships = 1;
    const server small(how);
    client c(small);
    const auto user = id(c.post("/users", {{"email_address", {"a@b.co"}}}).object());
    refused(c.post("/users", {{"email_address", {"c@d.co"}}}), 403, "user_quota_exceeded");
    const auto organization = id(c.post("/organizations", {{"name", "a"}}).object());
    refused(c.post("/organizations", {{"name", "b"}}), 403, "organization_quota_exceeded");
    BOOST_TEST(
        c.post("/organizations/" + organization + "/memberships", {{"user_id", user}, {"role", "org:member"}}).status ==
        200);
    refused(c.post("/organizations/" + organization + "/memberships", {{"user_id", user}, {"role", "org:member"}}), 400,
            "already_a_member_in_organization", "user_id");
}

BOOST_AUTO_TEST_SUITE_END()
