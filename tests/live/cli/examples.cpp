#include "live/cli/process.hpp"
#include "temporary_folder.hpp"

#include <usher/sandbox.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#ifdef USHER_EXAMPLES

using namespace usher::tests;
namespace sandbox = usher::sandbox;

namespace {

struct tls_service {
    tls_service() : server(sandbox::options())
    {
        folder.write("ca.pem", server.ca_pem());
        process.environment = {
            {"CLERK_SECRET_KEY", key}, {"USHER_BASE_URL", server.url()}, {"USHER_CA_FILE", folder.file("ca.pem")}};
    }
    process_end example(const std::string& name) const { return run({USHER_EXAMPLES "/" + name}, process); }

    static constexpr const char* key = "sk_test_000000000000000000000000000000000000";
    sandbox::server server;
    temporary_folder folder;
    process_options process;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(examples, tls_service)

BOOST_AUTO_TEST_CASE(the_first_creates_a_user_once)
{
    const auto first = example("example_01_call");
    BOOST_TEST_INFO(first.err);
    BOOST_TEST(first.status == 0);
    BOOST_TEST(first.out.find("found ada@example.com") != std::string::npos);
    const auto second = example("example_01_call");
    BOOST_TEST(second.out == "Ada is there already\n");
    BOOST_TEST(server.count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(the_second_lists_every_user)
{
    server.add_users(345, key);
    const auto ended = example("example_02_list_everything");
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.out.find("\n345 users\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_third_serves_a_hundred_tenants)
{
    sandbox::limits limits;
    limits.enabled = true;
    server.set_limits(limits);
    const auto ended = example("example_03_many_tenants");
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(server.count("users") == 500U);
    BOOST_TEST(server.stats().refused == 0U);
}

BOOST_AUTO_TEST_CASE(the_seventh_uses_one_limit_from_two_threads_without_a_refusal)
{
    sandbox::limits limits;
    limits.enabled = true;
    limits.how = sandbox::algorithm::sliding_log;
    server.set_limits(limits);
    process.environment["CLERK_SECRET_KEY"] = "sk_live_000000000000000000000000000000000000";
    const auto ended = example("example_07_one_limit");
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.out.find("120 answered, 0 failed") != std::string::npos);
    BOOST_TEST(ended.out.find("instance: 1000 per 10 s") != std::string::npos);
    BOOST_TEST(server.stats().refused == 0U);
}

BOOST_AUTO_TEST_CASE(the_export_is_the_same_every_time)
{
    const auto one = run({USHER_EXAMPLES "/write_auth0_export", folder.file("one.json"), "100"});
    const auto two = run({USHER_EXAMPLES "/write_auth0_export", folder.file("two.json"), "100"});
    BOOST_TEST(one.status == 0);
    BOOST_TEST(one.out == two.out);
    BOOST_TEST(std::filesystem::file_size(folder.file("one.json")) > 50'000U);
    std::ifstream a(folder.file("one.json"));
    std::ifstream b(folder.file("two.json"));
    BOOST_TEST(
        (std::string(std::istreambuf_iterator<char>(a), {}) == std::string(std::istreambuf_iterator<char>(b), {})));
}

BOOST_AUTO_TEST_SUITE_END()

#endif
