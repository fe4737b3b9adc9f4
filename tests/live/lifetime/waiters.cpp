// Several calls wait for the same thing; one of them is cancelled, and the others are served.
#include "live/lifetime/world.hpp"

#include "call/client_state.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>

namespace bdata = boost::unit_test::data;
using namespace usher;
using namespace usher::tests;

namespace {

const char* const shared_waits[] = {"waiting for the quota",        "held by the breaker",       "waiting in the pool",
                                    "connecting without an answer", "a call that needs a token", "a hedge that wins"};

void begin_three(world& w)
{
    w.begin();
    w.beside(w.kind.call(w));
    w.beside(w.kind.call(w));
}

/// Two calls behind one that is cancelled after `steps`.
stretch others_are_served(const scenario& kind, int known, int steps, int& cancelled)
{
    world w(kind);
    begin_three(w);
    w.run_steps(steps, known);
    const stretch came(w);
    w.cancel(asio::cancellation_type::terminal);
    w.finish();
    w.heal();
    const auto are_over = [&w] {
        for (const auto& one : w.others)
            if (!one.is_over)
                return false;
        return w.end.is_over;
    };
    const auto latest = clock::now() + 10s;
    while (!are_over() && clock::now() < latest)
        w.step();
    BOOST_CHECK_MESSAGE(are_over(), kind.name << ", after step " << steps << ": somebody waits for ever");
    for (const auto& one : w.others)
        BOOST_CHECK_MESSAGE(one.got.has_value(), kind.name << ", after step " << steps << ": "
                                                           << (one.got ? "" : one.got.error().message()));
    BOOST_TEST(w.is_out_of_work());
    BOOST_TEST(w.on->counters().in_flight == 0U);
    BOOST_TEST(w.on->counters().connections == w.on->counters().idle_connections);
    cancelled += !w.end.threw_aborted && w.end.is_cancelled() ? 1 : 0;
    return came;
}

} // namespace

BOOST_AUTO_TEST_SUITE(others_wait_too)

BOOST_DATA_TEST_CASE(whoever_waits_beside_a_call_that_is_cancelled_is_served, bdata::xrange(6))
{
    const auto& kind = scenario_named(shared_waits[sample]);
    const int known = steps_alone(kind, begin_three);
    int cancelled = 0;
    const int steps = sweep(known, 0, 1, [&](int after) { return others_are_served(kind, known, after, cancelled); });
    BOOST_TEST(cancelled > 0);
    BOOST_TEST_MESSAGE(kind.name << ": " << steps << " steps");
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_just_when_the_quota_lets_it_go_takes_nothing_along)
{
    // On a machine that stood still after the call before it, it does not have to wait: then there is another world.
    std::optional<world> one;
    std::uint64_t before = 0;
    for (int tries = 0; tries != 100 && (!one || one->clerk->usage().waiting == 0); ++tries) {
        one.emplace(scenario_named("waiting for the quota"));
        before = one->clerk->usage().admitted;
        one->begin();
        while (one->clerk->usage().waiting == 0 && !one->end.is_over)
            one->step();
    }
    auto& w = *one;
    BOOST_TEST_REQUIRE(w.clerk->usage().waiting == 1U);
    // Between the handlers: the alarm has rung and the call has not run yet.
    w.cancel_between(asio::cancellation_type::terminal, [&w] { return w.clerk->usage().waiting == 0; });
    BOOST_TEST(w.finish());
    BOOST_TEST(w.end.is_cancelled());
    BOOST_TEST(w.end.got.error().attempts() == 0);
    const auto stats = w.clerk->state()->limits->stats();
    BOOST_TEST(stats.admitted == before + 1);
    BOOST_TEST(stats.given_back == 1U);
    BOOST_TEST(stats.in_flight == 0U);
    BOOST_TEST(w.server->begun == 1);
    BOOST_TEST(w.run(w.following_call()).got.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
