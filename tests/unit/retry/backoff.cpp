#include "retry/decide.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using usher::stop_reason;
using usher::retry::attempt_report;
using usher::retry::decide;

namespace {

attempt_report refused(int backoffs)
{
    attempt_report report;
    report.failure = usher::error_kind::service;
    report.reached = usher::retry::progress::answered;
    report.status = 429;
    report.backoffs = backoffs;
    return report;
}

usher::retry_policy patient()
{
    usher::retry_policy policy;
    policy.max_attempts = 1000;
    return policy;
}

} // namespace

BOOST_AUTO_TEST_SUITE(backoff)

BOOST_AUTO_TEST_CASE(the_wait_is_spread_evenly_up_to_a_ceiling_that_grows_to_the_cap)
{
    usher::retry::rng random(20240607);
    for (int backoffs = 0; backoffs != 40; ++backoffs) {
        const double ceiling = std::min(60e9, 500e6 * std::pow(1.5, backoffs));
        double sum = 0;
        double least = 1e300;
        double most = 0;
        constexpr int draws = 4000;
        for (int i = 0; i != draws; ++i) {
            const auto found = decide(patient(), refused(backoffs), random);
            BOOST_REQUIRE(found.retry);
            BOOST_REQUIRE(found.is_backoff);
            const auto wait = static_cast<double>(found.wait.count());
            BOOST_REQUIRE_GE(wait, 0);
            BOOST_REQUIRE_LE(wait, ceiling);
            sum += wait;
            least = std::min(least, wait);
            most = std::max(most, wait);
        }
        BOOST_TEST_CONTEXT("after " << backoffs << " backoffs")
        {
            // The mean of 4,000 draws is off by 0.46 % of the ceiling in the standard deviation.
            BOOST_TEST(std::abs(sum / draws - ceiling / 2) < 0.03 * ceiling);
            BOOST_TEST(least < 0.01 * ceiling);
            BOOST_TEST(most > 0.99 * ceiling);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_huge_number_of_backoffs_stays_at_the_cap)
{
    usher::retry::rng random(3);
    for (const int backoffs : {1000, 100'000, 2'000'000'000}) {
        const auto found = decide(patient(), refused(backoffs), random);
        BOOST_TEST(found.retry);
        BOOST_TEST(found.wait.count() <= nanoseconds(60s).count());
    }
}

BOOST_AUTO_TEST_CASE(retry_after_is_a_floor_and_jitter_goes_upward_only)
{
    usher::retry::rng random(4);
    auto report = refused(2);
    report.retry_after = 10s;
    const auto ceiling = nanoseconds(10s) + nanoseconds(1125ms);
    nanoseconds most{0};
    for (int i = 0; i != 2000; ++i) {
        const auto found = decide(patient(), report, random);
        BOOST_REQUIRE(found.retry);
        BOOST_REQUIRE(found.wait >= 10s);
        BOOST_REQUIRE(found.wait <= ceiling);
        most = std::max(most, found.wait);
    }
    BOOST_TEST((most > 11s));
}

BOOST_AUTO_TEST_CASE(a_retry_after_that_ends_after_the_deadline_fails_at_once)
{
    usher::retry::rng random(5);
    auto report = refused(0);
    report.retry_after = 10s;
    for (const auto left : {nanoseconds(10s), nanoseconds(9999ms), nanoseconds(0), nanoseconds(-1s)}) {
        report.to_deadline = left;
        const auto found = decide(patient(), report, random);
        BOOST_TEST(!found.retry);
        BOOST_TEST((found.stopped == stop_reason::deadline));
    }
}

BOOST_AUTO_TEST_CASE(jitter_on_a_retry_after_is_cut_rather_than_passing_the_deadline)
{
    usher::retry::rng random(6);
    auto report = refused(10);
    report.retry_after = 10s;
    report.to_deadline = 10s + 1ms;
    for (int i = 0; i != 200; ++i) {
        const auto found = decide(patient(), report, random);
        BOOST_REQUIRE(found.retry);
        BOOST_REQUIRE(found.wait >= 10s);
        BOOST_REQUIRE(found.wait < report.to_deadline);
    }
}

BOOST_AUTO_TEST_CASE(a_backoff_that_ends_after_the_deadline_fails_at_once_and_a_shorter_one_does_not)
{
    usher::retry::rng random(7);
    auto report = refused(0);
    report.to_deadline = 250ms; // the ceiling is 500 ms: half of the draws end in time
    int retries = 0;
    for (int i = 0; i != 1000; ++i) {
        const auto found = decide(patient(), report, random);
        if (found.retry) {
            ++retries;
            BOOST_REQUIRE(found.wait < report.to_deadline);
        } else {
            BOOST_REQUIRE((found.stopped == stop_reason::deadline));
        }
    }
    BOOST_TEST(retries > 400);
    BOOST_TEST(retries < 600);
}

BOOST_AUTO_TEST_CASE(no_attempt_begins_after_the_largest_elapsed_time)
{
    usher::retry::rng random(8);
    auto report = refused(0);
    report.elapsed = 1h;
    BOOST_TEST((decide(patient(), report, random).stopped == stop_reason::deadline));
    report.elapsed = 1h - 5s;
    report.retry_after = 5s;
    BOOST_TEST(!decide(patient(), report, random).retry);
    report.retry_after = 4s;
    BOOST_TEST(decide(patient(), report, random).retry);
}

BOOST_AUTO_TEST_CASE(a_stale_connection_is_not_replaced_after_the_deadline)
{
    usher::retry::rng random(9);
    attempt_report report;
    report.failure = usher::error_kind::connection;
    report.reused_connection = report.connection_closed = true;
    report.to_deadline = 1ns;
    BOOST_TEST(decide(patient(), report, random).retry);
    report.to_deadline = 0ns;
    BOOST_TEST((decide(patient(), report, random).stopped == stop_reason::deadline));
}

BOOST_AUTO_TEST_CASE(the_generator_repeats_itself_for_a_seed_and_differs_between_seeds)
{
    usher::retry::rng one(42);
    usher::retry::rng same(42);
    std::set<std::uint64_t> firsts;
    for (int i = 0; i != 100; ++i)
        BOOST_REQUIRE_EQUAL(one(), same());
    for (std::uint64_t seed = 0; seed != 1000; ++seed)
        firsts.insert(usher::retry::rng(seed)());
    BOOST_TEST(firsts.size() == 1000U);
    BOOST_TEST(one.up_to(0ns).count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
