// For each reason why a call can be slow: its trace names that reason, and how long it took.
#include "live/observe/fixture.hpp"

using namespace usher;
using namespace usher::tests;

namespace {

script at_once(int)
{
    return script();
}

/// One request per window after the first.
quota one_per(std::string name, std::chrono::milliseconds window)
{
    quota limits;
    limits.rules.emplace_back(std::move(name), 1, window);
    limits.least_spread = 1ms;
    limits.most_spread = 1ms;
    limits.slow_start = 0ms;
    return limits;
}

asio::awaitable<void> traced_get(clerk::client clerk, std::string id, call_options how)
{
    [[maybe_unused]] const auto user = co_await clerk.users().get(id, how);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(causes, traced_fixture)

BOOST_AUTO_TEST_CASE(a_wait_for_the_quota_is_told_with_the_name_of_its_limit)
{
    const auto clerk = client(at_once, retry_policy::none(), one_per("the small plan", 300ms));
    const auto first = traced(clerk);
    BOOST_TEST(first.attempts().size() == 1U);
    const auto trace = traced(clerk);
    const auto slowest = check_slowest(trace, call_phase::admission, 200);
    BOOST_TEST((slowest.held == wait_reason::limit));
    BOOST_TEST(slowest.held_by == "the small plan");
    BOOST_TEST(trace.to_string().find("waited for the quota (limit \"the small plan\")") != std::string::npos);
    BOOST_TEST(watcher->events.back().held_by == "the small plan");
}

BOOST_AUTO_TEST_CASE(a_records_limit_is_named_and_the_instances_is_not)
{
    auto limits = quota(1000, 1s);
    quota_rule of_record("one user", 1, 300ms);
    of_record.paths = {"/users/{user_id}"};
    of_record.key = quota_key::entity;
    limits.rules.push_back(of_record);
    limits.slow_start = 0ms;
    const auto clerk = client(at_once, retry_policy::none(), limits);
    run(traced_get(clerk, "user_1", call_options()));
    call_trace trace;
    call_options how;
    how.trace = &trace;
    run(traced_get(clerk, "user_1", how));
    const auto slowest = check_slowest(trace, call_phase::admission, 200);
    BOOST_TEST((slowest.held == wait_reason::limit));
    BOOST_TEST(slowest.held_by == "one user");
    BOOST_TEST(trace.to_string().find("user_1") == std::string::npos);

    run(traced_get(clerk, "user_2", how));
    BOOST_TEST_REQUIRE(trace.slowest().has_value());
    BOOST_TEST((trace.slowest()->phase != call_phase::admission));
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_the_service_asked_to_leave_alone_is_told_as_such)
{
    const auto clerk = client(
        [](int number) {
            script refused(429);
            refused.headers = "Retry-After: 1\r\n";
            return number == 1 ? refused : script();
        },
        retry_policy::none(), quota(1000, 1s));
    const auto refused = traced(clerk);
    BOOST_TEST(refused.status() == 429);
    BOOST_TEST(refused.to_string().find("Retry-After 1 s") != std::string::npos);
    const auto trace = traced(clerk);
    const auto slowest = check_slowest(trace, call_phase::admission, 800);
    BOOST_TEST((slowest.held == wait_reason::retry_after));
}

BOOST_AUTO_TEST_CASE(a_place_among_the_requests_on_their_way_is_told_as_such)
{
    quota limits(1'000'000, 1s);
    limits.in_flight = 1;
    const auto clerk = client([](int) { return script(200, 200ms); }, retry_policy::none(), limits);
    call_trace first;
    call_trace second;
    std::optional<count_result> done[2];
    int left = 2;
    call_options how;
    for (auto* trace : {&first, &second}) {
        how.trace = trace;
        asio::co_spawn(io, one(clerk, how, done[trace == &first ? 0 : 1]), [&left](std::exception_ptr) { --left; });
    }
    while (left > 0)
        io.run_one();
    check_slowest(first, call_phase::first_byte, 190);
    BOOST_TEST(first.number() != second.number());
    const auto waited = std::find_if(second.steps().begin(), second.steps().end(),
                                     [](const auto& step) { return step.phase == call_phase::admission; });
    BOOST_TEST_REQUIRE((waited != second.steps().end()));
    BOOST_TEST(ms(waited->duration) > 180);
    BOOST_TEST((waited->held == wait_reason::in_flight));
    check_sum(second);
}

BOOST_AUTO_TEST_CASE(the_limit_of_a_call_that_ran_out_of_time_is_named_too)
{
    const auto clerk = client(at_once, retry_policy::none(), one_per("an hour's", 3600s));
    traced(clerk);
    call_options how;
    how.deadline = 50ms;
    const auto trace = traced(clerk, how);
    BOOST_TEST(!*last);
    BOOST_TEST((trace.failure() == error_kind::timeout));
    BOOST_TEST_REQUIRE(!watcher->events.empty());
    BOOST_TEST(watcher->events.back().held_by == "an hour's");
    BOOST_TEST(!watcher->events.back().was_admitted());
}

BOOST_AUTO_TEST_CASE(a_call_that_the_breaker_holds_back_says_so)
{
    const auto clerk = client([](int number) { return number <= 20 ? script(500) : script(); });
    call(clerk, 20);
    const auto trace = traced(clerk, bulk());
    check_slowest(trace, call_phase::breaker, 700);
    const auto& event = watcher->events.back();
    BOOST_TEST(ms(event.breaker) > 700);
    BOOST_TEST((event.credentials < event.breaker));
}

BOOST_AUTO_TEST_CASE(a_full_pool_is_told_apart_from_a_connection_that_is_set_up)
{
    engine_options small;
    small.max_connections_per_origin = 1;
    engine narrow(io.get_executor(), small);
    server.emplace(io, [](int) { return script(200, 150ms); });
    client_options options;
    options.base_url = server->url();
    options.quota = quota::unlimited();
    const clerk::client clerk(narrow, secret("sk_live_usherusherusherusherusherusher"), options);
    std::optional<count_result> done[3];
    call_trace traces[3];
    int left = 3;
    for (std::size_t i = 0; i != 3; ++i) {
        call_options how;
        how.trace = &traces[i];
        asio::co_spawn(io, one(clerk, how, done[i]), [&left](std::exception_ptr) { --left; });
    }
    while (left > 0)
        io.run_one();
    check_slowest(traces[0], call_phase::first_byte, 140);
    check_slowest(traces[2], call_phase::pool, 280);
}

BOOST_AUTO_TEST_CASE(a_service_that_takes_its_time_is_told_by_the_first_byte)
{
    const auto clerk = client([](int) { return script(200, 150ms); });
    const auto trace = traced(clerk);
    check_slowest(trace, call_phase::first_byte, 145);
    BOOST_TEST(trace.status() == 200);
    BOOST_TEST(trace.operation() == "GetUsersCount");
    BOOST_TEST(trace.path() == "/users/count");
}

BOOST_AUTO_TEST_CASE(an_answer_that_drips_is_told_by_its_body)
{
    const auto clerk = client([](int) {
        script how;
        how.in_body = 150ms;
        return how;
    });
    check_slowest(traced(clerk), call_phase::body, 145);
}

BOOST_AUTO_TEST_CASE(a_first_byte_that_never_comes_is_told_as_long_as_it_was_waited_for)
{
    const auto clerk = client([](int) { return script(200, 5s); });
    call_options how;
    how.timeouts.emplace();
    how.timeouts->first_byte = 120ms;
    const auto trace = traced(clerk, how);
    check_slowest(trace, call_phase::first_byte, 110);
    BOOST_TEST((trace.failure() == error_kind::timeout));
    server->stop();
}

BOOST_AUTO_TEST_CASE(backoffs_are_summed_up_over_the_attempts)
{
    retry_policy patient;
    patient.initial_backoff = 150ms;
    patient.multiplier = 1;
    const auto clerk = client([](int number) { return number < 6 ? script(503) : script(); }, patient);
    const auto trace = traced(clerk);
    BOOST_TEST(trace.attempts().size() == 6U);
    // Five times up to 150 ms at random: all below 20 ms once in fifty thousand runs.
    const auto slowest = check_slowest(trace, call_phase::backoff, 20);
    BOOST_TEST(slowest.times == 5);
    BOOST_TEST(!slowest.was_asked_for);
    nanoseconds planned{0};
    for (const auto& event : watcher->events)
        planned += event.backoff;
    BOOST_TEST(planned == slowest.duration);
}

BOOST_AUTO_TEST_CASE(a_backoff_that_the_service_asked_for_says_so)
{
    const auto clerk = client(
        [](int number) {
            script refused(503);
            refused.headers = "Retry-After: 1\r\n";
            return number == 1 ? refused : script();
        },
        [] {
            retry_policy quick;
            quick.initial_backoff = 1ms;
            return quick;
        }());
    const auto slowest = check_slowest(traced(clerk), call_phase::backoff, 1000);
    BOOST_TEST(slowest.was_asked_for);
}

namespace {

asio::awaitable<result<access_token>> fetch_slowly(asio::io_context& io)
{
    asio::steady_timer pause(io, 150ms);
    co_await pause.async_wait(asio::use_awaitable);
    co_return access_token(secret("a-token-of-its-own"), 3600s);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_token_that_is_fetched_slowly_is_told)
{
    server.emplace(io, at_once);
    client_options options;
    options.base_url = server->url();
    options.quota = quota::unlimited();
    const clerk::client clerk(on, token_function_source(on, [this] { return fetch_slowly(io); }), options);
    const auto trace = traced(clerk);
    check_slowest(trace, call_phase::token, 145);
    BOOST_TEST(trace.to_string().find("a-token") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
