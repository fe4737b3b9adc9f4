// Before, after and back: plan, verify and undo.
#include "live/import/fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <sstream>
#include <thread>

using namespace usher::tests;
namespace sandbox = usher::sandbox;

namespace {

std::vector<std::string> plan_of(const import_fixture& fixture, const std::string& file,
                                 const std::vector<std::string>& more = {})
{
    std::vector<std::string> words = {USHER_COMMAND,        "plan", "--from", "auth0", file, "--base-url",
                                      fixture.service.url()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::size_t events(const process_end& ended, std::string_view name)
{
    std::istringstream lines(ended.out);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);)
        count += boost::json::parse(line).as_object().at("event").as_string() == name ? 1U : 0U;
    return count;
}

std::string target_id(const import_fixture& fixture, const std::string& job)
{
    BOOST_TEST(fixture.job("status", job, {"--ids", fixture.path("ids.ndjson")}).status == 0);
    return std::string(fixture.lines("ids.ndjson").at(0).at("target_id").as_string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(checks)

BOOST_AUTO_TEST_CASE(a_plan_names_what_is_taken_and_counts_calls_and_time)
{
    import_fixture fixture;
    const auto theirs =
        fixture.write("theirs.json", R"({"user_id":"other","email":"user1@example.com","email_verified":true})"
                                     "\n");
    BOOST_TEST(fixture.import("auth0", theirs).status == 0);
    const auto file = fixture.write("users.json", auth0_users(40) + auth0_user(7) + "\n");
    const auto before = fixture.service.count("users");
    auto ended = run(plan_of(fixture, file, {"--json", "--limit", "10", "--window", "1s"}), fixture.options());
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 1);
    const auto plan = last_line(ended);
    BOOST_TEST(plan.at("asked_target").as_bool());
    BOOST_TEST(number(plan, "records") == 41);
    BOOST_TEST(number(plan, "duplicates") == 1);
    BOOST_TEST(number(plan, "taken") == 1);
    BOOST_TEST(number(plan, "calls") >= 39);
    BOOST_TEST(number(plan, "seconds") >= 3);
    BOOST_TEST(number(plan, "seconds") <= 5);
    BOOST_TEST(events(ended, "finding") == 2U);
    BOOST_TEST(fixture.service.count("users") == before);

    ended = run(plan_of(fixture, file, {"--findings", fixture.path("findings.ndjson")}), fixture.options());
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(says(ended, "1 with an identifier of somebody else"));
    const auto findings = fixture.lines("findings.ndjson");
    BOOST_TEST(findings.size() == 2U);
    ended = run(plan_of(fixture, file), fixture.options());
    BOOST_TEST(ended.out.find("line 41: duplicate_in_source: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_plan_without_a_key_looks_at_the_source_alone)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(500));
    const auto ended = run(plan_of(fixture, file));
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(says(ended, "500 of 500 records would be sent"));
    BOOST_TEST(says(ended, "the target was not asked"));
    BOOST_TEST(says(ended, "500 calls, 0:05 at 100.0 requests/s"));
    BOOST_TEST(fixture.service.stats().connections == 0U);
    const auto offline = run(plan_of(fixture, file, {"--offline"}), fixture.options());
    BOOST_TEST(offline.status == 0);
    BOOST_TEST(fixture.service.stats().connections == 0U);
}

BOOST_AUTO_TEST_CASE(a_plan_with_a_wrong_key_could_not_run)
{
    sandbox::options only_one;
    only_one.keys = {"sk_test_the_right_one_000000000000000000000000"};
    import_fixture fixture(only_one);
    const auto ended = run(plan_of(fixture, fixture.write("users.json", auth0_users(2))), fixture.options());
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(ended.err.find("usher: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(verify_is_content_with_what_was_imported_and_finds_what_was_changed)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(20));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    const auto job = file + ".usher";
    auto ended = fixture.job("verify", job, {"--patience", "1s"});
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(last_line(ended), "equal") == 20);

    const auto id = target_id(fixture, job);
    fixture.call("UpdateUser", R"({"user_id":")" + id + R"(","first_name":"Eve"})");
    ended = run({USHER_COMMAND, "verify", job, "--patience", "1s"}, fixture.options());
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(says(ended, "(" + id + "): first_name: expected \"Ada\", found \"Eve\""));
    BOOST_TEST(says(ended, "19 of 20 are equal, 1 differ, 0 are missing"));
    fixture.call("DeleteUser", R"({"user_id":")" + id + "\"}");
    ended = fixture.job("verify", job, {"--patience", "1s", "--differences", fixture.path("differences.ndjson")});
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(number(last_line(ended), "missing") == 1);
    BOOST_TEST(fixture.lines("differences.ndjson").at(0).at("target_id").as_string() == id);
}

BOOST_AUTO_TEST_CASE(undo_takes_back_what_the_job_made_and_nothing_else)
{
    import_fixture fixture;
    const auto before = fixture.write("before.json", auth0_user(500) + "\n" + auth0_user(1) + "\n");
    BOOST_TEST(fixture.import("auth0", before).status == 0);
    const auto file = fixture.write("users.json", auth0_users(20));
    BOOST_TEST(number(summary_of(fixture.import("auth0", file)), "created") == 19);
    BOOST_TEST(fixture.service.count("users") == 21U);
    const auto job = file + ".usher";
    auto ended = fixture.job("undo", job);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(last_line(ended), "removed") == 19);
    BOOST_TEST(fixture.service.count("users") == 2U);
    const auto status = fixture.status(job);
    BOOST_TEST(status.at("command").as_string() == "undo");
    BOOST_TEST(status.at("state").as_string() == "finished");
    BOOST_TEST(number(status, "removed") == 19);
    BOOST_TEST(!status.contains("next"));
    ended = fixture.job("undo", job);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(last_line(ended), "removed") == 0);
}

BOOST_AUTO_TEST_CASE(an_undo_that_was_stopped_goes_on)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(600));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    const auto job = file + ".usher";
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(60), std::chrono::milliseconds(0)));
    process undoing({USHER_COMMAND, "undo", job, "--json", "--concurrency", "16"}, fixture.options());
    while (fixture.service.count("users") > 500 && fixture.service.stats().running < std::chrono::seconds(30))
        std::this_thread::yield();
    undoing.send(SIGINT);
    const auto stopped = undoing.wait();
    BOOST_TEST_INFO(stopped.err);
    BOOST_TEST(stopped.status == 1);
    BOOST_TEST(says(stopped, "to go on: usher undo " + job));
    const auto left = fixture.service.count("users");
    BOOST_TEST(left > 0U);
    BOOST_TEST(number(last_line(stopped), "removed") == 600 - static_cast<std::int64_t>(left));
    BOOST_TEST(fixture.status(job).at("next").as_string() == "usher undo " + job);
    fixture.service.set_delay(sandbox::latency());
    const auto ended = fixture.job("undo", job);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(last_line(ended), "removed") == static_cast<std::int64_t>(left));
    BOOST_TEST(fixture.service.count("users") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
