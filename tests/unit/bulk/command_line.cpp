#include "cli/arguments.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <initializer_list>
#include <map>
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
        parse({"import", "--from",   "clerk-csv", "users.csv", "--to",       "clerk",    "--limit",
               "500",    "--window", "5s",        "--dry-run", "--failures", "f.ndjson", "--concurrency",
               "8",      "--json",   "--yes",     "--job",     "j.usher",    "--part",   "2/3"});
    BOOST_TEST_REQUIRE(std::holds_alternative<cli::import_arguments>(parsed));
    const auto& import = std::get<cli::import_arguments>(parsed);
    BOOST_TEST((import.source.format == usher::bulk::source_format::clerk_csv));
    BOOST_TEST(import.source.file == "users.csv");
    BOOST_TEST(*import.connect.limit == 500U);
    BOOST_TEST((import.connect.window == std::chrono::seconds(5)));
    BOOST_TEST(import.failures == "f.ndjson");
    BOOST_TEST(import.job == "j.usher");
    BOOST_TEST_REQUIRE(import.concurrency.has_value());
    BOOST_TEST(*import.concurrency == 8U);
    BOOST_TEST(import.part.part == 1U);
    BOOST_TEST(import.part.parts == 3U);
    BOOST_TEST((import.dry_run && import.json && import.yes));
    const auto standard_input = parse({"import", "--from", "auth0", "-"});
    BOOST_TEST(std::get<cli::import_arguments>(standard_input).source.file == "-");
}

BOOST_AUTO_TEST_CASE(a_live_instance_is_a_source_without_a_file)
{
    const auto parsed = parse({"import", "--from", "clerk", "--to", "scalekit", "--from-key-env", "OLD_KEY",
                               "--from-base-url", "https://old.example/v1", "--role", "org:admin=owner", "--role",
                               "org:member=reader", "--default-organization", "org_1", "--send-invitations"});
    BOOST_TEST_REQUIRE(std::holds_alternative<cli::import_arguments>(parsed));
    const auto& import = std::get<cli::import_arguments>(parsed);
    BOOST_TEST(!import.source.format.has_value());
    BOOST_TEST(import.source.live.service == "clerk");
    BOOST_TEST(import.source.live.is_source);
    BOOST_TEST(import.source.live.key_env == "OLD_KEY");
    BOOST_TEST(import.source.live.base_url == "https://old.example/v1");
    BOOST_TEST(import.connect.service == "scalekit");
    const std::map<std::string, std::string> roles = {{"org:admin", "owner"}, {"org:member", "reader"}};
    BOOST_TEST((import.target.roles == roles));
    BOOST_TEST(import.target.default_organization == "org_1");
    BOOST_TEST(import.target.send_invitations);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_one_format_is_taken_with_it_alone)
{
    const auto import = [](const cli::command& parsed) { return std::get<cli::import_arguments>(parsed); };
    BOOST_TEST(import(parse({"import", "--from", "auth0", "u", "--hashes", "h"})).source.joined == "h");
    BOOST_TEST(import(parse({"import", "--from", "better-auth", "u", "--accounts", "a"})).source.joined == "a");
    BOOST_TEST(import(parse({"import", "--from", "firebase", "u", "--firebase-hash", "h"})).source.firebase_hash ==
               "h");
    BOOST_TEST(import(parse({"import", "--from", "csv", "u", "--mapping", "m"})).source.mapping == "m");
    BOOST_TEST(status(parse({"import", "--from", "supabase", "u", "--hashes", "h"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "u", "--firebase-hash", "h"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "u", "--mapping", "m"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "csv", "u"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "clerk", "u"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "clerk", "--hashes", "h"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "u", "--from-key-env", "K"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "u", "--send-invitations"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "u", "--default-organization", "o"})) == cli::bad_usage);
}

BOOST_AUTO_TEST_CASE(a_job_that_exists_is_gone_on_with)
{
    using action = cli::job_arguments::action;
    const auto job = [](const cli::command& parsed) {
        BOOST_TEST_REQUIRE(std::holds_alternative<cli::job_arguments>(parsed));
        return std::get<cli::job_arguments>(parsed);
    };
    const auto resume = job(parse({"resume", "j", "--source", "there.json", "--source-changed-ok", "--concurrency", "7",
                                   "--limit", "9", "-y", "--json"}));
    BOOST_TEST((resume.what == action::resume));
    BOOST_TEST(resume.job == "j");
    BOOST_TEST(resume.file == "there.json");
    BOOST_TEST(*resume.concurrency == 7U);
    BOOST_TEST(*resume.connect.limit == 9U);
    BOOST_TEST((resume.source_changed_ok && resume.yes && resume.json));
    const auto retry = job(parse({"retry", "j", "--mended", "m.ndjson"}));
    BOOST_TEST((retry.what == action::retry));
    BOOST_TEST(retry.file == "m.ndjson");
    const auto verify = job(parse({"verify", "j", "--patience", "3s", "--differences", "d.ndjson"}));
    BOOST_TEST((verify.what == action::verify));
    BOOST_TEST((verify.patience == std::chrono::seconds(3)));
    BOOST_TEST(verify.notes == "d.ndjson");
    const auto undo = job(parse({"undo", "j", "--force"}));
    BOOST_TEST((undo.what == action::undo));
    BOOST_TEST(undo.force);
    for (const auto* name : {"resume", "retry", "verify", "undo", "status", "merge", "report"})
        BOOST_TEST(status(parse({name})) == cli::bad_usage, name);
    BOOST_TEST(status(parse({"verify", "j", "--force"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"resume", "j", "--base-url", "https://elsewhere.example"})) == cli::bad_usage);
}

BOOST_AUTO_TEST_CASE(files_are_made_of_journals_and_instances)
{
    const auto shown = parse({"status", "j", "--ids", "ids.csv", "--failures", "f", "--json"});
    BOOST_TEST(std::get<cli::status_arguments>(shown).ids == "ids.csv");
    BOOST_TEST(std::get<cli::status_arguments>(shown).failures == "f");
    const auto merged = parse({"merge", "a", "b", "c", "-o", "whole"});
    BOOST_TEST((std::get<cli::merge_arguments>(merged).parts == std::vector<std::string>{"a", "b", "c"}));
    BOOST_TEST(std::get<cli::merge_arguments>(merged).to == "whole");
    BOOST_TEST(status(parse({"merge", "a", "b"})) == cli::bad_usage);
    const auto page = parse({"report", "j", "--html", "page.html"});
    BOOST_TEST(std::get<cli::report_arguments>(page).html == "page.html");
    BOOST_TEST(status(parse({"report", "j"})) == cli::bad_usage);
    const auto exported = parse({"export", "--service", "scalekit", "out.ndjson", "--no-memberships"});
    BOOST_TEST(std::get<cli::export_arguments>(exported).connect.service == "scalekit");
    BOOST_TEST(std::get<cli::export_arguments>(exported).file == "out.ndjson");
    BOOST_TEST(!std::get<cli::export_arguments>(exported).memberships);
    BOOST_TEST(std::get<cli::export_arguments>(exported).users);
    const auto planned = parse({"plan", "--from", "auth0", "u", "--offline", "--findings", "f"});
    BOOST_TEST(!std::get<cli::plan_arguments>(planned).ask_target);
    BOOST_TEST(std::get<cli::plan_arguments>(planned).findings == "f");
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_2)
{
    BOOST_TEST(status(parse({})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "users.json"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "okta", "users.json"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--to", "clerk-platform"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--window", "5s"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--limit", "0"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--limit", "1", "--window", "soon"})) ==
               cli::bad_usage);
    BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--limit", "1", "--quota", "limits.json"})) ==
               cli::bad_usage);
    for (const auto* part : {"0/2", "3/2", "2", "1/", "/2", "1/0", "a/b", "1/2/3", "-1/2"})
        BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--part", part})) == cli::bad_usage, part);
    for (const auto* role : {"admin", "=owner", "admin="})
        BOOST_TEST(status(parse({"import", "--from", "auth0", "users.json", "--role", role})) == cli::bad_usage, role);
    BOOST_TEST(status(parse({"call"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"call", "GetUser", "--service", "okta"})) == cli::bad_usage);
    BOOST_TEST(status(parse({"endpoints", "--nonsense"})) == cli::bad_usage);
}

BOOST_AUTO_TEST_CASE(help_and_version_are_0)
{
    BOOST_TEST(status(parse({"--help"})) == cli::done);
    BOOST_TEST(status(parse({"--version"})) == cli::done);
    BOOST_TEST(status(parse({"import", "--help"})) == cli::done);
    for (const auto* name :
         {"sandbox", "plan", "resume", "retry", "status", "verify", "undo", "merge", "report", "export"})
        BOOST_TEST(status(parse({name, "--help"})) == cli::done, name);
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
