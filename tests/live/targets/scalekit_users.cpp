// A user is created once at Scalekit, in its organizations, and nobody is mailed: each fixture ends by asking.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

const bulk::step join(bulk::import_step::membership, 1);
const char* const creation = "UserService_CreateUserAndMembership";

struct scalekit_fixture : target_fixture {
    explicit scalekit_fixture(sandbox::options how = sandbox::options(), bulk::target_options options = quick())
        : target_fixture(sandbox::service::scalekit, std::move(how), std::move(options))
    {
        BOOST_TEST(prepare() == "");
        organizations["acme-1"] = bring(record_of(acme()));
        organizations["acme-2"] = bring(record_of(acme("acme-2")));
        record = record_of(member("ada"));
    }
    static bulk::user member(const std::string& id)
    {
        auto who = ada(id);
        for (const char* organization : {"acme-1", "acme-2"}) {
            auto& one = who.memberships.emplace_back();
            one.organization = organization;
            one.roles = {"org:admin"};
        }
        return who;
    }
    json::object user(const std::string& id) { return get("/api/v1/users/" + id).at("user").as_object(); }

    bulk::mapped_record record;
};

std::string code_alone(const bulk::step_result& result)
{
    return result.failure ? result.failure->code : std::string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(scalekit_users)

BOOST_AUTO_TEST_CASE(a_user_comes_with_profile_and_role_and_is_not_invited)
{
    scalekit_fixture fixture;
    const auto done = fixture.perform(fixture.record, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    const auto there = fixture.user(done.id);
    BOOST_TEST(there.at("external_id").as_string() == "ada");
    BOOST_TEST(there.at("user_profile").at("given_name").as_string() == "Ada");
    BOOST_TEST_REQUIRE(there.at("memberships").as_array().size() == 1U);
    const auto& seat = there.at("memberships").at(0).as_object();
    BOOST_TEST(seat.at("organization_id").as_string() == fixture.organizations.at("acme-1"));
    BOOST_TEST(seat.at("roles").at(0).at("name").as_string() == "admin");
    BOOST_TEST(seat.at("membership_status").as_string() == "ACTIVE");
    const auto joined = fixture.perform(fixture.record, join, done.id);
    BOOST_TEST(code_of(joined) == "");
    BOOST_TEST(joined.made);
    BOOST_TEST(fixture.user(done.id).at("memberships").as_array().size() == 2U);
    for (const auto what : {create, join}) {
        const auto again = fixture.perform(fixture.record, what, done.id);
        BOOST_TEST(code_of(again) == "");
        BOOST_TEST(!again.made);
    }
    BOOST_TEST(fixture.user(done.id).at("memberships").as_array().size() == 2U);
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(a_lost_creation_makes_one_user_and_one_membership_whatever_was_lost)
{
    for (const auto& what : mishaps)
        for (const auto lag : {0ms, 150ms})
            BOOST_TEST_CONTEXT(what.name << ", lag " << lag.count())
            {
                sandbox::options how;
                how.listing_lag = lag;
                scalekit_fixture fixture(how);
                fixture.service.set_faults({once(what, creation), once(what, "UserService_CreateMembership")});
                const auto done = fixture.perform(fixture.record, create);
                BOOST_TEST(code_of(done) == "");
                BOOST_TEST(done.made);
                BOOST_TEST(done.recovered == what.takes_effect);
                const auto joined = fixture.perform(fixture.record, join, done.id);
                BOOST_TEST(code_of(joined) == "");
                BOOST_TEST(joined.made);
                BOOST_TEST(joined.recovered == what.takes_effect);
                fixture.restart();
                BOOST_TEST(fixture.prepare() == "");
                const auto resumed = fixture.in_doubt(fixture.record, create);
                BOOST_TEST(resumed.id == done.id);
                BOOST_TEST(resumed.made);
                BOOST_TEST(code_of(fixture.in_doubt(fixture.record, join, done.id)) == "");
                BOOST_TEST(fixture.service.count("users") == 1U);
                BOOST_TEST(fixture.user(done.id).at("memberships").as_array().size() == 2U);
            }
}

BOOST_AUTO_TEST_CASE(a_run_that_was_ended_before_it_created_creates)
{
    scalekit_fixture fixture;
    const auto done = fixture.in_doubt(fixture.record, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    BOOST_TEST(!done.recovered);
}

BOOST_AUTO_TEST_CASE(an_address_of_a_stranger_is_taken_however_the_listing_lags)
{
    for (const auto lag : {0ms, 60'000ms}) {
        sandbox::options how;
        how.listing_lag = lag;
        scalekit_fixture fixture(how);
        auto other = scalekit_fixture::member("other");
        other.email_addresses.front().value = "Ada@example.com";
        (void)fixture.perform(fixture.record, create);
        const auto refused = fixture.perform(record_of(other), create);
        BOOST_TEST(code_alone(refused) == "identifier_taken");
        BOOST_TEST(refused.failure->param == "email");
        BOOST_TEST(!refused.failure->outcome_unknown);
        BOOST_TEST(fixture.service.count("users") == 1U);
    }
}

BOOST_AUTO_TEST_CASE(one_of_ours_in_another_organization_joins_the_first_one)
{
    scalekit_fixture fixture;
    const auto path =
        "/api/v1/organizations/" + fixture.organizations.at("acme-2") + "/users?send_invitation_email=false";
    const auto there = fixture.post(path, {{"email", "ada@example.com"}, {"external_id", "ada"}});
    const auto done = fixture.perform(fixture.record, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(!done.made);
    BOOST_TEST(done.id == std::string(there.at("user").at("id").as_string()));
    BOOST_TEST(fixture.user(done.id).at("memberships").as_array().size() == 1U);
    const auto steps = fixture.target->plan(fixture.record);
    BOOST_TEST_REQUIRE(steps.has_value());
    BOOST_TEST_REQUIRE(steps->size() == 3U);
    BOOST_TEST(steps->at(1).comes_along);
    BOOST_TEST(!steps->at(2).comes_along);
    // A step of its own, so that it can be taken back alone.
    const auto joined = fixture.perform(fixture.record, steps->at(1), done.id);
    BOOST_TEST(code_of(joined) == "");
    BOOST_TEST(joined.made);
    BOOST_TEST(joined.id == fixture.organizations.at("acme-1"));
    BOOST_TEST(fixture.user(done.id).at("memberships").as_array().size() == 2U);
    const auto again = fixture.perform(fixture.record, steps->at(1), done.id);
    BOOST_TEST(code_of(again) == "");
    BOOST_TEST(!again.made);
    // A member before, with another role: it is kept and said.
    BOOST_TEST(code_alone(fixture.perform(fixture.record, join, done.id)) == "role_differs");
}

BOOST_AUTO_TEST_CASE(roles_have_to_be_there)
{
    scalekit_fixture fixture;
    auto who = scalekit_fixture::member("ada");
    who.memberships.front().roles = {"pilot"};
    const auto before = fixture.service.count("users");
    BOOST_TEST(code_alone(fixture.perform(record_of(who), create)) == "role_unknown");
    BOOST_TEST(fixture.service.count("users") == before);
    auto options = target_fixture::quick();
    options.roles["pilot"] = "member";
    fixture.restart(options);
    BOOST_TEST(fixture.prepare() == "");
    const auto done = fixture.perform(record_of(who), create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(fixture.user(done.id).at("memberships").at(0).at("roles").at(0).at("name").as_string() == "member");
    options.roles["pilot"] = "astronaut";
    fixture.restart(options);
    BOOST_TEST(fixture.prepare().find("astronaut") != std::string::npos);
    // An organization's own role will do.
    fixture.restart();
    fixture.post("/api/v1/organizations/" + fixture.organizations.at("acme-1") + "/roles",
                 {{"name", "pilot"}, {"display_name", "Pilot"}});
    auto other = scalekit_fixture::member("other");
    other.memberships.front().roles = {"pilot"};
    BOOST_TEST(code_of(fixture.perform(record_of(other), create)) == "");
}

BOOST_AUTO_TEST_CASE(who_belongs_nowhere_goes_to_the_default_organization)
{
    scalekit_fixture fixture;
    auto options = target_fixture::quick();
    options.default_organization = fixture.organizations.at("acme-2");
    fixture.restart(options);
    BOOST_TEST(fixture.prepare() == "");
    const auto who = ada("alone");
    const auto id = fixture.bring(record_of(who));
    BOOST_TEST(fixture.user(id).at("memberships").at(0).at("organization_id").as_string() ==
               options.default_organization);
    BOOST_TEST(text_of(*fixture.read_users({id}).front()) == text_of(fixture.target->expected(who)));
    options.default_organization = "org_0";
    fixture.restart(options);
    BOOST_TEST(fixture.prepare() != "");
}

BOOST_AUTO_TEST_SUITE_END()
