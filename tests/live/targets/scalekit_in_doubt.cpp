// Scalekit's steps whose outcome is not known, or known in part.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

const bulk::step join(bulk::import_step::membership, 1);

bulk::user member(const std::string& id)
{
    auto who = ada(id);
    for (const char* organization : {"acme-1", "acme-2"}) {
        auto& one = who.memberships.emplace_back();
        one.organization = organization;
        one.roles = {"pilot"};
    }
    return who;
}

struct pilots : target_fixture {
    pilots() : target_fixture(sandbox::service::scalekit)
    {
        for (const char* id : {"acme-1", "acme-2"})
            organizations[id] = bring(record_of(acme(id)));
        for (const auto& [name, id] : organizations)
            post("/api/v1/organizations/" + id + "/roles", {{"name", "pilot"}, {"display_name", "Pilot"}});
        BOOST_TEST(prepare() == "");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(scalekit_in_doubt)

BOOST_AUTO_TEST_CASE(what_is_there_is_found_though_its_roles_are_not_shown_any_more)
{
    pilots fixture;
    const auto record = record_of(member("ada"));
    const auto id = fixture.bring(record);
    fixture.restart();
    BOOST_TEST(fixture.prepare() == "");
    fixture.service.set_faults({answer_with(200, "RolesService_ListOrganizationRoles", R"({"roles":[]})")});
    for (const auto what : {create, join}) {
        const auto resumed = fixture.in_doubt(record, what, what.kind == create.kind ? std::string() : id);
        BOOST_TEST(code_of(resumed) == "");
        BOOST_TEST(resumed.made);
    }
    // What is not there needs its role.
    const auto refused = fixture.in_doubt(record_of(member("eve")), create);
    BOOST_TEST_REQUIRE(refused.failure.has_value());
    BOOST_TEST(refused.failure->code == "role_unknown");
    BOOST_TEST(!refused.failure->outcome_unknown);
    BOOST_TEST(fixture.service.count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(an_organization_that_is_not_known_leaves_a_membership_in_doubt)
{
    pilots fixture;
    const auto record = record_of(member("ada"));
    const auto id = fixture.bring(record);
    fixture.organizations.clear();
    const auto resumed = fixture.in_doubt(record, join, id);
    BOOST_TEST_REQUIRE(resumed.failure.has_value());
    BOOST_TEST(resumed.failure->code == "organization_missing");
    BOOST_TEST(resumed.failure->outcome_unknown);
}

BOOST_AUTO_TEST_CASE(an_answer_that_names_nothing_ends_as_unknown)
{
    pilots fixture;
    fixture.service.set_faults({answer_with(201, "UserService_CreateUserAndMembership", "{}"),
                                answer_with(201, "OrganizationService_CreateOrganization", "{}")});
    for (const auto& record : {record_of(member("ada")), record_of(acme("third"))}) {
        const auto done = fixture.perform(record, create);
        BOOST_TEST_REQUIRE(done.failure.has_value());
        BOOST_TEST(done.failure->outcome_unknown);
        BOOST_TEST(done.failure->code == "empty_answer");
    }
}

BOOST_AUTO_TEST_CASE(a_membership_of_a_user_who_is_gone_is_not_in_doubt)
{
    pilots fixture;
    const auto record = record_of(member("ada"));
    const auto id = fixture.bring(record);
    BOOST_TEST_REQUIRE(fixture.http.remove("/api/v1/users/" + id).status == 200);
    const auto done = fixture.in_doubt(record, join, id);
    BOOST_TEST_REQUIRE(done.failure.has_value());
    BOOST_TEST(done.failure->status == 404);
    BOOST_TEST(!done.failure->outcome_unknown);
}

BOOST_AUTO_TEST_CASE(an_answer_without_an_id_makes_nobody_without_one)
{
    pilots fixture;
    auto nameless = answer_with(201, "UserService_CreateUserAndMembership", R"({"user":{"email":"ada@example.com"}})");
    nameless.what = sandbox::fault::kind::late_answer;
    nameless.count = 1;
    auto too = answer_with(201, "OrganizationService_CreateOrganization", R"({"organization":{}})");
    too.what = sandbox::fault::kind::late_answer;
    too.count = 1;
    fixture.service.set_faults({nameless, too});
    for (const auto& record : {record_of(member("ada")), record_of(acme("third"))}) {
        const auto done = fixture.perform(record, create);
        BOOST_TEST(code_of(done) == "");
        BOOST_TEST(!done.id.empty());
        BOOST_TEST(done.made);
    }
}

BOOST_AUTO_TEST_CASE(one_empty_look_does_not_remove_an_organization_and_force_does_not_either)
{
    pilots fixture;
    const auto record = record_of(member("ada"));
    (void)fixture.bring(record);
    bulk::made_thing what;
    what.of = bulk::entity_kind::organization;
    what.entity_id = what.id = fixture.organizations.at("acme-1");
    auto lagging = answer_with(200, "UserService_ListOrganizationUsers", R"({"users":[],"total_size":0})");
    lagging.count = 1;
    for (const bool force : {false, true}) {
        fixture.service.set_faults({lagging});
        BOOST_TEST((fixture.remove(what, force) == bulk::removal::in_use));
    }
    BOOST_TEST(fixture.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
