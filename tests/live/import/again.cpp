// Runs that follow runs: nothing is created twice, nothing is lost.
#include "live/import/fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <thread>

using namespace usher::tests;
using usher::sandbox::fault;
namespace sandbox = usher::sandbox;

namespace {

fault fault_at(fault::kind what, std::string operation, std::uint32_t every)
{
    fault made(what, every);
    made.operation = std::move(operation);
    return made;
}

sandbox::options lagging(std::chrono::milliseconds lag)
{
    sandbox::options options;
    options.listing_lag = lag;
    return options;
}

void pass(std::chrono::milliseconds time)
{
    boost::asio::io_context io{1};
    boost::asio::steady_timer until(io, time);
    until.async_wait([](const boost::system::error_code&) {});
    io.run();
}

} // namespace

BOOST_AUTO_TEST_SUITE(again)

BOOST_AUTO_TEST_CASE(a_second_job_over_the_same_source_creates_nothing)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(200));
    BOOST_TEST(number(summary_of(fixture.import("auth0", file)), "created") == 200);
    const auto second = summary_of(fixture.import("auth0", file, {"--job", fixture.path("second.usher")}));
    BOOST_TEST(number(second, "created") == 0);
    BOOST_TEST(number(second, "already_there") == 200);
    BOOST_TEST(number(second, "failed") == 0);
    BOOST_TEST(number(second, "requests") <= 2 * 200 + 8);
    BOOST_TEST(fixture.service.count("users") == 200U);
}

BOOST_AUTO_TEST_CASE(a_user_whose_id_begins_with_a_sign_is_found_again)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", R"({"user_id":"-a","email":"a@example.com"})"
                                                  "\n"
                                                  R"({"user_id":"+b","email":"b@example.com"})"
                                                  "\n");
    BOOST_TEST(number(summary_of(fixture.import("auth0", file)), "created") == 2);
    const auto second = fixture.import("auth0", file, {"--job", fixture.path("second.usher")});
    BOOST_TEST(second.status == 0);
    BOOST_TEST(number(summary_of(second), "already_there") == 2);
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_finishes_what_is_under_way_and_is_resumed)
{
    import_fixture fixture;
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(50), std::chrono::milliseconds(20)));
    const auto file = fixture.write("users.json", auth0_users(3000));
    process first(fixture.command("auth0", file, {"--json"}), fixture.options());
    BOOST_TEST_REQUIRE(fixture.wait_for_users(200));
    const auto asked = std::chrono::steady_clock::now();
    first.send(SIGINT);
    const auto stopped = first.wait();
    // The last answer comes a round trip later; what is left to do after it takes less than two seconds.
    BOOST_TEST((std::chrono::steady_clock::now() - asked < std::chrono::milliseconds(USHER_STOP_MS)));
    BOOST_TEST(!stopped.killed);
    BOOST_TEST(stopped.status == 1);
    const auto summary = summary_of(stopped);
    BOOST_TEST(summary.at("end").as_string() == "stopped");
    BOOST_TEST(number(summary, "failed") == 0);
    BOOST_TEST(number(summary, "created") >= 200);
    BOOST_TEST(number(summary, "created") < 3000);
    // Whatever was on its way was waited for and counted.
    BOOST_TEST(number(summary, "created") == static_cast<std::int64_t>(fixture.service.count("users")));
    BOOST_TEST(says(stopped, "to go on: usher resume " + file + ".usher\n"));
    const auto status = fixture.status(file + ".usher");
    BOOST_TEST(status.at("state").as_string() == "stopped");
    // Some may have been written down as about to be sent, and were not.
    BOOST_TEST(number(status, "in_doubt") == 0);
    BOOST_TEST(number(status, "created") == number(summary, "created"));

    // It needs neither address nor limit nor format again.
    const auto resumed = fixture.job("resume", file + ".usher");
    BOOST_TEST(resumed.status == 0);
    const auto second = summary_of(resumed);
    BOOST_TEST(number(second, "skipped") == number(summary, "created"));
    BOOST_TEST(number(second, "created") + number(second, "skipped") == 3000);
    BOOST_TEST(number(second, "already_there") == 0);
    BOOST_TEST(fixture.service.count("users") == 3000U);
    BOOST_TEST(fixture.status(file + ".usher").at("state").as_string() == "finished");
}

BOOST_AUTO_TEST_CASE(a_second_interruption_waits_for_nobody_and_leaves_a_journal_that_resumes)
{
    import_fixture fixture;
    fixture.service.set_faults({fault_at(fault::kind::silence, "CreateUser", 1)});
    const auto file = fixture.write("users.json", auth0_users(10));
    process started(fixture.command("auth0", file), fixture.options());
    while (fixture.service.stats().faults < 10 && fixture.service.stats().running < std::chrono::seconds(30))
        std::this_thread::yield();
    started.send(SIGTERM);
    BOOST_TEST(started.wait_for_err("10 records under way are finished first"));
    pass(std::chrono::milliseconds(250)); // within 200 of the first, the second would be the same one
    started.send(SIGTERM);
    const auto ended = started.wait(std::chrono::seconds(10));
    BOOST_TEST(!ended.killed);
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(says(ended, "of 10 records it is not known whether they arrived"));
    BOOST_TEST(says(ended, "to go on: usher resume"));
    const auto status = fixture.status(file + ".usher");
    BOOST_TEST(status.at("state").as_string() == "stopped");
    BOOST_TEST(number(status, "in_doubt") == 10);
    BOOST_TEST(status.at("next").as_string().starts_with("usher resume"));

    fixture.service.set_faults({});
    BOOST_TEST(number(summary_of(fixture.job("resume", file + ".usher")), "resumed") == 10);
    BOOST_TEST(fixture.service.count("users") == 10U);
}

BOOST_AUTO_TEST_CASE(two_signals_at_once_are_one_interruption)
{
    import_fixture fixture;
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(50), std::chrono::milliseconds(20)));
    const auto file = fixture.write("users.json", auth0_users(3000));
    process first(fixture.command("auth0", file, {"--json"}), fixture.options());
    BOOST_TEST_REQUIRE(fixture.wait_for_users(200));
    // Both are there when it goes on, as when a process and its group are told.
    for (const int each : {SIGSTOP, SIGTERM, SIGINT, SIGCONT})
        first.send(each);
    const auto stopped = first.wait();
    BOOST_TEST(!stopped.killed);
    BOOST_TEST(stopped.status == 1);
    const auto summary = summary_of(stopped);
    BOOST_TEST(summary.at("end").as_string() == "stopped");
    BOOST_TEST(number(summary, "created") == static_cast<std::int64_t>(fixture.service.count("users")));
    BOOST_TEST(number(fixture.status(file + ".usher"), "in_doubt") == 0);
}

BOOST_AUTO_TEST_CASE(a_killed_run_is_completed_by_a_resumption)
{
    import_fixture fixture;
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(50), std::chrono::milliseconds(20)));
    std::string text;
    for (int i = 0; i < 600; ++i)
        text += R"({"user_id":"a)" + std::to_string(i) + R"(","email":"u)" + std::to_string(i) +
                "@example.com\",\"blocked\":true}\n";
    const auto file = fixture.write("users.json", text);
    process first(fixture.command("auth0", file), fixture.options());
    BOOST_TEST_REQUIRE(fixture.wait_for_users(100));
    first.send(SIGKILL);
    BOOST_TEST(first.wait().status == 128 + SIGKILL);
    BOOST_TEST(fixture.service.count("users") < 600U);
    fixture.service.set_delay(sandbox::latency());
    const auto status = fixture.status(file + ".usher");
    BOOST_TEST(status.at("state").as_string() == "killed");
    BOOST_TEST(number(status, "open") > 0);
    BOOST_TEST(status.at("next").as_string() == "usher resume " + file + ".usher");

    const auto second = fixture.job("resume", file + ".usher");
    BOOST_TEST(second.status == 0);
    BOOST_TEST(number(summary_of(second), "resumed") > 0);
    BOOST_TEST(fixture.service.count("users") == 600U);
    const auto banned = fixture.call("GetUsersCount", R"({"banned":true})");
    BOOST_TEST(banned.at("total_count").to_number<int>() == 600);
    // A third run finds everything done, and asks nothing of it.
    const auto third = summary_of(fixture.job("resume", file + ".usher"));
    BOOST_TEST(number(third, "skipped") == 600);
    BOOST_TEST(number(third, "requests") < 10);
}

BOOST_AUTO_TEST_CASE(lost_answers_create_nobody_twice)
{
    import_fixture fixture(lagging(std::chrono::milliseconds(300)));
    auto late = fault_at(fault::kind::late_answer, "CreateUser", 7);
    late.status = 502;
    fixture.service.set_faults({fault_at(fault::kind::drop_answer, "CreateUser", 5), late,
                                fault_at(fault::kind::drop_request, "CreateUser", 11)});
    const auto ended = fixture.import("auth0", fixture.write("users.json", auth0_users(120)));
    const auto summary = summary_of(ended);
    BOOST_TEST(fixture.service.stats().faults > 20U);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(summary, "created") == 120);
    BOOST_TEST(number(summary, "recovered") > 0);
    BOOST_TEST(fixture.service.count("users") == 120U);
}

BOOST_AUTO_TEST_CASE(failures_are_mended_and_tried_again)
{
    import_fixture fixture;
    const auto file =
        fixture.write("users.json", auth0_user(1) + "\n"
                                                    R"({"user_id":"auth0|2","username":"two2","password_hash":"half"})"
                                                    "\n");
    const auto first = fixture.import("auth0", file);
    BOOST_TEST(first.status == 1);
    const auto job = file + ".usher";
    BOOST_TEST(says(first, "to go on: usher retry " + job));
    BOOST_TEST(fixture.lines("failures.ndjson").size() == 1U);

    // Not mended: it fails again, with its line.
    auto ended = fixture.job("retry", job, {"--failures", fixture.path("still.ndjson")});
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(number(summary_of(ended), "failed") == 1);
    BOOST_TEST(fixture.lines("still.ndjson").at(0).at("line").as_int64() == 2);

    BOOST_TEST(fixture.job("status", job, {"--failures", fixture.path("letters.ndjson")}).status == 0);
    auto failures = fixture.lines("letters.ndjson");
    BOOST_TEST_REQUIRE(failures.size() == 1U);
    failures[0].at("source").as_object().erase("password_hash");
    const auto mended = fixture.write("mended.ndjson", boost::json::serialize(failures[0]) + "\n");
    ended = fixture.job("retry", job, {"--mended", mended});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(summary_of(ended), "created") == 1);
    BOOST_TEST(fixture.service.count("users") == 2U);
    const auto status = fixture.status(job);
    BOOST_TEST(number(status, "dead_letters") == 0);
    BOOST_TEST(number(status, "created") == 2);
    ended = fixture.job("retry", job);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(says(ended, "nothing of"));
}

BOOST_AUTO_TEST_CASE(a_step_that_failed_is_completed_by_a_retry)
{
    import_fixture fixture;
    auto refused = fault_at(fault::kind::answer, "CreateEmailAddress", 1);
    refused.status = 422;
    fixture.service.set_faults({refused});
    const auto file = fixture.write("users.json", R"({"user_id":"auth0|1","username":"ada1","email":"ada@example.com"})"
                                                  "\n");
    auto ended = fixture.import("auth0", file);
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(number(summary_of(ended), "incomplete") == 1);
    const auto failure = fixture.lines("failures.ndjson").at(0);
    BOOST_TEST(failure.at("step").as_string() == "email_address");
    BOOST_TEST(failure.at("target_id").as_string().starts_with("user_"));
    BOOST_TEST(fixture.service.count("users") == 1U);

    fixture.service.set_faults({});
    ended = fixture.job("retry", file + ".usher");
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(summary_of(ended), "added") == 1);
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
