// From one live instance to another, and to a file.
#include "live/import/fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace usher::tests;
namespace sandbox = usher::sandbox;

namespace {

sandbox::options both_services()
{
    sandbox::options options;
    options.services = {sandbox::service::clerk, sandbox::service::scalekit};
    return options;
}

struct two_services : import_fixture {
    two_services() : import_fixture(both_services())
    {
        process = options();
        process.environment["SCALEKIT_CLIENT_ID"] = "skc_1";
        process.environment["SCALEKIT_CLIENT_SECRET"] = "test_secret_000000000000";
        process.environment["SCALEKIT_ENVIRONMENT_URL"] = scalekit;
    }
    std::vector<std::string> to_scalekit(const std::vector<std::string>& more) const
    {
        std::vector<std::string> words = {USHER_COMMAND, "import", "--to",     "scalekit", "--base-url", scalekit,
                                          "--limit",     "100000", "--window", "1s",       "--json"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::string clerk = service.url(sandbox::service::clerk);
    std::string scalekit = service.url(sandbox::service::scalekit);
    process_options process;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(instances, two_services)

BOOST_AUTO_TEST_CASE(users_of_a_live_instance_come_to_another_service)
{
    const auto file = write("users.json", auth0_users(30));
    BOOST_TEST(import("auth0", file).status == 0);
    const auto made = call("CreateOrganization", R"({"name":"Acme"})");
    const auto organization = std::string(made.at("id").as_string());
    const auto users = call("GetUserList", R"({"limit":100})");
    for (const auto& user : users.as_array())
        call("CreateOrganizationMembership", R"({"organization_id":")" + organization + R"(","user_id":")" +
                                                 std::string(user.at("id").as_string()) + R"(","role":"org:member"})");
    const auto job = path("move.usher");
    const auto words = to_scalekit({"--from", "clerk", "--from-base-url", clerk, "--job", job});
    auto ended = run(words, process);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    const auto summary = summary_of(ended);
    BOOST_TEST(number(summary, "organizations") == 1);
    BOOST_TEST(number(summary, "created") == 31);
    BOOST_TEST(service.mails() == 0U);
    ended = run({USHER_COMMAND, "resume", job, "--json"}, process);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(summary_of(ended), "skipped") == 31);
    // A job stays at its environment, whatever the variable says meanwhile.
    process.environment["SCALEKIT_ENVIRONMENT_URL"] = "https://other.scalekit.example";
    ended = run({USHER_COMMAND, "undo", job, "--json"}, process);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(summary_of(ended), "removed") == 31);
}

BOOST_AUTO_TEST_CASE(an_instance_is_not_imported_into_itself)
{
    const auto ended = run({USHER_COMMAND, "import", "--from", "clerk", "--from-base-url", clerk, "--to", "clerk",
                            "--base-url", clerk, "--job", path("self.usher")},
                           process);
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(says(ended, "source and target are the same instance"));
}

BOOST_AUTO_TEST_CASE(an_export_is_a_source)
{
    BOOST_TEST(import("auth0", write("users.json", auth0_users(12))).status == 0);
    const auto file = path("all.ndjson");
    auto ended = run({USHER_COMMAND, "export", file, "--service", "clerk", "--base-url", clerk}, process);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(ended.status == 0);
    BOOST_TEST(lines("all.ndjson").size() == 12U);
    ended = run({USHER_COMMAND, "plan", "--from", "usher", file, "--offline", "--json"}, process);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(last_line(ended), "users") == 12);
}

BOOST_AUTO_TEST_SUITE_END()
