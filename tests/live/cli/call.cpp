#include "live/cli/service.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace usher::tests;
namespace sandbox = usher::sandbox;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(call_command, service)

BOOST_AUTO_TEST_CASE(an_operation_is_called_by_its_id_and_its_answer_printed)
{
    const auto created = call(
        {"CreateUser", "--params", R"({"email_address":["ada@example.com"],"external_id":"ada","first_name":null})"});
    BOOST_TEST_INFO(created.err);
    BOOST_TEST_REQUIRE(created.status == 0);
    BOOST_TEST(contains(created.out, "\n  \"id\": \"user_"));
    const auto id = std::string(boost::json::parse(created.out).at("id").as_string());

    const auto found = call({"GetUser", "--params", R"({"user_id":")" + id + "\"}", "--compact"});
    BOOST_TEST(found.status == 0);
    BOOST_TEST(std::count(found.out.begin(), found.out.end(), '\n') == 1);
    BOOST_TEST(boost::json::parse(found.out).at("external_id").as_string() == "ada");
    BOOST_TEST(call({"GetUsersCount", "--compact"}).out == "{\"object\":\"total_count\",\"total_count\":1}\n");
}

BOOST_AUTO_TEST_CASE(where_the_time_went_is_shown_on_request_without_what_was_said)
{
    const auto traced = call({"GetUser", "--params", R"({"user_id":"user_canary"})", "--trace"});
    BOOST_TEST(traced.status == 1);
    BOOST_TEST(contains(traced.err, "GetUser GET /users/{user_id}  "), traced.err);
    BOOST_TEST(contains(traced.err, "new connection: resolve "), traced.err);
    BOOST_TEST(contains(traced.err, "attempt 1 ended: HTTP 404"), traced.err);
    BOOST_TEST(contains(traced.err, "\nslowest: "), traced.err);
    // What comes behind it is the error, in the service's own words.
    BOOST_TEST(traced.err.find("canary") > traced.err.find("\nusher: GetUser: "), traced.err);
    BOOST_TEST(traced.out.empty());
    BOOST_TEST(!contains(call({"GetUsersCount"}).err, "slowest"));
}

BOOST_AUTO_TEST_CASE(the_environment_turns_on_a_log)
{
    process.environment["USHER_LOG"] = "debug";
    const auto logged = call({"GetUsersCount", "--compact"});
    BOOST_TEST(logged.out == "{\"object\":\"total_count\",\"total_count\":0}\n");
    BOOST_TEST(contains(logged.err, "usher: call 1 GetUsersCount GET /users/count attempt 1: HTTP 200"), logged.err);
    process.environment["USHER_LOG"] = "loud";
    BOOST_TEST(contains(call({"GetUsersCount"}).err, "USHER_LOG=loud is no level"));
}

BOOST_AUTO_TEST_CASE(parameters_come_from_standard_input_too)
{
    process.input = R"({"username":"ada1","skip_password_requirement":true})";
    BOOST_TEST(call({"CreateUser", "--params", "@-"}).status == 0);
    BOOST_TEST(server.count("users") == 1U);
    const auto missing = call({"CreateUser", "--params", "@/no/such/file"});
    BOOST_TEST(missing.status == 2);
    BOOST_TEST(contains(missing.err, "/no/such/file"));
}

BOOST_AUTO_TEST_CASE(an_unknown_operation_is_2_and_finds_its_neighbours)
{
    const auto ended = call({"getuser"});
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(contains(ended.err, "  GetUser\n"));
    BOOST_TEST(contains(call({"SomethingElseAltogether"}).err, "usher endpoints"));
}

BOOST_AUTO_TEST_CASE(wrong_parameters_are_2_and_named_and_nothing_is_sent)
{
    const auto unknown = call({"GetUser", "--params", R"({"user":"x"})"});
    BOOST_TEST(unknown.status == 2);
    BOOST_TEST(contains(unknown.err, "user"));
    BOOST_TEST(call({"GetUser"}).status == 2);
    BOOST_TEST(call({"GetUserList", "--params", R"({"limit":"many"})"}).status == 2);
    BOOST_TEST(call({"GetUserList", "--params", "nonsense"}).status == 2);
    BOOST_TEST(server.stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_service_is_1_and_told_in_words_or_json)
{
    const auto text = call({"GetUser", "--params", R"({"user_id":"user_nobody"})"});
    BOOST_TEST(text.status == 1);
    BOOST_TEST(text.out == "");
    BOOST_TEST(contains(text.err, "resource_not_found"));
    const auto machine = call({"GetUser", "--params", R"({"user_id":"user_nobody"})", "--json"});
    const auto error = boost::json::parse(machine.err).at("error");
    BOOST_TEST(error.at("status").as_int64() == 404);
    BOOST_TEST(error.at("operation").as_string() == "GetUser");
    BOOST_TEST(error.at("errors").at(0).at("code").as_string() == "resource_not_found");
    BOOST_TEST(error.at("outcome").as_string() == "answered");
}

BOOST_AUTO_TEST_CASE(without_a_key_it_is_2_and_the_key_is_never_shown)
{
    auto with_key = process;
    process.environment.clear();
    const auto ended = call({"GetUsersCount"});
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(contains(ended.err, "CLERK_SECRET_KEY"));
    process.environment["OTHER_KEY"] = "sk_test_000000000000000000000000000000000000";
    BOOST_TEST(call({"GetUsersCount", "--key-env", "OTHER_KEY"}).status == 0);
}

BOOST_AUTO_TEST_CASE(plain_http_is_for_loopback_only)
{
    const auto ended = run({USHER_COMMAND, "call", "GetUsersCount", "--base-url", "http://192.0.2.1/v1"}, process);
    BOOST_TEST(ended.status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
