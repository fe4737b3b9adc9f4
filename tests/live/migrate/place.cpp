#include "live/migrate/place.hpp"

#include "live/migrate/instance_caller.hpp"

#include <usher/bulk/journal_reader.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace usher::tests {

using namespace std::chrono_literals;
using sandbox::fault;

namespace {

constexpr auto listing_lag = 150ms;

sandbox::options lagging(sandbox::service of)
{
    sandbox::options how;
    how.services = {of};
    how.keys = {migration_key};
    how.delay = sandbox::latency(6ms, 4ms);
    how.listing_lag = listing_lag;
    return how;
}

} // namespace

place::place(sandbox::service of_, const people& all_) : of(of_), all(all_), service(lagging(of_))
{
    folder.write("ca.pem", service.ca_pem());
    folder.write("source.ndjson", source_text(all));
    if (of == sandbox::service::scalekit)
        home_ = call("OrganizationService_CreateOrganization", {{"display_name", "Home"}})
                    .at("organization")
                    .at("id")
                    .as_string();
}

void place::trouble()
{
    std::vector<fault> faults;
    std::uint32_t skip = 0;
    for (const auto kind : {fault::kind::drop_request, fault::kind::drop_answer, fault::kind::cut_answer}) {
        auto& one = faults.emplace_back(kind, 300);
        one.skip = skip += 97;
        one.reset = true;
        one.bytes = 60;
    }
    service.set_faults(std::move(faults));
}

void place::lag()
{
    service.set_listing_lag(listing_lag);
}

process_options place::environment() const
{
    process_options options;
    const auto* variable = of == sandbox::service::scalekit ? "SCALEKIT_ACCESS_TOKEN" : "CLERK_SECRET_KEY";
    options.environment = {{variable, migration_key},
                           {"USHER_BASE_URL", service.url(of)},
                           {"USHER_CA_FILE", folder.file("ca.pem")},
                           {"MIGRATE_HOME", home_}};
    return options;
}

std::chrono::steady_clock::duration place::run_whole(const words& command) const
{
    const auto begun = std::chrono::steady_clock::now();
    const auto end = run(command);
    BOOST_TEST_REQUIRE(end.status == 0, "ended with " << end.status << ": " << end.err);
    return std::chrono::steady_clock::now() - begun;
}

instance_state place::state()
{
    service.set_faults({});
    service.set_listing_lag(0ms);
    return read_instance(service, of, migration_key);
}

boost::json::value place::call(std::string_view operation, const boost::json::object& params) const
{
    return instance_caller(service, of, migration_key).call(operation, params);
}

words worker(const place& here, const std::string& verb)
{
    return {MIGRATE_WORKER, verb, here.service_name(), here.source(), here.journal()};
}

moments::moments(std::chrono::steady_clock::duration whole, double share)
    : seed_(std::random_device()()),
      random_(seed_),
      longest_(std::max<std::int64_t>(
          10'000, static_cast<std::int64_t>(std::chrono::duration<double, std::micro>(whole).count() * share)))
{
    BOOST_TEST_MESSAGE(seed() << ", a kill within each " << longest_.count() / 1000 << " ms");
}

std::chrono::microseconds moments::next()
{
    return std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(0, longest_.count())(random_));
}

void wait_for(std::chrono::microseconds time)
{
    boost::asio::io_context io(1);
    boost::asio::steady_timer moment(io, time);
    moment.wait();
}

process_end run_and_kill(const place& here, const words& command, moments& when)
{
    process work(command, here.environment());
    wait_for(when.next());
    work.send(SIGKILL);
    return work.wait();
}

bool was_killed(const process_end& end)
{
    return end.status == 128 + SIGKILL;
}

int kill_until_done(const place& here, const words& command, moments& when, int at_most)
{
    for (int kills = 0; kills < at_most; ++kills) {
        const auto end = run_and_kill(here, command, when);
        if (end.status == 0)
            return kills;
        BOOST_TEST_REQUIRE(was_killed(end), when.seed() << ": ended by itself with " << end.status << ": " << end.err);
    }
    return at_most;
}

void check_journal(const std::string& journal, const people& all, const instance_state& there)
{
    using bulk::entity_kind;
    using bulk::record_state;
    const bulk::journal_reader book(journal);
    const auto totals = book.totals();
    BOOST_TEST(totals.in_doubt == 0U);
    BOOST_TEST(totals.dead_letters == 0U);
    auto records = totals.records;
    for (const auto kind : {entity_kind::user, entity_kind::organization}) {
        const auto count = kind == entity_kind::user ? all.users : all.organizations;
        BOOST_TEST(records[kind].size() == (count > 0 ? 1U : 0U));
        BOOST_TEST(records[kind][record_state::created] == static_cast<unsigned>(count));
    }
    std::string wrong;
    const auto check = [&](entity_kind kind, const std::string& source_id, const auto& ids, const std::string& name) {
        const auto entry = book.find(kind, source_id);
        const auto found = ids.find(name);
        if (!entry || found == ids.end() || entry->target_id != found->second)
            wrong += source_id + " ";
    };
    for (int n = 0; n < all.users; ++n)
        check(entity_kind::user, user_id(n), there.user_ids, user_id(n));
    for (int n = 0; n < all.organizations; ++n)
        check(entity_kind::organization, organization_id(n), there.organization_ids, organization_name(n));
    BOOST_TEST(wrong.empty(), "other ids than the journal has: " << wrong);
}

} // namespace usher::tests
