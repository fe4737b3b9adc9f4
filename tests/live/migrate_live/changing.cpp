// An instance that somebody changes all the time while it is read.
#include "live/migrate_live/instance.hpp"

#include <usher/clerk/organization_memberships.hpp>
#include <usher/clerk/organizations.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <set>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

/// A second client that deletes and creates, several calls at once, until the reading ends.
class meddler {
public:
    meddler(instance& there, const plan& what, const id_map& ids) : clerk_(there.client()), what_(what), ids_(ids) {}

    asio::awaitable<void> go_on_until(const bool& ended, unsigned seed)
    {
        std::mt19937 random(seed);
        while (!ended) {
            const auto which = random() % 10;
            if (which < 3)
                co_await remove_user(random());
            else if (which < 5)
                co_await remove_membership(random());
            else if (which < 6)
                co_await remove_organization(random());
            else if (which < 8)
                co_await create_user(random());
            else
                co_await create_organization(random());
        }
    }

    std::set<std::string> touched_users;
    std::set<std::string> touched_organizations;
    std::set<std::string> touched_memberships; ///< user and organization
    int removed_users = 0;
    int removed_organizations = 0;
    int removed_memberships = 0;
    int created = 0;

private:
    asio::awaitable<void> remove_user(std::size_t random)
    {
        // Mostly of those that were read first: that moves all others forward.
        const auto& planned = what_.users[random % (what_.users.size() / (random % 3 == 0 ? 1 : 4))];
        if (touched_users.size() > what_.users.size() / 2 || !touched_users.insert(planned.id).second)
            co_return;
        auto gone = co_await clerk_.users().remove(ids_.at(planned.id));
        removed_users += gone ? 1 : 0;
    }

    asio::awaitable<void> remove_organization(std::size_t random)
    {
        const auto& planned = what_.organizations[random % (what_.organizations.size() / (random % 3 == 0 ? 1 : 4))];
        if (touched_organizations.size() > what_.organizations.size() / 2 ||
            !touched_organizations.insert(planned.id).second)
            co_return;
        auto gone = co_await clerk_.organizations().remove(ids_.at(planned.id));
        removed_organizations += gone ? 1 : 0;
    }

    asio::awaitable<void> remove_membership(std::size_t random)
    {
        const auto& planned = what_.users[random % what_.users.size()];
        if (planned.memberships.empty() || touched_users.contains(planned.id))
            co_return;
        const auto& organization = planned.memberships[random % planned.memberships.size()].organization;
        if (touched_organizations.contains(organization) ||
            !touched_memberships.insert(planned.id + ' ' + organization).second)
            co_return;
        auto gone = co_await clerk_.organization_memberships().remove(ids_.at(organization), ids_.at(planned.id));
        removed_memberships += gone ? 1 : 0;
    }

    asio::awaitable<void> create_user(std::size_t random)
    {
        clerk::create_user_params params;
        params.email_address = {"meddler" + std::to_string(++number_) + "@example.com"};
        params.skip_password_requirement.emplace(true);
        if (random % 2 == 0) // in the middle of all others
            params.created_at = *what_.users[random % what_.users.size()].created_at;
        auto made = co_await clerk_.users().create(params);
        if (!made)
            co_return;
        ++created;
        const auto& organization = what_.organizations[random % what_.organizations.size()];
        if (touched_organizations.contains(organization.id))
            co_return;
        const clerk::create_organization_membership_params in(made->id, "org:member");
        auto joined = co_await clerk_.organization_memberships().create(ids_.at(organization.id), in);
        created += joined ? 1 : 0;
    }

    asio::awaitable<void> create_organization(std::size_t random)
    {
        clerk::create_organization_params params("Meddler " + std::to_string(++number_));
        if (random % 2 == 0)
            params.created_at = *what_.organizations[random % what_.organizations.size()].created_at;
        auto made = co_await clerk_.organizations().create(params);
        created += made ? 1 : 0;
    }

    clerk::client clerk_;
    const plan& what_;
    const id_map& ids_;
    int number_ = 0;
};

/// What was there from before until after, by the service's ids.
void check(const contents& all, const meddler& by, const plan& what, const id_map& ids)
{
    BOOST_TEST(all.repeated == 0U);
    BOOST_TEST(all.out_of_order == 0U);
    for (const auto& planned : what.organizations)
        if (!by.touched_organizations.contains(planned.id))
            BOOST_TEST_REQUIRE(all.organizations.contains(ids.at(planned.id)), planned.id << " was missed");
    std::size_t memberships = 0;
    for (const auto& planned : what.users) {
        if (by.touched_users.contains(planned.id))
            continue;
        const auto found = all.users.find(ids.at(planned.id));
        BOOST_TEST_REQUIRE((found != all.users.end()), planned.id << " was missed");
        for (const auto& each : planned.memberships) {
            if (by.touched_organizations.contains(each.organization) ||
                by.touched_memberships.contains(planned.id + ' ' + each.organization))
                continue;
            const auto is = [&](const auto& in) { return in.organization == ids.at(each.organization); };
            const auto times = std::count_if(found->second.memberships.begin(), found->second.memberships.end(), is);
            BOOST_TEST_REQUIRE(times == 1, planned.id << " is " << times << " times in " << each.organization);
            ++memberships;
        }
    }
    BOOST_TEST(memberships > what.memberships() / 20);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_changing_clerk)

BOOST_AUTO_TEST_CASE(is_read_without_missing_or_repeating_what_is_there_all_the_time)
{
    const auto what = make_plan(2200, 1300, 3000, 600);
    instance there;
    const auto ids = there.create(what);
    there.served.set_delay(sandbox::latency(12ms, 4ms)); // of each page and of each change
    const auto source = bulk::open_clerk(there.io.get_executor(), there.client());
    meddler by(there, what, ids);
    bool ended = false;
    contents all;
    for (unsigned i = 0; i != 16; ++i)
        asio::co_spawn(there.io, by.go_on_until(ended, i), asio::detached);
    there.run(take_all_and_say(*source, all, ended));
    BOOST_TEST_MESSAGE(by.removed_users << " users, " << by.removed_organizations << " organizations, "
                                        << by.removed_memberships << " memberships removed, " << by.created
                                        << " created meanwhile");
    BOOST_TEST(by.removed_users > 20);
    BOOST_TEST(by.removed_organizations > 5);
    BOOST_TEST(by.removed_memberships > 10);
    BOOST_TEST(by.created > 30);
    check(all, by, what, ids);
}

BOOST_AUTO_TEST_CASE(whose_first_organizations_vanish_at_once_is_read_from_further_back)
{
    const auto what = make_plan(20, 700, 0);
    instance there;
    const auto ids = there.create(what);
    const auto clerk = there.client();
    const auto source = bulk::open_clerk(there.io.get_executor(), there.client());
    std::set<std::string> read;
    std::function<asio::awaitable<void>(std::size_t)> remove = [&](std::size_t n) -> asio::awaitable<void> {
        auto gone = co_await clerk.organizations().remove(ids.at(what.organizations[n].id));
        BOOST_TEST_REQUIRE(gone.has_value());
    };
    const auto whole = [&]() -> asio::awaitable<void> {
        std::size_t organizations = 0;
        for (;;) {
            auto record = co_await source->next();
            if (!record)
                break;
            if (record->fields.at("kind") != "organization")
                continue;
            BOOST_TEST_REQUIRE(read.emplace(record->fields.at("id").as_string()).second);
            // The first page has been taken; what comes after it moves forward by more than pages overlap.
            if (++organizations == 500)
                co_await for_each(180, remove);
        }
    };
    there.run(whole());
    BOOST_TEST(read.size() == 700U);
}

BOOST_AUTO_TEST_SUITE_END()
