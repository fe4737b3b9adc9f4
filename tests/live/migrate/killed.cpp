// Killed at any moment and started again, a migration ends as if nothing had happened.
#include "live/cli/process.hpp"
#include "live/migrate/instance_state.hpp"
#include "temporary_folder.hpp"

#include <usher/bulk/journal_reader.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <random>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;
using sandbox::fault;
namespace json = boost::json;

namespace {

constexpr int kills_in_all = 200;
constexpr int users = 1'500;
constexpr int organizations = 30;
const std::string key = "sk_test_migratemigratemigratemigratemigrate";

std::string organization_line(int n)
{
    json::object one;
    one["kind"] = "organization";
    one["id"] = "org-" + std::to_string(n);
    one["name"] = "Organization " + std::to_string(n);
    return json::serialize(one) + "\n";
}

/// Every record has a further step, and some have four.
std::string user_line(int n)
{
    const auto number = std::to_string(n);
    const auto address = [](const std::string& value, bool verified) {
        return json::object{{"value", value}, {"verified", verified}};
    };
    json::object one;
    one["kind"] = "user";
    one["id"] = "auth0|" + number;
    one["first_name"] = "User " + number;
    one["created_at"] = "2024-01-15T10:30:00.126Z";
    json::array addresses{address("user" + number + "@example.com", true)};
    if (n % 3 == 0)
        addresses.push_back(address("second" + number + "@example.com", false));
    one["email_addresses"] = std::move(addresses);
    one["banned"] = n % 7 == 0;
    json::array belongs;
    for (int i = 0; i < n % 3; ++i)
        belongs.push_back(json::object{{"organization", "org-" + std::to_string((n + 11 * i) % organizations)},
                                       {"roles", json::array{i == 0 ? "org:member" : "org:admin"}}});
    one["memberships"] = std::move(belongs);
    return json::serialize(one) + "\n";
}

std::string whole_source()
{
    std::string text;
    for (int n = 0; n < organizations; ++n)
        text += organization_line(n);
    for (int n = 0; n < users; ++n)
        text += user_line(n);
    return text;
}

/// One request in a hundred ends with a reset: before it is looked at, after it took effect, or within its answer.
sandbox::options troubled()
{
    sandbox::options how;
    how.keys = {key};
    how.delay = sandbox::latency(6ms, 4ms);
    how.listing_lag = 150ms;
    std::uint32_t skip = 0;
    for (const auto kind : {fault::kind::drop_request, fault::kind::drop_answer, fault::kind::cut_answer}) {
        fault one(kind, 300);
        one.skip = skip += 97;
        one.reset = true;
        one.bytes = 60;
        how.faults.push_back(one);
    }
    return how;
}

struct place {
    explicit place(sandbox::options how) : service(std::move(how))
    {
        folder.write("ca.pem", service.ca_pem());
        folder.write("source.ndjson", whole_source());
    }

    std::vector<std::string> command() const { return {MIGRATE_WORKER, folder.file("source.ndjson"), journal()}; }
    std::string journal() const { return folder.file("job.journal"); }
    process_options environment() const
    {
        process_options options;
        options.environment = {
            {"CLERK_SECRET_KEY", key}, {"USHER_BASE_URL", service.url()}, {"USHER_CA_FILE", folder.file("ca.pem")}};
        return options;
    }
    process_end run() const { return tests::run(command(), environment()); }

    temporary_folder folder;
    sandbox::server service;
};

/// Kills the work at random moments until it is done or was killed often enough, then lets it finish.
int kill_until_done(const place& here, std::mt19937& random, int at_most)
{
    boost::asio::io_context io(1);
    for (int kills = 0; kills < at_most; ++kills) {
        process work(here.command(), here.environment());
        boost::asio::steady_timer moment(
            io, std::chrono::milliseconds(std::uniform_int_distribution<int>(20, 260)(random)));
        moment.wait();
        work.send(SIGKILL);
        const auto end = work.wait();
        if (end.status == 0)
            return kills;
        BOOST_REQUIRE_MESSAGE(end.status == 128 + SIGKILL, "ended by itself with " << end.status << ": " << end.err);
    }
    return at_most;
}

std::vector<std::string> state_after_lag(place& here)
{
    here.service.set_faults({});
    here.service.set_listing_lag(0ms);
    return instance_state(here.service, key);
}

void check_journal(const place& here)
{
    const bulk::journal_reader book(here.journal());
    const auto totals = book.totals();
    BOOST_TEST(totals.in_doubt == 0U);
    BOOST_TEST(totals.dead_letters == 0U);
    auto records = totals.records;
    const auto& of_users = records[bulk::entity_kind::user];
    BOOST_TEST((of_users.size() == 1 && of_users.contains(bulk::record_state::created)));
    BOOST_TEST(records[bulk::entity_kind::user][bulk::record_state::created] == static_cast<unsigned>(users));
    BOOST_TEST(records[bulk::entity_kind::organization][bulk::record_state::created] ==
               static_cast<unsigned>(organizations));
}

} // namespace

BOOST_AUTO_TEST_SUITE(killed)

BOOST_AUTO_TEST_CASE(two_hundred_kills_lose_nothing_create_nothing_twice_and_mail_nobody)
{
    auto quiet = troubled();
    quiet.faults.clear();
    place undisturbed(quiet);
    const auto done = undisturbed.run();
    BOOST_REQUIRE_MESSAGE(done.status == 0, done.err);
    const auto expected = state_after_lag(undisturbed);
    BOOST_REQUIRE(expected.size() > static_cast<std::size_t>(users + organizations));

    const auto seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    int kills = 0;
    int jobs = 0;
    for (; kills < kills_in_all; ++jobs) {
        place here(troubled());
        kills += kill_until_done(here, random, kills_in_all - kills);
        const auto last = here.run();
        BOOST_TEST(last.status == 0, last.err);
        const auto differences = first_differences(expected, state_after_lag(here));
        BOOST_TEST(differences.empty(), "seed " << seed << ":\n" << differences);
        BOOST_TEST(here.service.mails() == 0U);
        check_journal(here);
    }
    BOOST_TEST_MESSAGE(kills << " kills over " << jobs << " migrations");
    BOOST_TEST(kills >= kills_in_all);
}

BOOST_AUTO_TEST_SUITE_END()
