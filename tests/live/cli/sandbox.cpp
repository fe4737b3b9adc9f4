#include "live/cli/process.hpp"
#include "temporary_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace usher::tests;

namespace {

struct folder {
    temporary_folder made;
    const std::string path = made.path().string();
};

std::string first_line(process& started)
{
    BOOST_TEST_REQUIRE(started.wait_for_out("\n"));
    const auto text = started.out();
    return text.substr(0, text.find('\n'));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_command, folder)

BOOST_AUTO_TEST_CASE(all_services_on_one_port_are_called_with_their_own_credentials)
{
    process served({USHER_COMMAND, "sandbox", "--service", "all", "--port", "0", "--ca-file", path + "/ca.pem"});
    BOOST_TEST_REQUIRE(served.wait_for_out("scalekit https://"));
    BOOST_TEST_REQUIRE(served.wait_for_out("clerk-platform https://"));
    const auto text = served.out();
    const auto address = [&text](const std::string& name) {
        const auto at = text.find(name + " https://") + name.size() + 1;
        return text.substr(at, text.find('\n', at) - at);
    };
    process_options options;
    options.environment["CLERK_SECRET_KEY"] = "sk_test_000000000000000000000000000000000000";
    options.environment["CLERK_PLATFORM_TOKEN"] = "ak_platform0000000000000000000000000000";
    options.environment["SCALEKIT_CLIENT_ID"] = "skc_1";
    options.environment["SCALEKIT_CLIENT_SECRET"] = "a secret of a client";
    const auto call = [&](const std::string& service, const std::string& operation) {
        const auto ended = run({USHER_COMMAND, "call", operation, "--service", service, "--compact", "--base-url",
                                address(service), "--ca-file", path + "/ca.pem"},
                               options);
        BOOST_TEST(ended.status == 0, service << ": " << ended.err);
        return ended.out;
    };
    BOOST_TEST(call("clerk", "GetUsersCount").find("total_count") != std::string::npos);
    BOOST_TEST(call("clerk-platform", "PlatformListApplications") != "");
    BOOST_TEST(call("scalekit", "OrganizationService_ListOrganization") != "");
    // Without the client's id and secret the call says what to set.
    options.environment.erase("SCALEKIT_CLIENT_ID");
    const auto unset = run({USHER_COMMAND, "call", "OrganizationService_ListOrganization", "--service", "scalekit",
                            "--base-url", address("scalekit"), "--ca-file", path + "/ca.pem"},
                           options);
    BOOST_TEST(unset.status == 2);
    BOOST_TEST(unset.err.find("SCALEKIT_CLIENT_ID") != std::string::npos, unset.err);
    served.send(SIGTERM);
    BOOST_TEST(served.wait().status == 0);
}

BOOST_AUTO_TEST_CASE(it_says_where_it_is_serves_and_reports_when_it_is_told_to_end)
{
    const auto ca = path + "/ca.pem";
    process served({USHER_COMMAND, "sandbox", "--port", "0", "--ca-file", ca, "--limit", "3", "--window", "1m",
                    "--report", path + "/report.json"});
    const auto url = first_line(served);
    BOOST_TEST(url.starts_with("https://127.0.0.1:"));
    process_options options;
    options.environment["CLERK_SECRET_KEY"] = "sk_test_000000000000000000000000000000000000";
    const std::vector<std::string> call = {USHER_COMMAND, "call", "GetUsersCount", "--base-url", url,
                                           "--ca-file",   ca,     "--deadline",    "10s"};
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(run(call, options).status == 0);
    const auto refused = run(call, options);
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.err.find("429") != std::string::npos);
    // Who does not know the authority does not talk to it.
    BOOST_TEST(run({USHER_COMMAND, "call", "GetUsersCount", "--base-url", url, "--deadline", "10s"}, options).status ==
               3);

    served.send(SIGTERM);
    const auto ended = served.wait();
    BOOST_TEST(!ended.killed);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.out == url + "\n");
    BOOST_TEST(ended.err.find("1 refused (429)") != std::string::npos);
    std::ifstream file(path + "/report.json");
    const auto report =
        boost::json::parse(std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    BOOST_TEST(report.at("requests").to_number<int>() == 4);
    BOOST_TEST(report.at("refused").to_number<int>() == 1);
    BOOST_TEST(report.at("by_status").at("200").to_number<int>() == 3);
}

BOOST_AUTO_TEST_CASE(options_of_the_sandbox_are_taken_and_wrong_ones_are_2)
{
    process served({USHER_COMMAND, "sandbox", "--plain", "--latency", "1ms", "--jitter", "1ms", "--seed", "7",
                    "--listing-lag", "1s", "--fault", "answer:every=1:status=503", "--set", "max_users=3"});
    const auto url = first_line(served);
    BOOST_TEST(url.starts_with("http://127.0.0.1:"));
    served.send(SIGINT);
    BOOST_TEST(served.wait().status == 0);
    BOOST_TEST(run({USHER_COMMAND, "sandbox", "--set", "no_such_option=1"}).status == 2);
    BOOST_TEST(run({USHER_COMMAND, "sandbox", "--set", "nonsense"}).status == 2);
    BOOST_TEST(run({USHER_COMMAND, "sandbox", "--latency", "slow"}).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
