// Client, engine, listing and execution context, destroyed in every order while a call is under way.
#include "live/lifetime/world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace bdata = boost::unit_test::data;
using namespace usher;
using namespace usher::tests;

namespace {

/// c: the clients, e: the engine, l: the listing, x: the context.
void destroy(world& w, char what)
{
    switch (what) {
    case 'c':
        w.clerk.reset();
        w.scalekit.reset();
        break;
    case 'e':
        w.on.reset();
        break;
    case 'l':
        w.listing.reset();
        break;
    default:
        w.io.reset();
    }
}

stretch destroy_after(const scenario& kind, int known, int steps, const std::string& order)
{
    world w(kind);
    w.begin();
    w.run_steps(steps, known);
    const stretch came(w);
    const bool was_over = w.end.is_over;
    for (const char one : order)
        destroy(w, one);
    BOOST_CHECK_MESSAGE(w.held.use_count() == 1,
                        kind.name << ", after step " << steps << ", " << order << ": a coroutine is still there");
    BOOST_CHECK_MESSAGE(was_over == w.end.is_over, kind.name << ": a call ended by destruction");
    return came;
}

} // namespace

BOOST_AUTO_TEST_SUITE(destroyed_at_every_step)

BOOST_DATA_TEST_CASE(every_order_takes_the_call_along, bdata::xrange(all_scenarios().size()))
{
    const auto& kind = all_scenarios()[sample];
    const bool has_listing = std::string(kind.name) == "a listing";
    std::string order = has_listing ? "celx" : "cex";
    const int known = steps_alone(kind);
    int orders = 0;
    do {
        ++orders;
        // Every step in the two orders that are usual, and in those where the context is not the last every third.
        const int stride = order == "cex" || order == "xce" || order == "celx" ? 1 : has_listing ? 7 : 3;
        sweep(known, orders % stride, stride, [&](int after) { return destroy_after(kind, known, after, order); });
    } while (std::next_permutation(order.begin(), order.end()));
    BOOST_TEST(orders == (has_listing ? 24 : 6));
}

BOOST_DATA_TEST_CASE(calls_whose_engine_and_client_are_gone_end_as_they_would_have,
                     bdata::xrange(all_scenarios().size()))
{
    const auto& kind = all_scenarios()[sample];
    BOOST_TEST_REQUIRE(kind.name != nullptr);
    if (!kind.can_follow) // nothing ends it but its limits of time
        return;
    bool expects_value = false;
    {
        world w(kind);
        w.begin();
        w.finish();
        w.heal();
        for (int quiet = 0; !w.end.is_over && quiet < 2000; ++quiet)
            w.finish();
        BOOST_REQUIRE(w.end.is_over);
        expects_value = w.end.got.has_value();
    }
    const int known = steps_alone(kind);
    sweep(known, 0, 1, [&](int steps) {
        world w(kind);
        const auto before = w.on->counters().calls + w.others.size();
        w.begin();
        w.run_steps(steps, known);
        const stretch came(w);
        const bool is_made = w.on->counters().calls != before; // else the test's own coroutine needs the client
        w.on.reset();
        if (is_made) {
            w.clerk.reset();
            w.scalekit.reset();
        }
        w.finish();
        w.heal();
        for (int quiet = 0; !w.end.is_over && quiet < 2000; ++quiet)
            w.finish();
        BOOST_REQUIRE_MESSAGE(w.end.is_over, kind.name << ", after step " << steps);
        BOOST_CHECK_MESSAGE(w.end.got.has_value() == expects_value, kind.name << ", after step " << steps);
        return came;
    });
}

BOOST_AUTO_TEST_CASE(an_idle_engine_outlives_its_context)
{
    for (const std::string order : {"xce", "xec", "cxe", "exc", "ecx"}) {
        world w(scenario_named("a GET"));
        BOOST_TEST_REQUIRE(w.run(w.following_call()).got.has_value());
        BOOST_TEST_REQUIRE(w.on->counters().idle_connections == 1U);
        for (const char one : order) {
            destroy(w, one);
            if (one == 'x' && w.on) {
                BOOST_TEST(w.on->counters().connections == 0U);
                w.on->close_idle();
            }
            if (one == 'x' && w.clerk) {
                BOOST_TEST(w.clerk->usage().in_flight == 0U);
                const auto unused = w.clerk->users().get("user_1"); // is dropped without being run
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(connections_that_come_back_while_the_context_goes_are_not_kept)
{
    // One call waits for the connection of another one, has been given it, and has not run since.
    world w(scenario_named("waiting in the pool"));
    w.begin();
    w.step();
    w.heal();
    while (w.server->whole < 2 && !w.others.front().is_over)
        w.step();
    destroy(w, 'x');
    BOOST_TEST(w.on->counters().connections == 0U);
    BOOST_TEST(w.held.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
