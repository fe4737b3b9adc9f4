// The key cache in virtual time: outages, cancellation, tenants.
#include "remote_issuer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace token_tests;
using namespace usher::token;

BOOST_FIXTURE_TEST_SUITE(key_cache_trouble, key_cache_fixture)

BOOST_AUTO_TEST_CASE(an_outage_backs_off_and_keeps_the_old_keys_for_a_day)
{
    const auto source = make_source();
    const verifier by{key_source(source)};
    BOOST_TEST(verify(by, token()) == reason::none);
    remote.is_down = true;
    for (auto at = begin + 301s; at < begin + 24h; at += 7s) {
        virtual_clock::current = at;
        if (source->look("ins_one") != detail::key_lookup::at_hand)
            BOOST_FAIL("the old keys are not used");
        time.settle();
    }
    // Some short steps, then one every 30 seconds at most.
    BOOST_TEST(remote.asked.size() > 1000U);
    BOOST_TEST(remote.asked.size() < 24U * 3600 / 30 + 10);
    time.jump_to(begin + 24h + 1min);
    BOOST_TEST(verify(by, token()) == reason::keys_unavailable);
    BOOST_TEST((last.cause.kind() == usher::error_kind::connect));
    remote.is_down = false;
    time.jump_to(virtual_clock::now() + 31s);
    BOOST_TEST(verify(by, token()) == reason::none);
}

BOOST_AUTO_TEST_CASE(failures_on_a_cold_cache_are_told_and_back_off)
{
    remote.is_down = true;
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::keys_unavailable);
    BOOST_TEST((last.cause.kind() == usher::error_kind::connect));
    const auto failed = virtual_clock::now();
    // Nobody waits and nothing is sent before the backoff has ended.
    for (int i = 0; i != 100; ++i)
        BOOST_TEST((by.check<session_claims>(token()).error().reason == reason::keys_unavailable));
    time.settle();
    BOOST_TEST(remote.asked.size() == 1U);
    time.jump_to(failed + 500ms);
    remote.is_down = false;
    BOOST_TEST(verify(by, token()) == reason::none);
    BOOST_TEST(remote.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_fetch_that_throws_is_a_failure_like_another)
{
    remote.throws = true;
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::keys_unavailable);
    BOOST_TEST((last.cause.kind() == usher::error_kind::credentials));
    remote.throws = false;
    time.jump_to(virtual_clock::now() + 1s);
    BOOST_TEST(verify(by, token()) == reason::none);
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_fetch_that_does_not_end)
{
    remote.latency = 24h;
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::keys_unavailable);
    BOOST_TEST((virtual_clock::now() - begin < 12s));
    BOOST_TEST((last.cause.kind() == usher::error_kind::timeout));
    BOOST_TEST(verify(by, token()) == reason::keys_unavailable);
    BOOST_TEST(remote.asked.size() == 1U);
    BOOST_TEST(remote.running == 1);
    // It was cancelled, and the next one is as good as any.
    time.settle();
    remote.latency = 100ms;
    time.jump_to(virtual_clock::now() + 1s);
    BOOST_TEST(verify(by, token()) == reason::none);
    BOOST_TEST(remote.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(one_that_is_cancelled_leaves_the_others_waiting)
{
    const verifier by{key_source(make_source())};
    std::optional<rejection> first, second;
    asio::cancellation_signal cancel;
    asio::co_spawn(time.context(), run(by, token(), &first),
                   asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    start(by, token(), second);
    time.settle();
    cancel.emit(asio::cancellation_type::terminal);
    time.settle();
    BOOST_TEST(!second.has_value());
    time.jump_to(begin + 100ms);
    BOOST_TEST_REQUIRE(second.has_value());
    BOOST_TEST(second->reason == reason::none);
    BOOST_TEST(remote.asked.size() == 1U);
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST(first->reason == reason::keys_unavailable);
    BOOST_TEST(first->cause.is_cancelled());
}

BOOST_AUTO_TEST_CASE(a_source_is_bound_to_its_issuer)
{
    BOOST_TEST(verify(verifier(key_source(make_source("https://clerk.example.com"))), token()) == reason::none);
    BOOST_TEST(verify(verifier(key_source(make_source("https://clerk.other.org"))), token()) == reason::issuer);
}

BOOST_AUTO_TEST_CASE(two_tenants_with_the_same_key_id_do_not_see_each_others_keys)
{
    remote_issuer other(time);
    other.keys = keys_of({other_rsa_key().jwk("ins_one")});
    const verifier first{key_source(make_source())};
    const verifier second{key_source(
        std::make_shared<clock_source>(time.context().get_executor(), options, other.fetch(), std::string()))};
    BOOST_TEST(verify(first, token()) == reason::none);
    BOOST_TEST(verify(second, token()) == reason::signature);
    BOOST_TEST(verify(second, token("ins_one", other_rsa_key())) == reason::none);
    BOOST_TEST(verify(first, token("ins_one", other_rsa_key())) == reason::signature);
    BOOST_TEST(remote.asked.size() == 1U);
    BOOST_TEST(other.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_check_that_does_not_wait_begins_the_fetch)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(by.check<session_claims>(token()).error().reason == reason::keys_not_at_hand);
    time.jump_to(begin + 100ms);
    time.jump_to(begin + 200ms);
    BOOST_TEST(by.check<session_claims>(token()).has_value());
    time.settle();
    BOOST_TEST(time.is_idle());
}

BOOST_AUTO_TEST_CASE(the_context_may_go_while_a_fetch_runs)
{
    std::optional<rejection> out;
    {
        const verifier by{key_source(make_source())};
        start(by, token(), out);
    }
    // What waits holds on to the source, and goes with the context.
    time.settle();
    BOOST_TEST(remote.asked.size() == 1U);
    BOOST_CHECK_NO_THROW(time.destroy());
    BOOST_TEST(!out.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
