#include "retry/budget.hpp"

#include "retry/decide.hpp"

#include <boost/test/unit_test.hpp>

using usher::stop_reason;
using usher::retry::hedge_budget;
using usher::retry::retry_budget;

namespace {

usher::retry::attempt_report answered(int status)
{
    usher::retry::attempt_report report;
    report.idempotent = true;
    report.failure = usher::error_kind::service;
    report.reached = usher::retry::progress::answered;
    report.status = status;
    return report;
}

int retries_until_empty(int status, const usher::retry_policy& policy)
{
    retry_budget budget;
    usher::retry::rng random(3);
    int retries = 0;
    while (retries < 10'000 && usher::retry::decide(policy, answered(status), random, budget).retry)
        ++retries;
    return retries;
}

} // namespace

BOOST_AUTO_TEST_SUITE(budget)

BOOST_AUTO_TEST_CASE(it_holds_35_retries_or_100_after_a_throttle)
{
    const usher::retry_policy policy;
    BOOST_TEST(retries_until_empty(503, policy) == 500 / 14);
    BOOST_TEST(retries_until_empty(429, policy) == 500 / 5);
}

BOOST_AUTO_TEST_CASE(an_empty_one_ends_the_call_at_once_and_says_so)
{
    retry_budget budget;
    while (budget.take(false)) {
    }
    usher::retry::rng random(3);
    const auto next = usher::retry::decide(usher::retry_policy(), answered(500), random, budget);
    BOOST_TEST(!next.retry);
    BOOST_TEST((next.stopped == stop_reason::retry_budget));
    BOOST_TEST(next.wait.count() == 0);
}

BOOST_AUTO_TEST_CASE(fourteen_successes_pay_for_a_retry_and_nothing_is_saved_beyond_its_size)
{
    retry_budget budget;
    while (budget.take(false)) {
    }
    const int rest = budget.left();
    for (int i = 0; i < 14 - rest - 1; ++i)
        budget.succeeded();
    BOOST_TEST(!budget.take(false));
    budget.succeeded();
    BOOST_TEST(budget.take(false));
    BOOST_TEST(budget.left() == 0);
    for (int i = 0; i < 2000; ++i)
        budget.succeeded();
    BOOST_TEST(budget.left() == retry_budget::size);
}

BOOST_AUTO_TEST_CASE(a_policy_can_leave_it_aside)
{
    usher::retry_policy policy;
    policy.budgeted = false;
    BOOST_TEST(retries_until_empty(503, policy) == 10'000);
}

BOOST_AUTO_TEST_CASE(what_was_never_sent_for_want_of_a_token_or_on_a_closed_connection_costs_nothing)
{
    retry_budget budget;
    usher::retry::rng random(3);
    auto report = answered(0);
    report.reached = usher::retry::progress::not_sent;
    report.failure = usher::error_kind::credentials;
    BOOST_TEST(usher::retry::decide(usher::retry_policy(), report, random, budget).retry);
    report.failure = usher::error_kind::connection;
    report.reused_connection = true;
    report.connection_closed = true;
    BOOST_TEST(usher::retry::decide(usher::retry_policy(), report, random, budget).retry);
    BOOST_TEST(budget.left() == retry_budget::size);
    report.reused_connection = false;
    BOOST_TEST(usher::retry::decide(usher::retry_policy(), report, random, budget).retry);
    BOOST_TEST(budget.left() == retry_budget::size - retry_budget::price);
}

BOOST_AUTO_TEST_CASE(of_a_thousand_requests_twenty_may_be_hedged_and_ten_at_once)
{
    hedge_budget budget;
    int hedges = 0;
    for (int i = 0; i < 1000; ++i) {
        budget.sent();
        if (budget.has_one()) {
            budget.take();
            ++hedges;
            BOOST_TEST(50 * hedges <= i + 1);
        }
    }
    BOOST_TEST(hedges == 20);
    for (int i = 0; i < 10'000; ++i)
        budget.sent();
    for (hedges = 0; budget.has_one(); ++hedges)
        budget.take();
    BOOST_TEST(hedges == 10);
}

BOOST_AUTO_TEST_SUITE_END()
