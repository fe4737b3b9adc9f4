// Answers behind which a step may have been done, or can't have been.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;
using bulk::import_step;

namespace {

/// Done, and the answer says to come back at once, which the client does by itself.
sandbox::fault come_back(const std::string& operation)
{
    auto busy = once(mishaps.at(1), operation);
    busy.status = 503;
    busy.retry_after = 0;
    return busy;
}

bulk::user member()
{
    auto who = ada();
    who.email_addresses.emplace_back("later@example.com", false);
    who.memberships.emplace_back().organization = "acme-1";
    return who;
}

const bulk::step address(import_step::email_address, 1);
const bulk::step seat(import_step::membership, 0);
const bulk::step ban(import_step::ban, 0);

struct with_member : target_fixture {
    explicit with_member(sandbox::options how = sandbox::options())
        : target_fixture(sandbox::service::clerk, std::move(how)), record(record_of(member()))
    {
        organizations["acme-1"] = bring(record_of(acme()));
        id = perform(record, create).id;
    }
    bulk::step_result doubtful(bulk::step what) { return in_doubt(record, what, id); }

    bulk::mapped_record record;
    std::string id;
};

} // namespace

BOOST_AUTO_TEST_SUITE(hidden_effects)

BOOST_AUTO_TEST_CASE(what_was_done_behind_a_503_is_this_jobs)
{
    target_fixture fixture(sandbox::service::clerk);
    fixture.service.set_faults({come_back("CreateUser"), come_back("CreateOrganization"),
                                come_back("CreateEmailAddress"), come_back("CreateOrganizationMembership")});
    const auto organization = fixture.perform(record_of(acme()), create);
    BOOST_TEST(organization.made);
    fixture.organizations["acme-1"] = organization.id;
    const auto record = record_of(member());
    const auto user = fixture.perform(record, create);
    BOOST_TEST(user.made);
    for (const auto& what : {address, seat}) {
        const auto done = fixture.perform(record, what, user.id);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(done.made);
    }
    BOOST_TEST(fixture.service.count("users") == 1U);
    BOOST_TEST(fixture.service.count("organizations") == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_done_behind_a_503_at_scalekit_is_this_jobs)
{
    target_fixture fixture(sandbox::service::scalekit);
    fixture.service.set_faults({come_back("UserService_CreateUserAndMembership"),
                                come_back("OrganizationService_CreateOrganization"),
                                come_back("UserService_CreateMembership")});
    const auto organization = fixture.perform(record_of(acme()), create);
    BOOST_TEST(organization.made);
    fixture.organizations["acme-1"] = organization.id;
    fixture.organizations["acme-2"] = fixture.perform(record_of(acme("acme-2")), create).id;
    auto who = member();
    who.memberships.emplace_back().organization = "acme-2";
    const auto record = record_of(who);
    const auto user = fixture.perform(record, create);
    BOOST_TEST(user.made);
    const auto joined = fixture.perform(record, bulk::step(import_step::membership, 1), user.id);
    BOOST_TEST(code_of(joined) == "");
    BOOST_TEST(joined.made);
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_somebody_who_is_gone_is_not_in_doubt)
{
    with_member fixture;
    BOOST_TEST_REQUIRE(fixture.http.remove("/users/" + fixture.id).status == 200);
    for (const auto& what : {address, seat, ban}) {
        const auto done = fixture.doubtful(what);
        BOOST_TEST_REQUIRE(done.failure.has_value());
        BOOST_TEST(!done.failure->outcome_unknown, bulk::to_string(what.kind));
    }
}

BOOST_AUTO_TEST_CASE(what_can_not_be_looked_at_stays_in_doubt)
{
    with_member fixture;
    fixture.service.set_faults({answer_with(500, "GetUser")});
    for (const auto& what : {address, ban}) {
        const auto done = fixture.doubtful(what);
        BOOST_TEST_REQUIRE(done.failure.has_value());
        BOOST_TEST(done.failure->outcome_unknown, bulk::to_string(what.kind));
    }
    fixture.organizations.clear();
    const auto done = fixture.doubtful(seat);
    BOOST_TEST_REQUIRE(done.failure.has_value());
    BOOST_TEST(done.failure->code == "organization_missing");
    BOOST_TEST(done.failure->outcome_unknown);
}

BOOST_AUTO_TEST_CASE(a_refusal_after_a_doubt_is_one_once_a_listing_would_show)
{
    sandbox::options how;
    how.listing_lag = 150ms;
    with_member fixture(how);
    fixture.service.set_faults(
        {answer_with(403, "CreateUser", clerk_error("user_quota_exceeded")),
         answer_with(403, "CreateOrganizationMembership", clerk_error("organization_membership_quota_exceeded"))});
    const auto user = fixture.in_doubt(record_of(ada("eve")), create);
    BOOST_TEST_REQUIRE(user.failure.has_value());
    BOOST_TEST(user.failure->code == "user_quota_exceeded");
    BOOST_TEST(!user.failure->outcome_unknown);
    BOOST_TEST(user.hopeless.has_value());
    const auto joined = fixture.doubtful(seat);
    BOOST_TEST_REQUIRE(joined.failure.has_value());
    BOOST_TEST(joined.failure->code == "organization_membership_quota_exceeded");
    BOOST_TEST(!joined.failure->outcome_unknown);
}

BOOST_AUTO_TEST_CASE(a_ban_that_took_effect_without_an_answer_is_this_jobs)
{
    with_member fixture;
    auto late = answer_with(500, "BanUser");
    late.what = sandbox::fault::kind::late_answer;
    fixture.service.set_faults({late});
    const auto done = fixture.perform(fixture.record, ban, fixture.id);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    BOOST_TEST(fixture.get("/users/" + fixture.id).at("banned").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
