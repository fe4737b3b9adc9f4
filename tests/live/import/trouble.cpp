// When the whole run can't go on, and who is asked before it begins.
#include "live/import/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <utility>
#include <vector>

using namespace usher::tests;
namespace sandbox = usher::sandbox;

BOOST_AUTO_TEST_SUITE(trouble)

BOOST_AUTO_TEST_CASE(a_wrong_key_could_not_run)
{
    sandbox::options options;
    options.keys = {"sk_test_the_right_one_000000000000000000000000"};
    import_fixture fixture(options);
    fixture.write("failures.ndjson", "of an earlier run\n");
    const auto ended = run(fixture.command("auth0", fixture.write("users.json", auth0_users(10))), fixture.options());
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(ended.err.find(fixture.options().environment["CLERK_SECRET_KEY"]) == std::string::npos);
    BOOST_TEST(fixture.service.stats().requests == 1U);
    BOOST_TEST(fixture.read("failures.ndjson") == "of an earlier run\n");
    // Nothing is in the way of another attempt.
    BOOST_TEST(!std::filesystem::exists(fixture.path("users.json.usher")));
}

BOOST_AUTO_TEST_CASE(a_service_that_is_not_there_could_not_run)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(10));
    const auto command = fixture.command("auth0", file);
    fixture.service.stop();
    const auto ended = run(command, fixture.options());
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(!std::filesystem::exists(fixture.path("failures.ndjson")));
    BOOST_TEST(!std::filesystem::exists(file + ".usher"));
}

BOOST_AUTO_TEST_CASE(a_full_instance_gives_the_run_up)
{
    sandbox::options options;
    options.max_users = 50;
    import_fixture fixture(options);
    const auto ended = fixture.import("auth0", fixture.write("users.json", auth0_users(1000)), {"--concurrency", "8"});
    BOOST_TEST(ended.status == 1);
    const auto summary = summary_of(ended);
    BOOST_TEST(summary.at("end").as_string() == "given_up");
    BOOST_TEST(number(summary, "created") == 50);
    // Nobody failed by it: whoever was under way is left to a resumption.
    BOOST_TEST(number(summary, "failed") == 0);
    BOOST_TEST(number(summary, "left_open") > 0);
    BOOST_TEST(summary.at("reason").as_string().find("user_quota_exceeded") != std::string::npos);
    BOOST_TEST(summary.at("next").as_string() == "usher resume " + fixture.path("users.json.usher"));
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_2_and_an_unreadable_source_3)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(1));
    auto without_key = fixture.options();
    without_key.environment.clear();
    auto ended = run(fixture.command("auth0", file), without_key);
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(ended.err.find("CLERK_SECRET_KEY") != std::string::npos);
    BOOST_TEST(run(fixture.command("auth0", file, {"--failures", file}), fixture.options()).status == 2);
    BOOST_TEST(run(fixture.command("nonsense", file), fixture.options()).status == 2);
    ended =
        run({USHER_COMMAND, "import", "--from", "auth0", file, "--base-url", "http://192.0.2.1/v1"}, fixture.options());
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(run(fixture.command("auth0", fixture.path("no-such-file")), fixture.options()).status == 3);
    BOOST_TEST(run(fixture.command("clerk-csv", file), fixture.options()).status == 3);
    BOOST_TEST(fixture.service.count("users") == 0U);
}

BOOST_AUTO_TEST_CASE(a_production_key_needs_a_word_from_somebody)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(1));
    // An address that is none of the loopback names, and where nobody listens.
    const std::vector<std::string> command = {USHER_COMMAND, "import",     "--from",           "auth0",
                                              file,          "--base-url", "https://0.0.0.0:9"};
    auto options = fixture.options("sk_live_000000000000000000000000000000000000");
    auto ended = run(command, options);
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(ended.err.find("--yes") != std::string::npos);

    options.terminal = true;
    options.input = "no\n";
    ended = run(command, options);
    BOOST_TEST(ended.status == 2);
    BOOST_TEST(ended.err.find("production key") != std::string::npos);

    options.input = "yes\n";
    process asked(command, options);
    options.terminal = false;
    auto words = command;
    words.insert(words.end(), {"--yes", "--job", fixture.path("said.usher")});
    process said(words, options);
    BOOST_TEST(asked.wait().status == 3);
    BOOST_TEST(said.wait().status == 3);
    // Loopback is nobody's production.
    ended = run(fixture.command("auth0", file), options);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(a_production_environment_of_scalekit_needs_a_word_from_somebody)
{
    // A Scalekit environment that is none for development; nobody listens there, and nobody is asked.
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(1));
    auto options = fixture.options();
    options.environment["SCALEKIT_ACCESS_TOKEN"] = "token_0000000000000000";
    const auto job = fixture.path("job.usher");
    const auto import = run({USHER_COMMAND, "import", "--from", "auth0", file, "--to", "scalekit", "--base-url",
                             "https://acme.scalekit.example", "--job", job},
                            options);
    BOOST_TEST(import.status == 2);
    BOOST_TEST(says(import, "this is a production environment, and nobody can be asked here: say --yes to import"));
    BOOST_TEST(!std::filesystem::exists(job));

    // A job on loopback is nobody's production, whatever the key.
    const auto live = fixture.options("sk_live_000000000000000000000000000000000000");
    BOOST_TEST(run(fixture.command("auth0", file, {"--job", job}), live).status == 0);
    for (const auto* verb : {"resume", "undo"})
        BOOST_TEST(run({USHER_COMMAND, verb, job}, live).status == 0, verb);
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_named)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", auth0_users(1));
    const auto hash = fixture.write("hash.txt", "hash_config { algorithm: SCRYPT, rounds: 8 }");
    const auto mapping = fixture.write("mapping.json", "{");
    const auto missing = fixture.path("missing");
    const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
        {{"--from", "clerk", file}, "clerk is a live instance and takes no FILE; the dashboard's export is clerk-csv"},
        {{"--from", "auth0"}, "FILE: is missing: --from auth0 reads one"},
        {{"--from", "csv", file}, "--mapping: is missing: csv says nothing of what its members mean"},
        {{"--from", "csv", file, "--mapping", mapping}, "--mapping: " + mapping + ": "},
        {{"--from", "csv", file, "--mapping", missing}, "--mapping: " + missing + ": can't be read"},
        {{"--from", "firebase", file, "--firebase-hash", hash}, "--firebase-hash: " + hash + ": signer_key is missing"},
        {{"--from", "firebase", file, "--firebase-hash", missing}, missing + ": can't be read"},
        {{"--from", "auth0", file, "--send-invitations"}, "--send-invitations: belongs to --to scalekit"},
        {{"--from", "auth0", file, "--part", "3/2"}, "--part"},
        {{"--from", "auth0", file, "--role", "admin"}, "--role"},
        {{"--from", "scalekit"}, "SCALEKIT_ENVIRONMENT_URL, or give --from-base-url"},
        {{"--from", "auth0", file, "--key-env", "NO_SUCH_KEY"}, "no key: set NO_SUCH_KEY"},
        {{"--from", "auth0", file, "--job", file}, file + " is there already"},
        {{"--from", "auth0", file, "--notes", fixture.path("n"), "--failures", fixture.path("n")},
         "--notes and --failures are the same file"},
        {{"--from", "auth0", file, "--notes", fixture.path("j"), "--job", fixture.path("j")}, "is the journal"}};
    for (const auto& [words, message] : wrong) {
        std::vector<std::string> command = {USHER_COMMAND, "import", "--base-url", fixture.service.url()};
        command.insert(command.end(), words.begin(), words.end());
        const auto ended = run(command, fixture.options());
        BOOST_TEST(ended.status == 2, message);
        BOOST_TEST(says(ended, message), message);
    }
    BOOST_TEST(fixture.service.stats().requests == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
