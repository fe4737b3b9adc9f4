// Limits of records beside those of the instance: pure, in virtual time.
#include "waiting_instance.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

BOOST_AUTO_TEST_CASE(a_record_waits_for_its_own_limit_and_not_for_an_endpoint_that_is_frozen)
{
    instance one(with_records(2, 10s));
    auto pass = one.all->try_admit(one.what(0), one.now);
    BOOST_REQUIRE(pass);
    one.all->answered(*pass, one.now, one.now, answer_info(429, 600s));
    auto elsewhere = one.with_record(1, 42);
    elsewhere.endpoint = 7;
    for (int i = 0; i != 5; ++i)
        one.join(elsewhere);
    BOOST_TEST(one.run(25s).size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_limit_of_an_endpoint_is_shared_by_weight_and_lane_too)
{
    auto limit = one_per_10_ms();
    auto& rule = limit.rules.emplace_back("each", 10, 1s);
    rule.key = quota_key::endpoint;
    instance one(limit);
    const auto light = one.all->tenant("light", 1);
    const auto heavy = one.all->tenant("heavy", 9);
    for (int i = 0; i != 300; ++i) {
        one.join(one.what(3, lane::bulk, light));
        one.join(one.what(3, lane::bulk, heavy));
    }
    one.run(20s);
    BOOST_TEST(one.all->admitted(light) >= 15U);
    BOOST_TEST(one.all->admitted(light) <= 25U);
    BOOST_TEST(one.all->admitted(heavy) >= 165U);

    instance other(limit);
    for (int i = 0; i != 300; ++i) {
        other.join(other.what(3, lane::interactive));
        other.join(other.what(3, lane::bulk));
    }
    const auto order = other.run(20s);
    const auto bulk = std::count_if(order.begin(), order.end(), [](int i) { return i % 2 == 1; });
    BOOST_TEST(bulk >= 80);
    BOOST_TEST(bulk <= 100);
}

BOOST_AUTO_TEST_CASE(a_request_draws_on_the_record_that_it_names_while_another_one_is_opened)
{
    auto limit = with_records(2, 1s);
    auto& other = limit.rules.emplace_back("other", 2, 1s);
    other.key = quota_key::entity;
    other.paths = {"/others/{id}"};
    instance one(limit);
    const auto draws_on = [&one](std::uint64_t first, std::uint64_t second) {
        auto what = one.with_record(1, first);
        draw next;
        next.rule = 2;
        next.key = second;
        what.draws.add(next);
        return what;
    };
    auto before = one.all->try_admit(one.with_record(1, 7), one.now);
    BOOST_REQUIRE(before);
    one.all->answered(*before, one.now, one.now, answer_info(200));
    one.now += 5s; // record 7 rests, and its bucket is the one to be used again
    auto pass = one.all->try_admit(draws_on(7, 200), one.now);
    BOOST_REQUIRE(pass);
    const auto figures = one.all->rule_figures(one.now);
    BOOST_TEST(figures[1].utilisation == 0.5);
    BOOST_TEST(figures[2].utilisation == 0.5);
    one.all->answered(*pass, one.now, one.now, answer_info(200));
}

BOOST_AUTO_TEST_CASE(requests_without_a_limit_take_no_place_of_the_others)
{
    auto limit = one_per_10_ms();
    limit.in_flight = 2;
    instance one(limit);
    const demand keys(9, draw_list());
    std::vector<ticket> open;
    for (int i = 0; i != 40; ++i) {
        auto pass = one.all->try_admit(keys, one.now);
        BOOST_REQUIRE(pass);
        open.push_back(std::move(*pass));
    }
    auto pass = one.all->try_admit(one.what(0), one.now);
    BOOST_TEST(pass.has_value());
}

BOOST_AUTO_TEST_CASE(a_cap_in_flight_holds_without_a_limit_too)
{
    quota limit;
    limit.in_flight = 1;
    instance one(limit);
    auto first = one.all->try_admit(one.what(0), one.now);
    BOOST_REQUIRE(first);
    BOOST_TEST(!one.all->try_admit(one.what(1), one.now));
    one.all->answered(*first, one.now, one.now, answer_info(200));
    BOOST_TEST(one.all->try_admit(one.what(1), one.now).has_value());
}

BOOST_AUTO_TEST_CASE(what_a_caller_cancels_is_no_overload_and_what_runs_out_of_time_is)
{
    instance one(quota::clerk_production());
    const auto before = one.all->in_flight_cap();
    for (const bool timed_out : {false, true}) {
        one.now += 10s;
        auto pass = one.all->try_admit(one.what(0), one.now);
        BOOST_REQUIRE(pass);
        one.all->unanswered(*pass, one.now + 5ms, true, timed_out);
        BOOST_TEST((one.all->in_flight_cap() < before) == timed_out);
    }
}

BOOST_AUTO_TEST_CASE(what_an_endpoint_has_used_is_not_forgotten_for_records)
{
    auto limit = with_records(5, 1s);
    auto& hourly = limit.rules.emplace_back("hourly", 100, 1h);
    hourly.key = quota_key::endpoint;
    hourly.operations = {"CreateThing"};
    instance one(limit);
    const auto draws_on_hour = [&one] {
        auto what = one.what(3);
        draw hour;
        hour.rule = 2;
        hour.key = 4;
        what.draws.add(hour);
        return what;
    };
    const auto use = [&one](const demand& what) {
        one.now += 10ms;
        auto pass = one.all->try_admit(what, one.now);
        if (pass)
            one.all->answered(*pass, one.now, one.now, answer_info(200));
        return pass.has_value();
    };
    // The server has been up for longer than the hour: nothing of it is unknown.
    BOOST_TEST(use(one.with_record(1, 1)));
    one.now += 2h;
    std::size_t used = 0;
    while (use(draws_on_hour()))
        ++used;
    BOOST_TEST(used == 100U);
    one.now += 2h;
    for (std::uint64_t record = 2; record != 50; ++record)
        BOOST_TEST(use(one.with_record(1, record)));
    // What the endpoint was seen to accept at once is still known.
    const auto kept = one.all->save(one.now, std::chrono::system_clock::time_point(1'700'000'000s));
    BOOST_TEST(kept.find(R"("rule":"hourly","key":"4","burst":0,"tried":100)") != std::string::npos, kept);
}

BOOST_AUTO_TEST_SUITE_END()
