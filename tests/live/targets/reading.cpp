// What is there reads like what was expected.
#include "live/targets/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher::tests;
namespace bulk = usher::bulk;
namespace sandbox = usher::sandbox;

namespace {

bulk::user rich_user(bool clerk)
{
    auto who = ada();
    who.email_addresses.insert(who.email_addresses.begin(), bulk::identifier("later@example.com", false));
    who.email_addresses.emplace_back("second@example.com", true);
    who.phone_numbers.emplace_back("+4915112345678", true);
    who.phone_numbers.emplace_back("+4915112345679", false);
    who.username = "ada_l";
    who.last_name = "Lovelace";
    who.locale = "en-GB";
    who.password.emplace("bcrypt", "$2b$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234");
    who.totp_secret = "JBSWY3DPEHPK3PXP";
    who.backup_codes = {"one", "two"};
    who.public_metadata["plan"] = "gold";
    who.private_metadata["crm"] = 7;
    who.unsafe_metadata["colour"] = "green";
    who.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2) + 123ms;
    who.legal_accepted_at = std::chrono::sys_days(std::chrono::year(2021) / 1 / 2);
    who.banned = true;
    who.delete_self_enabled = false;
    who.create_organizations_limit = 3;
    if (clerk)
        who.create_organization_enabled = true;
    for (const char* id : {"acme-1", "acme-2"}) {
        auto& one = who.memberships.emplace_back();
        one.organization = id;
        one.roles = {"org:admin"};
        one.public_metadata["team"] = "blue";
        one.private_metadata["desk"] = 12;
    }
    return who;
}

bulk::organization rich_organization(const std::string& id)
{
    auto which = acme(id);
    which.slug = id;
    which.public_metadata["plan"] = "gold";
    which.private_metadata["crm"] = 7;
    which.max_allowed_memberships = 50;
    which.admin_delete_enabled = false;
    which.created_at = std::chrono::sys_days(std::chrono::year(2020) / 1 / 2) + 5ms;
    return which;
}

/// With the source's ids of organizations, which a reader looks up.
bulk::user with_source_ids(bulk::user who, const target_fixture& fixture)
{
    for (auto& each : who.memberships)
        for (const auto& [source_id, target_id] : fixture.organizations)
            if (each.organization == target_id)
                each.organization = source_id;
    return who;
}

void reads_as_expected(sandbox::service of, std::chrono::milliseconds lag)
{
    sandbox::options how;
    how.listing_lag = lag;
    target_fixture fixture(of, how);
    BOOST_TEST(fixture.prepare() == "");
    for (const char* id : {"acme-1", "acme-2"}) {
        const auto which = rich_organization(id);
        fixture.organizations[id] = fixture.bring(record_of(which));
        const auto read = fixture.read_organization(fixture.organizations[id]);
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST(text_of(*read) == text_of(fixture.target->expected(which)));
    }
    const auto who = rich_user(of == sandbox::service::clerk);
    const auto id = fixture.bring(record_of(who));
    const auto read = fixture.read_users({"user_0", id});
    BOOST_TEST_REQUIRE(read.size() == 2U);
    BOOST_TEST(!read.front().has_value());
    BOOST_TEST_REQUIRE(read.back().has_value());
    auto found = with_source_ids(*read.back(), fixture);
    const auto expected = fixture.target->expected(who);
    // What a listing does not show yet is left out of memberships.
    if (lag > 0ms && of == sandbox::service::clerk)
        found.memberships = expected.memberships;
    // An optional member that is not expected may be anything.
    if (!expected.create_organization_enabled)
        found.create_organization_enabled.reset();
    BOOST_TEST(text_of(found) == text_of(expected));
    BOOST_TEST(!fixture.read_organization("org_0").has_value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(reading)

BOOST_AUTO_TEST_CASE(clerk_reads_as_expected)
{
    reads_as_expected(sandbox::service::clerk, 0ms);
}

BOOST_AUTO_TEST_CASE(clerk_reads_whom_its_listing_does_not_show_yet)
{
    reads_as_expected(sandbox::service::clerk, 60s);
}

BOOST_AUTO_TEST_CASE(scalekit_reads_as_expected)
{
    reads_as_expected(sandbox::service::scalekit, 0ms);
    reads_as_expected(sandbox::service::scalekit, 60s);
}

BOOST_AUTO_TEST_CASE(many_users_are_read_with_few_calls)
{
    target_fixture fixture(sandbox::service::clerk);
    std::vector<std::string> ids;
    for (int i = 0; i < 101; ++i)
        ids.push_back(fixture.perform(record_of(ada("user" + std::to_string(i))), create).id);
    const auto before = fixture.service.stats().requests;
    const auto read = fixture.read_users(ids, false);
    BOOST_TEST(fixture.service.stats().requests - before == 2U);
    BOOST_TEST_REQUIRE(read.size() == 101U);
    for (std::size_t i = 0; i < read.size(); ++i) {
        BOOST_TEST_REQUIRE(read[i].has_value());
        BOOST_TEST(read[i]->id == "user" + std::to_string(i));
    }
}

BOOST_AUTO_TEST_SUITE_END()
