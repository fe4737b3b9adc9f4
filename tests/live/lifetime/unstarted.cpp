// Awaitables that nobody awaits, and handles that are copied and moved.
#include "live/lifetime/world.hpp"

#include <usher/authenticate.hpp>

#include "call/client_state.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher;
using namespace usher::tests;

namespace {

asio::awaitable<result<access_token>> no_token()
{
    co_return error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(never_awaited)

BOOST_AUTO_TEST_CASE(an_awaitable_that_is_dropped_leaves_nothing_behind)
{
    for (const auto& kind : all_scenarios()) {
        world w(kind);
        const auto before = w.on->counters().calls;
        {
            const auto dropped = kind.call(w);
        }
        BOOST_TEST((w.others.empty() ? w.is_out_of_work() : true));
        BOOST_TEST(w.on->counters().calls == before);
        BOOST_TEST((w.server ? w.server->begun : 0) == static_cast<int>(before));
    }
}

BOOST_AUTO_TEST_CASE(calls_listings_tokens_and_verifications_can_be_dropped)
{
    world w(scenario_named("a GET"));
    {
        const auto call = w.clerk->users().get("user_1");
        const auto as_json = call_json(*w.clerk, *w.clerk->state()->service.operations[0], "{}");
        auto listing = w.clerk->users().list_pages();
        const auto next = listing.next();
        const auto previous = listing.previous();
        const auto item = listing.next_item();
        const auto source = token_function_source(*w.on, no_token);
        const auto token = source->obtain(clock::now() + 1s);
        const auto m2m = token::verify_m2m(*w.clerk, "mt_1");
        const auto oauth = token::verify_oauth(*w.clerk, "oat_1");
        const auto api_key = token::verify_api_key(*w.clerk, "ak_1");
        const clerk::create_user_params params;
        const auto made = w.clerk->users().create(params);
    }
    BOOST_TEST(w.is_out_of_work());
    BOOST_TEST(w.on->counters().calls == 0U);
}

BOOST_AUTO_TEST_CASE(copies_and_moves_of_a_client_are_the_same_client)
{
    world w(scenario_named("a GET"));
    auto first = *w.clerk;
    const clerk::client second(std::move(first));
    w.clerk.emplace(second);
    BOOST_TEST(w.run(w.following_call()).got.has_value());
    first = second; // what was moved from may be given a value again
    w.clerk.emplace(first);
    BOOST_TEST(w.run(w.following_call()).got.has_value());
    BOOST_TEST(second.usage().admitted == 2U);
    BOOST_TEST(w.on->counters().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(a_listing_outlives_its_client_and_its_engine)
{
    world w(scenario_named("a listing"));
    auto listing = w.clerk->users().list_pages();
    w.clerk.reset();
    w.on.reset();
    std::size_t seen = 0;
    const auto done = w.run([](auto pages, std::size_t& size) -> asio::awaitable<result<void>> {
        auto page = co_await pages.next();
        if (!page)
            co_return page.error();
        size = page->size();
        co_return result<void>();
    }(listing, seen));
    BOOST_TEST(done.got.has_value());
    BOOST_TEST(seen > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
