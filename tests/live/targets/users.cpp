// A user is created once, and only what is ours is adopted.
#include "live/targets/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

struct clerk_fixture : target_fixture {
    explicit clerk_fixture(sandbox::options how = sandbox::options(), bulk::target_options options = quick())
        : target_fixture(sandbox::service::clerk, std::move(how), std::move(options))
    {
    }
};

std::string code_alone(const bulk::step_result& result)
{
    return result.failure ? result.failure->code : std::string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_users)

BOOST_AUTO_TEST_CASE(a_user_is_sent_with_all_that_clerk_holds)
{
    clerk_fixture fixture;
    auto who = ada("-ada");
    who.email_addresses.emplace_back("second@example.com", true);
    who.email_addresses.emplace_back("later@example.com", false);
    who.phone_numbers.emplace_back("+4915112345678", true);
    who.username = "ada_l";
    who.locale = "de-DE";
    who.password.emplace("bcrypt", "$2b$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234");
    who.totp_secret = "JBSWY3DPEHPK3PXP";
    who.backup_codes = {"one", "two"};
    who.unsafe_metadata["colour"] = "green";
    who.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
    const auto record = record_of(who);
    const auto done = fixture.perform(record, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    BOOST_TEST(!done.recovered);
    const auto sent = json::parse(fixture.service.last_request().body).as_object();
    BOOST_TEST(sent.at("external_id").as_string() == "-ada");
    BOOST_TEST(json::serialize(sent.at("email_address")) == R"(["-ada@example.com","second@example.com"])");
    BOOST_TEST(json::serialize(sent.at("phone_number")) == R"(["+4915112345678"])");
    BOOST_TEST(sent.at("username").as_string() == "ada_l");
    BOOST_TEST(sent.at("password_digest").as_string() == who.password->digest);
    BOOST_TEST(sent.at("password_hasher").as_string() == "bcrypt");
    BOOST_TEST(sent.at("skip_password_checks").as_bool());
    BOOST_TEST(!sent.contains("skip_password_requirement"));
    BOOST_TEST(sent.at("skip_legal_checks").as_bool());
    BOOST_TEST(!sent.contains("skip_user_requirement"));
    BOOST_TEST(sent.at("totp_secret").as_string() == "JBSWY3DPEHPK3PXP");
    BOOST_TEST(json::serialize(sent.at("backup_codes")) == R"(["one","two"])");
    BOOST_TEST(sent.at("unsafe_metadata").at("colour").as_string() == "green");
    BOOST_TEST(!sent.contains("public_metadata"));
    BOOST_TEST(sent.at("created_at").as_string() == "2020-01-02T00:00:00Z");
    // Again: it is recognised by its id, though that begins like a sign.
    const auto again = fixture.perform(record, create);
    BOOST_TEST(code_of(again) == "");
    BOOST_TEST(again.id == done.id);
    BOOST_TEST(!again.made);
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(whom_a_listing_does_not_show_yet_is_recognised_when_it_does)
{
    sandbox::options how;
    how.listing_lag = 1h;
    clerk_fixture fixture(how);
    const auto record = record_of(ada());
    const auto first = fixture.perform(record, create);
    bulk::step_request request;
    request.record = &record;
    request.what = create;
    std::optional<bulk::step_result> again;
    boost::asio::co_spawn(fixture.io, fixture.target->perform(std::move(request)),
                          [&again](std::exception_ptr, bulk::step_result done) { again = std::move(done); });
    fixture.io.restart();
    while (fixture.target->counters().lookups < 2 && fixture.io.run_one() != 0)
        continue;
    BOOST_TEST(!again.has_value());
    fixture.service.set_listing_lag(0ms);
    fixture.io.run();
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST(code_of(*again) == "");
    BOOST_TEST(again->id == first.id);
    BOOST_TEST(!again->made);
    BOOST_TEST(fixture.target->counters().lookups > 1U);
}

BOOST_AUTO_TEST_CASE(one_that_never_shows_is_said_to_be_in_doubt)
{
    sandbox::options how;
    how.listing_lag = 60s;
    clerk_fixture fixture(how);
    const auto record = record_of(ada());
    (void)fixture.perform(record, create);
    const auto again = fixture.perform(record, create);
    BOOST_TEST(code_alone(again) == "form_identifier_exists");
    BOOST_TEST_REQUIRE(again.failure.has_value());
    BOOST_TEST(again.failure->outcome_unknown);
    BOOST_TEST(!again.hopeless.has_value());
}

BOOST_AUTO_TEST_CASE(a_stranger_with_the_same_address_is_not_adopted)
{
    for (const auto lag : {0ms, 150ms}) {
        sandbox::options how;
        how.listing_lag = lag;
        clerk_fixture fixture(how);
        auto first = ada("first");
        auto second = ada("second");
        second.email_addresses.front().value = "first@example.com";
        (void)fixture.perform(record_of(first), create);
        const auto record = record_of(second);
        const auto refused = fixture.perform(record, create);
        BOOST_TEST(code_alone(refused) == "identifier_taken");
        BOOST_TEST_REQUIRE(refused.failure.has_value());
        BOOST_TEST(refused.failure->param == "email_address");
        BOOST_TEST(refused.failure->message.find("first") != std::string::npos);
        BOOST_TEST(fixture.service.count("users") == 1U);
    }
}

BOOST_AUTO_TEST_CASE(somebody_without_an_id_of_ours_is_a_stranger_too)
{
    clerk_fixture fixture;
    auto who = ada();
    who.email_addresses.clear();
    who.username = "countess";
    fixture.post("/users", {{"username", "countess"}, {"skip_password_requirement", true}});
    BOOST_TEST(code_alone(fixture.perform(record_of(who), create)) == "identifier_taken");
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(a_user_without_anything_verified_is_created_bare)
{
    clerk_fixture fixture;
    auto who = ada();
    who.email_addresses.front().verified = false;
    const auto id = fixture.bring(record_of(who));
    const auto there = fixture.get("/users/" + id);
    BOOST_TEST_REQUIRE(there.at("email_addresses").as_array().size() == 1U);
    BOOST_TEST(there.at("email_addresses").at(0).at("verification").is_null());
}

BOOST_AUTO_TEST_CASE(a_full_instance_and_a_wrong_key_are_hopeless)
{
    sandbox::options how;
    how.max_users = 1;
    clerk_fixture fixture(how);
    (void)fixture.perform(record_of(ada("first")), create);
    const auto full = fixture.perform(record_of(ada("second")), create);
    BOOST_TEST(code_alone(full) == "user_quota_exceeded");
    BOOST_TEST(full.hopeless.has_value());
    fixture.service.set_faults({answer_with(401, "CreateUser")});
    BOOST_TEST(fixture.perform(record_of(ada("third")), create).hopeless.has_value());
    fixture.service.set_faults({answer_with(422, "CreateUser", clerk_error("form_param_invalid", "locale"))});
    const auto refused = fixture.perform(record_of(ada("third")), create);
    BOOST_TEST(code_alone(refused) == "form_param_invalid");
    BOOST_TEST(!refused.hopeless.has_value());
    BOOST_TEST(!refused.failure->outcome_unknown);
}

BOOST_AUTO_TEST_CASE(nobody_who_answers_is_hopeless_after_a_while)
{
    auto options = target_fixture::quick();
    options.most_lost = 3;
    options.deadline = 100ms;
    clerk_fixture fixture(sandbox::options(), options);
    fixture.service.stop();
    BOOST_TEST(!fixture.perform(record_of(ada("1")), create).hopeless.has_value());
    BOOST_TEST(!fixture.perform(record_of(ada("2")), create).hopeless.has_value());
    BOOST_TEST(fixture.perform(record_of(ada("3")), create).hopeless.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
