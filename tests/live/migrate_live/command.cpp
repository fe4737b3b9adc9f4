// usher export: the command.
#include "live/cli/process.hpp"
#include "temporary_folder.hpp"

#include <usher/sandbox.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;
using sandbox::fault;

namespace {

const char* const key = "sk_test_exportexportexportexportexportexport";

sandbox::options plain()
{
    sandbox::options how;
    how.tls = false;
    return how;
}

struct exported {
    exported() : served(plain()) {}

    std::vector<std::string> command(const std::string& file, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> words = {USHER_COMMAND, "export",  file,       "--base-url", served.url(),
                                          "--limit",     "1000000", "--window", "1s"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    static process_options environment()
    {
        process_options options;
        options.environment["CLERK_SECRET_KEY"] = key;
        return options;
    }
    process_end run(const std::string& file, const std::vector<std::string>& more = {}) const
    {
        auto ended = usher::tests::run(command(file, more), environment());
        BOOST_TEST_REQUIRE(!ended.killed);
        return ended;
    }
    static bool is_there(const std::string& path) { return std::filesystem::exists(path); }

    sandbox::server served;
    temporary_folder folder;
};

std::set<std::string> ids(const std::string& ndjson)
{
    std::set<std::string> all;
    std::istringstream text(ndjson);
    for (std::string line; std::getline(text, line);)
        BOOST_TEST_REQUIRE(all.emplace(boost::json::parse(line).at("id").as_string()).second);
    return all;
}

boost::json::object last_line(const std::string& ndjson)
{
    std::string last;
    std::istringstream text(ndjson);
    for (std::string line; std::getline(text, line);)
        last = line;
    BOOST_TEST_INFO(ndjson);
    return boost::json::parse(last).as_object();
}

bool holds(const std::string& text, const std::string& part)
{
    BOOST_TEST_INFO(text);
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(an_export, exported)

BOOST_AUTO_TEST_CASE(makes_a_file_that_has_its_name_once_it_is_complete)
{
    served.add_users(1200, key);
    const auto file = folder.file("all.ndjson");
    folder.write("all.ndjson", "of before\n");
    const auto ended = run(file);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.out.empty());
    BOOST_TEST(ids(folder.read("all.ndjson")).size() == 1200U);
    BOOST_TEST(!is_there(file + ".partial"));
    BOOST_TEST(holds(ended.err, "0 organizations, 1,200 users, 0 memberships"));
    BOOST_TEST(holds(ended.err, "Written to " + file));
    BOOST_TEST(holds(ended.err, "external_id (1,200): "));
    const auto mode = std::filesystem::status(file).permissions();
    BOOST_TEST((mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(takes_the_place_of_no_device_and_of_no_link)
{
    served.add_users(20, key);
    BOOST_TEST(run("/dev/null").status == 0);
    BOOST_TEST(std::filesystem::is_character_file("/dev/null"));
    folder.write("target.ndjson", "of before\n");
    std::filesystem::create_symlink("target.ndjson", folder.path() / "link.ndjson");
    BOOST_TEST(run(folder.file("link.ndjson")).status == 0);
    BOOST_TEST(std::filesystem::is_symlink(folder.path() / "link.ndjson"));
    BOOST_TEST(ids(folder.read("target.ndjson")).size() == 20U);
    const auto piped = run("/dev/stdout");
    BOOST_TEST(piped.status == 0);
    BOOST_TEST(ids(piped.out).size() == 20U);
}

BOOST_AUTO_TEST_CASE(writes_to_standard_output_and_says_its_figures_on_standard_error)
{
    served.add_users(30, key);
    const auto ended = run("-", {"--json"});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ids(ended.out).size() == 30U);
    const auto summary = last_line(ended.err);
    BOOST_TEST(summary.at("event") == "summary");
    BOOST_TEST(summary.at("users") == 30);
    BOOST_TEST(summary.at("expected") == 30);
    BOOST_TEST(summary.at("complete") == true);
    BOOST_TEST(summary.at("not_exported").as_array().at(0).at("records") == 30);
    BOOST_TEST(!holds(ended.out + ended.err, key));
}

BOOST_AUTO_TEST_CASE(that_is_interrupted_ends_at_once_and_says_that_the_file_is_not_complete)
{
    served.add_users(1200, key);
    fault wait(fault::kind::silence);
    wait.operation = "GetUserList";
    wait.skip = 2;
    served.set_faults({wait});
    const auto file = folder.file("all.ndjson");
    folder.write("all.ndjson", "of before\n");
    process running(command(file), environment());
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (served.stats().faults == 0 && std::chrono::steady_clock::now() < until)
        BOOST_TEST(!running.wait_for_err("never", 0s));
    BOOST_TEST_REQUIRE(served.stats().faults == 1U);
    running.send(SIGINT);
    const auto ended = running.wait(10s);
    BOOST_TEST(!ended.killed);
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(holds(ended.err, file + ".partial is not complete: the export was stopped"));
    BOOST_TEST(folder.read("all.ndjson") == "of before\n");
    BOOST_TEST(is_there(file + ".partial"));
}

BOOST_AUTO_TEST_CASE(that_fails_says_how_far_it_came_and_leaves_the_old_file)
{
    served.add_users(1200, key);
    fault refused(fault::kind::answer);
    refused.operation = "GetUserList";
    refused.skip = 1;
    refused.status = 403;
    served.set_faults({refused});
    const auto file = folder.file("all.ndjson");
    folder.write("all.ndjson", "of before\n");
    const auto ended = run(file);
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(holds(ended.err, "usher: reading the users ended after 500 of them: GetUserList: HTTP 403"));
    BOOST_TEST(holds(ended.err, file + ".partial is not complete: the export failed"));
    BOOST_TEST(folder.read("all.ndjson") == "of before\n");
    const auto as_json = run(file, {"--json"});
    BOOST_TEST(last_line(as_json.err).at("complete") == false);
}

// What the kernel says of a program's largest size counts the one that it was forked from, so it is given a bound.
BOOST_AUTO_TEST_CASE(takes_no_more_memory_for_more_users)
{
    constexpr int users = 30'000;
    served.add_users(users, key);
    std::string script = USHER_MEMORY_BOUND "exec";
    for (const auto& word : command("/dev/null", {"--json"}))
        script += " '" + word + "'";
    const auto ended = usher::tests::run({"/bin/sh", "-c", script}, environment());
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(ended.status == 0);
    BOOST_TEST(last_line(ended.err).at("users") == users);
}

BOOST_AUTO_TEST_SUITE_END()
