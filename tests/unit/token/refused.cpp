// Generated cases: every one has to be refused, and for the right reason.
#include "issuer.hpp"

#include <usher/token/verifier.hpp>

#include <map>

using namespace token_tests;
using namespace usher::token;

namespace {

verifier session_verifier(const signing_key& key = rsa_key())
{
    verify_options options;
    options.issuer = "https://clerk.example.com";
    options.authorized_parties = {"https://example.com"};
    return verifier(keys_of({key.jwk("ins_one")}), options);
}

std::vector<std::string> parts_of(const std::string& token)
{
    const auto first = token.find('.'), second = token.find('.', first + 1);
    return {token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(refused)

BOOST_AUTO_TEST_CASE(a_token_with_any_single_bit_changed_is_refused)
{
    std::map<reason, int> seen;
    int cases = 0;
    const std::pair<const signing_key*, const char*> all[] = {
        {&rsa_key(), "RS256"}, {&ec256_key(), "ES256"}, {&ed25519_key(), "EdDSA"}};
    for (const auto& [key, alg] : all) {
        const auto check = session_verifier(*key);
        const auto token = make_token(*key, with(session_header(), "alg", alg), session_claims_json());
        BOOST_TEST_REQUIRE(check.check<session_claims>(token, now).has_value());
        const auto parts = parts_of(token);
        for (std::size_t part = 0; part != 3; ++part) {
            const auto bytes = from_base64url(parts[part]);
            for (std::size_t bit = 0; bit != bytes.size() * 8; ++bit) {
                auto changed = bytes;
                changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
                auto pieces = parts;
                pieces[part] = base64url(changed);
                const auto answer = check.check<session_claims>(pieces[0] + '.' + pieces[1] + '.' + pieces[2], now);
                BOOST_TEST_REQUIRE(!answer.has_value(), alg << " part " << part << " bit " << bit);
                const auto why = answer.error().reason;
                // A header may stop being JSON or name another algorithm or key before the signature is looked at.
                const bool is_expected =
                    why == reason::signature ||
                    (part == 0 && (why == reason::malformed || why == reason::algorithm || why == reason::unknown_key));
                BOOST_TEST_REQUIRE(is_expected, alg << " part " << part << " bit " << bit << ": " << to_string(why));
                ++seen[why];
                ++cases;
            }
        }
    }
    BOOST_TEST_MESSAGE(cases << " changed tokens");
    BOOST_TEST(cases > 10'000);
    BOOST_TEST(seen[reason::signature] > 8'000);
    BOOST_TEST(seen[reason::algorithm] > 0);
    BOOST_TEST(seen[reason::unknown_key] > 0);
    BOOST_TEST(seen[reason::malformed] > 0);
}

BOOST_AUTO_TEST_CASE(a_token_with_any_bit_of_its_text_changed_is_refused)
{
    const auto check = session_verifier();
    const auto token = make_token(rsa_key(), session_header(), session_claims_json());
    int cases = 0;
    for (std::size_t bit = 0; bit != token.size() * 8; ++bit) {
        auto changed = token;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        const auto answer = check.check<session_claims>(changed, now);
        BOOST_TEST_REQUIRE(!answer.has_value(), "bit " << bit);
        BOOST_TEST_REQUIRE(answer.error().text.find(token.substr(0, 40)) == std::string::npos);
        ++cases;
    }
    BOOST_TEST(cases > 5'000);
    for (std::size_t length = 0; length != token.size(); ++length)
        BOOST_TEST_REQUIRE(!check.check<session_claims>(token.substr(0, length), now).has_value(), length);
}

BOOST_AUTO_TEST_CASE(a_token_of_the_wrong_shape_is_refused)
{
    const auto check = session_verifier();
    const auto token = make_token(rsa_key(), session_header(), session_claims_json());
    const auto parts = parts_of(token);
    const std::pair<std::string, reason> all[] = {
        {"", reason::no_token},
        {".", reason::malformed},
        {"..", reason::malformed},
        {parts[0] + "." + parts[1], reason::malformed},
        {parts[0] + "." + parts[1] + ".", reason::signature},
        {token + ".", reason::malformed},
        {token + "." + parts[2], reason::malformed},
        {token + "=", reason::malformed},
        {token + "==", reason::malformed},
        {" " + token, reason::malformed},
        {token + "\n", reason::malformed},
        {parts[0] + "=." + parts[1] + "." + parts[2], reason::malformed},
        {parts[0] + ".." + parts[2], reason::signature},
        {"." + parts[1] + "." + parts[2], reason::malformed},
        {"e30." + parts[1] + "." + parts[2], reason::malformed},
        {"W10." + parts[1] + "." + parts[2], reason::malformed},
        {std::string(16 * 1024 + 1, 'a'), reason::too_large},
        {std::string(16 * 1024, 'a'), reason::malformed},
    };
    for (const auto& [text, why] : all)
        BOOST_TEST(check.check<session_claims>(text, now).error().reason == why, text.substr(0, 40));
}

BOOST_AUTO_TEST_CASE(a_malformed_header_is_refused_even_when_it_is_signed)
{
    const auto check = session_verifier();
    const auto claims = json::serialize(session_claims_json());
    std::string crowded = R"({"alg":"RS256")";
    for (int i = 0; i != 16; ++i)
        crowded += ",\"x" + std::to_string(i) + "\":1";
    const std::pair<std::string, reason> all[] = {
        {"", reason::malformed},
        {"null", reason::malformed},
        {"[]", reason::malformed},
        {"\"RS256\"", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one")", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one"}})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one",})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one"}/**/)", reason::malformed},
        {R"({"alg":"none","alg":"RS256","kid":"ins_one"})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_two","kid":"ins_one"})", reason::malformed},
        {R"({"alg":"RS256","x":{"y":1,"y":2},"kid":"ins_one"})", reason::malformed},
        {R"({"kid":"ins_one"})", reason::malformed},
        {R"({"alg":null,"kid":"ins_one"})", reason::malformed},
        {R"({"alg":["RS256"],"kid":"ins_one"})", reason::malformed},
        {R"({"alg":256,"kid":"ins_one"})", reason::malformed},
        {R"({"alg":"RS256","kid":1})", reason::malformed},
        {R"({"alg":"RS256","kid":null})", reason::malformed},
        {R"({"alg":"RS256","kid":""})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one","cat":1})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one","cat":""})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one","typ":{}})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_on)"
         "\xff"
         R"("})",
         reason::malformed},
        {R"({"alg":"RS256","x":[[[[[[[[[1]]]]]]]]]})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one","x":1e400})", reason::malformed},
        {R"({"alg":"RS256","kid":"ins_one","x":[0e400]})", reason::malformed},
        {crowded + "}", reason::malformed},
        {R"({"alg":"rs256","kid":"ins_one"})", reason::algorithm},
        {R"({"alg":"RS256 ","kid":"ins_one"})", reason::algorithm},
        {R"({"alg":"","kid":"ins_one"})", reason::algorithm},
        {R"({"alg":"PS256","kid":"ins_one"})", reason::algorithm},
        {R"({"alg":"ES512","kid":"ins_one"})", reason::algorithm},
        {R"({"alg":"RS256","kid":"ins_one","crit":["exp"]})", reason::critical_header},
        {R"({"alg":"RS256","kid":"ins_one","crit":[]})", reason::critical_header},
        {R"({"alg":"RS256","kid":"ins_one","b64":false,"crit":["b64"]})", reason::critical_header},
        {R"({"alg":"RS256","kid":"ins_two"})", reason::unknown_key},
        {R"({"alg":"RS256","kid":"ins_one "})", reason::unknown_key},
    };
    for (const auto& [header, why] : all) {
        const auto token = make_token_of_text(rsa_key(), "RS256", header, claims);
        BOOST_TEST(check.check<session_claims>(token, now).error().reason == why, header);
    }
}

BOOST_AUTO_TEST_CASE(claims_that_are_no_object_are_refused_even_when_they_are_signed)
{
    const auto check = session_verifier();
    std::string deep = "{\"sub\":";
    for (int i = 0; i != 40; ++i)
        deep += "[";
    for (const std::string& payload :
         {std::string(), std::string("null"), std::string("[]"), std::string("\"x\""), std::string("{"),
          std::string("{\"sub\":\"a\"} x"), std::string("{\"sub\":\"a\",\"sub\":\"b\",\"exp\":2000000000}"),
          std::string("{\"o\":{\"id\":\"a\",\"id\":\"b\"},\"sub\":\"b\",\"exp\":2000000000}"),
          std::string("{\"sub\":\"\xc3\",\"exp\":2000000000}"), std::string("{\"exp\":NaN}"), deep}) {
        const auto token = make_token_of_text(rsa_key(), "RS256", json::serialize(session_header()), payload);
        BOOST_TEST(check.check<session_claims>(token, now).error().reason == reason::malformed, payload);
    }
}

BOOST_AUTO_TEST_CASE(a_claim_that_is_missing_of_the_wrong_type_or_out_of_range_is_refused_with_its_name)
{
    const auto check = session_verifier();
    const json::value wrong[] = {
        nullptr,       true, false, 7, -7, 1.5, "text", "", json::array{}, json::array{1}, json::array{nullptr},
        json::object{}};
    enum class kind { text, texts, audience, time, object, version, factors };
    const std::pair<const char*, kind> all[] = {
        {"sub", kind::text},     {"iss", kind::text}, {"azp", kind::text},  {"jti", kind::text},
        {"sid", kind::text},     {"sts", kind::text}, {"pla", kind::text},  {"fea", kind::text},
        {"aud", kind::audience}, {"exp", kind::time}, {"nbf", kind::time},  {"iat", kind::time},
        {"act", kind::object},   {"o", kind::object}, {"v", kind::version}, {"fva", kind::factors}};
    const auto fits = [](kind one, const json::value& value) {
        switch (one) {
        case kind::text:
            return value.is_string();
        case kind::texts:
            return value.is_array() && value.as_array().empty();
        case kind::audience:
            return value.is_string() || (value.is_array() && value.as_array().empty());
        case kind::time:
            return (value.is_int64() && value.as_int64() >= 0) || value.is_double();
        case kind::object:
            return value.is_object();
        case kind::version:
        case kind::factors:
            break;
        }
        return false;
    };
    int cases = 0;
    const auto expect = [&](const json::object& claims, reason why, const std::string& name) {
        const auto answer = check.check<session_claims>(make_token(rsa_key(), session_header(), claims), now);
        BOOST_TEST(answer.error().reason == why, json::serialize(claims) << " " << answer.error().text);
        BOOST_TEST(answer.error().text.find(name) != std::string::npos, answer.error().text);
        ++cases;
    };
    for (const auto& [name, one] : all)
        for (const auto& value : wrong)
            if (!fits(one, value))
                expect(with(session_claims_json(), name, value), reason::claim_invalid, name);
    for (const char* name : {"exp", "nbf", "iat"})
        for (const json::value& value :
             {json::value(-1), json::value(253402300800), json::value(9223372036854775807), json::value(1e300),
              json::value(-0.5), json::value(std::uint64_t{18446744073709551615u}), json::value("1700000050")})
            expect(with(session_claims_json(), name, value), reason::claim_invalid, name);
    for (const json::value& value : {json::value(json::array{1}), json::value(json::array{1, 2, 3}),
                                     json::value(json::array{1, "2"}), json::value(json::array{-2, 1}),
                                     json::value(json::array{1, 2.5}), json::value(json::array{1, 10'000'000'000})})
        expect(with(session_claims_json(), "fva", value), reason::claim_invalid, "fva");
    for (const int version : {0, 3, 4, -2, 1000})
        expect(with(session_claims_json(), "v", version), reason::claim_invalid, "v");
    expect(with(session_claims_json(), "sts", "asleep"), reason::claim_invalid, "sts");
    for (const char* name : {"id", "slg", "rol", "per", "fpm"})
        for (const json::value& value : {json::value(nullptr), json::value(5), json::value(json::array{})})
            expect(with(session_claims_json(), "o", with(session_claims_json().at("o").as_object(), name, value)),
                   reason::claim_invalid, name);
    for (const char* mask : {"-1", "x", "1,,2", "1.5", "0x10"})
        expect(with(session_claims_json(), "o", with(session_claims_json().at("o").as_object(), "fpm", mask)),
               reason::claim_invalid, "fpm");
    expect(with(session_claims_json(), "o", without(session_claims_json().at("o").as_object(), "id")),
           reason::claim_missing, "o.id");
    expect(without(session_claims_json(), "exp"), reason::claim_missing, "exp");
    expect(without(session_claims_json(), "sub"), reason::claim_missing, "sub");
    expect(with(session_claims_json(), "sub", ""), reason::claim_missing, "sub");
    expect(without(session_claims_json(), "iss"), reason::claim_missing, "iss");
    expect(without(session_claims_json(), "azp"), reason::authorized_party, "azp");
    for (const char* azp : {"https://example.com.evil.org", "https://example.co", "https://EXAMPLE.com", "null"})
        expect(with(session_claims_json(), "azp", azp), reason::authorized_party, "azp");
    for (const char* iss : {"https://clerk.example.com/", "https://clerk.example.org", "http://clerk.example.com",
                            "https://clerk.example.co"})
        expect(with(session_claims_json(), "iss", iss), reason::issuer, "iss");
    for (std::int64_t ago = 5; ago < 400; ago += 5)
        expect(with(session_claims_json(), "exp", now_count - ago), reason::expired, "exp");
    for (std::int64_t ahead = 6; ahead < 400; ahead += 5) {
        expect(with(session_claims_json(), "nbf", now_count + ahead), reason::not_yet_valid, "nbf");
        expect(with(session_claims_json(), "iat", now_count + ahead), reason::issued_in_future, "iat");
    }
    BOOST_TEST_MESSAGE(cases << " claims");
    BOOST_TEST(cases >= 400);
}

BOOST_AUTO_TEST_SUITE_END()
