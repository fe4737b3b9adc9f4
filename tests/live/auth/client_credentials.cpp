#include "fixture.hpp"

#include <usher/scalekit/organizations.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <thread>

using namespace auth_tests;
using usher::error_kind;

namespace {

asio::awaitable<void> list(usher::scalekit::client client, std::optional<usher::error>& failed)
{
    auto page = co_await client.organizations().list();
    failed = page ? usher::error() : page.error();
}

struct busy_time {
    std::chrono::steady_clock::time_point end;
    std::chrono::steady_clock::time_point last_answer = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration longest_gap{0}; ///< between two answers to anybody
    int answers = 0;
    std::vector<std::string> errors;
};

/// Calls one after the other until the time is over; counts answers and keeps errors.
asio::awaitable<void> keep_calling(usher::scalekit::client client, busy_time& seen)
{
    for (auto now = std::chrono::steady_clock::now(); now < seen.end;) {
        auto page = co_await client.organizations().list();
        now = std::chrono::steady_clock::now();
        seen.longest_gap = std::max(seen.longest_gap, now - std::exchange(seen.last_answer, now));
        if (page)
            ++seen.answers;
        else
            seen.errors.push_back(page.error().message());
    }
}

usher::sandbox::fault broken_token_endpoint(int status, std::uint32_t count)
{
    usher::sandbox::fault fault(usher::sandbox::fault::kind::answer);
    fault.operation = "oauth_token";
    fault.status = status;
    fault.count = count;
    return fault;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(client_credentials, fixture)

BOOST_AUTO_TEST_CASE(a_thousand_calls_on_a_cold_client_ask_for_one_token)
{
    auto cold = client();
    std::deque<std::optional<usher::error>> ended;
    for (int i = 0; i != 1000; ++i)
        spawn(list(cold, ended.emplace_back()));
    run();
    for (const auto& one : ended) {
        BOOST_REQUIRE(one.has_value());
        BOOST_REQUIRE_MESSAGE(!*one, one->message());
    }
    BOOST_TEST(served.stats().tokens == 1U);
    BOOST_TEST(served.stats().by_status.at(200) == 1001U);
}

BOOST_AUTO_TEST_CASE(tokens_that_expire_under_load_fail_no_call)
{
    // What a token says of its end is in whole seconds, so it lives for 3 to 4.
    served.set_token_lifetime(4s);
    auto busy = client();
    busy_time seen;
    seen.end = std::chrono::steady_clock::now() + 9s;
    for (int i = 0; i != 16; ++i)
        spawn(keep_calling(busy, seen));
    run();
    BOOST_TEST(seen.errors.empty(), (seen.errors.empty() ? std::string() : seen.errors.front()));
    BOOST_TEST(seen.answers > 100);
    // Each is renewed after 2 to 2.7 s.
    BOOST_TEST(served.stats().tokens >= 3U);
    BOOST_TEST(served.stats().tokens <= 6U);
    // Renewed before it expired: no call met a 401. A machine that stands still when it is time may come too late.
    if (seen.longest_gap < 250ms)
        BOOST_TEST(served.stats().by_status.count(401) == 0U);
    else
        BOOST_TEST_MESSAGE("nothing happened for " << seen.longest_gap / 1ms << " ms");
}

BOOST_AUTO_TEST_CASE(a_revoked_token_is_replaced_once_for_all_calls)
{
    auto busy = client();
    std::optional<usher::error> first;
    run(list(busy, first));
    BOOST_REQUIRE(!*first);
    served.revoke_tokens();
    std::deque<std::optional<usher::error>> ended;
    for (int i = 0; i != 200; ++i)
        spawn(list(busy, ended.emplace_back()));
    run();
    for (const auto& one : ended)
        BOOST_REQUIRE_MESSAGE(!*one, one->message());
    BOOST_TEST(served.stats().tokens == 2U);
    BOOST_TEST(served.stats().by_status.at(401) >= 1U);
    BOOST_TEST(engine.counters().retries >= 1U);
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_is_reported_as_what_the_token_endpoint_said)
{
    auto wrong = client("canary-wrong-secret");
    std::optional<usher::error> failed;
    run(list(wrong, failed));
    BOOST_REQUIRE(*failed);
    BOOST_CHECK(failed->kind() == error_kind::credentials);
    BOOST_CHECK(failed->stage() == usher::call_stage::credentials);
    BOOST_CHECK(failed->outcome() == usher::call_outcome::not_sent);
    BOOST_TEST(failed->is_unauthorized());
    BOOST_TEST(!failed->is_retryable());
    BOOST_TEST(failed->attempts() == 0);
    BOOST_REQUIRE(failed->cause() != nullptr);
    BOOST_TEST(failed->cause()->status() == 401);
    BOOST_TEST(failed->cause()->has_code("invalid_client"));
    BOOST_TEST(failed->cause()->operation() == "oauth_token");
    BOOST_TEST(failed->message().find("invalid_client") != std::string::npos, failed->message());
    BOOST_TEST(failed->message().find("canary") == std::string::npos, failed->message());
}

BOOST_AUTO_TEST_CASE(a_token_endpoint_that_comes_back_is_waited_for_within_the_policy)
{
    served.set_faults({broken_token_endpoint(503, 4)});
    auto patient = client();
    std::optional<usher::error> failed;
    run(list(patient, failed));
    BOOST_TEST(!*failed, failed->message());
    BOOST_TEST(served.stats().tokens == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_endpoint_that_stays_down_fails_calls_before_their_deadline)
{
    served.set_faults({broken_token_endpoint(503, 0)});
    auto client_of_it = client();
    const auto begun = std::chrono::steady_clock::now();
    std::optional<usher::error> failed;
    auto call = [](usher::scalekit::client own, std::optional<usher::error>& to) -> asio::awaitable<void> {
        usher::call_options options;
        options.deadline = 2s;
        auto page = co_await own.organizations().list(options);
        to = page ? usher::error() : page.error();
    };
    run(call(client_of_it, failed));
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 10s)); // a fetch alone may take 15 s
    BOOST_REQUIRE(*failed);
    BOOST_TEST((failed->kind() == error_kind::credentials || failed->kind() == error_kind::timeout));
    BOOST_CHECK(failed->stage() == usher::call_stage::credentials);
    BOOST_TEST(failed->is_retryable());
    served.set_faults({});
    std::this_thread::yield();
    run(list(client_of_it, failed));
    BOOST_TEST(!*failed, failed->message());
}

BOOST_AUTO_TEST_CASE(what_can_not_work_is_refused_at_once)
{
    usher::oauth_client who;
    who.token_url = "http://example.com/oauth/token";
    who.client_id = client_id;
    who.client_secret = usher::secret("s");
    BOOST_CHECK_THROW(usher::client_credentials(engine, who), std::invalid_argument);
    who.token_url = environment() + "/oauth/token";
    who.client_id.clear();
    BOOST_CHECK_THROW(usher::client_credentials(engine, who), std::invalid_argument);
    BOOST_CHECK_THROW(usher::token_function_source(engine, usher::token_function()), std::invalid_argument);
    usher::token_options options;
    options.fetch_limit = 0ms;
    const usher::token_function never = [] { return asio::awaitable<usher::result<usher::access_token>>(); };
    BOOST_CHECK_THROW(usher::token_function_source(engine, never, options), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
