// Who goes when: lanes, tenants, deadlines; pure, in virtual time.
#include "waiting_instance.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <stdexcept>

using namespace waiting_tests;

BOOST_AUTO_TEST_SUITE(scheduler_)

BOOST_AUTO_TEST_CASE(those_with_the_same_deadline_start_in_the_order_of_their_coming)
{
    instance one;
    for (int i = 0; i != 9; ++i)
        one.join(one.what(static_cast<std::uint16_t>(i % 3)));
    const auto order = one.run(1s);
    BOOST_TEST(order == (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_earliest_deadline_starts_first_within_a_lane_across_endpoints)
{
    instance one;
    const int seconds[] = {50, 20, 40, 10, 30};
    for (int i = 0; i != 5; ++i)
        one.join(one.what(static_cast<std::uint16_t>(i)), start + std::chrono::seconds(seconds[i]));
    one.join(one.what(3), start + 15s);
    const auto order = one.run(1s);
    BOOST_TEST(order == (std::vector<int>{3, 5, 1, 4, 2, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(leaving_from_any_place_keeps_the_order_of_the_others)
{
    instance one;
    for (int i = 0; i != 10; ++i)
        one.join(one.what(static_cast<std::uint16_t>(i % 2)));
    for (const std::size_t gone : {0U, 4U, 9U})
        one.all->leave(one.entries[gone], one.now);
    BOOST_TEST(one.all->waiting() == 7U);
    const auto order = one.run(1s);
    BOOST_TEST(order == (std::vector<int>{1, 2, 3, 5, 6, 7, 8}), boost::test_tools::per_element());
    BOOST_TEST(one.all->waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(nobody_starts_whose_deadline_has_passed)
{
    instance one;
    one.join(one.what(0), start + 5ms);
    one.join(one.what(0), start + 5ms);
    one.join(one.what(0));
    one.run(1s);
    BOOST_TEST(one.expired == std::set<int>{1}, boost::test_tools::per_element());
    BOOST_TEST(one.all->stats(one.now).admitted == 2U);
}

BOOST_AUTO_TEST_CASE(one_interactive_call_passes_all_of_bulk)
{
    instance one;
    for (int i = 0; i != 50; ++i)
        one.join(one.what(0, lane::bulk));
    one.run(100ms);
    const auto late = one.join(one.what(0)).number;
    const auto order = one.run(15ms);
    BOOST_REQUIRE(!order.empty());
    BOOST_TEST(order.front() == late);
}

BOOST_AUTO_TEST_CASE(of_twenty_contended_starts_eleven_are_interactive_and_nine_bulk)
{
    instance one;
    for (int i = 0; i != 200; ++i)
        one.join(one.what(0, i % 2 ? lane::bulk : lane::interactive));
    for (int round = 0; round != 4; ++round) {
        const auto order = one.run(200ms);
        BOOST_TEST(order.size() == 20U);
        BOOST_TEST(std::count_if(order.begin(), order.end(), [](int i) { return i % 2 == 0; }) == 11);
    }
}

BOOST_AUTO_TEST_CASE(an_empty_lane_costs_the_other_one_nothing)
{
    instance one;
    for (int i = 0; i != 60; ++i)
        one.join(one.what(0, lane::bulk));
    BOOST_TEST(one.run(500ms).size() == 50U);
}

BOOST_AUTO_TEST_CASE(bulk_leaves_a_tenth_of_the_cap_in_flight_to_interactive)
{
    auto limit = one_per_10_ms();
    limit.in_flight = 20;
    instance one(limit);
    one.answered_after = 1h;
    for (int i = 0; i != 30; ++i)
        one.join(one.what(0, lane::bulk));
    BOOST_TEST(one.run(1s).size() == 17U);
    for (int i = 0; i != 5; ++i)
        one.join(one.what(0));
    const auto order = one.run(1s);
    BOOST_TEST(order == (std::vector<int>{30, 31, 32}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tenants_get_their_weights_while_all_of_them_have_work)
{
    instance one;
    const std::map<std::uint16_t, std::uint32_t> weights = {{one.all->tenant("a", 1), 1},
                                                            {one.all->tenant("b", 1), 1},
                                                            {one.all->tenant("c", 2), 2},
                                                            {one.all->tenant("d", 4), 4}};
    BOOST_TEST(weights.size() == 4U);
    BOOST_TEST((one.all->tenant("c", 9) == std::next(weights.begin(), 2)->first));
    for (const auto& [tenant, weight] : weights)
        for (int i = 0; i != 400; ++i)
            one.join(one.what(static_cast<std::uint16_t>(i % 7), lane::bulk, tenant));
    one.run(4s);
    for (const auto& [tenant, weight] : weights)
        BOOST_TEST(one.all->admitted(tenant) == 50U * weight);
    BOOST_CHECK_THROW(one.all->tenant("e", 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_tenant_that_comes_late_does_not_make_up_for_what_it_did_not_ask_for)
{
    instance one;
    const auto early = one.all->tenant("early", 1);
    const auto late = one.all->tenant("late", 1);
    for (int i = 0; i != 300; ++i)
        one.join(one.what(0, lane::bulk, early));
    one.run(1s);
    const auto before = one.all->admitted(early);
    for (int i = 0; i != 300; ++i)
        one.join(one.what(0, lane::bulk, late));
    one.run(1s);
    BOOST_TEST(one.all->admitted(late) == 50U);
    BOOST_TEST(one.all->admitted(early) - before == 50U);
}

BOOST_AUTO_TEST_CASE(a_start_is_predicted_from_those_ahead_and_never_later_than_it_is)
{
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            std::mt19937_64 random(seed);
            instance one;
            std::vector<time_point> predicted;
            const std::uint16_t tenants[] = {0, one.all->tenant("b", 2)};
            for (int i = 0; i != 300; ++i) {
                const auto which = one.what(static_cast<std::uint16_t>(random() % 5),
                                            random() % 2 ? lane::bulk : lane::interactive, tenants[random() % 2]);
                const auto deadline = start + 10s + std::chrono::milliseconds(random() % 300'000);
                predicted.push_back(one.all->predicted_start(which, deadline, one.now));
                one.join(which, deadline);
            }
            // Nobody comes any more, so nobody starts before what was predicted.
            std::vector<time_point> started(300, time_point::max());
            while (one.all->waiting() != 0) {
                for (const auto number : one.run(5ms))
                    started[static_cast<std::size_t>(number)] = one.now;
                BOOST_REQUIRE((one.now < start + 60s));
            }
            std::size_t late = 0;
            for (std::size_t i = 0; i != predicted.size(); ++i)
                late += predicted[i] > started[i] + 40ms ? 1 : 0;
            BOOST_TEST(late == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_hint_of_nothing_left_holds_everything_until_the_reset)
{
    instance one;
    auto pass = one.all->try_admit(one.what(0), one.now);
    BOOST_REQUIRE(pass);
    answer_info answer(200);
    answer.hint = rate_hint();
    answer.hint->remaining = 0;
    answer.hint->reset = 700ms;
    one.all->answered(*pass, one.now, one.now, answer);
    BOOST_TEST(!one.all->try_admit(one.what(1), start + 699ms));
    BOOST_TEST(one.all->try_admit(one.what(1), start + 700ms).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
