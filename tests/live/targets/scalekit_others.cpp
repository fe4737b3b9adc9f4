// Scalekit's organizations; taking back; and who is mailed when that is asked for.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;
using bulk::import_step;
using bulk::removal;

namespace {

bulk::made_thing thing(import_step kind, const std::string& entity_id, const std::string& id)
{
    bulk::made_thing what;
    what.kind = kind;
    what.entity_id = entity_id;
    what.id = id;
    what.made_at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return what;
}

bulk::user member(const std::string& id)
{
    auto who = ada(id);
    for (const char* organization : {"acme-1", "acme-2"})
        who.memberships.emplace_back().organization = organization;
    return who;
}

/// A login in a browser, by OAuth.
void log_in(target_fixture& fixture, const std::string& email)
{
    sandbox_test::client browser(fixture.service);
    browser.credentials.clear();
    const auto asked = browser.get("/oauth/authorize?response_type=code&client_id=skc_1&redirect_uri=https%3A%2F%2F"
                                   "app.test%2Fcb&state=s&scope=openid&login_hint=" +
                                   email);
    BOOST_TEST_REQUIRE(asked.status == 302);
    const auto where = asked.header("location");
    const auto from = where.find("code=") + 5;
    const auto form = "grant_type=authorization_code&client_id=skc_1&client_secret=any&redirect_uri=https%3A%2F%2F"
                      "app.test%2Fcb&code=" +
                      where.substr(from, where.find('&', from) - from);
    const auto got =
        browser.send("POST", "/oauth/token", form, {{"Content-Type", "application/x-www-form-urlencoded"}});
    BOOST_TEST_REQUIRE(got.status == 200, got.text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(scalekit_others)

BOOST_AUTO_TEST_CASE(an_organization_is_made_once_whatever_is_lost)
{
    for (const auto& what : mishaps)
        for (const auto lag : {0ms, 60'000ms})
            BOOST_TEST_CONTEXT(what.name << ", lag " << lag.count())
            {
                sandbox::options how;
                how.listing_lag = lag;
                how.faults = {once(what, "OrganizationService_CreateOrganization")};
                target_fixture fixture(sandbox::service::scalekit, how);
                const auto record = record_of(acme("a/c me"));
                const auto done = fixture.perform(record, create);
                BOOST_TEST(code_of(done) == "");
                BOOST_TEST(done.made);
                BOOST_TEST(done.recovered == what.takes_effect);
                const auto resumed = fixture.in_doubt(record, create);
                BOOST_TEST(resumed.id == done.id);
                BOOST_TEST(resumed.made);
                const auto again = fixture.perform(record, create);
                BOOST_TEST(again.id == done.id);
                BOOST_TEST(!again.made);
                BOOST_TEST(fixture.service.count("organizations") == 1U);
            }
}

BOOST_AUTO_TEST_CASE(a_full_environment_is_hopeless)
{
    sandbox::options how;
    how.max_organizations = 1;
    target_fixture fixture(sandbox::service::scalekit, how);
    (void)fixture.perform(record_of(acme()), create);
    const auto refused = fixture.perform(record_of(acme("acme-2")), create);
    BOOST_TEST(refused.failure.has_value());
    BOOST_TEST(refused.hopeless.has_value());
}

BOOST_AUTO_TEST_CASE(steps_are_taken_back_and_who_logged_in_stays)
{
    target_fixture fixture(sandbox::service::scalekit);
    for (const char* id : {"acme-1", "acme-2"})
        fixture.organizations[id] = fixture.bring(record_of(acme(id)));
    const auto second = fixture.organizations.at("acme-2");
    const auto gone = fixture.bring(record_of(member("gone"))), stays = fixture.bring(record_of(member("stays")));
    log_in(fixture, "stays@example.com");
    for (const auto& what : {thing(import_step::membership, stays, second), thing(import_step::create, stays, stays)})
        BOOST_TEST((fixture.remove(what) == removal::in_use));
    for (const auto& what : {thing(import_step::membership, gone, second), thing(import_step::create, gone, gone)}) {
        BOOST_TEST((fixture.remove(what) == removal::removed));
        BOOST_TEST((fixture.remove(what) == removal::was_gone));
    }
    auto organization = thing(import_step::create, second, second);
    organization.of = bulk::entity_kind::organization;
    BOOST_TEST((fixture.remove(organization) == removal::in_use));
    BOOST_TEST((fixture.remove(thing(import_step::create, stays, stays), true) == removal::removed));
    BOOST_TEST((fixture.remove(organization) == removal::removed));
    BOOST_TEST((fixture.remove(organization) == removal::was_gone));
    BOOST_TEST(fixture.service.count("users") == 0U);
    BOOST_TEST(fixture.service.count("organizations") == 1U);
}

BOOST_AUTO_TEST_CASE(invitations_are_sent_when_asked_for)
{
    auto options = target_fixture::quick();
    options.send_invitations = true;
    target_fixture fixture(sandbox::service::scalekit, sandbox::options(), options);
    for (const char* id : {"acme-1", "acme-2"})
        fixture.organizations[id] = fixture.bring(record_of(acme(id)));
    (void)fixture.bring(record_of(member("ada")));
    BOOST_TEST(fixture.service.mails() == 2U);
    fixture.expected_mails = 2;
}

BOOST_AUTO_TEST_SUITE_END()
