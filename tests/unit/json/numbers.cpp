#include "json/numbers.hpp"
#include "unit/json/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace usher_tests {
namespace {

std::int64_t whole(std::string_view text)
{
    std::int64_t value = -4711;
    const std::string failure = decode_text(text, value);
    BOOST_TEST(failure == "", text << ": " << failure);
    return value;
}

double real(std::string_view text)
{
    double value = -4711;
    const std::string failure = decode_text(text, value);
    BOOST_TEST(failure == "", text << ": " << failure);
    return value;
}

} // namespace

BOOST_AUTO_TEST_SUITE(numbers)

BOOST_AUTO_TEST_CASE(whole_in_any_form_are_integers)
{
    BOOST_TEST(whole("0") == 0);
    BOOST_TEST(whole("-0") == 0);
    BOOST_TEST(whole("1.0") == 1);
    BOOST_TEST(whole("-30e-1") == -3);
    BOOST_TEST(whole("1.5e1") == 15);
    BOOST_TEST(whole("1E3") == 1000);
    BOOST_TEST(whole("0.0e999") == 0);
    BOOST_TEST(whole("9007199254740993.0") == 9007199254740993);
    BOOST_TEST(whole("9223372036854775807") == INT64_MAX);
    BOOST_TEST(whole("-9223372036854775808") == INT64_MIN);
    BOOST_TEST(whole("9223372036854775807.000") == INT64_MAX);
    BOOST_TEST(whole("-92233720368547758080e-1") == INT64_MIN);
    BOOST_TEST(whole("\"42\"") == 42);
    BOOST_TEST(whole("\"-9223372036854775808\"") == INT64_MIN);
}

BOOST_AUTO_TEST_CASE(with_a_fraction_are_no_integers)
{
    for (const std::string_view text : {"1.5", "-0.1", "15e-1", "1e-400", "0.00000000000000000001"})
        BOOST_TEST(failure_of<std::int64_t>(text) ==
                       "the document: expected an integer of 64 bits, found a number with a fraction",
                   text);
}

BOOST_AUTO_TEST_CASE(beyond_an_integer_are_refused)
{
    for (const std::string_view text :
         {"9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e19",
          "1e300", "1e2000000000", "\"9223372036854775808\"", "9223372036854775808.0"})
        BOOST_TEST(failure_of<std::int64_t>(text) ==
                       "the document: expected an integer of 64 bits, found a number out of its range",
                   text);
    BOOST_TEST(failure_of<std::int32_t>("2147483647") == "");
    BOOST_TEST(failure_of<std::int32_t>("-2147483648") == "");
    for (const std::string_view text : {"2147483648", "-2147483649", "3e9", "1e99"})
        BOOST_TEST(failure_of<std::int32_t>(text) ==
                       "the document: expected an integer of 32 bits, found a number out of its range",
                   text);
}

BOOST_AUTO_TEST_CASE(as_text_are_decimal_and_nothing_else)
{
    for (const std::string_view text : {"\"\"", "\"-\"", "\"+1\"", "\" 1\"", "\"1 \"", "\"1.0\"", "\"0x1\"", "\"1e3\""})
        BOOST_TEST(failure_of<std::int64_t>(text) ==
                       "the document: expected an integer of 64 bits, found a string that is no integer",
                   text);
    BOOST_TEST(failure_of<std::int32_t>("\"1\"") == "the document: expected an integer of 32 bits, found a string");
    BOOST_TEST(failure_of<double>("\"1\"") == "the document: expected a number, found a string");
}

BOOST_AUTO_TEST_CASE(are_times_in_either_form)
{
    unix_milliseconds milliseconds;
    BOOST_TEST(decode_text("1.716883200123e12", milliseconds) == "");
    BOOST_TEST(milliseconds.time_since_epoch().count() == 1716883200123);
    unix_seconds seconds;
    BOOST_TEST(decode_text("\"1716883200\"", seconds) == "");
    BOOST_TEST(seconds.time_since_epoch().count() == 1716883200);
    BOOST_TEST(failure_of<unix_milliseconds>("1.5") ==
               "the document: expected a time in milliseconds since 1970, found a number with a fraction");
}

BOOST_AUTO_TEST_CASE(are_the_nearest_double)
{
    BOOST_TEST(real("0.1") == 0.1);
    BOOST_TEST(real("123456789012345678901234567890") == 123456789012345678901234567890.0);
    BOOST_TEST(real("18446744073709551615") == 18446744073709551615.0);
    BOOST_TEST(real("2.2250738585072011e-308") == 2.2250738585072011e-308);
    BOOST_TEST(real("1.7976931348623157e308") == std::numeric_limits<double>::max());
    BOOST_TEST(real("5e-324") == std::numeric_limits<double>::denorm_min());
    BOOST_TEST(real("1e-400") == 0.0);
    BOOST_TEST(std::signbit(real("-0")));
    BOOST_TEST(std::signbit(real("-0.0")));
    BOOST_TEST(failure_of<double>("1e309") ==
               "the document: expected a number, found a number out of the range of double");
    BOOST_TEST(failure_of<boost::json::value>("[1e309]") ==
               "the document: expected a number, found a number out of the range of double");
}

BOOST_AUTO_TEST_CASE(are_written_and_read_back_bit_by_bit)
{
    std::mt19937_64 random(20240501);
    for (int i = 0; i != 200'000; ++i) {
        const std::uint64_t bits = random();
        double value = 0;
        static_assert(sizeof value == sizeof bits);
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value))
            continue;
        const std::string text = encoded(value);
        double read = 0;
        BOOST_TEST_REQUIRE(decode_text(text, read) == "");
        BOOST_TEST_REQUIRE(std::memcmp(&read, &value, sizeof value) == 0, text);
        boost::json::value tree = value;
        boost::json::value tree_read;
        BOOST_TEST_REQUIRE(decode_text(encoded(tree), tree_read) == "");
        BOOST_TEST_REQUIRE(tree_read.is_double(), encoded(tree));
        BOOST_TEST_REQUIRE((tree_read == tree), text);
    }
}

BOOST_AUTO_TEST_CASE(that_json_has_no_word_for_are_written_as_null)
{
    BOOST_TEST(encoded(std::numeric_limits<double>::infinity()) == "null");
    BOOST_TEST(encoded(std::nan("")) == "null");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
