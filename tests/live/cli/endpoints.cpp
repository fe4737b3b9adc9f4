#include "live/cli/process.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <map>
#include <sstream>

using namespace usher::tests;

BOOST_AUTO_TEST_SUITE(endpoints_command)

BOOST_AUTO_TEST_CASE(every_operation_of_every_service_is_listed)
{
    const auto ended = run({USHER_COMMAND, "endpoints", "--json"});
    BOOST_TEST_REQUIRE(ended.status == 0);
    std::ostringstream index;
    index << std::ifstream(USHER_SOURCE_DIR "/src/spec/ENDPOINTS.md").rdbuf();
    std::map<std::string, int> count;
    std::istringstream lines(ended.out);
    bool found = false;
    for (std::string line; std::getline(lines, line);) {
        const auto operation = boost::json::parse(line).as_object();
        count[std::string(operation.at("service").as_string())] += 1;
        const auto call = "`" + std::string(operation.at("call").as_string()) + "`";
        BOOST_TEST(index.str().find(call) != std::string::npos, call << " is not in the index");
        if (operation.at("id").as_string() != "GetUser" || operation.at("service").as_string() != "clerk")
            continue;
        found = true;
        BOOST_TEST(operation.at("method").as_string() == "GET");
        BOOST_TEST(operation.at("path").as_string() == "/users/{user_id}");
        BOOST_TEST(operation.at("call").as_string() == "clerk.users().get(user_id)");
    }
    BOOST_TEST(found);
    BOOST_TEST(count["clerk"] == 206);
    BOOST_TEST(count["clerk-platform"] == 41);
    BOOST_TEST(count["scalekit"] == 89);
}

BOOST_AUTO_TEST_CASE(one_service_is_a_table)
{
    const auto ended = run({USHER_COMMAND, "endpoints", "--service", "clerk-platform"});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.out.find("clerk-platform, 41 operations") == 0U);
    BOOST_TEST(ended.out.find("clerk_platform.") != std::string::npos);
    BOOST_TEST(run({USHER_COMMAND, "endpoints", "--service", "okta"}).status == 2);
}

BOOST_AUTO_TEST_CASE(help_teaches_and_wrong_usage_is_2)
{
    const auto help = run({USHER_COMMAND, "import", "--help"});
    BOOST_TEST(help.status == 0);
    for (const auto* part :
         {"usher import --from auth0 users.json --dry-run", "external_id", "Exit status", "--failures"})
        BOOST_TEST(help.out.find(part) != std::string::npos, part);
    const auto version = run({USHER_COMMAND, "--version"});
    BOOST_TEST(version.status == 0);
    BOOST_TEST(version.out.find("usher ") == 0U);
    const auto nothing = run({USHER_COMMAND});
    BOOST_TEST(nothing.status == 2);
    BOOST_TEST(nothing.out == "");
}

BOOST_AUTO_TEST_SUITE_END()
