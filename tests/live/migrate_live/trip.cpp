#include "live/migrate_live/trip.hpp"

#include <usher/clerk/users.hpp>
#include <usher/scalekit/organizations.hpp>
#include <usher/scalekit/users.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

namespace usher::tests {

namespace {

bulk::import_counters migrate(instance& there, const std::string& journal, bulk::source& from, bulk::target& to,
                              tally& told)
{
    const auto book = bulk::open_journal(there.io.get_executor(), journal);
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

} // namespace

void tally::on_failure(const bulk::source_record&, const bulk::import_failure& failure)
{
    ++failures;
    BOOST_TEST_MESSAGE(failure.source_id << ": " << failure.code << ' ' << failure.param << ' ' << failure.message);
}

std::pair<tally, tally> trip::go()
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
        there = migrate(first, journal_there(), *from, *to, told.first);
    }
    {
        const auto to = bulk::make_clerk_target(between.io.get_executor(), last_client(), options);
        const auto from = bulk::open_scalekit(between.io.get_executor(), between.scalekit_client());
        again = migrate(between, journal_again(), *from, *to, told.second);
    }
    between.run(read_scalekit_names(between.scalekit_client(), users_between, organizations_between));
    first.run(read_clerk_names(first.client(last_key), users_after));
    after = read(last_key);
    return told;
}

contents trip::translated() const
{
    contents made;
    id_map organizations; // of the last instance → of the first
    for (auto [id, each] : after.organizations) {
        const auto mark = each.private_metadata.find("usher");
        if (mark != each.private_metadata.end())
            each.private_metadata.erase(mark);
        const std::string& name = each.name;
        const auto origin = std::find_if(before.organizations.begin(), before.organizations.end(),
                                         [&](const auto& one) { return one.second.name == name; });
        if (origin == before.organizations.end()) {
            BOOST_TEST(each.name == "Nobody's");
            continue;
        }
        organizations[id] = origin->first;
        each.id = origin->first;
        made.organizations[each.id] = each;
    }
    for (auto [id, each] : after.users) {
        each.id = users_between.at(users_after.at(id));
        std::erase_if(each.memberships, [&](const auto& in) { return !organizations.contains(in.organization); });
        for (auto& in : each.memberships)
            in.organization = organizations.at(in.organization);
        made.users[each.id] = each;
    }
    return made;
}

} // namespace usher::tests
