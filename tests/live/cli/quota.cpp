// Limits that the command line gives: --quota and --quota-state.
#include "live/cli/service.hpp"
#include "temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace usher::tests;

namespace {

struct limited_service : service {
    temporary_folder folder;
};

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(quota_command, limited_service)

BOOST_AUTO_TEST_CASE(wrong_limits_are_2_with_file_and_place_and_nothing_is_sent)
{
    const auto file = folder.file("limits.json");
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {R"({"rules": [{"name": "all", "requests": 5, "window": "soon"}]})", "rules[0].window: \"soon\" is no time"},
        {"{\n  nonsense\n}", "line 2, column 3: "},
        {R"({"rules": [{"name": "r", "operations": ["GetUsr"], "requests": 5}]})", "there is no operation \"GetUsr\""},
    };
    folder.write("users.json", "");
    for (const auto& [text, expected] : wrong) {
        folder.write("limits.json", text);
        for (const auto& words : {std::vector<std::string>{"call", "GetUsersCount", "--quota", file},
                                  {"import", "--from", "auth0", folder.file("users.json"), "--quota", file}}) {
            const auto ended = usher(words);
            BOOST_TEST(ended.status == 2, text);
            BOOST_TEST(contains(ended.err, "usher: --quota: " + file + ": "), ended.err);
            BOOST_TEST(contains(ended.err, expected), ended.err);
        }
    }
    const auto absent = usher({"call", "GetUsersCount", "--quota", folder.file("absent.json")});
    BOOST_TEST(absent.status == 2);
    BOOST_TEST(contains(absent.err, "absent.json: can't be read"), absent.err);
    BOOST_TEST(server.stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(a_call_is_made_with_limits_from_a_file)
{
    folder.write("limits.json", R"({"rules": [
        {"name": "instance", "requests": 100, "window": "10s"},
        {"name": "user", "methods": ["PATCH"], "paths": ["/users/{user_id}"], "key": "entity", "requests": 5}]})");
    const auto ended = usher({"call", "GetUsersCount", "--compact", "--quota", folder.file("limits.json")});
    BOOST_TEST(ended.status == 0, ended.err);
    BOOST_TEST(ended.out == "{\"object\":\"total_count\",\"total_count\":0}\n");
}

BOOST_AUTO_TEST_CASE(an_import_keeps_to_limits_from_a_file)
{
    // One call asks whether address and key are right: five in all, of which at most two leave together.
    folder.write("limits.json", R"({"rules": [{"name": "instance", "requests": 100, "window": "25s"}], "burst": 2})");
    std::string users;
    for (const auto* name : {"ada1", "bob1", "eve1", "sam1"})
        users += std::string(R"({"user_id":"auth0|)") + name + R"(","username":")" + name + "\"}\n";
    folder.write("users.json", users);
    const auto begun = std::chrono::steady_clock::now();
    const auto ended = usher({"import", "--from", "auth0", folder.file("users.json"), "--quota",
                              folder.file("limits.json"), "--quota-state", folder.file("state")});
    BOOST_TEST(ended.status == 0, ended.err);
    BOOST_TEST((std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(750)));
    BOOST_TEST(contains(ended.err, " of 4.0/s allowed"), ended.err);
    BOOST_TEST(server.count("users") == 4U);
    BOOST_TEST(std::filesystem::is_directory(folder.file("state")));
}

BOOST_AUTO_TEST_CASE(the_folder_for_the_state_is_named_by_an_option_or_the_environment)
{
    BOOST_TEST(usher({"call", "GetUsersCount", "--quota-state", folder.file("one")}).status == 0);
    BOOST_TEST(std::filesystem::is_directory(folder.file("one")));
    process.environment["USHER_QUOTA_STATE"] = folder.file("two");
    BOOST_TEST(usher({"call", "GetUsersCount"}).status == 0);
    BOOST_TEST(std::filesystem::is_directory(folder.file("two")));
}

BOOST_AUTO_TEST_CASE(calls_one_after_the_other_keep_to_a_limit_per_hour)
{
    folder.write("limits.json",
                 R"({"rules": [{"name": "two", "operations": ["GetUsersCount"], "requests": 40, "window": "1h"}]})");
    // Of an hour of which nothing is known yet, a twentieth may be used at once.
    const auto call = [&](const std::string& operation) {
        return usher({"call", operation, "--deadline", "5s", "--quota", folder.file("limits.json"), "--quota-state",
                      folder.file("state")});
    };
    BOOST_TEST(call("GetUsersCount").status == 0);
    BOOST_TEST(call("GetUsersCount").status == 0);
    const auto third = call("GetUsersCount");
    BOOST_TEST(third.status == 1);
    BOOST_TEST(contains(third.err, "quota"), third.err);
    BOOST_TEST(call("GetUserList").status == 0);
    BOOST_TEST(server.stats().requests == 3U);
}

BOOST_AUTO_TEST_CASE(a_folder_for_the_state_that_can_not_be_used_is_3_and_named)
{
    folder.write("file", "");
    const auto ended = usher({"call", "GetUsersCount", "--quota-state", folder.file("file")});
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(contains(ended.err, folder.file("file") + ": is no folder"), ended.err);
    BOOST_TEST(server.stats().requests == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
