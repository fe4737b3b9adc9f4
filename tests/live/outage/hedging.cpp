// Second requests beside those that take long, in real time.
#include "live/outage/scripted_server.hpp"

#include "call/client_state.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace usher;
using namespace usher::tests;

namespace {

constexpr int known = 1; // requests before those that a test is about

retry_policy hedging()
{
    auto policy = retry_policy::none();
    policy.hedge = true;
    return policy;
}

/// Quick at first; then what the test says of the request after those, and of those behind it.
std::function<script(int)> then(script first, script second = script())
{
    return [=](int number) { return number <= known ? script() : number == known + 1 ? first : second; };
}

/// As if there had been 120 requests that took 50 ms: real ones would be hedged themselves now and then, since each
/// twentieth is among the slowest. One real request, without a hedge, opens a connection.
void learn(outage_fixture& fixture, const clerk::client& clerk, std::chrono::milliseconds usual = 50ms)
{
    auto& health = *clerk.state()->health;
    for (const auto* operation : clerk.state()->service.operations)
        for (int i = 0; operation->id == "GetUsersCount" && i != 120; ++i) {
            health.latencies_of(operation->index).add(usual);
            health.hedges.sent();
        }
    call_options plain;
    plain.retry = retry_policy::none();
    BOOST_TEST_REQUIRE(fixture.call(clerk, plain).has_value());
}

/// Answered so long after the request behind it has come.
script after_the_second(int status, std::chrono::milliseconds delay)
{
    script how(status, delay);
    how.behind = known + 2;
    return how;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(hedges, outage_fixture)

BOOST_AUTO_TEST_CASE(a_request_that_takes_long_gets_a_second_one_and_the_first_answer_counts)
{
    const auto clerk = client(then(script(200, 60s)), hedging());
    learn(*this, clerk);
    watcher->events.clear();
    const auto begun = clock::now();
    const auto counted = call(clerk);
    BOOST_TEST((clock::now() - begun < 20s));
    BOOST_TEST_REQUIRE(counted.has_value());
    BOOST_TEST(counted->total_count == known + 2);
    BOOST_TEST(on.counters().hedges == 1U);
    BOOST_TEST(on.counters().hedges_won == 1U);
    BOOST_TEST(on.counters().attempts == static_cast<std::uint64_t>(known + 2));
    BOOST_TEST(on.counters().retries == 0U);
    BOOST_TEST_REQUIRE(watcher->events.size() == 2U);
    BOOST_TEST(!watcher->events[0].is_hedge);
    BOOST_TEST((watcher->events[0].failure == error_kind::cancelled));
    BOOST_TEST(watcher->events[1].is_hedge);
    BOOST_TEST(watcher->events[1].status == 200);
    BOOST_TEST(clerk.usage().in_flight == 0U);
    BOOST_TEST(clerk.state()->limits->stats().unanswered == 1U); // and may still have arrived
    // What is left works on, and the other connection is gone.
    call_options plain; // or a pause of the machine would bring a second request
    plain.retry = retry_policy::none();
    BOOST_TEST(call(clerk, plain).has_value());
    BOOST_TEST(on.counters().connections == 1U);
}

BOOST_AUTO_TEST_CASE(the_first_request_may_still_be_answered_first)
{
    const auto clerk = client(then(after_the_second(200, 0ms), script(200, 60s)), hedging());
    learn(*this, clerk);
    watcher->events.clear();
    const auto counted = call(clerk);
    BOOST_TEST_REQUIRE(counted.has_value());
    BOOST_TEST(counted->total_count == known + 1);
    BOOST_TEST(server->requests() == known + 2);
    BOOST_TEST(on.counters().hedges == 1U);
    BOOST_TEST(on.counters().hedges_won == 0U);
    BOOST_TEST_REQUIRE(watcher->events.size() == 2U);
    BOOST_TEST(watcher->events[0].is_hedge);
    BOOST_TEST((watcher->events[0].failure == error_kind::cancelled));
    BOOST_TEST(watcher->events[1].status == 200);
    BOOST_TEST(clerk.usage().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(half_an_answer_leaves_nothing_behind)
{
    script half;
    half.only_half = true;
    const auto clerk = client(then(half), hedging());
    learn(*this, clerk);
    raw_answer raw;
    call_options how;
    how.keep_raw = &raw;
    const auto counted = call(clerk, how);
    BOOST_TEST_REQUIRE(counted.has_value());
    BOOST_TEST(counted->total_count == known + 2);
    BOOST_TEST(raw.body == R"({"object":"total_count","total_count":)" + std::to_string(known + 2) + "}");
}

BOOST_AUTO_TEST_CASE(an_answer_that_asks_to_come_again_waits_for_the_other_one)
{
    const auto clerk = client(then(after_the_second(200, 200ms), script(500)), hedging());
    learn(*this, clerk);
    const auto counted = call(clerk);
    BOOST_TEST_REQUIRE(counted.has_value());
    BOOST_TEST(counted->total_count == known + 1);
    BOOST_TEST(server->requests() == known + 2);
    BOOST_TEST(on.counters().hedges_won == 0U);
    BOOST_TEST(clerk.usage().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(when_both_fail_the_call_ends_as_its_first_request_did)
{
    const auto clerk = client(then(after_the_second(502, 200ms), script(500)), hedging());
    learn(*this, clerk);
    const auto counted = call(clerk);
    BOOST_TEST_REQUIRE(!counted);
    BOOST_TEST(counted.error().status() == 502);
    BOOST_TEST(counted.error().attempts() == 1);
}

BOOST_AUTO_TEST_CASE(at_most_one_request_in_fifty_is_hedged)
{
    const auto clerk =
        client([](int number) { return script(200, number > 120 && number % 5 == 0 ? 20ms : 0ms); }, hedging());
    constexpr std::uint64_t calls = 400;
    call(clerk, calls);
    BOOST_TEST(on.counters().hedges >= 2U);
    BOOST_TEST(50 * on.counters().hedges <= calls);
}

BOOST_AUTO_TEST_CASE(nothing_is_hedged_while_most_of_the_quota_is_used)
{
    // One request each 100 ms, which any machine makes, so that nearly all of it is used in the end.
    quota limit(40, 4s);
    limit.least_spread = limit.most_spread = 1ms;
    limit.slow_start = 0ms;
    bool is_slow = false;
    const auto clerk = client([&](int) { return script(200, is_slow ? 400ms : 0ms); }, hedging(), limit);
    const auto used = [&clerk] { return clerk.usage().limits.at(0).utilisation; };
    learn(*this, clerk, 250ms); // when the pace has room for two again
    call_options plain;
    plain.retry = retry_policy::none();
    // On a machine that stands still meanwhile less is used in the end, and a second request is right.
    bool was_used = false;
    for (int tries = 0; tries != 10 && !was_used; ++tries) {
        is_slow = false;
        for (int calls = 0; calls != 100 && used() < 0.93; ++calls)
            call(clerk, plain);
        is_slow = true;
        const auto before = on.counters().hedges;
        BOOST_TEST_REQUIRE(call(clerk).has_value());
        was_used = used() > 0.8;
        BOOST_TEST((!was_used || on.counters().hedges == before));
    }
    BOOST_TEST(was_used);
}

BOOST_AUTO_TEST_CASE(without_the_policy_there_is_no_second_request)
{
    const auto clerk = client(then(script(200, 200ms)));
    call(clerk, known);
    const auto counted = call(clerk);
    BOOST_TEST_REQUIRE(counted.has_value());
    BOOST_TEST(counted->total_count == known + 1);
    BOOST_TEST(server->requests() == known + 1);
}

BOOST_AUTO_TEST_CASE(both_requests_end_with_a_call_that_is_cancelled)
{
    const auto clerk = client(then(script(200, 60s), script(200, 60s)), hedging());
    learn(*this, clerk);
    asio::cancellation_signal signal;
    std::optional<count_result> done;
    bool over = false;
    asio::co_spawn(io, one(clerk, call_options(), done),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr) { over = true; }));
    while (server->requests() < known + 2)
        io.run_one();
    signal.emit(asio::cancellation_type::terminal);
    run_ready();
    BOOST_TEST(over);
    BOOST_TEST_REQUIRE(done.has_value());
    BOOST_TEST(done->error().is_cancelled());
    BOOST_TEST(clerk.usage().in_flight == 0U);
    BOOST_TEST(on.counters().connections == 0U);
}

BOOST_AUTO_TEST_CASE(a_context_may_go_while_both_are_on_their_way)
{
    std::optional<count_result> done;
    {
        outage_fixture inner;
        const auto clerk = inner.client(then(script(200, 60s), script(200, 60s)), hedging());
        learn(inner, clerk);
        asio::co_spawn(inner.io, one(clerk, call_options(), done), asio::detached);
        while (inner.server->requests() < known + 2)
            inner.io.run_one();
    }
    BOOST_TEST(!done);
}

BOOST_AUTO_TEST_SUITE_END()
