// What a journal is good for once it is there: looked at, divided, joined, and never mixed up.
#include "live/import/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace usher::tests;
namespace sandbox = usher::sandbox;

namespace {

std::set<std::string> text_lines(const std::string& text)
{
    std::set<std::string> all;
    std::istringstream from(text);
    for (std::string line; std::getline(from, line);)
        all.insert(line);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(jobs)

BOOST_AUTO_TEST_CASE(a_journal_that_is_there_is_not_begun_again)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(3));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    const auto again = run(fixture.command("auth0", file), fixture.options());
    BOOST_TEST(again.status == 2);
    BOOST_TEST(says(again, file + ".usher is there already: usher resume " + file + ".usher goes on with it"));
    BOOST_TEST(fixture.service.count("users") == 3U);
}

BOOST_AUTO_TEST_CASE(a_source_that_was_changed_is_not_resumed_unless_told_so)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(3));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    fixture.write("users.json", auth0_users(5));
    auto ended = fixture.job("resume", file + ".usher");
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(says(ended, "is another than it was when the import began; --source-changed-ok goes on with it"));
    BOOST_TEST(fixture.service.count("users") == 3U);
    ended = fixture.job("verify", file + ".usher");
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(says(ended, "--source-changed-ok compares it"));
    ended = fixture.job("resume", file + ".usher", {"--source-changed-ok"});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(fixture.service.count("users") == 5U);
}

BOOST_AUTO_TEST_CASE(a_source_that_was_moved_is_resumed_where_it_is_now)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(3));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    const auto moved = fixture.path("moved.json");
    std::filesystem::rename(file, moved);
    BOOST_TEST(fixture.job("resume", file + ".usher").status == 3);
    const auto ended = fixture.job("resume", file + ".usher", {"--source", moved});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(summary_of(ended), "skipped") == 3);
}

BOOST_AUTO_TEST_CASE(status_tells_of_a_job_that_runs)
{
    import_fixture fixture;
    fixture.service.set_delay(sandbox::latency(std::chrono::milliseconds(50), std::chrono::milliseconds(0)));
    const auto file = fixture.write("users.json", auth0_users(3000));
    process running(fixture.command("auth0", file), fixture.options());
    BOOST_TEST_REQUIRE(fixture.wait_for_users(300));
    const auto status = fixture.status(file + ".usher");
    BOOST_TEST(status.at("state").as_string() == "running");
    BOOST_TEST(status.at("command").as_string() == "import");
    BOOST_TEST(number(status, "created") > 0);
    BOOST_TEST(number(status, "in_doubt") > 0);
    BOOST_TEST(!status.contains("next"));
    // It is one process's: another one is told so.
    const auto second = fixture.job("resume", file + ".usher");
    BOOST_TEST(second.status == 3);
    BOOST_TEST(says(second, file + ".usher"));
    running.send(SIGINT);
    BOOST_TEST(running.wait().status == 1);
    BOOST_TEST(fixture.status(file + ".usher").at("state").as_string() == "stopped");
}

BOOST_AUTO_TEST_CASE(status_tells_people_what_failed_with_an_example_and_how_to_go_on)
{
    import_fixture fixture;
    const auto file =
        fixture.write("users.json", auth0_user(1) + "\n" + auth0_user(2) + "\n" +
                                        R"({"user_id":"auth0|3","username":"thirty","password_hash":"half"})"
                                        "\n" +
                                        R"({"user_id":"auth0|4","username":"fourty","picture":"p"})"
                                        "\n");
    BOOST_TEST(fixture.import("auth0", file).status == 1);
    const auto job = file + ".usher";
    const auto ended = run({USHER_COMMAND, "status", job});
    BOOST_TEST(ended.status == 0);
    for (const auto& part : {job + ": auth0 " + file + " -> clerk at " + fixture.service.url(),
                             std::string("import finished at 2"), std::string("users: 3 created\n"),
                             std::string("failures: 1\n"), std::string("1 x password_digest_invalid, such as line 3: "),
                             std::string("1 x picture ("), "to go on: usher retry " + job + "\n"})
        BOOST_TEST(says(ended, part));
}

BOOST_AUTO_TEST_CASE(which_id_became_which_is_written_as_ndjson_and_as_csv)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", R"({"user_id":"a,\"b","email":"a@example.com","email_verified":true})"
                                                  "\n" +
                                                      auth0_user(2) + "\n");
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    const auto job = file + ".usher";
    BOOST_TEST(fixture.job("status", job, {"--ids", fixture.path("ids.ndjson")}).status == 0);
    const auto ids = fixture.lines("ids.ndjson");
    BOOST_TEST_REQUIRE(ids.size() == 2U);
    std::set<std::string> wanted = {"kind,source_id,target_id,state"};
    for (const auto& each : ids) {
        BOOST_TEST(each.at("kind").as_string() == "user");
        BOOST_TEST(each.at("state").as_string() == "created");
        const std::string source(each.at("source_id").as_string());
        const std::string target(each.at("target_id").as_string());
        BOOST_TEST(fixture.call("GetUser", R"({"user_id":")" + target + "\"}").at("external_id").as_string() == source);
        wanted.insert("user," + (source == "auth0|2" ? source : std::string(R"("a,""b")")) + "," + target + ",created");
    }
    BOOST_TEST(fixture.job("status", job, {"--ids", fixture.path("ids.csv")}).status == 0);
    BOOST_TEST((text_lines(fixture.read("ids.csv")) == wanted));
}

BOOST_AUTO_TEST_CASE(two_parts_share_a_source_without_overlap_and_their_journals_are_joined)
{
    import_fixture fixture;
    auto text = auth0_users(200);
    text += R"({"user_id":"x","username":"half","password_hash":"half"})"
            "\n";
    const auto file = fixture.write("users.json", text);
    process one(fixture.command("auth0", file, {"--part", "1/2", "--json"}), fixture.options());
    process two(fixture.command("auth0", file, {"--part", "2/2", "--json"}), fixture.options());
    const auto first = one.wait();
    const auto second = two.wait();
    BOOST_TEST(first.status + second.status == 1); // the half credential is one part's alone
    const auto created = number(summary_of(first), "created");
    BOOST_TEST(created > 50);
    BOOST_TEST(created < 150);
    BOOST_TEST(created + number(summary_of(second), "created") == 200);
    BOOST_TEST(number(summary_of(first), "already_there") + number(summary_of(second), "already_there") == 0);
    BOOST_TEST(fixture.service.count("users") == 200U);

    const auto whole = fixture.path("whole.usher");
    const std::vector<std::string> merge = {USHER_COMMAND,          "merge", file + ".1-of-2.usher",
                                            file + ".2-of-2.usher", "-o",    whole};
    const auto merged = run(merge);
    BOOST_TEST_INFO(merged.err);
    BOOST_TEST_REQUIRE(merged.status == 0);
    const auto status = fixture.status(whole);
    BOOST_TEST(number(status, "created") == 200);
    BOOST_TEST(number(status, "dead_letters") == 1);
    BOOST_TEST(status.at("state").as_string() == "finished");
    BOOST_TEST(!status.contains("parts"));
    // From here on it is one job; what can't be read as a user is looked at again.
    const auto resumed = summary_of(fixture.job("resume", whole));
    BOOST_TEST(number(resumed, "skipped") == 200);
    BOOST_TEST(number(resumed, "failed") == 1);
    BOOST_TEST(number(fixture.status(whole), "dead_letters") == 1);
    BOOST_TEST(run(merge).status == 2);
    BOOST_TEST(says(run(merge), "is there already"));
}

BOOST_AUTO_TEST_CASE(journals_of_different_jobs_are_not_joined)
{
    import_fixture fixture;
    const auto one = fixture.write("one.json", auth0_users(2));
    const auto two = fixture.write("two.json", auth0_users(3));
    BOOST_TEST(fixture.import("auth0", one, {"--part", "1/2"}).status == 0);
    BOOST_TEST(fixture.import("auth0", two, {"--part", "2/2"}).status == 0);
    const auto whole = fixture.path("whole.usher");
    const auto merged = run({USHER_COMMAND, "merge", one + ".1-of-2.usher", two + ".2-of-2.usher", "-o", whole});
    BOOST_TEST(merged.status == 3);
    BOOST_TEST(!std::filesystem::exists(whole));
}

BOOST_AUTO_TEST_CASE(what_is_no_journal_is_said_to_be_none)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(1));
    for (const auto* verb : {"status", "resume", "retry", "verify", "undo"}) {
        const auto missing = fixture.job(verb, fixture.path("no-such-job"));
        BOOST_TEST(missing.status == 3, verb);
        BOOST_TEST(says(missing, fixture.path("no-such-job")), verb);
        const auto wrong = fixture.job(verb, file);
        BOOST_TEST(wrong.status == 3, verb);
        BOOST_TEST(says(wrong, file), verb);
        BOOST_TEST(!std::filesystem::exists(fixture.path("no-such-job")), verb);
    }
    const auto page = run({USHER_COMMAND, "report", file, "--html", fixture.path("page.html")});
    BOOST_TEST(page.status == 3);
}

BOOST_AUTO_TEST_CASE(a_report_is_a_page_for_its_owner)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(50));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    const auto ended = run({USHER_COMMAND, "report", file + ".usher", "--html", fixture.path("page.html")});
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    const auto page = fixture.read("page.html");
    BOOST_TEST(page.find("<html") != std::string::npos);
    BOOST_TEST(page.find("<script") == std::string::npos);
    using std::filesystem::perms;
    BOOST_TEST(((std::filesystem::status(fixture.path("page.html")).permissions() & perms::others_all) == perms::none));
    const auto printed = run({USHER_COMMAND, "report", file + ".usher", "--html", "-"});
    BOOST_TEST(printed.out.find("<html") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
