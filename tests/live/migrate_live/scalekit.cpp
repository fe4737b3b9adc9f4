// A live environment of Scalekit as a source.
#include "live/migrate_live/instance.hpp"

#include <usher/scalekit/organizations.hpp>
#include <usher/scalekit/users.hpp>

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

sandbox::options scalekit_alone()
{
    sandbox::options how;
    how.services = {sandbox::service::scalekit};
    return how;
}

using texts = std::map<std::string, std::string, std::less<>>;

template <class Answer>
void need(const Answer& answer)
{
    if (!answer)
        throw std::runtime_error(answer.error().message());
}

struct environment : instance {
    environment() : instance(scalekit_alone()), client(scalekit_client()) {}

    asio::awaitable<std::string> add_organization(std::string name, texts metadata = texts())
    {
        scalekit::create_organization_params params(std::move(name));
        if (!metadata.empty())
            params.metadata = std::move(metadata);
        auto made = co_await client.organizations().create(params);
        need(made);
        co_return made->organization.value().id.value();
    }

    asio::awaitable<std::string> add_user(std::string organization, scalekit::create_user_and_membership_params params,
                                          bool invite = false)
    {
        params.send_invitation_email.emplace(invite);
        auto made = co_await client.users().create(organization, params);
        need(made);
        co_return made->user.value().id.value();
    }

    contents read(bulk::live_options what = bulk::live_options())
    {
        const auto source = bulk::open_scalekit(io.get_executor(), client, what);
        auto all = read_all(*this, *source);
        size = source->size();
        return all;
    }

    scalekit::client client;
    std::optional<std::uint64_t> size;
};

scalekit::create_user_and_membership_params someone(std::size_t number)
{
    scalekit::create_user_and_membership_params params;
    params.email = "user" + std::to_string(number) + "@example.com";
    return params;
}

scalekit::create_user_and_membership_params ada_in_full()
{
    auto ada = someone(1);
    ada.external_id = "crm-1";
    ada.metadata = texts{{"public_metadata", R"({"a":1})"}, {"private_metadata", "no object"}, {"team", "red"}};
    scalekit::users_create_user_profile profile;
    profile.given_name = "Ada";
    profile.family_name = "Lovelace";
    profile.locale = "en-GB";
    profile.phone_number = "+12025550123";
    profile.picture = "https://example.com/ada.png";
    profile.groups = {"engineers"};
    ada.user_profile = profile;
    scalekit::v1users_create_membership in;
    scalekit::commons_role role;
    role.name = "admin";
    in.roles = std::vector<scalekit::commons_role>{role};
    in.metadata = texts{{"public_metadata", R"({"desk":4})"}, {"badge", "17"}};
    ada.membership = in;
    return ada;
}

scalekit::create_user_and_membership_params someone_unverified()
{
    auto params = someone(1);
    params.metadata = texts{{"email_verified", "false"}};
    return params;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_live_scalekit)

BOOST_AUTO_TEST_CASE(gives_a_users_profile_memberships_and_metadata)
{
    environment there;
    const texts of_first{{"slug", "the-first"}, {"tier", "gold"}};
    std::string first;
    std::string second;
    std::string id;
    const auto prepare = [&]() -> asio::awaitable<void> {
        first = co_await there.add_organization("First", of_first);
        second = co_await there.add_organization("Second");
        const auto ada = ada_in_full();
        id = co_await there.add_user(first, ada);
        scalekit::create_membership_params joins;
        joins.send_invitation_email.emplace(false);
        auto joined = co_await there.client.users().create_membership(second, id, joins);
        need(joined);
    };
    there.run(prepare());
    const auto all = there.read();
    BOOST_TEST_REQUIRE(all.users.contains(id));
    const auto& ada = all.users.at(id);
    BOOST_TEST(ada.first_name == "Ada");
    BOOST_TEST(ada.last_name == "Lovelace");
    BOOST_TEST(ada.locale == "en-GB");
    BOOST_TEST_REQUIRE(ada.email_addresses.size() == 1U);
    BOOST_TEST(ada.email_addresses.front().verified);
    BOOST_TEST_REQUIRE(ada.phone_numbers.size() == 1U);
    BOOST_TEST(ada.phone_numbers.front().value == "+12025550123");
    BOOST_TEST(!ada.phone_numbers.front().verified);
    BOOST_TEST(ada.public_metadata == (boost::json::object{{"a", 1}}));
    // What no migration has written is the application's own.
    BOOST_TEST(ada.private_metadata == (boost::json::object{{"private_metadata", "no object"}, {"team", "red"}}));
    BOOST_TEST(ada.created_at.has_value());
    BOOST_TEST_REQUIRE(ada.memberships.size() == 2U);
    BOOST_TEST(ada.memberships[0].organization == first);
    BOOST_TEST(ada.memberships[0].roles == std::vector<std::string>{"admin"}, boost::test_tools::per_element());
    BOOST_TEST(ada.memberships[0].public_metadata == (boost::json::object{{"desk", 4}}));
    BOOST_TEST(ada.memberships[0].private_metadata == (boost::json::object{{"badge", "17"}}));
    BOOST_TEST(ada.memberships[1].organization == second);
    BOOST_TEST(all.organizations.at(first).slug == "the-first");
    BOOST_TEST(all.organizations.at(first).private_metadata == (boost::json::object{{"tier", "gold"}}));
    for (const auto* field : {"picture", "groups", "external_id"})
        BOOST_TEST((all.notes.contains(field) && all.notes.at(field) == 1U), field);
    BOOST_TEST(all.notes.size() == 3U);
    BOOST_TEST(there.size.value_or(0) == 3U);
}

BOOST_AUTO_TEST_CASE(gives_no_membership_that_is_only_an_invitation_and_says_so)
{
    environment there;
    std::string id;
    const auto prepare = [&]() -> asio::awaitable<void> {
        const auto organization = co_await there.add_organization("First");
        const auto params = someone(1);
        id = co_await there.add_user(organization, params, true);
    };
    there.run(prepare());
    const auto all = there.read();
    BOOST_TEST_REQUIRE(all.users.contains(id));
    BOOST_TEST(all.users.at(id).memberships.empty());
    BOOST_TEST(!all.users.at(id).email_addresses.front().verified);
    BOOST_TEST(all.notes.at("memberships") == 1U);
}

BOOST_AUTO_TEST_CASE(promotes_nobody_who_came_from_elsewhere_unverified)
{
    environment there;
    std::string id;
    const auto prepare = [&]() -> asio::awaitable<void> {
        const auto organization = co_await there.add_organization("First");
        const auto params = someone_unverified();
        id = co_await there.add_user(organization, params);
    };
    there.run(prepare());
    const auto all = there.read();
    BOOST_TEST(!all.users.at(id).email_addresses.front().verified);
    BOOST_TEST(all.users.at(id).private_metadata.empty());
}

BOOST_AUTO_TEST_CASE(is_read_without_missing_or_repeating_what_is_there_all_the_time)
{
    constexpr std::size_t organizations = 250;
    constexpr std::size_t users = 900;
    environment there;
    std::vector<std::string> organization_ids(organizations);
    std::vector<std::string> user_ids(users);
    std::function<asio::awaitable<void>(std::size_t)> organization = [&](std::size_t n) -> asio::awaitable<void> {
        organization_ids[n] = co_await there.add_organization("Organization " + std::to_string(n));
    };
    std::function<asio::awaitable<void>(std::size_t)> user = [&](std::size_t n) -> asio::awaitable<void> {
        user_ids[n] = co_await there.add_user(organization_ids[n % 100], someone(n));
    };
    there.run(for_each(organizations, organization));
    there.run(for_each(users, user));

    // After each fiftieth record the twenty that were read first, and are still there, vanish, and twenty others come.
    std::set<std::string> removed;
    std::size_t next_user = 0;
    std::size_t next_organization = 100; // nobody belongs to these
    std::size_t created = users;
    const auto meddle = [&]() -> asio::awaitable<void> {
        for (int i = 0; i != 20; ++i) {
            removed.insert(user_ids[next_user]);
            auto gone = co_await there.client.users().remove(user_ids[next_user++]);
            need(gone);
            const auto params = someone(created++);
            (void)co_await there.add_user(organization_ids[7], params);
        }
        for (int i = 0; i != 5 && next_organization != 200; ++i) {
            removed.insert(organization_ids[next_organization]);
            auto gone = co_await there.client.organizations().remove(organization_ids[next_organization++]);
            need(gone);
        }
    };
    std::map<std::string, int> times;
    const auto source = bulk::open_scalekit(there.io.get_executor(), there.client);
    const auto whole = [&]() -> asio::awaitable<void> {
        for (std::size_t n = 1;; ++n) {
            auto record = co_await source->next();
            if (!record)
                break;
            ++times[std::string(record->fields.at("id").as_string())];
            if (n % 50 == 0 && n < 900)
                co_await meddle();
        }
    };
    there.run(whole());
    BOOST_TEST(removed.size() > 300U);
    for (const auto* all : {&organization_ids, &user_ids})
        for (const auto& id : *all)
            if (!removed.contains(id))
                BOOST_TEST_REQUIRE(times.contains(id), id << " was missed");
    BOOST_TEST(std::all_of(times.begin(), times.end(), [](const auto& each) { return each.second == 1; }));
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_wanted)
{
    environment there;
    const auto prepare = [&]() -> asio::awaitable<void> {
        const auto organization = co_await there.add_organization("First");
        const auto params = someone(1);
        (void)co_await there.add_user(organization, params);
    };
    there.run(prepare());
    bulk::live_options what;
    what.organizations = false;
    BOOST_TEST(there.read(what).organizations.empty());
    BOOST_TEST(there.read(what).users.begin()->second.memberships.size() == 1U);
    what = bulk::live_options();
    what.users = false;
    BOOST_TEST(there.read(what).users.empty());
    BOOST_TEST(there.read(what).organizations.size() == 1U);
    what = bulk::live_options();
    what.memberships = false;
    BOOST_TEST(there.read(what).users.begin()->second.memberships.empty());
}

BOOST_AUTO_TEST_SUITE_END()
