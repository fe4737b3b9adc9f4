// Clerk → Scalekit → Clerk: what comes back is what was there, but for what Scalekit has no room for; and each such
// thing was said of each record.
#include "live/migrate_live/trip.hpp"

#include <usher/bulk/report.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <regex>

using namespace usher;
using namespace usher::tests;

namespace {

constexpr std::size_t longest_value = 256; // of Scalekit's metadata

bool is_too_long(const boost::json::object& object)
{
    return !object.empty() && boost::json::serialize(object).size() > longest_value;
}

/// What documentedly comes back of a user: see the table in <usher/bulk/live.hpp>.
bulk::user back(bulk::user of)
{
    of.email_addresses.resize(1);
    if (of.phone_numbers.size() > 1)
        of.phone_numbers.resize(1);
    of.banned = false;
    of.locked = false;
    of.delete_self_enabled = true;
    of.create_organization_enabled = true;
    of.create_organizations_limit.reset();
    for (auto* metadata : {&of.public_metadata, &of.private_metadata, &of.unsafe_metadata})
        if (is_too_long(*metadata))
            metadata->clear();
    return of;
}

template <class Which>
std::size_t count_of(const contents& all, Which which)
{
    return static_cast<std::size_t>(
        std::count_if(all.users.begin(), all.users.end(), [&](const auto& each) { return which(each.second); }));
}

void check_equal(const contents& before, const contents& after)
{
    BOOST_TEST_REQUIRE(after.organizations.size() == before.organizations.size());
    for (const auto& [id, each] : before.organizations)
        BOOST_TEST_REQUIRE(text_of(after.organizations.at(id)) == text_of(each));
    BOOST_TEST_REQUIRE(after.users.size() == before.users.size());
    for (const auto& [id, each] : before.users)
        BOOST_TEST_REQUIRE(text_of(after.users.at(id)) == text_of(back(each)));
}

void check_notes(const contents& before, const tally& told)
{
    std::map<std::string, std::size_t> expected = before.notes; // what the API of the first one does not give
    const auto lost = [&](const char* field, auto which) {
        if (const auto count = count_of(before, which); count != 0)
            expected[field] += count;
    };
    lost("email_addresses", [](const bulk::user& each) { return each.email_addresses.size() > 1; });
    lost("phone_numbers", [](const bulk::user& each) { return each.phone_numbers.size() > 1; });
    lost("phone_numbers.verified",
         [](const bulk::user& each) { return !each.phone_numbers.empty() && each.phone_numbers.front().verified; });
    lost("username", [](const bulk::user& each) { return !each.username.empty(); });
    lost("banned", [](const bulk::user& each) { return each.banned; });
    lost("locked", [](const bulk::user& each) { return each.locked; });
    lost("delete_self_enabled", [](const bulk::user& each) { return each.delete_self_enabled == false; });
    lost("create_organization_enabled",
         [](const bulk::user& each) { return each.create_organization_enabled == false; });
    lost("create_organizations_limit",
         [](const bulk::user& each) { return each.create_organizations_limit.has_value(); });
    lost("private_metadata", [](const bulk::user& each) { return is_too_long(each.private_metadata); });
    for (const auto& [field, count] : expected)
        BOOST_TEST((told.notes.contains(field) ? told.notes.at(field) : 0U) == count,
                   field << ": " << count << " expected");
    for (const auto& [field, count] : told.notes)
        BOOST_TEST(expected.contains(field), field << " was noted " << count << " times and not expected");
}

/// What the report of a run says was not carried over: by member, of how many records.
std::map<std::string, std::size_t> reported(const std::string& journal)
{
    const auto html = bulk::report_html(bulk::journal_reader(journal));
    const auto begin = html.find("<h2>What was not carried over</h2>");
    BOOST_TEST_REQUIRE(begin != std::string::npos);
    const auto section = html.substr(begin, html.find("</section>", begin) - begin);
    const std::regex row(R"re(<tr><td><code>([^<]*)</code></td><td>[^<]+</td><td class="number">([^<]*)</td>)re");
    std::map<std::string, std::size_t> made;
    for (std::sregex_iterator each(section.begin(), section.end(), row), end; each != end; ++each) {
        std::string count = (*each)[2];
        std::erase_if(count, [](char c) { return c < '0' || c > '9'; }); // groups of digits stand apart
        made[(*each)[1]] += std::stoul(count);
    }
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(from_clerk_to_scalekit_and_back)

BOOST_AUTO_TEST_CASE(comes_what_was_there_but_for_what_is_documented_and_was_said)
{
    const bool whole = std::getenv("USHER_LONG") != nullptr;
    trip all(whole ? 5000 : 500, whole ? 200 : 40, whole ? 8300 : 950);
    const auto [there, again] = all.go();
    BOOST_TEST_MESSAGE(all.before.users.size() << " users, " << all.before.organizations.size() << " organizations, "
                                               << all.what.memberships() << " memberships");
    BOOST_TEST(all.what.memberships() >= (whole ? 8000U : 900U));

    const std::size_t users = all.what.users.size();
    const std::size_t organizations = all.what.organizations.size();
    BOOST_TEST(there.failures == 0U);
    BOOST_TEST(again.failures == 0U);
    BOOST_TEST(all.there.created == users + organizations);
    BOOST_TEST(all.again.created == users + organizations + 1); // and Nobody's

    const auto after = all.translated();
    check_equal(all.before, after);
    std::size_t memberships = 0;
    for (const auto& [id, each] : after.users)
        memberships += each.memberships.size();
    BOOST_TEST(memberships == all.what.memberships());
    check_notes(all.before, there);
    // The report says the same: nothing of it is known to listeners alone.
    BOOST_TEST((reported(all.journal_there()) == there.notes));
    BOOST_TEST((reported(all.journal_again()) == again.notes));
    for (const char* field : {"email_addresses", "phone_numbers", "username", "banned", "private_metadata"})
        BOOST_TEST(reported(all.journal_there()).contains(field), field << " is not in the report");
    // On the way back nothing is lost but the names that Scalekit had for them.
    BOOST_TEST(again.notes.size() == 1U);
    BOOST_TEST(again.notes.at("external_id") == users + organizations);
    BOOST_TEST(all.between.served.mails() == 0U);
    BOOST_TEST(all.first.served.mails() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
