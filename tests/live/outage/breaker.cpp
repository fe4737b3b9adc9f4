// What calls meet while a service fails, in real time.
#include "live/outage/scripted_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace usher;
using namespace usher::tests;

namespace {

constexpr int trips = 20; // failures

script failing_at_first(int number)
{
    return number <= trips ? script(500) : script();
}

asio::awaitable<void> one_get(clerk::client clerk, call_options how)
{
    const auto user = co_await clerk.users().get("user_1", how);
    BOOST_TEST(!user);
}

script always_failing(int)
{
    return script(500);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(breaking, outage_fixture)

BOOST_AUTO_TEST_CASE(an_interactive_call_fails_at_once_and_says_when_to_come_again)
{
    const auto clerk = client(always_failing);
    call(clerk, trips);
    const auto refused = call_at_once(clerk);
    BOOST_TEST_REQUIRE(!refused);
    const auto& why = refused.error();
    BOOST_TEST((why.kind() == error_kind::unavailable));
    BOOST_TEST((why.stage() == call_stage::admission));
    BOOST_TEST((why.outcome() == call_outcome::not_sent));
    BOOST_TEST(why.attempts() == 0);
    BOOST_TEST(why.is_retryable());
    BOOST_TEST(why.retry_after().value_or(0s).count() == 1);
    BOOST_TEST(why.message().find("asked again in 1 s") != std::string::npos);
    BOOST_TEST(why.message().find("the service failed") != std::string::npos);
    BOOST_TEST(server->requests() == trips);
    BOOST_TEST(on.counters().unavailable == 1U);
    BOOST_TEST(on.counters().attempts == static_cast<std::uint64_t>(trips));
}

BOOST_AUTO_TEST_CASE(calls_that_waited_for_the_quota_meanwhile_are_refused_too)
{
    quota one_at_a_time(1'000'000, 1s);
    one_at_a_time.in_flight = 1;
    const auto clerk = client(always_failing, retry_policy::none(), one_at_a_time);
    std::vector<std::optional<count_result>> done(trips + 10);
    std::size_t left = done.size();
    for (auto& each : done)
        asio::co_spawn(io, one(clerk, call_options(), each), [&left](std::exception_ptr) { --left; });
    while (left > 0)
        io.run_one();
    BOOST_TEST(server->requests() == trips);
    BOOST_TEST(std::count_if(done.begin(), done.end(), [](const auto& each) {
                   return each && each->error().kind() == error_kind::unavailable;
               }) == 10);
    BOOST_TEST(clerk.usage().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(clients_with_the_same_key_share_it_and_others_do_not)
{
    const auto clerk = client(always_failing);
    call(clerk, trips);
    client_options options;
    options.base_url = server->url();
    const clerk::client same(on, secret("sk_live_usherusherusherusherusherusher"), options);
    options.retry = retry_policy::none();
    const clerk::client other(on, secret("sk_live_another_instance_0000000000000"), options);
    BOOST_TEST((call(same).error().kind() == error_kind::unavailable));
    BOOST_TEST((call(other).error().kind() == error_kind::service));
}

BOOST_AUTO_TEST_CASE(a_bulk_call_waits_for_the_next_probe_and_pays_nothing_for_it)
{
    auto policy = retry_policy();
    policy.max_attempts = 1;
    const auto clerk = client(failing_at_first, policy);
    call(clerk, trips);
    watcher->events.clear();
    const auto begun = clock::now();
    const auto counted = call(clerk, bulk());
    const auto took = clock::now() - begun;
    BOOST_TEST_REQUIRE(counted.has_value());
    BOOST_TEST((took > 600ms));
    BOOST_TEST((took < 10s)); // not the longest that a breaker is open
    BOOST_TEST(watcher->events.size() == 1U);
    BOOST_TEST(on.counters().unavailable == 1U);
}

BOOST_AUTO_TEST_CASE(of_many_that_wait_three_go_one_at_a_time_and_then_all)
{
    const auto clerk = client([](int number) { return number <= trips ? script(500) : script(200, 150ms); });
    call(clerk, trips);
    std::vector<std::optional<count_result>> done(40);
    int left = static_cast<int>(done.size());
    for (auto& each : done)
        asio::co_spawn(io, one(clerk, bulk(), each), [&left](std::exception_ptr) { --left; });
    server->most_at_once = 0;
    int most_among_probes = 0;
    while (left > 0) {
        io.run_one();
        if (server->requests() <= trips + 3)
            most_among_probes = std::max(most_among_probes, server->at_once);
    }
    BOOST_TEST(std::all_of(done.begin(), done.end(), [](const auto& each) { return each && each->has_value(); }));
    BOOST_TEST(most_among_probes == 1);
    BOOST_TEST(server->most_at_once > 3);
    BOOST_TEST(server->requests() == trips + 40);
    BOOST_TEST(clerk.usage().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(a_waiting_call_whose_endpoint_is_frozen_holds_up_no_other_one)
{
    const auto clerk = client([](int number) {
        script how(number == 1 ? 429 : number <= trips + 2 ? 500 : 404);
        if (number == 1)
            how.headers = "Retry-After: 60\r\n";
        return how;
    });
    call(clerk);
    while (on.counters().unavailable == 0)
        run(one_get(clerk, call_options()));
    const auto before = server->requests();
    std::optional<count_result> frozen;
    asio::co_spawn(io, one(clerk, bulk(), frozen), asio::detached);
    io.poll(); // it waits first
    const auto begun = clock::now();
    run(one_get(clerk, bulk()));
    BOOST_TEST((clock::now() - begun < 15s));
    BOOST_TEST(server->requests() == before + 1);
    BOOST_TEST(!frozen);
}

BOOST_AUTO_TEST_CASE(a_bulk_call_that_could_not_begin_before_its_deadline_is_refused_at_once)
{
    const auto clerk = client(always_failing);
    call(clerk, trips);
    auto hasty = bulk();
    hasty.deadline = 300ms;
    const auto refused = call_at_once(clerk, hasty);
    BOOST_TEST_REQUIRE(!refused);
    BOOST_TEST(refused.error().is_timeout());
    BOOST_TEST((refused.error().stage() == call_stage::admission));
    BOOST_TEST(server->requests() == trips);
}

BOOST_AUTO_TEST_CASE(a_bulk_call_that_waits_can_be_cancelled)
{
    const auto clerk = client(always_failing);
    call(clerk, trips);
    asio::cancellation_signal signal;
    std::optional<count_result> done;
    bool over = false;
    asio::co_spawn(io, one(clerk, bulk(), done),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) { over = true; }));
    io.poll();
    BOOST_TEST(!over);
    signal.emit(asio::cancellation_type::terminal);
    run_ready();
    BOOST_TEST(over);
    BOOST_TEST_REQUIRE(done.has_value());
    BOOST_TEST(done->error().is_cancelled());
    BOOST_TEST(server->requests() == trips);
    BOOST_TEST(clerk.usage().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(calls_that_their_caller_cancelled_trip_nothing)
{
    const auto clerk = client([](int number) { return script(200, number <= 2 * trips ? 10s : 0ms); });
    std::vector<std::optional<count_result>> done(2 * trips);
    std::list<asio::cancellation_signal> signals;
    std::size_t left = done.size();
    for (auto& each : done)
        asio::co_spawn(
            io, one(clerk, call_options(), each),
            asio::bind_cancellation_slot(signals.emplace_back().slot(), [&](std::exception_ptr) { --left; }));
    while (server->requests() < 2 * trips)
        io.run_one();
    for (auto& signal : signals)
        signal.emit(asio::cancellation_type::terminal);
    while (left > 0)
        io.run_one();
    BOOST_TEST(call(clerk).has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_retry_budget_ends_a_call_at_once_and_says_so)
{
    retry_policy stubborn;
    stubborn.max_attempts = 1000;
    stubborn.initial_backoff = 0ms;
    const auto clerk = client(
        [](int) {
            script refuses(429);
            refuses.headers = "Retry-After: 0\r\n";
            return refuses;
        },
        stubborn);
    const auto refused = call(clerk);
    BOOST_TEST_REQUIRE(!refused);
    BOOST_TEST((refused.error().stopped() == stop_reason::retry_budget));
    BOOST_TEST(refused.error().attempts() == 101); // 500 / 5, and the first one
    BOOST_TEST(on.counters().not_retried == 1U);
    BOOST_TEST(on.counters().unavailable == 0U);
    BOOST_TEST(call(clerk).error().attempts() == 1);
    auto unbudgeted = call_options();
    unbudgeted.retry = stubborn;
    unbudgeted.retry->max_attempts = 50;
    unbudgeted.retry->budgeted = false;
    BOOST_TEST(call(clerk, unbudgeted).error().attempts() == 50);
}

BOOST_AUTO_TEST_CASE(successes_fill_the_retry_budget_again)
{
    retry_policy stubborn;
    stubborn.max_attempts = 1000;
    stubborn.initial_backoff = 0ms;
    const auto clerk = client(
        [](int number) {
            script how(number <= 101 || number == 107 || number >= 109 ? 429 : 200);
            how.headers = "Retry-After: 0\r\n";
            return how;
        },
        stubborn);
    BOOST_TEST((call(clerk).error().stopped() == stop_reason::retry_budget));
    call(clerk, 5); // each gives back 1, and one more attempt after a 429 takes 5
    BOOST_TEST(call(clerk).has_value());
    BOOST_TEST(server->requests() == 108);
    BOOST_TEST(call(clerk).error().attempts() == 1);
}

BOOST_AUTO_TEST_CASE(nobody_asks_an_endpoint_again_before_the_retry_after_of_its_503_has_ended)
{
    const auto clerk = client([](int number) {
        script how(number == 1 ? 503 : 200);
        if (number == 1)
            how.headers = "Retry-After: 1\r\n";
        return how;
    });
    BOOST_TEST((call(clerk).error().retry_after() == 1s));
    const auto answered = clock::now();
    BOOST_TEST(call(clerk).has_value()); // another call
    BOOST_TEST_REQUIRE(server->requests() == 2);
    BOOST_TEST((server->came[1] - server->came[0] >= 1s));
    BOOST_TEST((server->came[1] - answered < 15s));
}

BOOST_AUTO_TEST_SUITE_END()
