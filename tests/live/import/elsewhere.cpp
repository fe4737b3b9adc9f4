// A job and the key of another instance.
#include "live/import/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace sandbox = usher::sandbox;
using sandbox::fault;

namespace {

const std::string other_key = "sk_test_111111111111111111111111111111111111";

struct two_instances : import_fixture {
    /// `usher VERB` of the job with that key.
    process_end with_key(const std::string& key, const std::string& verb, const std::string& more = {}) const
    {
        std::vector<std::string> words = {USHER_COMMAND, verb, job_file, "--json"};
        if (!more.empty())
            words.push_back(more);
        return run(words, options(key));
    }
    std::string instance_of(const std::string& key) const
    {
        const auto ended = run({USHER_COMMAND, "call", "GetInstance", "--base-url", service.url()}, options(key));
        BOOST_TEST_REQUIRE(ended.status == 0);
        const auto at = ended.out.find("ins_");
        BOOST_TEST_REQUIRE(at != std::string::npos);
        return ended.out.substr(at, ended.out.find('"', at) - at);
    }
    void may_not_ask()
    {
        fault refused(fault::kind::answer);
        refused.operation = "GetInstance";
        refused.status = 403;
        service.set_faults({refused});
    }

    /// Two that arrive, and one that fails.
    std::string file = write("users.json", auth0_users(2) + "{\"user_id\":\"auth0|bad\"}\n");
    std::string job_file = file + ".usher";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(elsewhere, two_instances)

BOOST_AUTO_TEST_CASE(the_key_of_another_instance_is_refused_before_anything_is_sent_or_written)
{
    BOOST_TEST(import("auth0", file).status == 1);
    const auto own = instance_of(options().environment["CLERK_SECRET_KEY"]);
    const auto other = instance_of(other_key);
    BOOST_TEST(own != other);
    const auto journal = read("users.json.usher");
    for (const auto* verb : {"resume", "retry", "verify", "undo"}) {
        const auto before = service.stats().requests;
        const auto ended = with_key(other_key, verb);
        BOOST_TEST_CONTEXT(verb << ": " << ended.err)
        {
            BOOST_TEST(ended.status == 2);
            BOOST_TEST(says(ended, "begun at " + own + ", and this is the key of " + other));
            BOOST_TEST(says(ended, "CLERK_SECRET_KEY"));
            BOOST_TEST(service.stats().requests == before + 1);
            BOOST_TEST((read("users.json.usher") == journal));
        }
    }
    BOOST_TEST(service.count("users") == 2U);
    BOOST_TEST(job("verify", job_file).status == 1);
    BOOST_TEST(number(summary_of(job("undo", job_file)), "removed") == 2);
    BOOST_TEST(service.count("users") == 0U);
}

BOOST_AUTO_TEST_CASE(a_key_that_may_not_ask_goes_on_and_what_it_left_open_is_learned_later)
{
    may_not_ask();
    BOOST_TEST(import("auth0", file).status == 1);
    BOOST_TEST(job("resume", job_file).status == 1);
    // Nothing is known to compare with: the next run learns it.
    service.set_faults({});
    BOOST_TEST(job("resume", job_file).status == 1);
    BOOST_TEST(with_key(other_key, "undo").status == 2);
    BOOST_TEST(service.count("users") == 2U);
    // What is known and can't be asked any more is no reason to stay away.
    may_not_ask();
    BOOST_TEST(number(summary_of(job("undo", job_file)), "removed") == 2);
}

BOOST_AUTO_TEST_CASE(parts_that_went_to_different_instances_are_not_merged)
{
    const std::vector<std::string> parts = {path("one"), path("two")};
    const std::vector<std::string> keys = {options().environment["CLERK_SECRET_KEY"], other_key};
    for (std::size_t i = 0; i < 2; ++i)
        run(command("auth0", file, {"--part", std::to_string(i + 1) + "/2", "--job", parts[i]}), options(keys[i]));
    const auto ended = run({USHER_COMMAND, "merge", parts[0], parts[1], "-o", path("all")}, options());
    BOOST_TEST(ended.status == 3);
    BOOST_TEST(says(ended, "'instance' differs"));
}

BOOST_AUTO_TEST_SUITE_END()
