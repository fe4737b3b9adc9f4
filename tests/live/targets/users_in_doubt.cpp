// What becomes of a user whose creation ended without an answer.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

/// The creations that a server got, as the answers to them say.
sandbox::options with(const mishap& what, std::chrono::milliseconds lag)
{
    sandbox::options how;
    how.listing_lag = lag;
    how.faults = {once(what, "CreateUser")};
    return how;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_users_in_doubt)

BOOST_AUTO_TEST_CASE(a_lost_creation_makes_one_user_whatever_was_lost_and_however_listings_lag)
{
    for (const auto& what : mishaps)
        for (const auto lag : {0ms, 150ms})
            for (const bool dated : {false, true}) {
                BOOST_TEST_CONTEXT(what.name << ", lag " << lag.count() << ", dated " << dated)
                {
                    target_fixture fixture(sandbox::service::clerk, with(what, lag));
                    auto who = ada();
                    if (dated)
                        who.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
                    const auto done = fixture.perform(record_of(who), create);
                    BOOST_TEST(code_of(done) == "");
                    BOOST_TEST(done.made);
                    BOOST_TEST(done.recovered == what.takes_effect);
                    BOOST_TEST(fixture.service.count("users") == 1U);
                    BOOST_TEST(fixture.get("/users/" + done.id).at("external_id").as_string() == "ada");
                }
            }
}

BOOST_AUTO_TEST_CASE(a_run_that_was_ended_in_the_middle_is_taken_up_with_and_without_its_user)
{
    for (const auto lag : {0ms, 150ms})
        for (const bool there : {false, true}) {
            sandbox::options how;
            how.listing_lag = lag;
            target_fixture fixture(sandbox::service::clerk, how);
            const auto record = record_of(ada());
            std::string id;
            if (there)
                id = fixture.perform(record, create).id;
            fixture.restart();
            const auto done = fixture.in_doubt(record, create);
            BOOST_TEST(code_of(done) == "");
            BOOST_TEST(done.made);
            BOOST_TEST(done.recovered == there);
            BOOST_TEST((id.empty() || done.id == id));
            BOOST_TEST(fixture.service.count("users") == 1U);
        }
}

BOOST_AUTO_TEST_CASE(who_was_there_before_is_not_taken_for_made)
{
    for (const bool ended : {false, true}) {
        sandbox::options how;
        how.faults = {once(mishaps.front(), "CreateUser")};
        target_fixture fixture(sandbox::service::clerk, how);
        json::object old{{"external_id", "ada"},
                         {"created_at", "2021-05-06T00:00:00Z"},
                         {"skip_user_requirement", true},
                         {"skip_password_requirement", true}};
        fixture.service.set_faults({});
        fixture.post("/users", old);
        fixture.service.set_faults(how.faults);
        const auto record = record_of(ada());
        const auto done = ended ? fixture.in_doubt(record, create) : fixture.perform(record, create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(!done.made);
        BOOST_TEST(!done.recovered);
        BOOST_TEST(fixture.service.count("users") == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_quota_that_the_lost_creation_used_up_does_not_hide_it)
{
    for (const auto lag : {0ms, 150ms}) {
        auto how = with(mishaps.at(1), lag);
        how.max_users = 1;
        target_fixture fixture(sandbox::service::clerk, how);
        const auto done = fixture.perform(record_of(ada()), create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(done.made);
        BOOST_TEST(!done.hopeless.has_value());
    }
}

BOOST_AUTO_TEST_CASE(an_outage_for_good_leaves_the_outcome_unknown)
{
    sandbox::options how;
    how.faults = {answer_with(502, "CreateUser")};
    auto options = target_fixture::quick();
    options.attempts = 2;
    target_fixture fixture(sandbox::service::clerk, how, options);
    const auto done = fixture.perform(record_of(ada()), create);
    BOOST_TEST_REQUIRE(done.failure.has_value());
    BOOST_TEST(done.failure->outcome_unknown);
    BOOST_TEST(done.failure->status == 502);
    BOOST_TEST(fixture.target->counters().repeated == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
