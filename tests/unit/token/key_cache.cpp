// The key cache in virtual time: what is fetched, and how often.
#include "remote_issuer.hpp"

#include <deque>

using namespace token_tests;
using namespace usher::token;

BOOST_FIXTURE_TEST_SUITE(key_cache_in_virtual_time, key_cache_fixture)

BOOST_AUTO_TEST_CASE(a_thousand_verifications_on_a_cold_cache_fetch_once)
{
    const verifier by{key_source(make_source())};
    std::deque<std::optional<rejection>> answers(1000);
    for (auto& answer : answers)
        start(by, token(), answer);
    time.settle();
    BOOST_TEST(remote.asked.size() == 1U);
    BOOST_TEST(!answers.front().has_value());
    time.jump_to(begin + 100ms);
    for (const auto& answer : answers) {
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST_REQUIRE(answer->reason == reason::none, answer->text);
    }
    BOOST_TEST(remote.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_thousand_unknown_keys_at_once_fetch_once)
{
    const auto source = make_source();
    const verifier by{key_source(source)};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 60s);
    std::deque<std::optional<rejection>> answers(1000);
    std::size_t n = 0;
    for (auto& answer : answers)
        start(by, token("key_" + std::to_string(n++)), answer);
    time.settle();
    time.jump_to(begin + 61s);
    for (const auto& answer : answers) {
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST_REQUIRE(answer->reason == reason::unknown_key, answer->text);
    }
    BOOST_TEST(remote.asked.size() == 2U);
    BOOST_TEST(source->state().counters().unknown_keys == 1000U);
}

BOOST_AUTO_TEST_CASE(unknown_keys_fetch_at_most_once_in_five_seconds)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    const auto first = virtual_clock::now();
    int n = 0;
    while (virtual_clock::now() < first + 60s) {
        BOOST_TEST_REQUIRE(verify(by, token("key_" + std::to_string(n++))) == reason::unknown_key);
        time.jump_to(virtual_clock::now() + 150ms);
    }
    BOOST_TEST(n > 200);
    BOOST_TEST(remote.asked.size() >= 10U);
    for (std::size_t i = 1; i != remote.asked.size(); ++i)
        BOOST_TEST((remote.asked[i] - remote.asked[i - 1] >= 5s));
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_remembered)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 10s);
    for (int i = 0; i != 50; ++i) {
        BOOST_TEST(verify(by, token("gone")) == reason::unknown_key);
        time.jump_to(virtual_clock::now() + 1s);
    }
    BOOST_TEST(remote.asked.size() == 2U);
    time.jump_to(begin + 75s);
    BOOST_TEST(verify(by, token("gone")) == reason::unknown_key);
    BOOST_TEST(remote.asked.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_new_key_of_the_issuer_is_found)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 10s);
    remote.keys = keys_of({rsa_key().jwk("ins_one"), other_rsa_key().jwk("ins_two")});
    BOOST_TEST(verify(by, token("ins_two", other_rsa_key())) == reason::none);
    BOOST_TEST(remote.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_bad_signature_never_fetches)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 60s);
    for (int i = 0; i != 100; ++i) {
        BOOST_TEST_REQUIRE(verify(by, token("ins_one", other_rsa_key())) == reason::signature);
        time.jump_to(virtual_clock::now() + 1s);
    }
    BOOST_TEST(remote.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_can_be_refused_without_a_key_does_not_fetch)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, "a.b.c") == reason::malformed);
    auto header = with(session_header(), "alg", "none");
    BOOST_TEST(verify(by, base64url(json::serialize(header)) + ".e30.") == reason::algorithm);
    header = with(session_header(), "crit", json::array{"x"});
    BOOST_TEST(verify(by, make_token(rsa_key(), header, session_claims_json())) == reason::critical_header);
    BOOST_TEST(remote.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_stale_set_is_used_while_it_is_fetched_anew)
{
    const verifier by{key_source(make_source())};
    BOOST_TEST(verify(by, token()) == reason::none);
    time.jump_to(begin + 299s);
    BOOST_TEST((by.check<session_claims>(token()).has_value()));
    BOOST_TEST(remote.asked.size() == 1U);
    time.jump_to(begin + 301s);
    for (int i = 0; i != 10; ++i)
        BOOST_TEST((by.check<session_claims>(token()).has_value()));
    time.settle();
    BOOST_TEST(remote.asked.size() == 2U);
    // A key that the issuer has withdrawn is gone once the new set is there.
    remote.keys = keys_of({other_rsa_key().jwk("ins_two")});
    time.jump_to(begin + 302s);
    BOOST_TEST(by.check<session_claims>(token()).error().reason == reason::unknown_key);
}

BOOST_AUTO_TEST_CASE(max_age_counts_within_its_bounds)
{
    const std::pair<std::optional<std::chrono::seconds>, std::chrono::seconds> all[] = {
        {std::nullopt, 300s}, {600s, 600s}, {0s, 60s}, {10s, 60s}, {86'400s, 3600s}};
    for (const auto& [said, used] : all) {
        virtual_clock::current = begin;
        remote.asked.clear();
        remote.max_age = said;
        const verifier by{key_source(make_source())};
        BOOST_TEST(verify(by, token()) == reason::none);
        const auto fetched = virtual_clock::now();
        time.jump_to(fetched + used - 1s);
        BOOST_TEST((by.check<session_claims>(token()).has_value()));
        time.settle();
        BOOST_TEST(remote.asked.size() == 1U);
        time.jump_to(fetched + used);
        BOOST_TEST((by.check<session_claims>(token()).has_value()));
        time.settle();
        BOOST_TEST(remote.asked.size() == 2U);
        time.jump_to(virtual_clock::now() + 1s);
    }
}

BOOST_AUTO_TEST_SUITE_END()
