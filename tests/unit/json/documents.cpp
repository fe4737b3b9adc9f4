// What RFC 8259 calls JSON, and what it does not.
#include "unit/json/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace usher_tests {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view valid[] = {"0",
                                      "-0",
                                      "10",
                                      "-1",
                                      "0.5",
                                      "1e5",
                                      "1E+5",
                                      "1e-5",
                                      "-0.0e-0",
                                      "true",
                                      "false",
                                      "null",
                                      "\"\"",
                                      "[]",
                                      "{}",
                                      " [ ] ",
                                      "\t{\n}\r\n",
                                      "[[]]",
                                      "[1,2]",
                                      R"({"a":1})",
                                      R"({"":0})",
                                      R"({"a":{"a":{}}})",
                                      R"("\"\\\/\b\f\n\r\t")",
                                      R"("\u0000\u001f\u007f\uffff")",
                                      R"("\ud834\udd1e")",
                                      "\"\x7f\"",
                                      "\"\xc2\x80\"",
                                      "\"\xef\xbf\xbf\"",
                                      "\"\xf4\x8f\xbf\xbf\"",
                                      "\"\xed\x9f\xbf\"",
                                      R"({"a":1,"a":2})",
                                      "123456789012345678901234567890",
                                      "1e308"};

constexpr std::string_view invalid[] = {"",
                                        " ",
                                        "\n",
                                        "[",
                                        "]",
                                        "{",
                                        "}",
                                        "[1",
                                        "[1,",
                                        "[1,]",
                                        "[,1]",
                                        "[1 2]",
                                        "{,}",
                                        R"({"a"})",
                                        R"({"a":})",
                                        R"({"a":1,})",
                                        R"({"a" 1})",
                                        R"({a:1})",
                                        R"({'a':1})",
                                        "{1:1}",
                                        R"({"a":1 "b":2})",
                                        "[1]]",
                                        "{}{}",
                                        "1 2",
                                        "nul",
                                        "nulll",
                                        "True",
                                        "tru",
                                        "fals",
                                        "NaN",
                                        "Infinity",
                                        "-Infinity",
                                        "+1",
                                        "01",
                                        "-01",
                                        "00",
                                        "1.",
                                        ".5",
                                        "-",
                                        "-.5",
                                        "1e",
                                        "1e+",
                                        "1.e1",
                                        "0x10",
                                        "1_000",
                                        "\"",
                                        "\"a",
                                        "a\"",
                                        "'a'",
                                        "\"\\\"",
                                        R"("\a")",
                                        R"("\x41")",
                                        R"("\u")",
                                        R"("\u12")",
                                        R"("\u12g4")",
                                        R"("\ud834")",
                                        R"("\ud834x")",
                                        R"("\ud834\n")",
                                        R"("\ud834\ud834")",
                                        R"("\udd1e")",
                                        "\"\t\"",
                                        "\"\n\"",
                                        "\"\x1f\"",
                                        "\"\0\""sv,
                                        "\"\x80\"",
                                        "\"\xff\"",
                                        "\"\xc0\x80\"",
                                        "\"\xc1\xbf\"",
                                        "\"\xc3\"",
                                        "\"\xe0\x80\x80\"",
                                        "\"\xed\xa0\x80\"",
                                        "\"\xf0\x80\x80\x80\"",
                                        "\"\xf4\x90\x80\x80\"",
                                        "\"\xf5\x80\x80\x80\"",
                                        "\xef\xbb\xbf{}",
                                        "[1]//",
                                        "/**/1",
                                        "[1]\0"sv,
                                        "\xa0[]",
                                        "\v1",
                                        "{\"\xff\":1}",
                                        "1e99999999999"};

template <class T>
std::string outcome(std::string_view text)
{
    T value{};
    return decode_text(text, value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(that_is_valid_is_read_as_a_tree_and_skipped_as_a_member)
{
    for (const std::string_view text : valid) {
        BOOST_TEST(outcome<boost::json::value>(text) == "", text);
        BOOST_TEST(outcome<point>("{\"zzz\":" + std::string(text) + "}") == "", text);
    }
}

BOOST_AUTO_TEST_CASE(that_is_invalid_is_refused_wherever_it_stands)
{
    for (const std::string_view text : invalid) {
        BOOST_TEST(outcome<boost::json::value>(text).starts_with("the document: expected JSON, found "), text);
        // What is skipped is read no less carefully. Two values in a row, and trailing ones, are wrong there as well.
        BOOST_TEST(outcome<point>("{\"zzz\":" + std::string(text) + "}") != "", text);
        BOOST_TEST(outcome<everything>("{\"text\":\"x\",\"any\":" + std::string(text) + "}") != "", text);
    }
}

BOOST_AUTO_TEST_CASE(that_ends_early_is_refused_at_each_place)
{
    for (std::size_t length = 0; length != everything_text.size(); ++length)
        BOOST_TEST_REQUIRE(outcome<everything>(everything_text.substr(0, length)) != "", length);
}

BOOST_AUTO_TEST_CASE(that_goes_on_after_its_end_is_refused)
{
    for (const std::string_view more : {"x"sv, "{}"sv, ","sv, "]"sv, "\0"sv})
        BOOST_TEST(outcome<point>("{}" + std::string(more)) == "the document: expected JSON, found extra data", more);
    decoder reader;
    point value;
    reader.start(table<point>::value, &value, decode_limits());
    BOOST_TEST(reader.write("{}"));
    BOOST_TEST(reader.write(" \n"));
    BOOST_TEST(!reader.write("{"));
    BOOST_TEST(reader.failure().found == "extra data");
}

BOOST_AUTO_TEST_CASE(with_any_byte_flipped_never_breaks_the_decoder)
{
    std::string text(everything_text);
    std::size_t refused = 0;
    for (std::size_t at = 0; at != text.size(); ++at)
        for (const int bit : {0, 3, 5, 7}) {
            text[at] = static_cast<char>(text[at] ^ (1 << bit));
            refused += outcome<everything>(text) != "" ? 1 : 0;
            text[at] = static_cast<char>(text[at] ^ (1 << bit));
        }
    BOOST_TEST(refused > text.size());
    BOOST_TEST(outcome<everything>(text) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
