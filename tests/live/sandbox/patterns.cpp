#include "sandbox/identifier.hpp"
#include "sandbox/pattern.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>

using namespace usher::sandbox;

BOOST_AUTO_TEST_SUITE(texts)

BOOST_AUTO_TEST_CASE(patterns_agree_with_the_standard_library)
{
    const char* const expressions[] = {"^user_\\w{27}$",
                                       "^(user|org|mch|scim)_\\w{27}$",
                                       "^(ak|api_key)_[0-9A-Fa-f]{32}$",
                                       "^from_oauth_(?:(?:token_)|(?:custom_))?[a-z]+$",
                                       "^(\\S(.*\\S)?)?$",
                                       "^[0-9]+$",
                                       "^evt_",
                                       "a|bc|",
                                       "x{2,3}y",
                                       "[^a-c]+$",
                                       "a.c",
                                       "\\d+-\\d*"};
    const std::string id(27, 'x'), hex(32, 'f');
    const std::string texts[] = {"",
                                 "user_" + id,
                                 "user_" + id + "x",
                                 "org_" + id,
                                 "ak_" + hex,
                                 "api_key_" + hex,
                                 "ak_" + hex.substr(1),
                                 "from_oauth_google",
                                 "from_oauth_token_x",
                                 "from_oauth_",
                                 " a",
                                 "a b",
                                 "a ",
                                 "evt_1",
                                 "aevt_1",
                                 "xxy",
                                 "xxxy",
                                 "xy",
                                 "abc",
                                 "12-",
                                 "-",
                                 "7",
                                 "bc"};
    int compared = 0;
    for (const auto* expression : expressions)
        for (const auto& text : texts) {
            BOOST_TEST(pattern(expression).matches(text) == std::regex_search(text, std::regex(expression)),
                       expression << " on \"" << text << '"');
            ++compared;
        }
    BOOST_TEST(compared > 200);
}

BOOST_AUTO_TEST_CASE(an_example_matches_its_pattern)
{
    generator source(7);
    for (const auto* expression :
         {"^user_\\w{27}$", "^(user|org|mch|scim)_\\w{27}$", "^from_oauth_(?:(?:token_)|(?:custom_))?[a-z]+$",
          "^(\\S(.*\\S)?)?$", "^[0-9]+$", "^evt_"})
        for (int i = 0; i != 50; ++i) {
            const pattern p(expression);
            const auto text = p.example(source);
            BOOST_TEST(p.matches(text), expression << " and \"" << text << '"');
        }
}

BOOST_AUTO_TEST_CASE(a_hostile_text_takes_linear_time_and_no_stack)
{
    const pattern p("^(\\S(.*\\S)?)?$");
    BOOST_TEST(p.matches(std::string(200'000, 'a')));
    BOOST_TEST(!p.matches(std::string(200'000, 'a') + " "));
}

BOOST_AUTO_TEST_CASE(a_pattern_that_is_not_understood_is_refused)
{
    for (const auto* expression : {"(a", "a)", "[a", "a{3", "*a", "(?=a)", "\\b"})
        BOOST_CHECK_THROW(pattern{expression}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(times_are_read_with_fraction_and_offset)
{
    BOOST_TEST(parse_rfc3339("1970-01-01T00:00:00Z").value() == 0);
    BOOST_TEST(parse_rfc3339("2012-10-20T07:15:20.902Z").value() == 1350717320902);
    BOOST_TEST(parse_rfc3339("2012-10-20T09:15:20.902999+02:00").value() == 1350717320902);
    BOOST_TEST(format_rfc3339(1350717320902) == "2012-10-20T07:15:20.902Z");
    for (const auto* text : {"", "2012-10-20", "2012-13-20T07:15:20Z", "2012-02-30T07:15:20Z", "2012-10-20T07:15:20",
                             "2012-10-20T24:15:20Z", "2012-10-20T07:15:20.Z", "yesterday"})
        BOOST_TEST(!parse_rfc3339(text), text);
}

BOOST_AUTO_TEST_CASE(identifiers_are_told_from_what_is_none)
{
    for (const auto* text : {"a@b.co", "a.b+c@x-y.example", "o'neil@example.com"})
        BOOST_TEST(email_like(text), text);
    for (const auto* text :
         {"", "a", "@b.co", "a@", "a@b", "a b@c.de", "a..b@c.de", "https://a.b", "a@-b.co", "a@b..co"})
        BOOST_TEST(!email_like(text), text);
    BOOST_TEST(phone_like("+15551234567"));
    for (const auto* text : {"15551234567", "+0123456789", "+1", "+1555abc4567", "+1234567890123456"})
        BOOST_TEST(!phone_like(text), text);
    BOOST_TEST(make_slug("Acme & Co. GmbH!") == "acme-co-gmbh");
}

BOOST_AUTO_TEST_CASE(digests_are_looked_at_from_outside)
{
    const std::string bcrypt = "$2a$10$" + std::string(53, 'x');
    BOOST_TEST(!digest_fault("bcrypt", bcrypt));
    BOOST_TEST(digest_fault("bcrypt", bcrypt + "x"));
    BOOST_TEST(digest_fault("bcrypt", "secret"));
    BOOST_TEST(!digest_fault("scrypt_firebase", "aGFzaA==$c2FsdA==$a2V5$Bw==$8$14"));
    BOOST_TEST(digest_fault("scrypt_firebase", "aGFzaA==$c2FsdA=="));
    BOOST_TEST(!digest_fault("scrypt_werkzeug", "scrypt:16384:16:1$salt$00ff"));
    BOOST_TEST(!digest_fault("argon2id", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"));
    BOOST_TEST(digest_fault("argon2i", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"));
    BOOST_TEST(!digest_fault("md5", std::string(32, 'a')));
    BOOST_TEST(digest_fault("rot13", "x"));
    BOOST_TEST(known_hasher("sha512_symfony"));
}

BOOST_AUTO_TEST_SUITE_END()
