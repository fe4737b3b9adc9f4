// Admission and its bookkeeping cost no allocation once they are warm.
#include "counted_new.hpp"
#include "limiter_call.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using usher::lane;
using usher::quota;
using usher::schedule::answer_info;
using usher::schedule::demand;
using usher::schedule::rule_table;
using usher::schedule::scheduler;
using usher::schedule::ticket;

BOOST_AUTO_TEST_SUITE(allocation)

BOOST_AUTO_TEST_CASE(the_count_counts)
{
    const auto before = counted_new::allocations.load();
    auto one = std::make_unique<std::vector<int>>(10);
    BOOST_TEST(one->size() == 10U);
    BOOST_TEST(counted_new::allocations.load() >= before + 2);
}

BOOST_AUTO_TEST_CASE(the_scheduler_allocates_nothing_in_steady_state)
{
    // An instance, each endpoint, and one record of a thousand.
    auto limits = quota::clerk_production();
    limits.rules.resize(1);
    limits.in_flight = 1000;
    auto& each = limits.rules.emplace_back("each", 5000, 60s);
    each.key = usher::quota_key::endpoint;
    const auto rules = std::make_shared<rule_table>(limits);
    scheduler one(rules);
    auto now = schedule_tests::begin;
    std::vector<ticket> open(20);
    std::size_t admitted = 0;
    std::size_t before = 0;
    while (admitted != 40'000) {
        if (admitted == 20'000)
            before = counted_new::allocations.load();
        const auto endpoint = static_cast<std::uint16_t>(admitted % 50);
        const demand what(endpoint, rules->draws(endpoint, {}), admitted % 3 ? lane::bulk : lane::interactive);
        auto pass = one.try_admit(what, now);
        if (!pass) {
            now += 1ms;
            continue;
        }
        auto& place = open[admitted++ % open.size()];
        if (place.valid()) {
            if (admitted % 100 == 0)
                one.unanswered(place, now, admitted % 200 == 0);
            else
                one.answered(place, place.admitted(), now, answer_info(200));
        }
        place = std::move(*pass);
    }
    BOOST_TEST(counted_new::allocations.load() == before);
}

BOOST_AUTO_TEST_CASE(a_ticket_had_at_once_costs_no_allocation)
{
    schedule_tests::virtual_time time;
    const auto limits = schedule_tests::make_limiter(time, quota::clerk_production());
    std::size_t before = 0;
    for (int i = 0; i != 5000; ++i) {
        if (i == 2000)
            before = counted_new::allocations.load();
        schedule_tests::virtual_clock::current += 25ms;
        const auto what = schedule_tests::demand_of(*limits, 3, i % 2 ? lane::bulk : lane::interactive);
        auto pass = limits->try_admit(what);
        if (!pass)
            BOOST_FAIL("not admitted");
        limits->answered(*pass, schedule_tests::virtual_clock::now(), answer_info(200));
    }
    BOOST_TEST(counted_new::allocations.load() == before);
}

BOOST_AUTO_TEST_SUITE_END()
