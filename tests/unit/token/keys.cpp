#include "issuer.hpp"

#include "token/key.hpp"

#include <usher/token/verifier.hpp>

#include <atomic>
#include <thread>

using namespace token_tests;
using namespace usher::token;

namespace {

/// Why a set with this key alone is refused.
std::string fault_of(const json::object& jwk)
{
    const auto set = key_set::from_jwks(jwks({jwk}));
    BOOST_TEST_REQUIRE(!set.has_value(), json::serialize(jwk));
    BOOST_TEST((set.error().kind() == usher::error_kind::decode));
    return set.error().message();
}

bool mentions(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(each_kind_allows_its_own_algorithms_and_no_other)
{
    struct expectation {
        json::object jwk;
        std::vector<algorithm> allowed;
    };
    const expectation all[] = {
        {rsa_key().jwk("a"), {algorithm::rs256, algorithm::rs384, algorithm::rs512}},
        {rsa_key().jwk("a", "RS384"), {algorithm::rs384}},
        {ec256_key().jwk("a"), {algorithm::es256}},
        {ec256_key().jwk("a", "ES256"), {algorithm::es256}},
        {ec384_key().jwk("a"), {algorithm::es384}},
        {ed25519_key().jwk("a"), {algorithm::eddsa}},
        {ed25519_key().jwk("a", "EdDSA"), {algorithm::eddsa}},
    };
    for (const auto& [jwk, allowed] : all) {
        const auto set = keys_of({jwk});
        BOOST_TEST_REQUIRE(set.size() == 1U);
        for (const auto one : {algorithm::rs256, algorithm::rs384, algorithm::rs512, algorithm::es256, algorithm::es384,
                               algorithm::eddsa}) {
            const bool expected = std::find(allowed.begin(), allowed.end(), one) != allowed.end();
            BOOST_TEST(set.keys()->front().allows(one) == expected, json::serialize(jwk) << ' ' << to_string(one));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_verify_is_skipped_and_a_set_of_nothing_else_is_an_error)
{
    const auto rsa = rsa_key().jwk("a");
    const auto ec = ec256_key().jwk("a");
    auto off_curve = ec;
    off_curve["y"] = base64url(std::string(32, '\1'));
    auto short_x = ec;
    short_x["x"] = base64url(std::string(31, '\1'));
    json::object symmetric;
    symmetric["kty"] = "oct";
    symmetric["k"] = "AyM1SysPpbyDfgZld3umj1qzKObwVMko";
    const std::pair<json::object, const char*> bad[] = {
        {symmetric, "symmetric"},
        {with(rsa, "k", "AyM1SysPpbyDfgZld3umj1qzKObwVMko"), "symmetric"},
        {with(rsa, "d", "AQAB"), "private"},
        {with(rsa, "use", "enc"), "not for signatures"},
        {with(rsa, "use", 1), "not for signatures"},
        {with(rsa, "key_ops", json::array{"sign"}), "not for signatures"},
        {with(rsa, "kty", "lattice"), "unknown kty"},
        {without(rsa, "kty"), "kty is missing"},
        {with(rsa, "kid", 7), "kid"},
        {with(rsa, "alg", "HS256"), "alg"},
        {with(rsa, "alg", "PS256"), "alg"},
        {with(rsa, "alg", "none"), "alg"},
        {with(rsa, "alg", "ES256"), "alg"},
        {with(rsa, "alg", 256), "alg"},
        {without(rsa, "n"), "n or e"},
        {with(rsa, "n", "!!"), "n or e"},
        {with(rsa, "n", json::string(base64url(std::string(1100, '\xff')))), "too long"},
        {with(rsa, "e", "AQ"), "key"},
        {with(rsa, "e", "Ag"), "key"},
        {signing_key::rsa(1024).jwk("a"), "2048"},
        {off_curve, "curve"},
        {short_x, "length"},
        {without(ec, "y"), "x or y"},
        {with(ec, "crv", "secp256k1"), "P-256 and P-384"},
        {with(ec, "crv", "P-384"), "length"},
        {signing_key::ec("P-521").jwk("a"), "P-256 and P-384"},
        {signing_key::ed448().jwk("a"), "Ed25519"},
        {with(ed25519_key().jwk("a"), "x", json::string(base64url(std::string(33, '\1')))), "length"},
    };
    for (const auto& [jwk, part] : bad) {
        const auto fault = fault_of(jwk);
        BOOST_TEST(mentions(fault, part), fault << " should mention " << part << ": " << json::serialize(jwk));
        // Beside a good one it does no harm.
        const auto set = key_set::from_jwks(jwks({jwk, ed25519_key().jwk("good")}));
        BOOST_TEST_REQUIRE(set.has_value());
        BOOST_TEST((set->ids() == std::vector<std::string>{"good"}));
    }
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_set_is_an_error)
{
    for (const char* text : {"", "null", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]}", "{\"keys\":[1]}", "{\"keys\":[",
                             "{\"keys\":[],\"keys\":[]}"})
        BOOST_TEST(!key_set::from_jwks(text).has_value(), text);
    const auto one = json::serialize(rsa_key().jwk("a"));
    std::string many = "{\"keys\":[" + one;
    for (int i = 0; i != 256; ++i)
        many += ',' + one;
    BOOST_TEST(!key_set::from_jwks(many + "]}").has_value());
    BOOST_TEST(!key_set::from_jwks(std::string(1024 * 1024 + 1, ' ')).has_value());
}

BOOST_AUTO_TEST_CASE(pem_gives_public_keys_and_certificates)
{
    for (const auto* key : {&rsa_key(), &ec256_key(), &ec384_key(), &ed25519_key()}) {
        const auto from_key = key_set::from_pem(key->public_pem(), "k");
        BOOST_TEST_REQUIRE(from_key.has_value());
        BOOST_TEST((from_key->ids() == std::vector<std::string>{"k"}));
    }
    BOOST_TEST(key_set::from_pem(rsa_key().certificate_pem()).has_value());
    BOOST_TEST(key_set::from_pem("some words before\n" + rsa_key().public_pem()).has_value());
}

BOOST_AUTO_TEST_CASE(pem_of_a_private_key_or_of_a_key_that_is_too_weak_is_refused)
{
    const std::pair<std::string, const char*> bad[] = {
        {rsa_key().private_pem(), "private key"},
        {rsa_key().public_pem() + rsa_key().private_pem(), "private key"},
        {signing_key::rsa(1024).public_pem(), "2048"},
        {signing_key::ec("P-521").public_pem(), "P-256 and P-384"},
        {signing_key::ec("secp256k1").public_pem(), "P-256 and P-384"},
        {signing_key::ed448().public_pem(), "not RSA, EC or Ed25519"},
        {"", "no public key"},
        {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no public key"},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no public key"},
    };
    for (const auto& [pem, part] : bad) {
        const auto set = key_set::from_pem(pem);
        BOOST_TEST_REQUIRE(!set.has_value(), pem);
        BOOST_TEST((set.error().kind() == usher::error_kind::invalid_request));
        BOOST_TEST(mentions(set.error().message(), part), set.error().message());
    }
}

BOOST_AUTO_TEST_CASE(tokens_of_every_algorithm_are_accepted)
{
    const std::pair<const signing_key*, const char*> all[] = {{&rsa_key(), "RS256"},   {&rsa_key(), "RS384"},
                                                              {&rsa_key(), "RS512"},   {&ec256_key(), "ES256"},
                                                              {&ec384_key(), "ES384"}, {&ed25519_key(), "EdDSA"}};
    for (const auto& [key, alg] : all) {
        // Several signatures: ECDSA's numbers differ in length now and then.
        for (int i = 0; i != 64; ++i) {
            auto claims = with(session_claims_json(), "jti", i);
            claims["jti"] = std::to_string(i);
            const auto token = make_token(*key, with(session_header(), "alg", alg), claims);
            const auto by_jwk = verifier(keys_of({key->jwk("ins_one")})).check<session_claims>(token, now);
            BOOST_TEST_REQUIRE(by_jwk.has_value(), alg << ": " << by_jwk.error().text);
            const auto by_pem =
                verifier(key_set::from_pem(key->public_pem()).value()).check<session_claims>(token, now);
            BOOST_TEST_REQUIRE(by_pem.has_value(), alg << ": " << by_pem.error().text);
        }
    }
}

BOOST_AUTO_TEST_CASE(many_threads_verify_with_one_key)
{
    const verifier by(keys_of({rsa_key().jwk("ins_one"), ec256_key().jwk("ec"), ed25519_key().jwk("ed")}));
    const std::pair<const char*, std::string> tokens[] = {
        {"RS256", make_token(rsa_key(), session_header(), session_claims_json())},
        {"ES256",
         make_token(ec256_key(), with(with(session_header(), "kid", "ec"), "alg", "ES256"), session_claims_json())},
        {"EdDSA",
         make_token(ed25519_key(), with(with(session_header(), "kid", "ed"), "alg", "EdDSA"), session_claims_json())}};
    std::atomic<int> accepted{0}, refused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&] {
            for (int round = 0; round != 200; ++round)
                for (const auto& [alg, token] : tokens) {
                    accepted += by.check<session_claims>(token, now).has_value() ? 1 : 0;
                    refused += by.check<session_claims>(token.substr(0, token.size() - 8) + "AAAAAAAA", now).has_value()
                                   ? 0
                                   : 1;
                }
        });
    for (auto& each : threads)
        each.join();
    BOOST_TEST(accepted == 2400);
    BOOST_TEST(refused == 2400);
}

BOOST_AUTO_TEST_SUITE_END()
