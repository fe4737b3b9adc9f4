// Key sets as a whole: their bounds, keys of one id, sets that come again.
#include "issuer.hpp"

#include "token/key.hpp"
#include "token/known_set.hpp"

#include <usher/token/verifier.hpp>

#include <openssl/err.h>

using namespace token_tests;
using namespace usher::token;

BOOST_AUTO_TEST_SUITE(key_sets)

BOOST_AUTO_TEST_CASE(a_set_has_a_bound)
{
    const auto text_of = [](int count) {
        json::array keys;
        for (int i = 0; i != count; ++i)
            keys.push_back(ed25519_key().jwk("k" + std::to_string(i)));
        return json::serialize(json::object{{"keys", std::move(keys)}});
    };
    BOOST_TEST(key_set::from_jwks(text_of(32)).value().size() == 32U);
    BOOST_TEST(!key_set::from_jwks(text_of(33)).has_value());
}

BOOST_AUTO_TEST_CASE(all_keys_of_one_id_and_algorithm_are_tried)
{
    const auto token = make_token(rsa_key(), session_header(), session_claims_json());
    const verifier second(keys_of({other_rsa_key().jwk("ins_one"), rsa_key().jwk("ins_one")}));
    BOOST_TEST(second.check<session_claims>(token, now).has_value());
    const verifier neither(keys_of({other_rsa_key().jwk("ins_one"), other_rsa_key().jwk("ins_one")}));
    BOOST_TEST(neither.check<session_claims>(token, now).error().reason == reason::signature);
    // A token makes nobody verify it more than a few times.
    const auto one = other_rsa_key().jwk("ins_one");
    const verifier crowded(keys_of({one, one, one, one, rsa_key().jwk("ins_one")}));
    BOOST_TEST(crowded.check<session_claims>(token, now).error().reason == reason::unknown_key);
}

BOOST_AUTO_TEST_CASE(a_set_that_comes_again_keeps_its_keys)
{
    detail::known_set known;
    const auto first_text = jwks({rsa_key().jwk("a")}), second_text = jwks({rsa_key().jwk("b")});
    const auto first = known.read(first_text);
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST((known.read(first_text)->keys() == first->keys()));
    BOOST_TEST(!known.read("{}").has_value());
    BOOST_TEST((known.read(first_text)->keys() == first->keys()));
    BOOST_TEST((known.read(second_text)->ids() == std::vector<std::string>{"b"}));
    BOOST_TEST((known.read(first_text)->ids() == std::vector<std::string>{"a"}));
}

BOOST_AUTO_TEST_CASE(an_rsa_key_whose_numbers_are_none_is_refused)
{
    const auto jwk = rsa_key().jwk("a");
    auto n = from_base64url(jwk.at("n").as_string());
    n.back() = static_cast<char>(n.back() & ~1);
    BOOST_TEST(!key_set::from_jwks(jwks({with(jwk, "n", json::string(base64url(n)))})).has_value());
    for (const char* e : {"AQ", "Ag", "AQAA", "AA"})
        BOOST_TEST(!key_set::from_jwks(jwks({with(jwk, "e", e)})).has_value(), e);
    BOOST_TEST(key_set::from_jwks(jwks({with(jwk, "e", "Aw")})).has_value());
}

BOOST_AUTO_TEST_CASE(reading_a_large_key_costs_no_primality_test)
{
    // The check of the numbers' form does not care whether n is of two primes; a full check would refuse this one.
    const auto jwk = rsa_key().jwk("a");
    std::string n(1024, '\xff');
    BOOST_TEST(key_set::from_jwks(jwks({with(jwk, "n", json::string(base64url(n)))})).has_value());
}

BOOST_AUTO_TEST_CASE(refused_keys_leave_no_errors_behind)
{
    const auto p521 = signing_key::ec("P-521");
    const auto large = signing_key::ed448();
    for (EVP_PKEY* key : {p521.handle(), large.handle()}) {
        ERR_clear_error();
        BOOST_TEST((detail::check_key(*key).fault != nullptr));
        BOOST_TEST(ERR_peek_error() == 0U);
    }
    BOOST_TEST(!key_set::from_pem(large.public_pem()).has_value());
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
