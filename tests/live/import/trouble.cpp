// When the whole run can't go on, and who is asked before it begins.
#include "live/import/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

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
    BOOST_TEST(number(summary, "failed") < 20);
    BOOST_TEST(fixture.lines("failures.ndjson").at(0).at("error").at("code").as_string() == "user_quota_exceeded");
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
    BOOST_TEST(run(command, options).status == 3);
    options.terminal = false;
    auto said = command;
    said.push_back("--yes");
    BOOST_TEST(run(said, options).status == 3);
    // Loopback is nobody's production.
    ended = run(fixture.command("auth0", file), options);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
