#include "issuer.hpp"

#include "token/digest.hpp"
#include "token/verified_store.hpp"

#include <usher/token/verifier.hpp>

#include <cstdlib>
#include <new>
#include <stdexcept>

using namespace token_tests;
using namespace usher::token;
using detail::verified_key;
using detail::verified_span;
using detail::verified_store;

namespace {

verified_key key_for(const std::string& token, std::uint64_t by = 1, std::uint64_t kind = 1)
{
    verified_key key;
    key.digest = detail::sha256(token);
    key.verifier = by;
    key.kind = kind;
    return key;
}

std::shared_ptr<const void> something()
{
    return std::make_shared<const int>(1);
}

verified_span span_to(usher::unix_seconds expires)
{
    return {now, expires};
}

} // namespace

BOOST_AUTO_TEST_SUITE(verified_tokens)

BOOST_AUTO_TEST_CASE(a_token_is_verified_once_until_it_expires)
{
    verify_options options;
    options.cache = verified_cache(10);
    const verifier by(keys_of({rsa_key().jwk("ins_one")}), options);
    const auto token = make_token(rsa_key(), session_header(), session_claims_json());
    const auto first = by.check<session_claims>(token, now);
    BOOST_TEST_REQUIRE(first.has_value());
    const auto second = by.check<session_claims>(token, now + std::chrono::seconds(49));
    BOOST_TEST(second.share() == first.share());
    BOOST_TEST(options.cache->counters().hits == 1U);
    BOOST_TEST(options.cache->counters().size == 1U);
    // At `exp` it is verified again; the skew lets it pass for five seconds more.
    const auto third = by.check<session_claims>(token, now + std::chrono::seconds(50));
    BOOST_TEST(third.has_value());
    BOOST_TEST(third.share() != first.share());
    BOOST_TEST(by.check<session_claims>(token, now + std::chrono::seconds(55)).error().reason == reason::expired);
}

BOOST_AUTO_TEST_CASE(what_was_accepted_is_not_accepted_for_a_time_before)
{
    verify_options options;
    options.cache = verified_cache(10);
    const verifier by(keys_of({rsa_key().jwk("ins_one")}), options);
    const auto token = make_token(rsa_key(), session_header(), session_claims_json());
    BOOST_TEST(by.check<session_claims>(token, now).has_value());
    BOOST_TEST(by.check<session_claims>(token, now - std::chrono::hours(1)).error().reason == reason::not_yet_valid);
    BOOST_TEST(options.cache->counters().hits == 0U);
    BOOST_TEST(by.check<session_claims>(token, now).has_value());
    BOOST_TEST(options.cache->counters().hits == 1U);
}

BOOST_AUTO_TEST_CASE(an_entry_holds_for_the_keys_that_it_was_accepted_with)
{
    verified_store store(10);
    store.keep(key_for("a"), something(), {now, now + std::chrono::seconds(10), 3});
    BOOST_TEST(store.find(key_for("a"), now, 3) != nullptr);
    BOOST_TEST(store.find(key_for("a"), now, 4) == nullptr);
    BOOST_TEST(store.find(key_for("a"), now - std::chrono::seconds(1), 3) == nullptr);
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_not_kept)
{
    verify_options options;
    options.cache = verified_cache(10);
    const verifier by(keys_of({rsa_key().jwk("ins_one")}), options);
    const auto token = make_token(rsa_key(), session_header(), with(session_claims_json(), "nbf", now_count + 60));
    BOOST_TEST(by.check<session_claims>(token, now).error().reason == reason::not_yet_valid);
    BOOST_TEST(options.cache->counters().size == 0U);
}

BOOST_AUTO_TEST_CASE(no_verifier_sees_what_another_has_accepted)
{
    verify_options lax, strict;
    lax.cache = verified_cache(10);
    strict.cache = lax.cache;
    strict.authorized_parties = {"https://other.example"};
    const auto keys = keys_of({rsa_key().jwk("ins_one")});
    const verifier first(keys, lax), second(keys, strict);
    const auto token = make_token(rsa_key(), session_header(), session_claims_json());
    BOOST_TEST(first.check<session_claims>(token, now).has_value());
    BOOST_TEST(second.check<session_claims>(token, now).error().reason == reason::authorized_party);
    // Nor is a session a machine because it is known.
    BOOST_TEST(first.check<m2m_claims>(token, now).error().reason == reason::token_type);
    const verifier copy = first;
    BOOST_TEST(copy.check<session_claims>(token, now).has_value());
    BOOST_TEST(lax.cache->counters().hits == 1U);
}

BOOST_AUTO_TEST_CASE(a_full_cache_gives_up_what_nobody_asked_for)
{
    verified_store store(3);
    for (const char* token : {"a", "b", "c"})
        store.keep(key_for(token), something(), span_to(now + std::chrono::seconds(10)));
    BOOST_TEST(store.find(key_for("a"), now) != nullptr);
    BOOST_TEST(store.find(key_for("c"), now) != nullptr);
    store.keep(key_for("d"), something(), span_to(now + std::chrono::seconds(10)));
    BOOST_TEST(store.find(key_for("a"), now) != nullptr);
    BOOST_TEST(store.find(key_for("b"), now) == nullptr);
    BOOST_TEST(store.find(key_for("c"), now) != nullptr);
    BOOST_TEST(store.find(key_for("d"), now) != nullptr);
    BOOST_TEST(store.counters().size == 3U);
    BOOST_TEST(store.counters().evictions == 1U);
    for (int i = 0; i != 1000; ++i)
        store.keep(key_for(std::to_string(i)), something(), span_to(now));
    BOOST_TEST(store.counters().size == 3U);
    BOOST_TEST(store.find(key_for("999"), now) == nullptr); // expired
    store.clear();
    BOOST_TEST(store.counters().size == 0U);
    BOOST_TEST(store.find(key_for("d"), now) == nullptr);
}

BOOST_AUTO_TEST_CASE(entries_differ_by_token_verifier_and_kind)
{
    verified_store store(10);
    store.keep(key_for("a", 1, 1), something(), span_to(now + std::chrono::seconds(10)));
    BOOST_TEST(store.find(key_for("a", 1, 1), now) != nullptr);
    BOOST_TEST(store.find(key_for("b", 1, 1), now) == nullptr);
    BOOST_TEST(store.find(key_for("a", 2, 1), now) == nullptr);
    BOOST_TEST(store.find(key_for("a", 1, 2), now) == nullptr);
    // The same again takes no second place.
    store.keep(key_for("a", 1, 1), something(), span_to(now + std::chrono::seconds(20)));
    BOOST_TEST(store.counters().size == 1U);
    BOOST_TEST(store.find(key_for("a", 1, 1), now + std::chrono::seconds(15)) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_capacity_out_of_range_is_a_mistake_of_the_program)
{
    BOOST_CHECK_THROW(verified_cache(0), std::invalid_argument);
    BOOST_CHECK_THROW(verified_cache(16'000'001), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
