#include "auth/token_keeper_impl.hpp"

#include "virtual_time.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>
#include <set>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using virtual_tests::begin;
using virtual_tests::virtual_clock;
using virtual_tests::virtual_time;
using keeper = usher::auth::basic_token_keeper<virtual_clock>;
using timer = asio::basic_waitable_timer<virtual_clock>;

namespace {

/// A token endpoint: how long it takes, until when it is down, and what it has been asked.
struct endpoint {
    virtual_clock::duration takes = 50ms;
    virtual_clock::time_point down_until{};
    std::chrono::seconds life = 1h;
    bool throws = false;
    int asked = 0;
};

asio::awaitable<usher::result<usher::access_token>> issue(virtual_time& time, endpoint& own)
{
    const int number = ++own.asked;
    timer delay(time.context(), own.takes);
    co_await delay.async_wait(asio::use_awaitable);
    if (own.throws)
        throw std::runtime_error("out of order");
    if (virtual_clock::now() < own.down_until) {
        usher::error_details details;
        details.kind = usher::error_kind::service;
        details.status = 503;
        details.operation = "oauth_token";
        details.text = "the service failed";
        co_return usher::error(std::move(details));
    }
    co_return usher::access_token(usher::secret("token-" + std::to_string(number)), own.life);
}

struct caller {
    virtual_clock::time_point deadline = virtual_clock::time_point::max();
    bool ended = false;
    virtual_clock::time_point when{};
    std::optional<usher::result<usher::issued_token_ptr>> got;
    asio::cancellation_signal cancel;

    std::string token() const { return got && *got ? std::string((**got)->text.reveal()) : std::string(); }
};

asio::awaitable<void> ask(std::shared_ptr<keeper> tokens, caller* own)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    own->got = co_await tokens->obtain(own->deadline);
    own->when = virtual_clock::now();
    own->ended = true;
}

struct fixture {
    fixture()
        : tokens(std::make_shared<keeper>(
              time.context().get_executor(), [this] { return issue(time, own); }, usher::token_options(), "test", 5))
    {
    }

    caller& spawn(virtual_clock::time_point deadline = virtual_clock::time_point::max())
    {
        auto& one = callers.emplace_back();
        one.deadline = deadline;
        asio::co_spawn(time.context(), ask(tokens, &one),
                       asio::bind_cancellation_slot(one.cancel.slot(), [](std::exception_ptr thrown) {
                           if (thrown)
                               std::rethrow_exception(thrown);
                       }));
        return one;
    }

    virtual_time time;
    endpoint own;
    std::deque<caller> callers;
    std::shared_ptr<keeper> tokens;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(keeping_tokens, fixture)

BOOST_AUTO_TEST_CASE(a_thousand_callers_without_a_token_make_one_fetch)
{
    for (int i = 0; i != 1000; ++i)
        spawn();
    time.settle();
    BOOST_TEST(tokens->waiting() == 1000U);
    time.jump_to(begin + 50ms);
    for (const auto& one : callers) {
        BOOST_REQUIRE(one.ended);
        BOOST_TEST(one.token() == "token-1");
    }
    BOOST_TEST(own.asked == 1);
    BOOST_TEST(time.is_idle());
}

BOOST_AUTO_TEST_CASE(the_old_token_serves_until_the_new_one_is_there)
{
    own.takes = 3s;
    spawn();
    time.settle();
    time.jump_to(begin + 3s);
    std::set<std::string> seen;
    // Three lifetimes, a look each second: there is always a token, and it is never one that has expired.
    for (auto now = begin + 3s; now < begin + 3h; now += 1s) {
        time.jump_to(now);
        const auto token = tokens->current();
        BOOST_REQUIRE(token != nullptr);
        seen.insert(std::string(token->text.reveal()));
    }
    BOOST_TEST(seen.size() >= 3U);
    BOOST_TEST(static_cast<std::size_t>(own.asked) <= seen.size() + 1);
}

BOOST_AUTO_TEST_CASE(a_token_endpoint_that_is_down_for_thirty_seconds_fails_calls_in_time_and_recovers)
{
    own.down_until = begin + 30s;
    int failed = 0;
    for (auto now = begin; now < begin + 60s; now += 100ms) {
        time.jump_to(now);
        auto& one = spawn(now + 5s);
        time.jump_to(now + 50ms);
        if (one.ended && !*one.got) {
            ++failed;
            const auto& why = one.got->error();
            BOOST_CHECK(why.kind() == usher::error_kind::credentials);
            BOOST_REQUIRE(why.cause() != nullptr);
            BOOST_TEST(why.cause()->status() == 503);
            BOOST_TEST(why.is_retryable());
            BOOST_TEST(why.message().find("no token could be had") != std::string::npos);
        }
    }
    time.jump_to(begin + 60s);
    int recovered = 0;
    for (const auto& one : callers) {
        BOOST_REQUIRE((one.ended && one.when <= one.deadline));
        recovered += *one.got ? 1 : 0;
    }
    BOOST_TEST(failed >= 300);
    // At most one pause (10 s) after it came back, every call has its token again.
    BOOST_TEST(recovered >= 199);
    BOOST_TEST(callers.back().token().starts_with("token-"));
    // Asked with growing pauses rather than once for each of the 300 calls.
    BOOST_TEST(own.asked <= 20);
}

BOOST_AUTO_TEST_CASE(a_caller_whose_deadline_comes_first_ends_then_and_the_fetch_goes_on)
{
    own.takes = 2s;
    auto& hasty = spawn(begin + 1s);
    auto& patient = spawn();
    time.settle();
    time.jump_to(begin + 1s);
    BOOST_REQUIRE(hasty.ended);
    BOOST_CHECK(hasty.got->error().kind() == usher::error_kind::timeout);
    BOOST_CHECK(hasty.got->error().stage() == usher::call_stage::credentials);
    BOOST_TEST(!patient.ended);
    time.jump_to(begin + 2s);
    BOOST_TEST(patient.token() == "token-1");
    BOOST_TEST(own.asked == 1);
}

BOOST_AUTO_TEST_CASE(a_cancelled_caller_leaves_the_others_waiting)
{
    auto& gone = spawn();
    auto& stays = spawn();
    time.settle();
    gone.cancel.emit(asio::cancellation_type::terminal);
    time.settle();
    BOOST_REQUIRE(gone.ended);
    BOOST_CHECK(gone.got->error().kind() == usher::error_kind::cancelled);
    BOOST_TEST(tokens->waiting() == 1U);
    time.jump_to(begin + 50ms);
    BOOST_TEST(stays.token() == "token-1");
}

BOOST_AUTO_TEST_CASE(a_fetch_that_never_ends_is_ended)
{
    own.takes = 24h;
    auto& one = spawn();
    time.settle();
    time.jump_to(begin + 15s);
    BOOST_REQUIRE(one.ended);
    BOOST_CHECK(one.got->error().kind() == usher::error_kind::credentials);
    BOOST_CHECK(one.got->error().cause()->kind() == usher::error_kind::timeout);
    BOOST_TEST(time.is_idle());
}

BOOST_AUTO_TEST_CASE(a_fetch_that_does_not_listen_is_over_all_the_same_and_comes_too_late)
{
    asio::steady_timer never(time.context(), asio::steady_timer::time_point::max());
    tokens = std::make_shared<keeper>(
        time.context().get_executor(),
        [&]() -> asio::awaitable<usher::result<usher::access_token>> {
            co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
            if (++own.asked == 1) {
                boost::system::error_code ignored;
                auto token = asio::redirect_error(asio::use_awaitable, ignored);
                co_await never.async_wait(token);
            }
            co_return usher::access_token(usher::secret("token-" + std::to_string(own.asked)));
        },
        usher::token_options(), "deaf", 5);
    auto& first = spawn();
    time.settle();
    time.jump_to(begin + 15s);
    BOOST_REQUIRE(first.ended);
    BOOST_CHECK(first.got->error().cause()->kind() == usher::error_kind::timeout);
    time.jump_to(begin + 30s);
    auto& second = spawn();
    time.settle();
    BOOST_TEST(second.token() == "token-2");
    never.cancel();
    time.settle();
    BOOST_TEST(tokens->current()->text.reveal() == "token-2");
}

BOOST_AUTO_TEST_CASE(a_deadline_in_an_outage_says_what_the_last_fetch_failed_of)
{
    own.down_until = begin + 1h;
    spawn();
    time.settle();
    time.jump_to(begin + 50ms);
    own.takes = 5s;
    time.jump_to(begin + 2s);
    auto& late = spawn(begin + 3s);
    time.settle();
    time.jump_to(begin + 3s);
    BOOST_REQUIRE(late.ended);
    BOOST_CHECK(late.got->error().kind() == usher::error_kind::timeout);
    BOOST_REQUIRE(late.got->error().cause() != nullptr);
    BOOST_TEST(late.got->error().cause()->message().find("503") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_that_no_header_can_carry_is_a_failed_fetch)
{
    for (const char* bad : {"", "a b", "Bearer x", "a\r\nX: y"}) {
        tokens = std::make_shared<keeper>(
            time.context().get_executor(),
            [bad]() -> asio::awaitable<usher::result<usher::access_token>> {
                co_return usher::access_token(usher::secret(bad));
            },
            usher::token_options(), "bad", 5);
        auto& one = spawn();
        time.settle();
        BOOST_REQUIRE(one.ended);
        BOOST_CHECK(one.got->error().kind() == usher::error_kind::credentials);
    }
}

BOOST_AUTO_TEST_CASE(a_function_that_throws_is_a_failed_fetch)
{
    own.throws = true;
    auto& one = spawn();
    time.settle();
    time.jump_to(begin + 50ms);
    BOOST_REQUIRE(one.ended);
    BOOST_TEST(one.got->error().message().find("out of order") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_thousand_refusals_of_one_generation_make_one_fetch)
{
    spawn();
    time.settle();
    time.jump_to(begin + 50ms);
    for (int i = 0; i != 1000; ++i) {
        tokens->refuse(1);
        spawn();
    }
    time.settle();
    time.jump_to(begin + 200ms);
    for (const auto& one : callers)
        BOOST_REQUIRE(one.ended && *one.got);
    BOOST_TEST(callers.back().token() == "token-2");
    BOOST_TEST(own.asked == 2);
}

BOOST_AUTO_TEST_CASE(the_context_may_go_with_a_fetch_and_waiters_in_flight)
{
    for (int i = 0; i != 10; ++i)
        spawn();
    time.settle();
    time.destroy();
    BOOST_TEST(tokens->waiting() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
