// Limits of records beside those of the instance: pure, in virtual time.
#include "waiting_instance.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace waiting_tests;

BOOST_AUTO_TEST_SUITE(scheduler_records)

BOOST_AUTO_TEST_CASE(a_record_that_is_used_up_holds_up_nobody_else)
{
    instance one(with_records(2, 10s));
    for (int i = 0; i != 5; ++i)
        one.join(one.with_record(1, 77));
    for (int i = 0; i != 20; ++i)
        one.join(one.what(0));
    const auto order = one.run(300ms);
    BOOST_TEST(std::count_if(order.begin(), order.end(), [](int i) { return i < 5; }) == 2);
    BOOST_TEST(std::count_if(order.begin(), order.end(), [](int i) { return i >= 5; }) == 20);
    BOOST_TEST(one.all->waiting() == 3U);
    const auto rest = one.run(21s);
    BOOST_TEST(rest == (std::vector<int>{2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_denied_demand_draws_on_none_of_its_buckets)
{
    instance one(with_records(1, 60s));
    const auto hot = one.with_record(1, 5);
    auto first = one.all->try_admit(hot, one.now);
    BOOST_REQUIRE(first);
    one.all->answered(*first, one.now, one.now, answer_info(200));
    for (int i = 0; i != 1000; ++i) {
        one.now += 10ms;
        BOOST_TEST(!one.all->try_admit(hot, one.now));
    }
    const auto figures = one.all->rule_figures(one.now);
    BOOST_TEST(figures[0].admitted == 1U);
    BOOST_TEST(figures[1].admitted == 1U);
    // The whole pace is left for others.
    int free = 0;
    for (int i = 0; i != 100; ++i) {
        one.now += 10ms;
        auto pass = one.all->try_admit(one.what(0), one.now);
        free += pass ? 1 : 0;
        if (pass)
            one.all->unanswered(*pass, one.now, false);
    }
    BOOST_TEST(free == 100);
}

BOOST_AUTO_TEST_CASE(what_was_not_sent_gives_everything_back)
{
    instance one(with_records(2, 60s));
    for (int i = 0; i != 50; ++i) {
        one.now += 10ms;
        auto pass = one.all->try_admit(one.with_record(1, 9), one.now);
        BOOST_REQUIRE(pass);
        one.all->unanswered(*pass, one.now, false);
    }
    const auto figures = one.all->rule_figures(one.now);
    BOOST_TEST(figures[1].admitted == 0U);
    BOOST_TEST(figures[1].utilisation == 0);
    BOOST_TEST(one.all->stats(one.now).given_back == 50U);
}

BOOST_AUTO_TEST_CASE(records_that_rest_are_forgotten_so_that_memory_stays)
{
    instance one(with_records(3, 1s));
    for (std::uint64_t record = 1; record != 20'000; ++record) {
        one.now += 10ms;
        auto pass = one.all->try_admit(one.with_record(1, record), one.now);
        BOOST_REQUIRE(pass);
        one.all->answered(*pass, one.now, one.now, answer_info(200));
    }
    // A window holds a hundred of them, and as many may be looked at in vain.
    BOOST_TEST(one.all->rule_figures(one.now)[1].buckets < 400U);
}

BOOST_AUTO_TEST_CASE(beyond_what_was_accepted_before_one_request_at_a_time_is_on_its_way)
{
    instance one(with_records(20, 50s));
    one.answered_after = 200ms;
    for (int i = 0; i != 20; ++i)
        one.join(one.with_record(1, 4));
    // Two at once, a tenth; then one by one, each learns from the one before.
    BOOST_TEST(one.run(100ms).size() == 2U);
    BOOST_TEST(one.run(1s).size() == 5U);
    one.run(10s);
    BOOST_TEST(one.all->waiting() == 0U);
    // The next time all of them go at once, as fast as the instance allows.
    one.run(60s);
    for (int i = 0; i != 20; ++i)
        one.join(one.with_record(1, 4));
    BOOST_TEST(one.run(250ms).size() == 20U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_put_down_to_the_record_when_its_limit_is_the_likely_one)
{
    instance one(with_records(10, 10s));
    std::vector<ticket> open;
    for (int i = 0; i != 5; ++i) {
        one.now += 100ms;
        auto pass = one.all->try_admit(one.with_record(1, 8), one.now);
        BOOST_REQUIRE(pass);
        one.all->answered(*pass, one.now, one.now,
                          answer_info(i == 4 ? 429 : 200, i == 4 ? std::optional(3s) : std::nullopt));
    }
    one.now += 100ms;
    BOOST_TEST(!one.all->try_admit(one.with_record(1, 8), one.now));
    auto other = one.all->try_admit(one.with_record(1, 9), one.now); // same endpoint, another record
    BOOST_TEST(other.has_value());
    BOOST_TEST(one.all->rule_figures(one.now)[1].refused == 1U);
    if (other)
        one.all->answered(*other, one.now, one.now, answer_info(200));
}

BOOST_AUTO_TEST_SUITE_END()
