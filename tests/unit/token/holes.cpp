// Holes that other libraries shipped, each closed by a test of its own.
#include "issuer.hpp"

#include <usher/token/verifier.hpp>

using namespace token_tests;
using namespace usher::token;

namespace {

std::string unsigned_token(const json::object& header, const json::object& claims, std::string_view signature = {})
{
    return base64url(json::serialize(header)) + '.' + base64url(json::serialize(claims)) + '.' + base64url(signature);
}

verifier lax_verifier()
{
    return verifier(keys_of({rsa_key().jwk("ins_one")}));
}

reason refused(const verifier& by, const std::string& token)
{
    return by.check<session_claims>(token, now).error().reason;
}

} // namespace

BOOST_AUTO_TEST_SUITE(holes)

BOOST_AUTO_TEST_CASE(a_key_of_one_tenant_is_never_found_for_another_even_with_the_same_id)
{
    // Both tenants call their key ins_one.
    verify_options of_one, of_other;
    of_one.issuer = "https://clerk.example.com";
    of_other.issuer = "https://clerk.other.org";
    const verifier one(keys_of({rsa_key().jwk("ins_one")}), of_one);
    const verifier other(keys_of({other_rsa_key().jwk("ins_one")}), of_other);
    const auto token = make_token(rsa_key(), session_header(), session_claims_json());
    const auto claimed =
        make_token(rsa_key(), session_header(), with(session_claims_json(), "iss", json::string(of_other.issuer)));
    BOOST_TEST(one.check<session_claims>(token, now).has_value());
    BOOST_TEST(refused(other, token) == reason::signature);
    BOOST_TEST(refused(other, claimed) == reason::signature);
    BOOST_TEST(refused(one, claimed) == reason::issuer);
}

BOOST_AUTO_TEST_CASE(a_token_without_azp_is_refused_once_parties_are_configured)
{
    verify_options options;
    options.authorized_parties = {"https://example.com"};
    const verifier strict(keys_of({rsa_key().jwk("ins_one")}), options);
    const auto token = make_token(rsa_key(), session_header(), without(session_claims_json(), "azp"));
    BOOST_TEST(refused(strict, token) == reason::authorized_party);
    BOOST_TEST(refused(strict, make_token(rsa_key(), session_header(), with(session_claims_json(), "azp", ""))) ==
               reason::authorized_party);
    BOOST_TEST(lax_verifier().check<session_claims>(token, now).has_value());
}

BOOST_AUTO_TEST_CASE(a_template_token_is_no_session)
{
    const auto header = with(session_header(), "cat", "cl_B7d4PD222AAA");
    BOOST_TEST(refused(lax_verifier(), make_token(rsa_key(), header, session_claims_json())) == reason::token_type);
}

BOOST_AUTO_TEST_CASE(a_machines_token_is_no_session)
{
    const auto header = with(session_header(), "cat", "cl_B7d4PD333AAA");
    const auto claims = with(session_claims_json(), "sub", "mch_2aB");
    BOOST_TEST(refused(lax_verifier(), make_token(rsa_key(), header, session_claims_json())) == reason::token_type);
    BOOST_TEST(refused(lax_verifier(), make_token(rsa_key(), session_header(), claims)) == reason::token_type);
    BOOST_TEST(refused(lax_verifier(), make_token(rsa_key(), without(session_header(), "cat"), claims)) ==
               reason::token_type);
    BOOST_TEST(refused(lax_verifier(), make_token(rsa_key(), with(session_header(), "cat", "cl_unheard_of"),
                                                  session_claims_json())) == reason::token_type);
}

BOOST_AUTO_TEST_CASE(a_session_without_a_category_is_accepted)
{
    const auto token = make_token(rsa_key(), without(session_header(), "cat"), session_claims_json());
    BOOST_TEST(lax_verifier().check<session_claims>(token, now).has_value());
}

BOOST_AUTO_TEST_CASE(crit_is_refused)
{
    const auto header = with(session_header(), "crit", json::array{"exp"});
    BOOST_TEST(refused(lax_verifier(), make_token(rsa_key(), header, session_claims_json())) ==
               reason::critical_header);
}

BOOST_AUTO_TEST_CASE(a_key_that_the_token_brings_along_is_never_used)
{
    // Signed by somebody else, who offers his key in every way that the header knows.
    for (const bool named : {true, false}) {
        auto header = session_header();
        if (!named)
            header.erase("kid");
        header["jwk"] = other_rsa_key().jwk("ins_one");
        header["jku"] = "https://evil.example/keys";
        header["x5u"] = "https://evil.example/cert";
        header["x5c"] = json::array{"MIIB"};
        BOOST_TEST(refused(lax_verifier(), make_token(other_rsa_key(), header, session_claims_json())) ==
                   reason::signature);
        // And where the right key signed, these members change nothing.
        BOOST_TEST(lax_verifier()
                       .check<session_claims>(make_token(rsa_key(), header, session_claims_json()), now)
                       .has_value());
    }
}

BOOST_AUTO_TEST_CASE(none_is_refused_in_every_spelling)
{
    for (const char* none : {"none", "None", "NONE", "nOnE", "", "null"}) {
        const auto header = with(session_header(), "alg", none);
        BOOST_TEST(refused(lax_verifier(), unsigned_token(header, session_claims_json())) == reason::algorithm, none);
        BOOST_TEST(refused(lax_verifier(), unsigned_token(header, session_claims_json(), "x")) == reason::algorithm);
    }
    // No signature under an honest name.
    BOOST_TEST(refused(lax_verifier(), unsigned_token(session_header(), session_claims_json())) == reason::signature);
}

BOOST_AUTO_TEST_CASE(an_envelope_is_not_opened_so_that_nothing_unsigned_comes_out_of_it)
{
    // Five parts are an encrypted token (RFC 7516). Libraries that decrypt take what is inside, signed or not.
    const auto inside = unsigned_token(with(session_header(), "alg", "none"), session_claims_json());
    for (const char* alg : {"RSA-OAEP-256", "RSA1_5", "dir", "A256KW", "RS256"}) {
        auto header = with(with(with(session_header(), "alg", alg), "enc", "A256GCM"), "cty", "JWT");
        const auto envelope = base64url(json::serialize(header)) + '.' + base64url(std::string(256, 'k')) + '.' +
                              base64url(std::string(12, 'i')) + '.' + base64url(inside) + '.' +
                              base64url(std::string(16, 't'));
        BOOST_TEST(refused(lax_verifier(), envelope) == reason::malformed, alg);
        BOOST_TEST(
            !lax_verifier().check<session_claims>(unsigned_token(header, session_claims_json()), now).has_value());
    }
    // A token within a token is no set of claims, whoever signed the outer one.
    const auto nested = base64url(json::serialize(with(session_header(), "cty", "JWT"))) + '.' + base64url(inside);
    BOOST_TEST(!lax_verifier().check<session_claims>(nested + '.' + base64url(std::string(256, 's')), now).has_value());
}

BOOST_AUTO_TEST_CASE(a_public_key_is_never_taken_for_a_shared_secret)
{
    for (const char* alg : {"HS256", "HS384", "HS512"}) {
        const auto header = with(session_header(), "alg", alg);
        const auto input = base64url(json::serialize(header)) + '.' + base64url(json::serialize(session_claims_json()));
        for (const auto& key : {rsa_key().public_pem(), json::serialize(rsa_key().jwk("ins_one")), std::string()})
            BOOST_TEST(refused(lax_verifier(), input + '.' + base64url(hmac_sha256(key, input))) == reason::algorithm);
    }
}

BOOST_AUTO_TEST_CASE(an_algorithm_that_the_key_does_not_allow_is_refused)
{
    // One set with all kinds; the token names a key, and an algorithm of another one.
    const verifier all(keys_of({rsa_key().jwk("rsa", "RS256"), ec256_key().jwk("ec"), ed25519_key().jwk("ed")}));
    const std::pair<const char*, const signing_key*> keys[] = {
        {"rsa", &rsa_key()}, {"ec", &ec256_key()}, {"ed", &ed25519_key()}};
    const std::pair<const char*, const signing_key*> algorithms[] = {
        {"RS256", &rsa_key()}, {"RS384", &rsa_key()}, {"ES256", &ec256_key()}, {"EdDSA", &ed25519_key()}};
    for (const auto& [kid, key] : keys) {
        for (const auto& [alg, signer] : algorithms) {
            const auto header = with(with(session_header(), "kid", kid), "alg", alg);
            const auto answer =
                all.check<session_claims>(make_token(*signer, header, session_claims_json()), now).error().reason;
            const bool is_right = key == signer && std::string_view(alg) != "RS384";
            BOOST_TEST(answer == (is_right ? reason::none : reason::algorithm), kid << ' ' << alg);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_without_a_key_id_needs_exactly_one_key_that_fits)
{
    const auto token = make_token(rsa_key(), without(session_header(), "kid"), session_claims_json());
    BOOST_TEST(verifier(keys_of({rsa_key().jwk("a")})).check<session_claims>(token, now).has_value());
    BOOST_TEST(
        verifier(keys_of({rsa_key().jwk("a"), ec256_key().jwk("b")})).check<session_claims>(token, now).has_value());
    BOOST_TEST(refused(verifier(keys_of({rsa_key().jwk("a"), other_rsa_key().jwk("b")})), token) ==
               reason::unknown_key);
    BOOST_TEST(refused(verifier(keys_of({ec256_key().jwk("b")})), token) == reason::algorithm);
    BOOST_TEST(refused(verifier(key_set()), token) == reason::unknown_key);
}

BOOST_AUTO_TEST_CASE(an_ecdsa_signature_in_der_or_of_zeros_or_of_the_wrong_length_is_refused)
{
    const verifier by(keys_of({ec256_key().jwk("ins_one")}));
    const auto header = with(session_header(), "alg", "ES256");
    const auto zero = [&](std::size_t size) {
        return unsigned_token(header, session_claims_json(), std::string(size, '\0'));
    };
    for (const std::size_t size : {0U, 1U, 32U, 63U, 64U, 65U, 70U, 96U, 128U})
        BOOST_TEST(refused(by, zero(size)) == reason::signature, size);
    const auto token = make_token(ec256_key(), header, session_claims_json());
    const auto dot = token.rfind('.');
    const auto raw = from_base64url(token.substr(dot + 1));
    const auto with_signature = [&](const std::string& bytes) { return token.substr(0, dot + 1) + base64url(bytes); };
    BOOST_TEST(by.check<session_claims>(with_signature(raw), now).has_value());
    const auto integer = [](const std::string& number) { return std::string("\x02\x21\x00", 3) + number; };
    const auto body = integer(raw.substr(0, 32)) + integer(raw.substr(32));
    BOOST_TEST(refused(by, with_signature("\x30" + std::string(1, static_cast<char>(body.size())) + body)) ==
               reason::signature);
    BOOST_TEST(refused(by, with_signature(raw + '\0')) == reason::signature);
    BOOST_TEST(refused(by, with_signature(std::string(1, '\0') + raw)) == reason::signature);
    // Each half padded by a zero byte is still the same numbers, and still not the one text that is right.
    BOOST_TEST(refused(by, with_signature('\0' + raw.substr(0, 32) + '\0' + raw.substr(32))) == reason::signature);
}

BOOST_AUTO_TEST_CASE(what_the_token_holds_does_not_get_into_a_message_unchecked)
{
    const auto answer = lax_verifier().check<session_claims>(
        make_token(rsa_key(),
                   with(session_header(), "kid", json::string("a\r\nX-Evil: \x1b[31m\"" + std::string(500, 'b'))),
                   session_claims_json()),
        now);
    BOOST_TEST(answer.error().reason == reason::unknown_key);
    BOOST_TEST(answer.error().text.size() < 200U);
    for (const char c : answer.error().text)
        BOOST_TEST((static_cast<unsigned char>(c) >= ' ' && c != '\x7f'));
}

BOOST_AUTO_TEST_CASE(the_unverified_reading_says_what_is_in_a_token)
{
    const auto read = decode_unverified(unsigned_token(session_header(), session_claims_json()));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST((read->header == session_header()));
    BOOST_TEST((read->claims == session_claims_json()));
    BOOST_TEST(decode_unverified("a.b").error().reason == reason::malformed);
}

BOOST_AUTO_TEST_SUITE_END()
