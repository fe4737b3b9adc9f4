// Ten thousand creations over connections of which one in twenty is reset.
#include "live/line/sandbox_fixture.hpp"

#include <usher/clerk/organizations.hpp>

#include <map>
#include <set>

using namespace usher;
using namespace usher::tests;
using sandbox::fault;

namespace {

constexpr int creations = 10'000;
constexpr int callers = 32;

/// Three kinds of resets in turn, 5 % of all requests: before the request is looked at, after it took effect, and
/// within the answer.
sandbox::options resetting()
{
    sandbox::options how;
    const auto kinds = {fault::kind::drop_request, fault::kind::drop_answer, fault::kind::cut_answer};
    std::uint32_t skip = 0;
    for (const auto kind : kinds) {
        fault one(kind, 60);
        one.skip = skip += 20;
        one.reset = true;
        one.bytes = 100;
        how.faults.push_back(one);
    }
    return how;
}

struct tally {
    std::map<std::string, int> ends; ///< by what each creation ended with
    std::set<std::string> made;      ///< keys of those that ended with a value
    std::set<std::string> unknown;
    std::set<std::string> not_made;
    std::vector<std::string> surprises;
    int next = 0;
};

template <class T>
void note(tally& all, const std::string& key, const result<T>& done)
{
    if (done) {
        ++all.ends["value"];
        all.made.insert(key);
    } else if (done.error().is_outcome_unknown()) {
        ++all.ends["unknown"];
        all.unknown.insert(key);
    } else if (done.error().outcome() == call_outcome::not_sent) {
        ++all.ends["not sent"];
        all.not_made.insert(key);
    } else {
        all.surprises.push_back(done.error().message());
    }
}

asio::awaitable<void> create_users_in_turn(clerk::client clerk, call_options how, tally& all)
{
    while (all.next < creations) {
        const auto params = numbered_user(all.next++);
        const auto made = co_await clerk.users().create(params, how);
        note(all, params.external_id.value(), made);
        if (made && made->external_id.value() != params.external_id.value())
            all.surprises.push_back("another one's record");
    }
}

asio::awaitable<void> create_organizations_in_turn(clerk::client clerk, call_options how, tally& all)
{
    while (all.next < creations) {
        clerk::create_organization_params params;
        params.name = "org " + std::to_string(all.next++);
        const auto made = co_await clerk.organizations().create(params, how);
        note(all, params.name.value(), made);
    }
}

asio::awaitable<void> list_users(clerk::client clerk, std::multiset<std::string>& seen)
{
    auto pages = clerk.users().list_pages();
    for (;;) {
        const auto page = co_await pages.next();
        BOOST_TEST_REQUIRE(page.has_value());
        if (page->empty())
            break;
        for (const auto& user : *page)
            seen.insert(user.external_id.value());
    }
}

asio::awaitable<void> list_organizations(clerk::client clerk, std::multiset<std::string>& seen)
{
    auto pages = clerk.organizations().list_pages();
    for (;;) {
        const auto page = co_await pages.next();
        BOOST_TEST_REQUIRE(page.has_value());
        if (page->empty())
            break;
        for (const auto& one : *page)
            seen.insert(one.name);
    }
}

struct many_fixture : sandbox_fixture {
    clerk::client patient_client()
    {
        client_options options;
        options.quota = quota::unlimited();
        options.retry.budgeted = false;
        return client(options);
    }
    void all_at_once(std::function<asio::awaitable<void>()> one)
    {
        for (int i = 0; i != callers; ++i)
            asio::co_spawn(io, one(), [](std::exception_ptr failed) { BOOST_TEST(!failed); });
        io.restart();
        io.run();
        BOOST_TEST(all.surprises.empty(), (all.surprises.empty() ? "" : all.surprises.front()));
    }
    tally all;
    call_options how;
    std::multiset<std::string> seen;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(many, many_fixture)

BOOST_AUTO_TEST_CASE(with_look_ups_every_user_is_there_once_and_every_call_has_its_record)
{
    start(resetting());
    auto clerk = patient_client();
    all_at_once([&] { return create_users_in_turn(clerk, how, all); });
    BOOST_TEST(all.ends["value"] == creations);
    BOOST_TEST(served->count("users") == static_cast<std::size_t>(creations));
    const auto resets = served->stats().faults;
    BOOST_TEST_MESSAGE(resets << " resets, " << on->counters().reconciled << " creations found by a look-up");
    BOOST_TEST(resets > creations / 25U);
    BOOST_TEST(on->counters().reconciled > creations / 50U);
    served->set_faults({});
    run(list_users(clerk, seen));
    BOOST_TEST(seen.size() == static_cast<std::size_t>(creations));
    BOOST_TEST(std::set<std::string>(seen.begin(), seen.end()) == all.made);
}

BOOST_AUTO_TEST_CASE(without_look_ups_nothing_is_made_twice_and_what_is_unknown_says_so)
{
    start(resetting());
    auto clerk = patient_client();
    all_at_once([&] { return create_organizations_in_turn(clerk, how, all); });
    BOOST_TEST_MESSAGE(all.ends["value"] << " made, " << all.ends["unknown"] << " unknown");
    BOOST_TEST(all.made.size() + all.unknown.size() + all.not_made.size() == static_cast<std::size_t>(creations));
    BOOST_TEST(all.unknown.size() > creations / 25U);
    served->set_faults({});
    run(list_organizations(clerk, seen));
    const std::set<std::string> there(seen.begin(), seen.end());
    BOOST_TEST(there.size() == seen.size()); // no name twice
    int lost = 0;
    int made_but_not_sent = 0;
    int unknown_and_there = 0;
    for (const auto& name : all.made)
        lost += there.count(name) == 0 ? 1 : 0;
    for (const auto& name : all.not_made)
        made_but_not_sent += there.count(name) != 0 ? 1 : 0;
    for (const auto& name : all.unknown)
        unknown_and_there += there.count(name) != 0 ? 1 : 0;
    BOOST_TEST(lost == 0);
    BOOST_TEST(made_but_not_sent == 0);
    // Both happen, which is why they are unknown.
    BOOST_TEST(unknown_and_there > 0);
    BOOST_TEST(unknown_and_there < static_cast<int>(all.unknown.size()));
}

BOOST_AUTO_TEST_SUITE_END()
