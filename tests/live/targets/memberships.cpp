// Who belongs to which organization at Clerk, as what.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

const bulk::step join(bulk::import_step::membership, 0);

struct joining : target_fixture {
    explicit joining(sandbox::options how = sandbox::options(), bulk::target_options options = quick())
        : target_fixture(sandbox::service::clerk, std::move(how), std::move(options))
    {
        organizations["acme-1"] = bring(record_of(acme()));
        auto who = ada();
        auto& one = who.memberships.emplace_back();
        one.organization = "acme-1";
        one.roles = {"admin"};
        one.public_metadata["team"] = "blue";
        record = record_of(who);
        user_id = perform(record, create).id;
    }
    std::string path() const { return "/organizations/" + organizations.at("acme-1") + "/memberships"; }

    bulk::mapped_record record;
    std::string user_id;
};

std::string code_alone(const bulk::step_result& result)
{
    return result.failure ? result.failure->code : std::string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_memberships)

BOOST_AUTO_TEST_CASE(a_member_is_made_once_whatever_is_lost_and_however_listings_lag)
{
    for (const auto& what : mishaps)
        for (const auto lag : {0ms, 150ms})
            BOOST_TEST_CONTEXT(what.name << ", lag " << lag.count())
            {
                sandbox::options how;
                how.listing_lag = lag;
                joining fixture(how);
                fixture.service.set_faults({once(what, "CreateOrganizationMembership")});
                const auto done = fixture.perform(fixture.record, join, fixture.user_id);
                BOOST_TEST(code_of(done) == "");
                BOOST_TEST(done.made);
                BOOST_TEST(done.recovered == what.takes_effect);
                BOOST_TEST(done.id == fixture.organizations.at("acme-1"));
                BOOST_TEST(fixture.service.count(fixture.path()) == 1U);
                const auto resumed = fixture.in_doubt(fixture.record, join, fixture.user_id);
                BOOST_TEST(code_of(resumed) == "");
                BOOST_TEST(resumed.made);
                const auto again = fixture.perform(fixture.record, join, fixture.user_id);
                BOOST_TEST(code_of(again) == "");
                BOOST_TEST(!again.made);
                BOOST_TEST(fixture.service.count(fixture.path()) == 1U);
                const auto all = fixture.get(fixture.path());
                const auto& one = all.at("data").as_array().at(0).as_object();
                BOOST_TEST(one.at("role").as_string() == "org:admin");
                BOOST_TEST(one.at("public_metadata").at("team").as_string() == "blue");
            }
}

BOOST_AUTO_TEST_CASE(roles_are_translated)
{
    auto options = target_fixture::quick();
    options.roles["boss"] = "org:admin";
    joining fixture(sandbox::options(), options);
    const auto role_of = [&](std::vector<std::string> roles) {
        auto who = std::get<bulk::user>(fixture.record.what);
        who.memberships.front().roles = std::move(roles);
        const auto expected = fixture.target->expected(who);
        return expected.memberships.front().roles.front();
    };
    BOOST_TEST(role_of({"boss"}) == "org:admin");
    BOOST_TEST(role_of({"editor"}) == "org:editor");
    BOOST_TEST(role_of({"org:editor"}) == "org:editor");
    BOOST_TEST(role_of({}) == "org:member");
    options.roles["boss"] = "org:chief";
    fixture.restart(options);
    BOOST_TEST(fixture.prepare().find("org:chief") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(whoever_was_a_member_before_keeps_the_role)
{
    joining fixture;
    fixture.post(fixture.path(), {{"user_id", fixture.user_id}, {"role", "org:member"}});
    const auto refused = fixture.perform(fixture.record, join, fixture.user_id);
    BOOST_TEST(code_alone(refused) == "role_differs");
    const auto all = fixture.get(fixture.path());
    BOOST_TEST(all.at("data").as_array().at(0).at("role").as_string() == "org:member");
}

BOOST_AUTO_TEST_CASE(a_full_organization_concerns_its_members_only)
{
    sandbox::options how;
    how.max_memberships = 1;
    joining fixture(how);
    // The last seat, taken by the very membership whose answer was lost.
    fixture.service.set_faults({once(mishaps.at(1), "CreateOrganizationMembership")});
    BOOST_TEST(code_of(fixture.perform(fixture.record, join, fixture.user_id)) == "");
    auto who = std::get<bulk::user>(fixture.record.what);
    who.id = "grace";
    who.email_addresses.front().value = "grace@example.com";
    const auto record = record_of(who);
    const auto refused = fixture.perform(record, join, fixture.perform(record, create).id);
    BOOST_TEST(code_alone(refused) == "organization_membership_quota_exceeded");
    BOOST_TEST(!refused.hopeless.has_value());
}

BOOST_AUTO_TEST_CASE(an_organization_that_is_not_there_is_named)
{
    joining fixture;
    fixture.organizations.clear();
    const auto refused = fixture.perform(fixture.record, join, fixture.user_id);
    BOOST_TEST(code_alone(refused) == "organization_missing");
    BOOST_TEST(refused.failure->message.find("acme-1") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
