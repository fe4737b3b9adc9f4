// Without the store: who has a static share, and when.
#include "schedule/lease_state.hpp"

#include "fleet.hpp"
#include "orders.hpp"

#include <boost/test/unit_test.hpp>

using namespace budget_tests;

BOOST_AUTO_TEST_SUITE(static_share)

BOOST_AUTO_TEST_CASE(cut_off_after_a_long_rest_it_has_no_share_since_the_others_do_not_count_it)
{
    for (const bool is_paced : {true, false}) {
        lease_state leases;
        leases.set(1000, 10s, is_paced ? 10ms : 0ms, 5);
        leases.ask(begin, true);
        leases.granted(granting(1), begin, begin);
        leases.take(begin);
        leases.ask(begin + 20s, true);
        leases.granted(unreachable(), begin + 20s, begin + 20s);
        BOOST_TEST((leases.next(begin + 20s) == time_point::max()));
        BOOST_TEST((leases.next(begin + 5min) == time_point::max()));
        leases.ask(begin + 6min, true);
        leases.granted(granting(1), begin + 6min, begin + 6min);
        BOOST_TEST((leases.next(begin + 6min) <= begin + 6min));
    }
}

BOOST_AUTO_TEST_CASE(cut_off_in_a_long_window_without_a_pace_nothing_leaves_before_it_is_over)
{
    lease_state leases;
    leases.set(100, 1h, 0ms, 1);
    leases.ask(begin, true);
    auto grant = granting(1);
    grant.left = 99;
    leases.granted(grant, begin, begin);
    leases.take(begin);
    leases.ask(begin + 1s, true);
    leases.granted(unreachable(), begin + 1s, begin + 1s);
    BOOST_TEST((leases.next(begin + 1s) >= begin + 1h));
    BOOST_TEST((leases.next(begin + 30min) >= begin + 1h));
    BOOST_TEST((leases.next(begin + 1h + 1min) <= begin + 1h + 1min));
}

BOOST_AUTO_TEST_SUITE_END()
