// Cancellation as users write it: from another coroutine, by a timer, with operators.
#include "live/lifetime/world.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace bdata = boost::unit_test::data;
using namespace usher;
using namespace usher::tests;

namespace {

int won = 0;
int lost = 0;

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
    for (int round = 0; round != 12; ++round) {
        world w(kind);
        bool was_late = false;
        const auto ended = w.run(within(w, std::chrono::microseconds(round * round * 20), was_late));
        BOOST_CHECK_MESSAGE(!ended.threw_aborted && !ended.threw_other, kind.name);
        (was_late ? lost : won) += 1;
        w.heal();
        w.listing.reset();
        BOOST_CHECK_MESSAGE(w.is_out_of_work(), kind.name);
        BOOST_CHECK_MESSAGE(w.on->counters().in_flight == 0, kind.name);
        BOOST_CHECK_MESSAGE(w.clerk->usage().in_flight == 0, kind.name);
    }
}

BOOST_AUTO_TEST_CASE(both_ways_to_end_were_seen)
{
    BOOST_TEST(lost > 10);
    BOOST_TEST(won > 10);
}

BOOST_AUTO_TEST_SUITE_END()
