#include "auth/token_state.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace usher::auth;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

usher::error broken(bool is_transient = true)
{
    usher::error_details details;
    details.kind = is_transient ? usher::error_kind::connection : usher::error_kind::service;
    details.status = is_transient ? 0 : 401;
    return usher::error(std::move(details));
}

usher::access_token token_for(std::chrono::seconds life)
{
    return usher::access_token(usher::secret("t"), life);
}

struct fixture {
    token_state state{usher::token_options(), 7};

    void have(std::chrono::seconds life, time_point now = start)
    {
        BOOST_REQUIRE(state.look(now) == advice::ask);
        state.came(token_for(life), now);
    }
    /// The first look that begins a renewal, looking every `step`.
    std::chrono::nanoseconds renewed_after(std::chrono::nanoseconds step, std::chrono::nanoseconds most)
    {
        for (auto age = 0ns; age <= most; age += step)
            if (state.look(start + age) == advice::use_and_ask)
                return age;
        return most;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_life, fixture)

BOOST_AUTO_TEST_CASE(the_first_look_asks_and_the_next_ones_wait)
{
    BOOST_CHECK(state.look(start) == advice::ask);
    for (int i = 0; i != 100; ++i)
        BOOST_CHECK(state.look(start + 1ms) == advice::wait);
    BOOST_TEST(state.fetches() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_is_renewed_before_it_expires_while_it_still_serves)
{
    have(24h);
    const auto age = renewed_after(1s, 24h);
    BOOST_TEST(age.count() >= std::chrono::nanoseconds(24h - 450s).count());
    BOOST_TEST(age.count() <= std::chrono::nanoseconds(24h - 300s).count());
    BOOST_CHECK(state.look(start + age + 1s) == advice::use);
    BOOST_TEST(state.fetches() == 2U);
}

BOOST_AUTO_TEST_CASE(two_sources_do_not_renew_at_the_same_moment)
{
    std::set<std::chrono::nanoseconds::rep> moments;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        state = token_state(usher::token_options(), seed);
        have(1h);
        moments.insert(renewed_after(1s, 1h).count());
    }
    BOOST_TEST(moments.size() >= 15U);
}

BOOST_AUTO_TEST_CASE(a_short_life_is_not_renewed_before_its_half)
{
    for (const auto life : {1s, 2s, 10s, 60s, 600s}) {
        state = token_state(usher::token_options(), 3);
        have(life);
        const auto age = renewed_after(10ms, life);
        BOOST_TEST(age.count() * 2 >= std::chrono::nanoseconds(life).count());
        BOOST_TEST(age.count() < std::chrono::nanoseconds(life).count());
    }
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_not_used)
{
    have(100s);
    BOOST_CHECK(state.look(start + 100s) == advice::ask);
    BOOST_CHECK(state.token() == nullptr);
}

BOOST_AUTO_TEST_CASE(a_failed_renewal_leaves_the_old_token_in_use)
{
    have(1h);
    const auto age = renewed_after(1s, 1h);
    state.failed(broken(), start + age);
    BOOST_CHECK(state.look(start + age + 1ns) == advice::use);
    // Once the pause is over the next look asks again.
    BOOST_CHECK(state.look(start + age + 1s) == advice::use_and_ask);
    state.came(token_for(1h), start + age + 1s);
    BOOST_TEST(state.token()->generation == 2U);
}

BOOST_AUTO_TEST_CASE(after_a_failure_nobody_asks_before_the_pause_is_over)
{
    BOOST_REQUIRE(state.look(start) == advice::ask);
    auto now = start;
    std::chrono::nanoseconds longest{0};
    for (int i = 0; i != 40; ++i) {
        state.failed(broken(), now);
        const auto pause = state.until_next(now);
        longest = std::max(longest, pause);
        if (pause > 0ns)
            BOOST_CHECK(state.look(now + pause - 1ns) == advice::fail);
        now += pause;
        BOOST_REQUIRE(state.look(now) == advice::ask);
    }
    BOOST_TEST(longest.count() <= std::chrono::nanoseconds(10s).count());
    BOOST_TEST(longest.count() >= std::chrono::nanoseconds(5s).count());
}

BOOST_AUTO_TEST_CASE(retry_after_of_the_token_endpoint_is_a_floor)
{
    BOOST_REQUIRE(state.look(start) == advice::ask);
    usher::error_details details;
    details.kind = usher::error_kind::credentials;
    details.retry_after = 90s;
    state.failed(usher::error(std::move(details)), start);
    BOOST_CHECK(state.look(start + 90s - 1ns) == advice::fail);
    BOOST_CHECK(state.look(start + 90s) == advice::ask);
}

BOOST_AUTO_TEST_CASE(a_refused_generation_is_fetched_anew_once)
{
    have(1h);
    state.refuse(1, start + 10min);
    BOOST_CHECK(state.look(start + 10min) == advice::ask);
    state.came(token_for(1h), start + 10min);
    // Calls that were on their way with the first one.
    for (int i = 0; i != 100; ++i)
        state.refuse(1, start + 10min + 1s);
    BOOST_CHECK(state.look(start + 10min + 1s) == advice::use);
    BOOST_TEST(state.token()->generation == 2U);
    BOOST_TEST(state.fetches() == 2U);
}

BOOST_AUTO_TEST_CASE(a_call_that_no_token_opens_takes_no_token_from_the_others)
{
    have(1h);
    auto now = start;
    int without = 0;
    for (int call = 0; call != 10'000; ++call, now += 10ms) {
        // One that is refused whatever its token; then one that is well.
        if (const auto token = state.token())
            state.refuse(token->generation, now);
        const auto what = state.look(now);
        BOOST_REQUIRE(what == advice::use || what == advice::ask);
        if (what == advice::ask)
            state.came(token_for(1h), now);
        without += state.token() == nullptr ? 1 : 0;
    }
    BOOST_TEST(without == 0);
    // 100 s of it: after the second, pauses of 0–0.5, 0–1, 0–2, … 0–10 s.
    BOOST_TEST(state.fetches() <= 60U);
    BOOST_TEST(state.fetches() >= 5U);
}

BOOST_AUTO_TEST_CASE(an_end_of_all_tokens_after_quiet_times_is_noticed_at_once)
{
    have(1h);
    state.refuse(1, start + 1s);
    BOOST_REQUIRE(state.look(start + 1s) == advice::ask);
    state.came(token_for(1h), start + 1s);
    state.refuse(2, start + 2s);
    BOOST_REQUIRE(state.look(start + 2s) == advice::ask);
    state.came(token_for(1h), start + 2s);
    // Now refusals do not count for a while; long after it they do.
    state.refuse(3, start + 10min);
    BOOST_CHECK(state.look(start + 10min) == advice::ask);
}

BOOST_AUTO_TEST_CASE(a_long_retry_after_is_cut)
{
    BOOST_REQUIRE(state.look(start) == advice::ask);
    usher::error_details details;
    details.kind = usher::error_kind::credentials;
    details.retry_after = 24h;
    state.failed(usher::error(std::move(details)), start);
    BOOST_CHECK(state.look(start + 5min) == advice::ask);
}

BOOST_AUTO_TEST_CASE(an_absurd_lifetime_is_cut)
{
    have(std::chrono::seconds::max());
    BOOST_CHECK(state.look(start + 24h) == advice::use);
    state = token_state(usher::token_options(), 1);
    have(-5s);
    BOOST_CHECK(state.look(start) == advice::ask);
}

BOOST_AUTO_TEST_SUITE_END()
