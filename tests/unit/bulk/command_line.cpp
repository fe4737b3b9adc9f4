#include "cli/arguments.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace cli = usher::cli;

namespace {

cli::command parse(std::initializer_list<const char*> words)
{
    std::vector<const char*> texts{"usher"};
    texts.insert(texts.end(), words);
    return cli::parse_command_line(static_cast<int>(texts.size()), texts.data());
}

cli::exit_status status(const cli::command& parsed)
{
    BOOST_TEST_REQUIRE(std::holds_alternative<cli::nothing_to_do>(parsed));
    return std::get<cli::nothing_to_do>(parsed).status;
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(an_import_needs_a_source_and_its_format)
{
    const auto parsed =
        parse({"import", "--from", "clerk-csv", "users.csv", "--to", "clerk", "--limit", "500", "--window", "5s",
               "--dry-run", "--failures", "f.ndjson", "--concurrency", "8", "--json", "--yes"});
    BOOST_TEST_REQUIRE(std::holds_alternative<cli::import_arguments>(parsed));
    const auto& import = std::get<cli::import_arguments>(parsed);
    BOOST_TEST((import.from == usher::bulk::source_format::clerk_csv));
    BOOST_TEST(import.file == "users.csv");
    BOOST_TEST(*import.limit == 500U);
    BOOST_TEST((import.window == std::chrono::seconds(5)));
    BOOST_TEST(import.failures == "f.ndjson");
    BOOST_TEST(import.concurrency == 8U);
    BOOST_TEST((import.dry_run && import.json && import.yes));
    const auto standard_input = parse({"import", "--from", "auth0", "-"});
    BOOST_TEST(std::get<cli::import_arguments>(standard_input).file == "-");
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_2)
{
    BOOST_TEST(status(parse({})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "users.json"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "okta", "users.json"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--to", "scalekit"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--window", "5s"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--limit", "0"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--limit", "1", "--window", "soon"})) ==
               cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--limit", "1", "--quota", "limits.json"})) ==
               cli::bad_usage);
    BOOST_TEST(status(parse({"call"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"call", "GetUser", "--service", "okta"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"endpoints", "--nonsense"})) == cli::bad_usage);
}

BOOST_AUTO_TEST_CASE(help_and_version_are_0)
{
    BOOST_TEST(status(parse({"--help"})) == cli::done);
    BOOST_TEST(status(parse({"--version"})) == cli::done);
    BOOST_TEST(status(parse({"import", "--help"})) == cli::done);
    BOOST_TEST(status(parse({"sandbox", "--help"})) == cli::done);
}

BOOST_AUTO_TEST_CASE(the_options_of_the_sandbox_are_passed_on)
{
    const auto parsed = parse({"sandbox", "--port", "0", "--latency", "80ms", "--fault", "answer:every=5", "--fault",
                               "silence", "--plain", "--set", "max_users=5", "--ca-file", "ca.pem"});
    const auto& sandbox = std::get<cli::sandbox_arguments>(parsed);
    const std::vector<std::pair<std::string, std::string>> wanted = {
        {"port", "0"}, {"latency", "80ms"}, {"fault", "answer:every=5"}, {"fault", "silence"}, {"tls", "false"}};
    for (const auto& option : wanted)
        BOOST_TEST((std::find(sandbox.options.begin(), sandbox.options.end(), option) != sandbox.options.end()),
                   option.first << "=" << option.second << " is passed on");
    BOOST_TEST(sandbox.options.size() == wanted.size());
    BOOST_TEST((sandbox.settings == std::vector<std::string>{"max_users=5"}));
    BOOST_TEST(sandbox.ca_file == "ca.pem");
}

BOOST_AUTO_TEST_CASE(a_call_has_an_operation_and_parameters)
{
    const auto parsed = parse({"call", "GetUser", "--params", "{\"user_id\":\"user_1\"}", "--service", "clerk",
                               "--deadline", "500ms", "--compact"});
    const auto& call = std::get<cli::call_arguments>(parsed);
    BOOST_TEST(call.operation == "GetUser");
    BOOST_TEST(call.params == "{\"user_id\":\"user_1\"}");
    BOOST_TEST((call.deadline == std::chrono::milliseconds(500)));
    BOOST_TEST(call.compact);
}

BOOST_AUTO_TEST_CASE(calls_and_imports_take_limits_from_a_file_and_remember_them_in_a_folder)
{
    const auto call =
        parse({"call", "GetUser", "--quota", "limits.json", "--quota-state", "state", "--budget", "redis://cache"});
    BOOST_TEST(std::get<cli::call_arguments>(call).connect.budget == "redis://cache");
    BOOST_TEST(std::get<cli::call_arguments>(call).connect.quota_file == "limits.json");
    BOOST_TEST(std::get<cli::call_arguments>(call).connect.quota_state == "state");
    const auto import =
        parse({"import", "--from", "auth0", "users.json", "--quota", "limits.json", "--quota-state", "state"});
    BOOST_TEST(std::get<cli::import_arguments>(import).connect.quota_file == "limits.json");
    BOOST_TEST(std::get<cli::import_arguments>(import).connect.quota_state == "state");
}

BOOST_AUTO_TEST_SUITE_END()
