// Every kind of call, cancelled after each of its steps.
#include "live/lifetime/world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "call/client_state.hpp"

namespace bdata = boost::unit_test::data;
using namespace usher;
using namespace usher::tests;

namespace usher::tests {

/// What a sweep has seen beside its promises.
struct sweep_counts {
    int cancelled = 0;  ///< calls that had begun and ended so
    int waited_for = 0; ///< calls that were stuck and had sent, and ended with their answer
};

} // namespace usher::tests

namespace {

int cancellations = 0;

std::ostream& where(std::ostream& out, const world& w, int step)
{
    return out << w.kind.name << ", after step " << step;
}

#define AT(condition) BOOST_CHECK_MESSAGE(condition, #condition << ": " << place.str())

/// What holds whenever no call is under way.
void check_nothing_is_left(world& w, const std::string& text)
{
    std::ostringstream place(text);
    AT(w.is_out_of_work());
    AT(w.held.use_count() == 1);
    const auto counted = w.on->counters();
    AT(counted.in_flight == 0);
    AT(counted.calls == counted.answers + counted.errors);
    AT(counted.connections == counted.idle_connections);
    for (const basic_client* client : {static_cast<const basic_client*>(w.clerk ? &*w.clerk : nullptr),
                                       static_cast<const basic_client*>(w.scalekit ? &*w.scalekit : nullptr)}) {
        if (client == nullptr)
            continue;
        const auto usage = client->usage();
        AT(usage.in_flight == 0);
        AT(usage.waiting == 0);
        // Each ticket was settled, and each that was not given back is a request that has left.
        const auto stats = client->state()->limits->stats();
        AT(stats.admitted == stats.answered + stats.unanswered + stats.given_back);
        if (w.kind.is_counted_by_peer)
            AT(stats.answered + stats.unanswered == static_cast<std::uint64_t>(w.server->begun));
    }
}

/// Runs `steps` steps, cancels, and looks at everything.
/// `goes_on`: what it is stuck for comes, so that it goes on, and it is cancelled between two of its handlers.
stretch cancel_after(const scenario& kind, int known, int steps, asio::cancellation_type type, sweep_counts& seen,
                     int goes_on = 0)
{
    const bool is_total = type == asio::cancellation_type::total;
    world w(kind);
    std::ostringstream place;
    where(place, w, steps);
    const int before = w.server ? w.server->begun : 0;
    w.begin(type != asio::cancellation_type::terminal);
    w.run_steps(steps, known);
    for (int quiet = 0; goes_on != 0 && w.is_stuck && quiet != 1000; ++quiet) {
        w.heal();
        w.is_stuck = false;
        w.run_steps(steps, 0);
    }
    const stretch came(w);
    const bool was_over = w.end.is_over;
    const bool is_stuck = w.is_stuck && goes_on == 0;
    if (goes_on != 0 && !w.io->stopped()) {
        w.heal();
        w.cancel_between(type, goes_on - 1);
    } else {
        w.cancel(type);
    }
    ++cancellations;
    const int begun_before = w.server ? w.server->begun : 0;
    const auto cancelled_at = clock::now();
    bool has_ended = w.finish();
    AT(has_ended || is_total); // only total cancellation may come too late
    // Not one of its limits of time, of which the shortest is 10 s.
    AT(is_total || clock::now() - cancelled_at < 8s);
    if (is_stuck && kind.stuck != stuck_at::sent) {
        AT(w.end.is_cancelled()); // however it is cancelled
        AT(!w.server || w.server->begun == begun_before);
        AT(kind.stuck != stuck_at::before_sending || !kind.is_counted_by_peer || w.server->begun == before);
    }
    const bool is_waited_for = is_stuck && is_total && kind.stuck == stuck_at::sent;
    AT(!is_waited_for || !has_ended);
    w.heal();
    for (int quiet = 0; !has_ended && quiet < 1000; ++quiet)
        has_ended = w.finish();
    AT(has_ended);
    AT(!w.end.threw_other);
    AT(!w.end.threw_aborted || steps == 0);
    const bool says_not_sent =
        w.end.threw_aborted || (w.end.got.has_error() && w.end.got.error().outcome() == call_outcome::not_sent);
    if (is_total && w.end.got.has_error()) // what has left is waited for
        AT(w.end.got.error().outcome() != call_outcome::unknown);
    if (says_not_sent && kind.is_counted_by_peer)
        AT(w.server->begun == before);
    if (!was_over && !is_total && is_stuck)
        AT(w.end.is_cancelled());
    seen.cancelled += !w.end.threw_aborted && w.end.is_cancelled() ? 1 : 0;
    if (is_waited_for) {
        ++seen.waited_for;
        AT(!w.end.is_cancelled());
        AT(w.end.got.has_value() || std::string_view(kind.name).substr(0, 5) != "a GET");
    }
    if (kind.can_follow) {
        const auto begun = clock::now();
        const auto next = w.run(kind.is_counted_by_peer ? w.following_call() : kind.call(w));
        AT(!next.threw_aborted);
        BOOST_CHECK_MESSAGE(next.got.has_value(), place.str() << ": " << (next.got ? "" : next.got.error().message()));
        AT(clock::now() - begun < 8s);
    }
    w.listing.reset();
    check_nothing_is_left(w, place.str());
    return came;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancelled_at_every_step)

BOOST_DATA_TEST_CASE(the_call_ends_and_says_whether_it_was_sent_and_nothing_is_left,
                     bdata::xrange(all_scenarios().size()))
{
    const auto& kind = all_scenarios()[sample];
    const int known = steps_alone(kind);
    sweep_counts seen;
    const int steps = sweep(known, 0, 1, [&](int after) {
        return cancel_after(kind, known, after, asio::cancellation_type::terminal, seen);
    });
    BOOST_TEST(seen.cancelled > 0);
    BOOST_TEST_MESSAGE(kind.name << ": " << steps << " steps, " << known << " alone; " << seen.cancelled
                                 << " cancelled; " << cancellations << " cancellations so far");
}

BOOST_DATA_TEST_CASE(so_does_one_that_had_what_it_waited_for_at_the_same_instant, bdata::xrange(all_scenarios().size()))
{
    const auto& kind = all_scenarios()[sample];
    BOOST_TEST_REQUIRE(kind.name != nullptr);
    if (!kind.can_follow) // it does not come
        return;
    const int known = steps_alone(kind);
    sweep_counts seen;
    for (int rounds = kind.is_slow ? 3 : 1; rounds <= (kind.is_slow ? 3 : 4); ++rounds)
        sweep(known, 0, 1, [&](int after) {
            return cancel_after(kind, known, after, asio::cancellation_type::terminal, seen, rounds);
        });
    BOOST_TEST(seen.cancelled > 0);
    BOOST_TEST_MESSAGE(kind.name << ": " << seen.cancelled << " cancelled");
}

BOOST_DATA_TEST_CASE(partial_cancellation_is_as_terminal_where_it_is_let_through, bdata::xrange(all_scenarios().size()))
{
    const auto& kind = all_scenarios()[sample];
    const int known = steps_alone(kind);
    sweep_counts seen;
    for (int first = 0; first != 2; ++first)
        sweep(known, first, 2,
              [&](int after) { return cancel_after(kind, known, after, asio::cancellation_type::partial, seen); });
    BOOST_TEST(seen.cancelled > 0);
    BOOST_TEST_MESSAGE(kind.name << ": partial, " << seen.cancelled << " cancelled");
}

BOOST_DATA_TEST_CASE(total_cancellation_ends_only_what_was_not_sent, bdata::xrange(all_scenarios().size()))
{
    const auto& kind = all_scenarios()[sample];
    const int known = steps_alone(kind);
    sweep_counts seen;
    sweep(known, 0, 1,
          [&](int after) { return cancel_after(kind, known, after, asio::cancellation_type::total, seen); });
    BOOST_TEST((seen.cancelled > 0) != kind.sends_at_once);
    BOOST_TEST((seen.waited_for > 0) == (kind.stuck == stuck_at::sent));
    BOOST_TEST_MESSAGE(kind.name << ": total, " << seen.cancelled << " cancelled, " << seen.waited_for
                                 << " waited for");
}

BOOST_AUTO_TEST_SUITE_END()
