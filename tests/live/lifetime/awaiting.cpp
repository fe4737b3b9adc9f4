// Cancellation as users write it: from another coroutine, by a timer, with operators.
#include "live/lifetime/world.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace bdata = boost::unit_test::data;
using namespace usher;
using namespace usher::tests;

namespace {

asio::awaitable<void> pause(std::chrono::microseconds time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

/// The call, or the end of a time, whichever comes first.
asio::awaitable<result<void>> within(world& w, std::chrono::microseconds time, bool& was_late)
{
    using namespace asio::experimental::awaitable_operators;
    auto both = w.kind.call(w) || pause(time);
    auto first = co_await std::move(both);
    was_late = first.index() == 1;
    co_return result<void>();
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancelled_by_a_coroutine)

BOOST_DATA_TEST_CASE(a_call_may_race_a_timer, bdata::xrange(all_scenarios().size()))
{
    const auto& kind = all_scenarios()[sample];
    // From nothing to three times what a call takes that is left alone; those that get stuck take for ever.
    const bool ends = kind.stuck == stuck_at::nowhere && !kind.is_slow;
    auto whole = std::chrono::microseconds(800);
    if (ends) {
        world w(kind);
        const auto begun = clock::now();
        BOOST_TEST_REQUIRE(w.run(kind.call(w)).is_over);
        whole = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun);
    }
    int won = 0;
    int lost = 0;
    const auto is_seen = [&] { return (lost != 0 || kind.sends_at_once) && (won != 0 || !ends); };
    for (int round = 0; round < 12 || (!is_seen() && round < 40); ++round) {
        if (round >= 12)
            whole *= won == 0 ? 2 : 1; // the machine is busier than it was
        const auto time = round == 0 || (round >= 12 && lost == 0) ? 0us : whole * std::min(round, 11) * 3 / 11;
        world w(kind);
        bool was_late = false;
        const auto ended = w.run(within(w, time, was_late));
        BOOST_CHECK_MESSAGE(!ended.threw_aborted && !ended.threw_other, kind.name);
        (was_late ? lost : won) += 1;
        w.heal();
        w.listing.reset();
        BOOST_CHECK_MESSAGE(w.is_out_of_work(), kind.name);
        BOOST_CHECK_MESSAGE(w.on->counters().in_flight == 0, kind.name);
        BOOST_CHECK_MESSAGE(w.clerk->usage().in_flight == 0, kind.name);
    }
    BOOST_TEST((lost > 0 || kind.sends_at_once)); // its answer is there with the end of any time
    BOOST_TEST((won > 0 || !ends));
    BOOST_TEST_MESSAGE(kind.name << ": won " << won << ", lost " << lost);
}

BOOST_AUTO_TEST_SUITE_END()
