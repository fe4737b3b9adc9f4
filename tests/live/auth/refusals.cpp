// What a 401 does to a source of tokens, and what nobody gets to see of them.
#include "fixture.hpp"

#include <usher/observer.hpp>
#include <usher/scalekit/organizations.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>

using namespace auth_tests;
using usher::error_kind;

namespace {

asio::awaitable<void> list(usher::scalekit::client client, usher::call_options options,
                           std::optional<usher::error>& failed)
{
    auto page = co_await client.organizations().list(options);
    failed = page ? usher::error() : page.error();
}

asio::awaitable<void> get(usher::scalekit::client client, std::optional<usher::error>& failed)
{
    auto one = co_await client.organizations().get("org_1");
    failed = one ? usher::error() : one.error();
}

class noting final : public usher::observer {
public:
    void on_attempt(const usher::attempt_event& event) noexcept override
    {
        ++events;
        text.append(event.operation).append(event.path).append(event.method).append(event.trace_id);
    }
    int events = 0;
    std::string text;
};

class refusal_fixture : public fixture {
public:
    usher::oauth_client who() const
    {
        usher::oauth_client own;
        own.token_url = environment() + "/oauth/token";
        own.client_id = client_id;
        own.client_secret = usher::secret(client_secret);
        return own;
    }
    usher::scalekit::client client_of(const std::shared_ptr<usher::credential_source>& source)
    {
        usher::client_options own;
        own.base_url = environment();
        own.quota = usher::quota::unlimited();
        own.retry.initial_backoff = 1ms;
        return usher::scalekit::client(engine, source, own);
    }
    std::uint64_t refused() const
    {
        const auto seen = served.stats().by_status;
        return seen.count(401) ? seen.at(401) : 0;
    }
    static usher::sandbox::fault silent_token_endpoint()
    {
        usher::sandbox::fault fault(usher::sandbox::fault::kind::silence);
        fault.operation = "oauth_token";
        return fault;
    }
    static usher::sandbox::fault every_get_is_refused()
    {
        usher::sandbox::fault fault(usher::sandbox::fault::kind::answer);
        fault.operation = "OrganizationService_GetOrganization";
        fault.status = 401;
        return fault;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refusals, refusal_fixture)

BOOST_AUTO_TEST_CASE(a_call_without_a_second_attempt_reports_the_refusal_and_the_next_one_has_a_new_token)
{
    auto own = client();
    usher::call_options once;
    once.retry = usher::retry_policy::none();
    std::optional<usher::error> failed;
    run(list(own, once, failed));
    BOOST_REQUIRE(!*failed);
    served.revoke_tokens();
    run(list(own, once, failed));
    BOOST_REQUIRE(*failed);
    BOOST_TEST(failed->status() == 401);
    run(list(own, once, failed));
    BOOST_TEST(!*failed, failed->message());
    BOOST_TEST(served.stats().tokens == 2U);
}

BOOST_AUTO_TEST_CASE(a_second_401_with_a_new_token_is_the_calls_own)
{
    served.set_faults({every_get_is_refused()});
    auto own = client();
    std::optional<usher::error> failed;
    run(get(own, failed));
    BOOST_REQUIRE(*failed);
    BOOST_CHECK(failed->kind() == error_kind::service);
    BOOST_TEST(failed->status() == 401);
    BOOST_TEST(failed->is_unauthorized());
    BOOST_TEST(failed->attempts() == 2);
}

BOOST_AUTO_TEST_CASE(an_operation_that_refuses_every_token_fails_no_other_call)
{
    served.set_faults({every_get_is_refused()});
    auto own = client();
    std::deque<std::optional<usher::error>> bad;
    std::deque<std::optional<usher::error>> good;
    for (int round = 0; round != 30; ++round) {
        for (int i = 0; i != 5; ++i)
            spawn(list(own, usher::call_options(), good.emplace_back()));
        spawn(get(own, bad.emplace_back()));
        run();
    }
    for (const auto& one : good)
        BOOST_REQUIRE_MESSAGE(!*one, one->message());
    for (const auto& one : bad)
        BOOST_TEST(one->status() == 401);
    // Not one for each of the thirty.
    BOOST_TEST(served.stats().tokens <= 12U);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_given_up_while_calls_wait_is_not_sent)
{
    // One at a time: 200 calls wait for the connection with the first token in mind.
    usher::engine_options narrow;
    narrow.ca_pem = served.ca_pem();
    narrow.max_connections_per_origin = 1;
    usher::engine one_by_one(io.get_executor(), narrow);
    usher::client_options options;
    options.quota = usher::quota::unlimited();
    options.retry.initial_backoff = 1ms;
    usher::scalekit::client own(one_by_one, environment(), client_id, usher::secret(client_secret), options);
    std::optional<usher::error> first;
    run(list(own, usher::call_options(), first));
    BOOST_REQUIRE(!*first);
    served.revoke_tokens();
    std::deque<std::optional<usher::error>> ended;
    for (int i = 0; i != 200; ++i)
        spawn(list(own, usher::call_options(), ended.emplace_back()));
    run();
    for (const auto& one : ended)
        BOOST_REQUIRE_MESSAGE(!*one, one->message());
    BOOST_TEST(served.stats().tokens == 2U);
    BOOST_TEST(refused() == 1U);
}

BOOST_AUTO_TEST_CASE(a_renewed_token_that_can_not_be_sent_fails_calls_and_nothing_else)
{
    // The first is good; each later one has a space. It is renewed while calls are under way.
    int asked = 0;
    usher::token_options options;
    options.initial_backoff = 1ms;
    const usher::token_function fetch = [&]() -> asio::awaitable<usher::result<usher::access_token>> {
        co_return usher::access_token(usher::secret(++asked == 1 ? "opaque-token" : "Bearer x"), 1s);
    };
    auto own = client_of(usher::token_function_source(engine, fetch, options));
    std::deque<std::optional<usher::error>> ended;
    spawn(list(own, usher::call_options(), ended.emplace_back()));
    run();
    BOOST_REQUIRE(!*ended.front());
    served.set_delay(usher::sandbox::latency(20ms, 0ms));
    for (int round = 0; round != 8; ++round) {
        usher::call_options brief;
        brief.deadline = 400ms;
        for (int i = 0; i != 20; ++i)
            spawn(list(own, brief, ended.emplace_back()));
        run();
        asio::steady_timer pause(io, 150ms);
        pause.async_wait([](const boost::system::error_code&) {});
        run();
    }
    int failed = 0;
    for (const auto& one : ended) {
        BOOST_REQUIRE(one.has_value());
        failed += *one ? 1 : 0;
        if (*one)
            BOOST_TEST((one->kind() == error_kind::credentials || one->kind() == error_kind::timeout), one->message());
    }
    BOOST_TEST(failed >= 20); // of the last rounds
    BOOST_TEST(asked >= 2);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_while_it_waits_for_a_token_ends)
{
    served.set_faults({silent_token_endpoint()});
    auto own = client();
    std::optional<usher::error> failed;
    bool ended = false;
    asio::cancellation_signal stop;
    asio::co_spawn(io, list(own, usher::call_options(), failed),
                   asio::bind_cancellation_slot(stop.slot(), [&ended](std::exception_ptr) { ended = true; }));
    asio::steady_timer soon(io, 50ms);
    soon.async_wait([&](const boost::system::error_code&) { stop.emit(asio::cancellation_type::terminal); });
    io.restart();
    const auto latest = std::chrono::steady_clock::now() + 10s;
    while (!ended && std::chrono::steady_clock::now() < latest)
        io.run_one_for(100ms);
    BOOST_TEST(ended);
    BOOST_TEST(engine.counters().errors == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_endpoint_that_is_silent_costs_a_call_its_deadline_and_no_more)
{
    served.set_faults({silent_token_endpoint()});
    auto own = client();
    usher::call_options brief;
    brief.deadline = 300ms;
    std::optional<usher::error> failed;
    asio::co_spawn(io, list(own, brief, failed), [](std::exception_ptr) {});
    io.restart();
    const auto begun = std::chrono::steady_clock::now();
    while (!failed && std::chrono::steady_clock::now() < begun + 10s) // the token itself is waited for for 15 s
        io.run_one_for(100ms);
    BOOST_REQUIRE(failed.has_value());
    BOOST_TEST(failed->is_timeout());
    BOOST_CHECK(failed->stage() == usher::call_stage::credentials);
}

BOOST_AUTO_TEST_CASE(no_token_and_no_secret_reaches_an_observer_or_an_error)
{
    const auto seen = std::make_shared<noting>();
    auto watched = who();
    watched.watcher = seen;
    const auto source = usher::client_credentials(engine, watched);
    usher::client_options own;
    own.base_url = environment();
    own.quota = usher::quota::unlimited();
    own.watcher = seen;
    own.retry.initial_backoff = 1ms;
    usher::scalekit::client called(engine, source, own);
    std::string told;
    const auto call = [&](bool expected) {
        std::optional<usher::error> failed;
        run(list(called, usher::call_options(), failed));
        BOOST_TEST(!*failed == expected, failed->message());
        told += failed->message() + failed->details().text + failed->details().body;
        for (const auto* why = failed->cause(); why != nullptr; why = why->cause())
            told += why->message() + why->details().text + why->details().body;
        for (const auto& one : failed->errors())
            told += one.code + one.message + one.long_message;
    };
    call(true);
    const std::string token(source->current()->text.reveal());
    BOOST_REQUIRE(token.size() > 100U);
    usher::sandbox::fault echo(usher::sandbox::fault::kind::answer);
    echo.operation = "oauth_token";
    echo.status = 400;
    echo.body = R"({"error":"invalid_request","error_description":"got client_secret=)" + client_secret + R"("})";
    served.set_faults({echo});
    served.revoke_tokens();
    call(false);
    echo.body = "<html>" + client_secret + "</html>";
    served.set_faults({echo});
    call(false);
    served.set_faults({});
    BOOST_TEST(seen->events >= 4);
    BOOST_TEST(seen->text.find("oauth_token") != std::string::npos);
    for (const auto& canary : {client_secret, token}) {
        BOOST_TEST(seen->text.find(canary) == std::string::npos);
        BOOST_TEST(told.find(canary) == std::string::npos, told);
    }
}

BOOST_AUTO_TEST_CASE(a_function_may_be_the_source)
{
    int asked = 0;
    const usher::token_function fetch = [&]() -> asio::awaitable<usher::result<usher::access_token>> {
        co_return usher::access_token(usher::secret("opaque-token-" + std::to_string(++asked)), 600s);
    };
    auto own = client_of(usher::token_function_source(engine, fetch));
    for (int i = 0; i != 3; ++i) {
        std::optional<usher::error> failed;
        run(list(own, usher::call_options(), failed));
        BOOST_TEST(!*failed, failed->message());
    }
    BOOST_TEST(asked == 1);
}

BOOST_AUTO_TEST_SUITE_END()
