// However a run ended: what is said next is true.
#include "live/import/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <thread>

using namespace usher::tests;
using usher::sandbox::fault;
namespace sandbox = usher::sandbox;

namespace {

fault fault_at(fault::kind what, std::string operation)
{
    fault made(what, 1);
    made.operation = std::move(operation);
    return made;
}

/// A user with so many unverified addresses, each a step of its own.
std::string with_addresses(std::size_t user, std::size_t addresses)
{
    std::string list;
    for (std::size_t i = 0; i < addresses; ++i)
        list += (i > 0 ? "|" : "") + ("u" + std::to_string(user) + "." + std::to_string(i)) + "@example.com";
    return "user_" + std::to_string(user) + ",name" + std::to_string(user) + "," + list + "\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(endings)

BOOST_AUTO_TEST_CASE(an_undo_after_a_kill_is_not_done_while_users_may_be_there)
{
    import_fixture fixture;
    fixture.service.set_faults({fault_at(fault::kind::silence, "CreateUser")});
    const auto file = fixture.write("users.json", auth0_users(200));
    const auto job = file + ".usher";
    process killed(fixture.command("auth0", file, {"--concurrency", "5"}), fixture.options());
    while (fixture.service.stats().faults < 5 && fixture.service.stats().running < std::chrono::seconds(30))
        std::this_thread::yield();
    killed.send(SIGKILL);
    BOOST_TEST(killed.wait().status == 128 + SIGKILL);

    fixture.service.set_faults({});
    const auto look = "usher resume " + job + " --only-begun";
    auto ended = fixture.job("undo", job);
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(number(summary_of(ended), "in_doubt") == 5);
    BOOST_TEST(says(ended, "to go on: " + look));
    auto status = fixture.status(job);
    BOOST_TEST(status.at("state").as_string() == "given_up");
    BOOST_TEST(status.at("next").as_string() == look);

    ended = fixture.job("resume", job, {"--only-begun"});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(fixture.service.count("users") == 5U);
    BOOST_TEST(says(ended, "to go on: usher undo " + job + "\n"));
    status = fixture.status(job);
    BOOST_TEST(status.at("next").as_string() == "usher undo " + job);
    BOOST_TEST(!status.at("read_to_end").as_bool());
    ended = fixture.job("undo", job);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(fixture.service.count("users") == 0U);
    BOOST_TEST(fixture.status(job).at("state").as_string() == "finished");
}

BOOST_AUTO_TEST_CASE(a_record_that_failed_and_may_be_there_is_in_doubt_too)
{
    import_fixture fixture;
    auto lost = fault_at(fault::kind::answer, "CreateUser");
    lost.status = 502;
    fixture.service.set_faults({lost});
    const auto file = fixture.write("users.json", auth0_users(1));
    const auto ended = fixture.import("auth0", file);
    BOOST_TEST(ended.status != 0);
    const auto status = fixture.status(file + ".usher");
    BOOST_TEST(number(status, "in_doubt") == number(status, "failed") + number(status, "open"));
    BOOST_TEST(fixture.job("undo", file + ".usher").status == 1);
}

BOOST_AUTO_TEST_CASE(a_retry_that_finished_hides_no_import_that_did_not)
{
    import_fixture fixture;
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(20), std::chrono::milliseconds(0)));
    const std::string broken = R"({"user_id":"auth0|x","username":"half","password_hash":"half"})";
    const auto file = fixture.write("users.json", broken + "\n" + auth0_users(2000));
    const auto job = file + ".usher";
    process first(fixture.command("auth0", file), fixture.options());
    BOOST_TEST_REQUIRE(fixture.wait_for_users(100));
    first.send(SIGINT);
    BOOST_TEST(first.wait().status == 1);
    fixture.service.set_delay(sandbox::latency());
    const auto again = fixture.job("retry", job);
    BOOST_TEST(again.status == 1);
    BOOST_TEST(says(again, "to go on: usher resume " + job + "\n"));
    auto status = fixture.status(job);
    BOOST_TEST(status.at("command").as_string() == "retry");
    BOOST_TEST(status.at("state").as_string() == "stopped");
    BOOST_TEST(!status.at("read_to_end").as_bool());
    BOOST_TEST(status.at("next").as_string() == "usher resume " + job);
    BOOST_TEST(fixture.job("resume", job).status == 1);
    BOOST_TEST(fixture.service.count("users") == 2000U);
    status = fixture.status(job);
    BOOST_TEST(status.at("state").as_string() == "finished");
    BOOST_TEST(status.at("next").as_string() == "usher retry " + job);
}

BOOST_AUTO_TEST_CASE(a_resumption_speaks_of_what_failed_before_it)
{
    import_fixture fixture;
    auto refused = fault_at(fault::kind::answer, "CreateEmailAddress");
    refused.status = 422;
    fixture.service.set_faults({refused});
    const auto file = fixture.write("users.json", R"({"user_id":"auth0|1","username":"ada1","email":"ada@example.com"})"
                                                  "\n");
    BOOST_TEST(fixture.import("auth0", file).status == 1);
    const auto ended = fixture.job("resume", file + ".usher");
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(number(summary_of(ended), "failed") == 0);
    BOOST_TEST(number(summary_of(ended), "failed_before") == 1);
    BOOST_TEST(says(ended, "1 failed before"));
    BOOST_TEST(says(ended, "to go on: usher retry " + file + ".usher"));
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_sends_no_further_step_of_what_it_began)
{
    import_fixture fixture;
    std::string text = "id,username,unverified_email_addresses\n";
    for (std::size_t i = 0; i < 400; ++i)
        text += with_addresses(i, 12);
    const auto file = fixture.write("users.csv", text);
    auto words = fixture.command("clerk-csv", file);
    for (auto& word : words)
        word = word == "100000" ? "200" : word;
    process first(words, fixture.options());
    BOOST_TEST_REQUIRE(fixture.wait_for_users(30));
    const auto sent = fixture.service.stats().requests;
    first.send(SIGINT);
    const auto stopped = first.wait(std::chrono::seconds(30));
    BOOST_TEST(!stopped.killed);
    BOOST_TEST(stopped.status == 1);
    // 64 records have some 700 addresses to come; one step of each may be on its way.
    BOOST_TEST(fixture.service.stats().requests - sent < 64U + 64U);
    BOOST_TEST(fixture.status(file + ".usher").at("next").as_string() == "usher resume " + file + ".usher");
}

BOOST_AUTO_TEST_CASE(a_journal_whose_import_never_began_is_begun)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(3));
    fixture.write("users.json.usher", "");
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    BOOST_TEST(fixture.service.count("users") == 3U);
    BOOST_TEST(fixture.import("auth0", file).status == 2);
}

BOOST_AUTO_TEST_CASE(nothing_that_is_written_takes_the_place_of_what_is_read)
{
    import_fixture fixture;
    const auto text = auth0_users(3);
    const auto file = fixture.write("users.json", text);
    const auto job = file + ".usher";
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    const auto link = fixture.path("link.json");
    std::filesystem::create_hard_link(file, link);
    const std::vector<std::vector<std::string>> wrong = {
        {"report", job, "--html", file},        {"report", job, "--html", job},
        {"status", job, "--ids", file},         {"status", job, "--failures", link},
        {"status", job, "--ids", job},          {"status", job, "--ids", job + "-wal"},
        {"verify", job, "--differences", file}, {"retry", job, "--mended", link, "--failures", link}};
    for (auto words : wrong) {
        words.insert(words.begin(), USHER_COMMAND);
        const auto ended = run(words, fixture.options());
        BOOST_TEST(ended.status == 2, words[1]);
        BOOST_TEST(says(ended, "name another file to write to"), words[1]);
    }
    BOOST_TEST(fixture.read("users.json") == text);
    BOOST_TEST(fixture.status(job).at("state").as_string() == "finished");

    fixture.write("out.ndjson.partial", "somebody's\n");
    const auto exported = run(
        {USHER_COMMAND, "export", fixture.path("out.ndjson"), "--base-url", fixture.service.url()}, fixture.options());
    BOOST_TEST(exported.status == 0);
    BOOST_TEST(fixture.read("out.ndjson.partial") == "somebody's\n");
}

BOOST_AUTO_TEST_CASE(failures_are_for_their_owner_also_in_a_file_that_was_there)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", R"({"user_id":"x","username":"half","password_hash":"half"})"
                                                  "\n");
    const auto list = fixture.write("failures.ndjson", "of before\n");
    using std::filesystem::perms;
    std::filesystem::permissions(list, perms::owner_all | perms::group_read | perms::others_read);
    BOOST_TEST(fixture.import("auth0", file).status == 1);
    BOOST_TEST((std::filesystem::status(list).permissions() == (perms::owner_read | perms::owner_write)));
}

BOOST_AUTO_TEST_SUITE_END()
