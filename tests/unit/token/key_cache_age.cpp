// The key cache in virtual time: sets that are old, empty or withdrawn, ids that come at a bad moment.
#include "remote_issuer.hpp"

#include <deque>
#include <stdexcept>

using namespace token_tests;
using namespace usher::token;

BOOST_FIXTURE_TEST_SUITE(key_cache_age, key_cache_fixture)

BOOST_AUTO_TEST_CASE(an_empty_set_is_a_failure_and_the_old_keys_stay)
{
    const auto source = make_source();
    const verifier by{key_source(source)};
    remote.keys = key_set();
    BOOST_TEST(verify(by, token()) == reason::keys_unavailable);
    BOOST_TEST((last.cause.kind() == usher::error_kind::decode));
    for (int i = 0; i != 10; ++i)
        BOOST_TEST(verify(by, token()) == reason::keys_unavailable);
    BOOST_TEST(remote.asked.size() == 1U);
    remote.keys = keys_of({rsa_key().jwk("ins_one")});
    time.jump_to(virtual_clock::now() + 1s);
    BOOST_TEST(verify(by, token()) == reason::none);
    remote.keys = key_set();
    time.jump_to(virtual_clock::now() + 301s);
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(virtual_clock::now() + 1s);
    BOOST_TEST(source->state().counters().failures == 2U);
    BOOST_TEST(verify(by, token()) == reason::none);
    BOOST_TEST(verify(by, token("another")) != reason::none);
    BOOST_TEST(key_source(source).at_hand().size() == 1U);
}

BOOST_AUTO_TEST_CASE(after_a_quiet_night_tokens_are_judged_with_new_keys)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    remote.keys = keys_of({other_rsa_key().jwk("ins_two")});
    time.jump_to(begin + 8h);
    BOOST_TEST(verify(by, token()) == reason::unknown_key);
    BOOST_TEST(verify(by, token("ins_two", other_rsa_key())) == reason::none);
    BOOST_TEST(remote.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(after_a_quiet_night_the_old_keys_serve_when_the_issuer_is_down)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    remote.is_down = true;
    time.jump_to(begin + 8h);
    BOOST_TEST(by.check<session_claims>(token()).error().reason == reason::keys_not_at_hand);
    BOOST_TEST(verify(by, token()) == reason::none);
    // From now on nobody waits, though it is tried again and again.
    for (int i = 0; i != 100; ++i) {
        time.jump_to(virtual_clock::now() + 7s);
        BOOST_TEST_REQUIRE(by.check<session_claims>(token()).has_value());
    }
    BOOST_TEST(remote.asked.size() > 15U);
    time.jump_to(begin + 16h);
    remote.is_down = false;
    BOOST_TEST(by.check<session_claims>(token()).error().reason == reason::keys_not_at_hand);
}

BOOST_AUTO_TEST_CASE(a_key_that_came_while_a_fetch_ran_is_found_by_the_next)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 10s);
    std::optional<rejection> first, second;
    start(by, token("gone"), first);
    time.settle();
    // The issuer has read its keys already; this one is new.
    start(by, token("ins_two", other_rsa_key()), second);
    time.settle();
    time.jump_to(virtual_clock::now() + 100ms);
    BOOST_TEST_REQUIRE((first && second));
    BOOST_TEST(first->reason == reason::unknown_key);
    BOOST_TEST(second->reason == reason::unknown_key);
    remote.keys = keys_of({rsa_key().jwk("ins_one"), other_rsa_key().jwk("ins_two")});
    time.jump_to(virtual_clock::now() + 6s);
    BOOST_TEST(verify(by, token("gone")) == reason::unknown_key);
    BOOST_TEST(remote.asked.size() == 2U);
    BOOST_TEST(verify(by, token("ins_two", other_rsa_key())) == reason::none);
    BOOST_TEST(remote.asked.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_remembered_miss_does_not_wait_for_a_fetch)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 10s);
    BOOST_TEST(verify(by, token("gone")) == reason::unknown_key);
    time.jump_to(virtual_clock::now() + 10s);
    remote.latency = 5s;
    std::optional<rejection> other;
    start(by, token("other"), other);
    time.settle();
    BOOST_TEST(remote.asked.size() == 3U);
    BOOST_TEST(by.check<session_claims>(token("gone")).error().reason == reason::unknown_key);
    BOOST_TEST(by.check<session_claims>(token("new")).error().reason == reason::keys_not_at_hand);
}

BOOST_AUTO_TEST_CASE(those_who_wait_are_bounded)
{
    options.most_waiting = 3;
    const verifier by{key_source(make_source())};
    std::deque<std::optional<rejection>> answers(5);
    for (auto& answer : answers)
        start(by, token(), answer);
    time.settle();
    BOOST_TEST(!answers[2].has_value());
    BOOST_TEST_REQUIRE((answers[3] && answers[4]));
    BOOST_TEST(answers[4]->reason == reason::keys_unavailable);
    BOOST_TEST(answers[4]->cause.is_timeout());
    time.jump_to(begin + 100ms);
    BOOST_TEST_REQUIRE((answers[0] && answers[2]));
    BOOST_TEST(answers[2]->reason == reason::none);
}

BOOST_AUTO_TEST_CASE(a_withdrawn_key_is_noticed_by_what_was_verified_before)
{
    verify_options wanted;
    wanted.cache = verified_cache(10);
    const verifier by(key_source(make_source()), wanted);
    BOOST_TEST(verify(by, token()) == reason::none);
    BOOST_TEST(verify(by, token()) == reason::none);
    BOOST_TEST(wanted.cache->counters().hits == 1U);
    remote.keys = keys_of({other_rsa_key().jwk("ins_two")});
    // Hits alone make the set fetched anew.
    time.jump_to(begin + 302s);
    BOOST_TEST(by.check<session_claims>(token()).has_value());
    BOOST_TEST(wanted.cache->counters().hits == 2U);
    time.settle();
    time.jump_to(virtual_clock::now() + 1s);
    BOOST_TEST(remote.asked.size() == 2U);
    BOOST_TEST(by.check<session_claims>(token()).error().reason == reason::unknown_key);
}

BOOST_AUTO_TEST_CASE(a_verifiers_issuer_is_not_another_than_its_sources)
{
    verify_options wanted;
    wanted.issuer = "https://clerk.other.org";
    BOOST_CHECK_THROW(verifier(key_source(make_source("https://clerk.example.com")), wanted), std::invalid_argument);
    BOOST_TEST(verify(verifier(key_source(make_source()), wanted), token()) == reason::issuer);
    wanted.issuer = "https://clerk.example.com";
    BOOST_TEST(verify(verifier(key_source(make_source("https://clerk.example.com")), wanted), token()) == reason::none);
}

BOOST_AUTO_TEST_CASE(a_verifier_may_outlive_the_context)
{
    const auto source = make_source();
    {
        const verifier by{key_source(source)};
        std::optional<rejection> out;
        start(by, token(), out);
        time.settle();
        time.destroy();
    }
    BOOST_TEST(source.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(times_without_end_are_a_year)
{
    options.usable = std::chrono::seconds::max();
    options.fresh = options.longest_fresh = options.revalidate = std::chrono::seconds::max();
    options.deadline = options.unknown_key_memory = options.longest_backoff = std::chrono::milliseconds::max();
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 24h * 300);
    BOOST_TEST(by.check<session_claims>(token()).has_value());
    time.settle();
    BOOST_TEST(remote.asked.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
