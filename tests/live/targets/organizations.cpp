// An organization is created once, though Clerk has no external_id for them.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

std::string code_alone(const bulk::step_result& result)
{
    return result.failure ? result.failure->code : std::string();
}

std::string slug_of(target_fixture& fixture, const std::string& id)
{
    return std::string(fixture.get("/organizations/" + id).at("slug").as_string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_organizations)

BOOST_AUTO_TEST_CASE(an_organization_gets_its_slug_its_marker_and_its_settings)
{
    target_fixture fixture(sandbox::service::clerk);
    auto which = acme();
    which.public_metadata["plan"] = "gold";
    which.private_metadata["crm"] = 7;
    which.max_allowed_memberships = 50;
    which.admin_delete_enabled = false;
    which.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
    const auto record = record_of(which);
    const auto done = fixture.perform(record, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    const auto there = fixture.get("/organizations/" + done.id);
    BOOST_TEST(there.at("slug").as_string() == "acme");
    BOOST_TEST(there.at("name").as_string() == "Acme Works");
    BOOST_TEST(there.at("private_metadata").at("usher").at("source_id").as_string() == "acme-1");
    BOOST_TEST(there.at("private_metadata").at("crm").as_int64() == 7);
    BOOST_TEST(there.at("public_metadata").at("plan").as_string() == "gold");
    BOOST_TEST(there.at("max_allowed_memberships").as_int64() == 50);
    BOOST_TEST(!there.at("admin_delete_enabled").as_bool());
    BOOST_TEST(!there.contains("created_by"));
    const auto again = fixture.perform(record, create);
    BOOST_TEST(code_of(again) == "");
    BOOST_TEST(again.id == done.id);
    BOOST_TEST(!again.made);
    BOOST_TEST(fixture.service.count("organizations") == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_slug_one_is_made_that_depends_on_name_and_id_alone)
{
    target_fixture fixture(sandbox::service::clerk), other(sandbox::service::clerk);
    auto which = acme();
    which.slug.clear();
    const auto slug = slug_of(fixture, fixture.perform(record_of(which), create).id);
    BOOST_TEST(slug.starts_with("acme-works-"));
    BOOST_TEST(slug.size() == std::string("acme-works-").size() + 8);
    BOOST_TEST(slug == slug_of(other, other.perform(record_of(which), create).id));
    which.id = "acme-2";
    const auto second = slug_of(fixture, fixture.perform(record_of(which), create).id);
    BOOST_TEST(second.starts_with("acme-works-"));
    BOOST_TEST(second != slug);
    BOOST_TEST(fixture.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_CASE(a_lost_creation_makes_one_organization_whatever_was_lost)
{
    for (const auto& what : mishaps)
        for (const auto lag : {0ms, 150ms})
            for (const bool dated : {false, true})
                BOOST_TEST_CONTEXT(what.name << ", lag " << lag.count() << ", dated " << dated)
                {
                    sandbox::options how;
                    how.listing_lag = lag;
                    how.faults = {once(what, "CreateOrganization")};
                    target_fixture fixture(sandbox::service::clerk, how);
                    auto which = acme();
                    which.admin_delete_enabled = false;
                    if (dated)
                        which.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2);
                    const auto record = record_of(which);
                    const auto done = fixture.perform(record, create);
                    BOOST_TEST(code_of(done) == "");
                    BOOST_TEST(done.made);
                    BOOST_TEST(done.recovered == what.takes_effect);
                    BOOST_TEST(fixture.service.count("organizations") == 1U);
                    BOOST_TEST(!fixture.get("/organizations/" + done.id).at("admin_delete_enabled").as_bool());
                    fixture.restart();
                    const auto resumed = fixture.in_doubt(record, create);
                    BOOST_TEST(resumed.id == done.id);
                    BOOST_TEST(resumed.made);
                    BOOST_TEST(fixture.service.count("organizations") == 1U);
                }
}

BOOST_AUTO_TEST_CASE(a_run_that_was_ended_before_it_created_creates)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto done = fixture.in_doubt(record_of(acme()), create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    BOOST_TEST(!done.recovered);
    BOOST_TEST(fixture.service.count("organizations") == 1U);
}

BOOST_AUTO_TEST_CASE(the_slug_of_a_stranger_is_left_to_it)
{
    target_fixture fixture(sandbox::service::clerk);
    const auto stranger = fixture.post("/organizations", {{"name", "Acme Works"}, {"slug", "acme"}});
    const auto record = record_of(acme());
    const auto done = fixture.perform(record, create);
    BOOST_TEST(code_of(done) == "");
    BOOST_TEST(done.made);
    const auto slug = slug_of(fixture, done.id);
    BOOST_TEST(slug.starts_with("acme-"));
    const auto again = fixture.perform(record, create);
    BOOST_TEST(again.id == done.id);
    BOOST_TEST(!again.made);
    // The stranger goes: a run that was ended before still finds its own.
    BOOST_TEST(fixture.http.remove("/organizations/" + std::string(stranger.at("id").as_string())).status == 200);
    fixture.restart();
    BOOST_TEST(fixture.in_doubt(record, create).id == done.id);
    BOOST_TEST(fixture.service.count("organizations") == 1U);
    // Both taken: nothing is adopted.
    target_fixture full(sandbox::service::clerk);
    full.post("/organizations", {{"name", "One"}, {"slug", "acme"}});
    full.post("/organizations", {{"name", "Two"}, {"slug", slug}});
    BOOST_TEST(code_alone(full.perform(record, create)) == "identifier_taken");
    BOOST_TEST(full.service.count("organizations") == 2U);
}

BOOST_AUTO_TEST_CASE(a_quota_is_hopeless_unless_the_lost_one_used_it_up)
{
    sandbox::options how;
    how.max_organizations = 1;
    how.faults = {once(mishaps.at(1), "CreateOrganization")};
    target_fixture fixture(sandbox::service::clerk, how);
    const auto first = fixture.perform(record_of(acme()), create);
    BOOST_TEST(code_of(first) == "");
    BOOST_TEST(first.made);
    auto other = acme("other");
    other.slug = "other";
    const auto second = fixture.perform(record_of(other), create);
    BOOST_TEST(code_alone(second) == "organization_quota_exceeded");
    BOOST_TEST(second.hopeless.has_value());
}

BOOST_AUTO_TEST_CASE(where_slugs_are_off_the_marker_tells_as_soon_as_a_listing_shows)
{
    for (const auto& what : mishaps)
        for (const auto lag : {0ms, 150ms})
            BOOST_TEST_CONTEXT(what.name << ", lag " << lag.count())
            {
                sandbox::options how;
                how.listing_lag = lag;
                target_fixture fixture(sandbox::service::clerk, how);
                const auto off = fixture.http.patch("/instance/organization_settings", {{"slug_disabled", true}});
                BOOST_TEST_REQUIRE(off.status == 200);
                fixture.service.set_faults({once(what, "CreateOrganization")});
                const auto record = record_of(acme());
                const auto done = fixture.perform(record, create);
                BOOST_TEST(code_of(done) == "");
                BOOST_TEST(done.made);
                BOOST_TEST(fixture.service.count("organizations") == 1U);
                BOOST_TEST(slug_of(fixture, done.id) == "");
                fixture.restart();
                BOOST_TEST(fixture.in_doubt(record, create).id == done.id);
                auto other = acme("acme-2");
                BOOST_TEST(fixture.perform(record_of(other), create).id != done.id);
                BOOST_TEST(fixture.service.count("organizations") == 2U);
            }
}

BOOST_AUTO_TEST_SUITE_END()
