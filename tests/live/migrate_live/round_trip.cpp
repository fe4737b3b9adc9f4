// Clerk → Scalekit → Clerk: what comes back is what was there, but for what Scalekit has no room for; and each such
// thing was said of each record.
#include "live/migrate_live/instance.hpp"

#include <usher/bulk/import.hpp>
#include <usher/clerk/users.hpp>
#include <usher/scalekit/organizations.hpp>
#include <usher/scalekit/users.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>

using namespace usher;
using namespace usher::tests;

namespace {

const char* const last_key = "sk_test_lastlastlastlastlastlastlastlastlastlast";
constexpr std::size_t longest_value = 256; // of Scalekit's metadata

struct tally final : bulk::import_listener {
    void on_failure(const bulk::source_record&, const bulk::import_failure& failure) override
    {
        ++failures;
        BOOST_TEST_MESSAGE(failure.source_id << ": " << failure.code << ' ' << failure.param << ' ' << failure.message);
    }
    void on_note(const bulk::source_record&, const std::string& source_id, const bulk::note& what) override
    {
        ++notes[what.field];
        noted[what.field].push_back(source_id);
    }

    std::size_t failures = 0;
    std::map<std::string, std::size_t> notes;
    std::map<std::string, std::vector<std::string>> noted;
};

bulk::import_counters migrate(instance& there, bulk::source& from, bulk::target& to, tally& told)
{
    const auto book = bulk::make_memory_journal();
    bulk::importer job(there.io.get_executor(), from, to, *book, told, bulk::import_options());
    std::optional<bulk::import_end> ended;
    const auto whole = [&]() -> asio::awaitable<void> {
        const auto end = co_await job.run();
        ended = end;
    };
    there.run(whole());
    BOOST_TEST_REQUIRE(ended.has_value());
    BOOST_TEST_REQUIRE((*ended == bulk::import_end::finished), job.reason().message());
    return job.counters();
}

/// The service's own id of each thing → what the one before it calls it.
asio::awaitable<void> read_scalekit_names(scalekit::client client, id_map& users, id_map& organizations)
{
    scalekit::list_users_params all;
    all.page_size = 100;
    auto pages = client.users().list_pages(all);
    for (;;) {
        auto one = co_await pages.next_item();
        if (!one)
            throw std::runtime_error(one.error().message());
        if (!*one)
            break;
        users[(*one)->id.value()] = (*one)->external_id.value_or(std::string());
    }
    auto more = client.organizations().list_pages();
    for (;;) {
        auto one = co_await more.next_item();
        if (!one)
            throw std::runtime_error(one.error().message());
        if (!*one)
            break;
        organizations[(*one)->id.value()] = (*one)->external_id.value_or(std::string());
    }
}

asio::awaitable<void> read_clerk_names(clerk::client client, id_map& users)
{
    auto pages = client.users().list_pages();
    for (;;) {
        auto one = co_await pages.next_item();
        if (!one)
            throw std::runtime_error(one.error().message());
        if (!*one)
            break;
        users[(*one)->id] = (*one)->external_id.value_or(std::string());
    }
}

asio::awaitable<void> create_default(scalekit::client client, std::string& id)
{
    const scalekit::create_organization_params params("Nobody's");
    auto made = co_await client.organizations().create(params);
    if (!made)
        throw std::runtime_error(made.error().message());
    id = made->organization.value().id.value();
}

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

struct trip {
    trip(std::size_t users, std::size_t organizations, std::size_t memberships)
        : first(with(sandbox::service::clerk)), between(with(sandbox::service::scalekit)),
          what(make_plan(users, organizations, memberships))
    {
    }

    static sandbox::options with(sandbox::service of)
    {
        sandbox::options how;
        how.services = {of};
        return how;
    }

    /// There and back. Returns what each run said of what is lost.
    std::pair<tally, tally> go()
    {
        first.create(what);
        before = read(clerk_key);
        std::string nobody;
        between.run(create_default(between.scalekit_client(), nobody));

        std::pair<tally, tally> told;
        bulk::target_options options;
        options.default_organization = nobody;
        options.pause = std::chrono::milliseconds(5);
        {
            const auto to = bulk::make_scalekit_target(first.io.get_executor(), across(), options);
            const auto from = bulk::open_clerk(first.io.get_executor(), first.client());
            there = migrate(first, *from, *to, told.first);
        }
        {
            const auto to = bulk::make_clerk_target(between.io.get_executor(), last_client(), options);
            const auto from = bulk::open_scalekit(between.io.get_executor(), between.scalekit_client());
            again = migrate(between, *from, *to, told.second);
        }
        between.run(read_scalekit_names(between.scalekit_client(), users_between, organizations_between));
        first.run(read_clerk_names(first.client(last_key), users_after));
        after = read(last_key);
        return told;
    }

    contents read(const char* key)
    {
        const auto source = bulk::open_clerk(first.io.get_executor(), first.client(key));
        return read_all(first, *source);
    }
    /// Clients of one service on the other's context: a run has one.
    scalekit::client across()
    {
        client_options options;
        options.quota = quota::unlimited();
        return scalekit::client(first.on, between.served.origin(), "skc_1", secret("a-secret-of-a-client"), options);
    }
    clerk::client last_client()
    {
        client_options options;
        options.base_url = first.served.url();
        options.quota = quota::unlimited();
        return clerk::client(between.on, secret(last_key), options);
    }

    instance first;
    instance between;
    plan what;
    contents before;
    contents after;
    bulk::import_counters there;
    bulk::import_counters again;
    id_map users_between;
    id_map organizations_between;
    id_map users_after;
};

/// The last instance in the words of the first: ids as they were, without the mark that a migration leaves and without
/// the organization of those who belong to none.
contents translated(const trip& all)
{
    contents made;
    id_map organizations; // of the last instance → of the first
    for (auto [id, each] : all.after.organizations) {
        const auto mark = each.private_metadata.find("usher");
        if (mark != each.private_metadata.end())
            each.private_metadata.erase(mark);
        const auto origin = std::find_if(all.before.organizations.begin(), all.before.organizations.end(),
                                         [&](const auto& one) { return one.second.name == each.name; });
        if (origin == all.before.organizations.end()) {
            BOOST_TEST(each.name == "Nobody's");
            continue;
        }
        organizations[id] = origin->first;
        each.id = origin->first;
        made.organizations[each.id] = each;
    }
    for (auto [id, each] : all.after.users) {
        each.id = all.users_between.at(all.users_after.at(id));
        std::erase_if(each.memberships, [&](const auto& in) { return !organizations.contains(in.organization); });
        for (auto& in : each.memberships)
            in.organization = organizations.at(in.organization);
        made.users[each.id] = each;
    }
    return made;
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

    const auto after = translated(all);
    check_equal(all.before, after);
    std::size_t memberships = 0;
    for (const auto& [id, each] : after.users)
        memberships += each.memberships.size();
    BOOST_TEST(memberships == all.what.memberships());
    check_notes(all.before, there);
    // On the way back nothing is lost but the names that Scalekit had for them.
    BOOST_TEST(again.notes.size() == 1U);
    BOOST_TEST(again.notes.at("external_id") == users + organizations);
    BOOST_TEST(all.between.served.mails() == 0U);
    BOOST_TEST(all.first.served.mails() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
