// What a person is told who has nothing but the command: the place, the reason and the next step.
#include "live/import/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace usher::tests;

BOOST_AUTO_TEST_SUITE(told)

BOOST_AUTO_TEST_CASE(a_file_of_failures_that_is_none_is_refused_and_leaves_no_trace)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_user(1) + "\n{\"user_id\":\"auth0|2\"}\n");
    const auto job = file + ".usher";
    BOOST_TEST(fixture.import("auth0", file).status == 1);
    const auto requests = fixture.service.stats().requests;
    for (const auto& text : {auth0_users(3), std::string("{\"from\":\"auth0\",\"sou")}) {
        const auto ended = fixture.job("retry", job, {"--mended", fixture.write("mended.ndjson", text)});
        BOOST_TEST(ended.status == 2);
        BOOST_TEST(says(ended, "mended.ndjson: record 1: "));
        BOOST_TEST(says(ended, "nothing was sent"));
    }
    BOOST_TEST(fixture.service.stats().requests == requests);
    BOOST_TEST(number(fixture.status(job), "dead_letters") == 1);
}

BOOST_AUTO_TEST_CASE(a_resumption_does_not_call_done_what_an_undo_took_back)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(3));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    BOOST_TEST(fixture.job("undo", file + ".usher").status == 0);
    const auto ended = fixture.job("resume", file + ".usher");
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(says(ended, "3 records were taken back by usher undo and stay away"));
    BOOST_TEST(number(summary_of(ended), "taken_back") == 3);
    BOOST_TEST(fixture.service.count("users") == 0U);
}

BOOST_AUTO_TEST_CASE(password_hashes_that_belong_to_nobody_are_said)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(3));
    const auto hashes = fixture.write(
        "hashes.json",
        R"({"_id":{"$oid":"ffffffffffffffffffffffff"},"passwordHash":"$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"})"
        "\n");
    const auto planned =
        run({USHER_COMMAND, "plan", "--from", "auth0", file, "--hashes", hashes, "--offline"}, fixture.options());
    const auto ended = fixture.import("auth0", file, {"--hashes", hashes});
    BOOST_TEST(ended.status == 0);
    for (const auto& each : {planned, ended})
        BOOST_TEST(says(each, "rows that belong to no record of the source: 1 of 1, the first in line 1"));
    BOOST_TEST(summary_of(ended).at("remarks").as_array().size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_option_that_mends_failures_is_named)
{
    import_fixture fixture;
    const auto file = fixture.write(
        "users.json",
        R"({"users":[{"localId":"1","email":"a@example.com","passwordHash":"aGFzaA==","salt":"c2FsdA=="}]})"
        "\n");
    const std::string advice = "about firebase_parameters_missing: --firebase-hash FILE gives the parameters";
    BOOST_TEST(says(run({USHER_COMMAND, "plan", "--from", "firebase", file, "--offline"}, fixture.options()), advice));
    BOOST_TEST(says(fixture.import("firebase", file), advice + "; a job keeps its options, so begin another one"));
    // Of another format nothing can be read.
    const auto csv = fixture.write("users.csv", "id,email\n1,a@example.com\n");
    const std::string wrong = "no record could be read: is it really --from auth0?";
    BOOST_TEST(says(run({USHER_COMMAND, "plan", "--from", "auth0", csv, "--offline"}, fixture.options()), wrong));
    BOOST_TEST(says(fixture.import("auth0", csv), wrong));
}

BOOST_AUTO_TEST_CASE(a_file_that_can_not_be_written_is_said_before_anything_is_sent)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(3));
    const auto ended =
        run(fixture.command("auth0", file, {"--notes", fixture.path("no/folder.ndjson")}), fixture.options());
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(says(ended, "--notes: "));
    BOOST_TEST(fixture.service.stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(a_wrong_word_is_answered_with_the_right_ones)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(1));
    auto ended = run({USHER_COMMAND, "plan", "--from", "okta", file}, fixture.options());
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(says(ended, "okta is none of auth0, "));
    ended = run({USHER_COMMAND, "plan", "--from", "auth0", file, "--part", "3/2"}, fixture.options());
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(says(ended, "3/2 is not K/N, such as 1/4"));
    BOOST_TEST(fixture.import("auth0", file).status == 0);
    ended = run({USHER_COMMAND, "merge", file + ".usher", file + ".usher", "-o", fixture.path("whole.usher")},
                fixture.options());
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(says(ended, "is named twice"));
}

BOOST_AUTO_TEST_SUITE_END()
