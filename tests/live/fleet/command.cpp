// Two imports under one limit, by the command's own option.
#include "limited.hpp"
#include "live/redis/server.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>

using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

std::string users(const std::string& from, int count)
{
    std::string lines;
    for (int i = 0; i != count; ++i) {
        const auto name = from + std::to_string(i);
        lines +=
            R"({"user_id":"auth0|)" + name + R"(","email":")" + name + R"(@example.com","email_verified":true})" + '\n';
    }
    return lines;
}

struct command {
    command() { ::setenv("CLERK_SECRET_KEY", "sk_test_000000000000000000000000000000000000", 1); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(budget_option, command)

BOOST_AUTO_TEST_CASE(two_imports_keep_to_one_limit_together)
{
    const usher::sandbox::server service(
        fleet_tests::limited(usher::sandbox::algorithm::sliding_log, usher::sandbox::allowance(40, 2s)));
    const redis_server redis;
    const temporary_folder folder;
    const auto import = [&](const std::string& name) {
        folder.write(name, users(name, 30));
        return process({USHER_COMMAND, "import", "--from", "auth0", folder.file(name), "--base-url", service.url(),
                        "--limit", "40", "--window", "2s", "--budget", redis.url()});
    };
    auto one = import("ada");
    auto two = import("bob");
    BOOST_TEST(one.wait() == 0);
    BOOST_TEST(two.wait() == 0);
    BOOST_TEST(service.count("users") == 60U);
    BOOST_TEST(service.stats().refused == 0U);
    redis.tell("KEYS 'usher:*:members' | grep -q usher");
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_wrong_usage)
{
    try {
        run("(" + std::string(USHER_COMMAND) +
            " call GetUsersCount --budget rediss://:hidden@localhost; test $? -eq 2 && exit 3)");
        BOOST_ERROR("it was taken");
    } catch (const std::runtime_error& error) {
        const std::string text = error.what();
        const auto said = text.substr(text.find(" failed:\n"));
        BOOST_TEST(said.find("--budget: ") != said.npos, said);
        BOOST_TEST(said.find("TLS") != said.npos, said);
        BOOST_TEST(said.find("hidden") == said.npos, said);
    }
}

BOOST_AUTO_TEST_SUITE_END()
