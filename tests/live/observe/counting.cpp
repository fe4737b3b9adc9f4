// Calls, attempts and their events add up.
#include "live/observe/fixture.hpp"

#include "call/client_state.hpp"

#include <usher/metrics.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <map>

using namespace usher;
using namespace usher::tests;

namespace {

struct counting_observer final : observer {
    void on_attempt(const attempt_event& event) noexcept override
    {
        attempts += event.was_admitted() ? 1 : 0;
        ++of_call[event.call];
    }
    void on_call(const call_event& event) noexcept override
    {
        ++calls;
        (event.failure == nullptr ? answers : errors) += 1;
        told_attempts += static_cast<std::uint64_t>(event.attempts);
        ++ends[event.call];
        reconciled += event.reconciled ? 1 : 0;
        last_duration = event.duration;
        last_priority = event.priority;
    }
    std::uint64_t calls = 0;
    std::uint64_t answers = 0;
    std::uint64_t errors = 0;
    std::uint64_t attempts = 0;
    std::uint64_t told_attempts = 0;
    std::uint64_t reconciled = 0;
    nanoseconds last_duration{0};
    lane last_priority = lane::interactive;
    std::map<std::uint64_t, int> of_call;
    std::map<std::uint64_t, int> ends;
};

struct counted_fixture : traced_fixture {
    clerk::client counted(std::function<script(int)> act, retry_policy policy)
    {
        server.emplace(io, std::move(act));
        client_options options;
        options.base_url = server->url();
        options.quota = quota::unlimited();
        options.retry = policy;
        options.watcher = std::make_shared<observers>(
            std::vector<std::shared_ptr<observer>>{counts, nullptr, std::shared_ptr<observer>(&figures, [](void*) {})});
        return clerk::client(on, secret("sk_live_usherusherusherusherusherusher"), options);
    }

    std::shared_ptr<counting_observer> counts = std::make_shared<counting_observer>();
    metrics figures;
};

retry_policy quick()
{
    retry_policy policy;
    policy.max_attempts = 3;
    policy.initial_backoff = 1ms;
    policy.budgeted = false;
    return policy;
}

asio::awaitable<void> refused_id(clerk::client clerk)
{
    const auto user = co_await clerk.users().get("..");
    BOOST_TEST(!user);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(counting, counted_fixture)

BOOST_AUTO_TEST_CASE(every_call_ends_once_and_every_attempt_is_told)
{
    // One in five fails, one call three times, and one with a status that is not tried again.
    const auto clerk = counted(
        [](int number) {
            if (number % 17 == 0)
                return script(404);
            return number % 5 == 0 || (number >= 7 && number < 10) ? script(503) : script();
        },
        quick());
    std::vector<count_result> done;
    for (int i = 0; i != 20; ++i) // so that the breaker stays closed
        done.push_back(call(clerk));
    run(refused_id(clerk));
    const auto counters = on.counters();
    BOOST_TEST(counters.calls == 21U);
    BOOST_TEST(counters.calls == counters.answers + counters.errors);
    BOOST_TEST(counts->calls == counters.calls);
    BOOST_TEST(counts->answers == counters.answers);
    BOOST_TEST(counts->errors == counters.errors);
    BOOST_TEST(counts->attempts == counters.attempts);
    BOOST_TEST(counts->told_attempts == counters.attempts);
    BOOST_TEST(counters.attempts == static_cast<std::uint64_t>(server->requests()));
    BOOST_TEST(counters.attempts > 21U);
    BOOST_TEST(counts->ends.size() == 21U);
    for (const auto& [number, times] : counts->ends) {
        BOOST_TEST((number >= 1U && number <= 21U));
        BOOST_TEST(times == 1);
    }
    std::string text;
    figures.write_prometheus(text);
    BOOST_TEST(text.find("usher_calls_total{service=\"clerk\",operation=\"GetUser\",result=\"invalid_request\"} 1\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_request_beside_a_slow_one_counts_for_its_call)
{
    auto policy = retry_policy::none();
    policy.hedge = true;
    const auto clerk = counted([](int number) { return script(200, number == 2 ? 60'000ms : 0ms); }, policy);
    // As if there had been 120 requests that took 50 ms; and one that opens a connection.
    auto& health = *clerk.state()->health;
    for (const auto* operation : clerk.state()->service.operations)
        for (int i = 0; operation->id == "GetUsersCount" && i != 120; ++i) {
            health.latencies_of(operation->index).add(50ms);
            health.hedges.sent();
        }
    call_options plain;
    plain.retry = retry_policy::none();
    call(clerk, plain);
    const auto before = counts->calls;
    const auto trace = traced(clerk);
    const auto counters = on.counters();
    BOOST_TEST(counts->calls == before + 1);
    BOOST_TEST(counts->attempts == counters.attempts);
    BOOST_TEST(counts->told_attempts == counters.attempts);
    BOOST_TEST_REQUIRE(counters.hedges_won == 1U);
    BOOST_TEST((trace.duration() < 20s));
    check_sum(trace);
    BOOST_TEST(trace.attempts().size() == 2U);
    BOOST_TEST(trace.to_string().find("second request beside it") != std::string::npos);
    BOOST_TEST(trace.to_string().find("needless") != std::string::npos);
    server->stop();
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_while_it_waits_to_try_again_ends_once)
{
    retry_policy patient;
    patient.initial_backoff = 60s;
    patient.max_backoff = 60s;
    const auto clerk = counted([](int) { return script(503); }, patient);
    call_trace trace;
    call_options how;
    how.trace = &trace;
    std::optional<count_result> done;
    asio::cancellation_signal stop;
    bool over = false;
    asio::co_spawn(io, one(clerk, how, done),
                   asio::bind_cancellation_slot(stop.slot(), [&over](std::exception_ptr) { over = true; }));
    while (trace.attempts().empty())
        io.run_one();
    stop.emit(asio::cancellation_type::terminal);
    while (!over)
        io.run_one();
    BOOST_TEST(counts->calls == 1U);
    BOOST_TEST(counts->errors == 1U);
    BOOST_TEST(trace.is_over());
    BOOST_TEST((trace.failure() == error_kind::cancelled));
    check_sum(trace);
}

BOOST_AUTO_TEST_CASE(figures_of_engine_and_quota_are_those_of_now)
{
    const auto clerk = counted([](int) { return script(); }, quick());
    call(clerk, 3);
    figures.look(on, "main");
    figures.look(clerk);
    std::string text;
    figures.write_prometheus(text);
    BOOST_TEST(text.find("usher_connections{engine=\"main\"} 1\n") != std::string::npos);
    BOOST_TEST(text.find("usher_idle_connections{engine=\"main\"} 1\n") != std::string::npos);
    BOOST_TEST(text.find("usher_quota_admitted_total{client=\"\"} 3\n") != std::string::npos);
    BOOST_TEST(text.find("usher_call_duration_seconds_count{service=\"clerk\",operation=\"GetUsersCount\"} 3\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
