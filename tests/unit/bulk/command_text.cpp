#include "cli/line_file.hpp"
#include "cli/services.hpp"
#include "cli/text.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace cli = usher::cli;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(command_text)

BOOST_AUTO_TEST_CASE(durations_have_units_and_bare_numbers_are_seconds)
{
    BOOST_TEST((cli::parse_duration("80ms") == milliseconds(80)));
    BOOST_TEST((cli::parse_duration("10") == milliseconds(10'000)));
    BOOST_TEST((cli::parse_duration("1.5s") == milliseconds(1'500)));
    BOOST_TEST((cli::parse_duration("2m") == milliseconds(120'000)));
    BOOST_TEST((cli::parse_duration("1h") == milliseconds(3'600'000)));
    for (const auto* bad : {"", "s", "ten", "-1s", "0", "10x", "1 s", "1e300", "nan"})
        BOOST_TEST(!cli::parse_duration(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(numbers_and_times_read_well)
{
    BOOST_TEST(cli::grouped(0) == "0");
    BOOST_TEST(cli::grouped(999) == "999");
    BOOST_TEST(cli::grouped(1000) == "1,000");
    BOOST_TEST(cli::grouped(1234567) == "1,234,567");
    BOOST_TEST(cli::clock_text(std::chrono::seconds(59)) == "0:59");
    BOOST_TEST(cli::clock_text(std::chrono::seconds(3723)) == "1:02:03");
    BOOST_TEST(cli::with_tenth(98.06) == "98.1");
}

BOOST_AUTO_TEST_CASE(json_is_indented_and_not_changed)
{
    BOOST_TEST(
        cli::indented_json(R"({"a":[1,2.50,"x,{\"}"],"b":{},"c":[ ],"d":null})") ==
        "{\n  \"a\": [\n    1,\n    2.50,\n    \"x,{\\\"}\"\n  ],\n  \"b\": {},\n  \"c\": [],\n  \"d\": null\n}");
    BOOST_TEST(cli::indented_json("17") == "17");
    BOOST_TEST(cli::indented_json("[]") == "[]");
}

BOOST_AUTO_TEST_CASE(a_name_that_is_nearly_right_finds_the_right_one)
{
    const std::vector<std::string_view> names = {"GetUser", "GetUserList", "CreateUser", "DeleteDomain", "GetJWKS"};
    BOOST_TEST(cli::near_names("getuser", names).at(0) == "GetUser");
    BOOST_TEST(cli::near_names("CreatUser", names).at(0) == "CreateUser");
    BOOST_TEST(cli::near_names("jwks", names).at(0) == "GetJWKS");
    BOOST_TEST(cli::near_names("SomethingElseAltogether", names).empty());
}

BOOST_AUTO_TEST_CASE(only_loopback_counts_as_loopback)
{
    for (const auto* good :
         {"http://127.0.0.1:8080/v1", "https://localhost/v1", "https://[::1]:8443", "http://127.1.2.3"})
        BOOST_TEST(cli::is_loopback(good), good);
    for (const auto* bad :
         {"", "https://api.clerk.com/v1", "https://localhost.example.com", "https://127.0.0.1.example.com/",
          "https://127.0.0.1@example.com/", "https://[::1].example.com", "127.0.0.1", "https://[::12]/"})
        BOOST_TEST(!cli::is_loopback(bad), bad);
}

BOOST_AUTO_TEST_CASE(a_missing_key_names_the_variable)
{
    cli::connect_arguments connect;
    connect.key_env = "USHER_TEST_NO_SUCH_KEY";
    ::unsetenv("USHER_TEST_NO_SUCH_KEY");
    BOOST_CHECK_EXCEPTION(cli::key_for(connect), std::invalid_argument, [](const std::invalid_argument& problem) {
        return std::string(problem.what()).find("USHER_TEST_NO_SUCH_KEY") != std::string::npos;
    });
    ::setenv("USHER_TEST_NO_SUCH_KEY", "sk_test_1", 1);
    BOOST_TEST(cli::key_for(connect).reveal() == "sk_test_1");
}

BOOST_AUTO_TEST_CASE(a_source_has_a_key_of_its_own_before_the_usual_one)
{
    ::setenv("CLERK_SECRET_KEY", "sk_test_usual", 1);
    cli::connect_arguments connect;
    connect.is_source = true;
    ::unsetenv("CLERK_SECRET_KEY_SOURCE");
    BOOST_TEST(cli::key_for(connect).reveal() == "sk_test_usual");
    ::setenv("CLERK_SECRET_KEY_SOURCE", "sk_test_source", 1);
    BOOST_TEST(cli::key_for(connect).reveal() == "sk_test_source");
    connect.is_source = false;
    BOOST_TEST(cli::key_for(connect).reveal() == "sk_test_usual");
    ::unsetenv("CLERK_SECRET_KEY_SOURCE");
    ::unsetenv("CLERK_SECRET_KEY");
}

BOOST_AUTO_TEST_CASE(production_is_a_live_key_or_an_environment_that_is_not_for_development)
{
    ::setenv("USHER_TEST_LIVE", "sk_live_1", 1);
    ::setenv("USHER_TEST_DEVELOPMENT", "sk_test_1", 1);
    cli::connect_arguments clerk;
    clerk.key_env = "USHER_TEST_LIVE";
    BOOST_TEST(cli::is_production(clerk));
    clerk.base_url = "http://127.0.0.1:1/v1";
    BOOST_TEST(!cli::is_production(clerk));
    clerk.base_url.clear();
    clerk.key_env = "USHER_TEST_DEVELOPMENT";
    BOOST_TEST(!cli::is_production(clerk));
    cli::connect_arguments scalekit;
    scalekit.service = "scalekit";
    for (const auto* url : {"https://acme.scalekit.com", "https://auth.example.com/",
                            "https://scalekit.dev.example.com", "https://acmescalekit.dev", ""}) {
        scalekit.base_url = url;
        BOOST_TEST(cli::is_production(scalekit), url);
    }
    for (const auto* url : {"https://acme.scalekit.dev", "https://acme-1.scalekit.dev:443/", "http://localhost:80"}) {
        scalekit.base_url = url;
        BOOST_TEST(!cli::is_production(scalekit), url);
    }
}

BOOST_AUTO_TEST_CASE(a_line_file_exists_only_with_lines_and_for_its_owner_only)
{
    const auto path = (std::filesystem::temp_directory_path() / ("usher-lines-" + std::to_string(::getpid()))).string();
    std::ofstream(path) << "of an earlier run\n";
    {
        cli::line_file file(path);
        file.begin();
        BOOST_TEST(!std::filesystem::exists(path));
        file.write("one");
        file.write("two");
    }
    std::ifstream lines(path);
    const std::string text{std::istreambuf_iterator<char>(lines), std::istreambuf_iterator<char>()};
    BOOST_TEST(text == "one\ntwo\n");
    BOOST_TEST(cli::is_same_file(path, path));
    BOOST_TEST(!cli::is_same_file(path, path + ".other"));
    using std::filesystem::perms;
    BOOST_TEST(((std::filesystem::status(path).permissions() & (perms::group_all | perms::others_all)) == perms::none));
    std::filesystem::remove(path);
    BOOST_CHECK_THROW(cli::line_file("/no/such/directory/x").write("one"), std::system_error);
}

BOOST_AUTO_TEST_SUITE_END()
