#include "json/pattern.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>
#include <regex>
#include <string>

namespace {

using usher::detail::matches_pattern;
using usher::detail::pattern;

bool matches(std::string_view expression, std::string_view text)
{
    const auto compiled = pattern::compile(expression);
    BOOST_TEST_REQUIRE(compiled.has_value(), expression);
    return compiled->search(text);
}

/// The patterns of the API documents.
constexpr std::string_view documented[] = {"^mch_\\w{27}$",
                                           "^ak_[0-9A-Fa-f]{32}$",
                                           "^(user|org|mch)_\\w{27}$",
                                           "^(ak|api_key)_[0-9A-Fa-f]{32}$",
                                           "^(\\S(.*\\S)?)?$",
                                           "^from_oauth_(?:(?:token_)|(?:custom_))?[a-z]+$",
                                           "^oauth_[a-z]+$",
                                           "^[0-9]+$",
                                           "^evt_"};

} // namespace

BOOST_AUTO_TEST_SUITE(a_pattern)

BOOST_AUTO_TEST_CASE(of_the_documents_matches_what_it_should)
{
    const std::string id(27, 'a');
    BOOST_TEST(matches(documented[0], "mch_" + id));
    BOOST_TEST(!matches(documented[0], "mch_" + id + "a"));
    BOOST_TEST(!matches(documented[0], "mch_" + id.substr(1)));
    BOOST_TEST(!matches(documented[0], " mch_" + id));
    BOOST_TEST(!matches(documented[0], "mch_" + id.substr(1) + "-"));
    BOOST_TEST(matches(documented[2], "org_" + id));
    BOOST_TEST(!matches(documented[2], "orgs_" + id));
    BOOST_TEST(matches(documented[3], "api_key_" + std::string(32, 'F')));
    BOOST_TEST(!matches(documented[3], "api_key_" + std::string(32, 'G')));
    BOOST_TEST(matches(documented[4], ""));
    BOOST_TEST(matches(documented[4], "a"));
    BOOST_TEST(matches(documented[4], "a b"));
    BOOST_TEST(!matches(documented[4], "a "));
    BOOST_TEST(!matches(documented[4], " "));
    BOOST_TEST(!matches(documented[4], "a\nb"));
    BOOST_TEST(matches(documented[5], "from_oauth_token_google"));
    BOOST_TEST(matches(documented[5], "from_oauth_google"));
    BOOST_TEST(!matches(documented[5], "from_oauth_"));
    BOOST_TEST(!matches(documented[7], "12a"));
    BOOST_TEST(matches(documented[8], "evt_anything at all"));
    BOOST_TEST(!matches(documented[8], "an evt_"));
}

BOOST_AUTO_TEST_CASE(has_the_operators_of_ecmascript)
{
    BOOST_TEST(matches("b", "abc"));
    BOOST_TEST(matches("", ""));
    BOOST_TEST(matches("a|", "x"));
    BOOST_TEST(matches("^(a|bc|d*)+$", "abcddd"));
    BOOST_TEST(!matches("^(a|bc|d*)+$", "abcb"));
    BOOST_TEST(matches("^a{2,3}$", "aaa"));
    BOOST_TEST(!matches("^a{2,3}$", "aaaa"));
    BOOST_TEST(!matches("^a{2,3}$", "a"));
    BOOST_TEST(matches("^a{2,}$", "aaaaa"));
    BOOST_TEST(matches("^a{0}$", ""));
    BOOST_TEST(!matches("^a{0}$", "a"));
    BOOST_TEST(matches("^x{,2}$", "x{,2}"));
    BOOST_TEST(matches("^a+?b*?c??$", "aab"));
    BOOST_TEST(matches("^[^a-c\\d-]$", "d"));
    BOOST_TEST(!matches("^[^a-c\\d-]$", "-"));
    BOOST_TEST(!matches("^[^a-c\\d-]$", "7"));
    BOOST_TEST(matches("^[\\]\\-\\\\]+$", "]-\\"));
    BOOST_TEST(matches("^\\x41\\u0042\\.\\/$", "AB./"));
    BOOST_TEST(matches("\\bfoo\\b", "a foo b"));
    BOOST_TEST(!matches("\\bfoo\\b", "afoo b"));
    BOOST_TEST(matches("\\Boo\\b", "foo"));
    BOOST_TEST(matches("^(?:(?:ab){2}|c){2}$", "ababc"));
    BOOST_TEST(!matches("^(?:(?:ab){2}|c){2}$", "abc"));
    BOOST_TEST(matches("a$|^b", "bx"));
    BOOST_TEST(!matches("a$|^b", "xb"));
}

BOOST_AUTO_TEST_CASE(sees_code_points)
{
    BOOST_TEST(matches("^.{2}$", "😀é"));
    BOOST_TEST(matches("^[à-ö]$", "é"));
    BOOST_TEST(!matches("^[à-ö]$", "e"));
    BOOST_TEST(!matches("^\\w$", "é"));
    BOOST_TEST(matches("^\\s$", "\xc2\xa0"));
    BOOST_TEST(matches("^\\S$", "世"));
}

BOOST_AUTO_TEST_CASE(agrees_with_the_standard_library)
{
    std::mt19937 random(99);
    constexpr std::string_view alphabet = "ab_1 -";
    constexpr std::string_view expressions[] = {"^a*b?(_|1)+$", "(ab|a)(b_|_)",         "^[^ab]{1,3}-?$", "a{2}|b{3}",
                                                "\\b\\w+ \\d*", "^(a|b|1)*(a|b)(a|1)$", "(a*)*b",         "^(|a)+$",
                                                "[ab-]{2,}1?$", "^(a?){3}a{3}$"};
    for (const std::string_view expression : expressions) {
        const std::regex theirs{std::string(expression)};
        const auto ours = pattern::compile(expression);
        BOOST_TEST_REQUIRE(ours.has_value());
        for (int i = 0; i != 1500; ++i) {
            std::string text;
            for (std::size_t left = random() % 8; left != 0; --left)
                text += alphabet[random() % alphabet.size()];
            BOOST_TEST_REQUIRE(ours->search(text) == std::regex_search(text, theirs),
                               expression << " on \"" << text << '"');
        }
    }
}

BOOST_AUTO_TEST_CASE(takes_long_texts_in_linear_time_and_without_the_stack)
{
    const std::string long_text(2'000'000, 'a');
    BOOST_TEST(matches("^(\\S(.*\\S)?)?$", long_text));
    BOOST_TEST(!matches("^(\\S(.*\\S)?)?$", long_text + ' '));
    BOOST_TEST(!matches("^(a|a|aa)*b$", long_text));
}

BOOST_AUTO_TEST_CASE(that_is_malformed_or_needs_backtracking_is_not_compiled)
{
    for (const std::string_view expression : {"(",          ")",
                                              "a)",         "(a",
                                              "[a",         "[b-a]",
                                              "[a-\\d]",    "*",
                                              "a**",        "+",
                                              "a{3,2}",     "\\",
                                              "(a)\\1",     "(?=a)",
                                              "(?!a)",      "(?<=a)b",
                                              "(?<name>a)", "\\p{L}",
                                              "\\xg0",      "\\u12",
                                              "a{30000}",   "((a{100}){100}){100}"})
        BOOST_TEST(!pattern::compile(expression).has_value(), expression);
    BOOST_TEST(!pattern::compile(std::string(1000, '(') + std::string(1000, ')')).has_value());
}

BOOST_AUTO_TEST_CASE(that_needs_backtracking_is_tried_on_short_texts_only)
{
    BOOST_TEST(matches_pattern("^(?!x)a+$", "aaa"));
    BOOST_TEST(!matches_pattern("^(?!x)a+$", "xaa"));
    BOOST_TEST(matches_pattern("^(?!x)a+$", "x" + std::string(100'000, 'a')));
    BOOST_TEST(matches_pattern("(", "anything"));
}

BOOST_AUTO_TEST_SUITE_END()
