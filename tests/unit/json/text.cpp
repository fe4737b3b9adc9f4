#include "json/text.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace usher::detail;

} // namespace

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(is_utf8_from_the_first_code_point_of_each_length_to_the_last)
{
    for (const std::string_view valid :
         {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
          "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa9\xe4\xb8\x96\xf0\x9f\x98\x80z"})
        BOOST_TEST(is_utf8(valid), valid);
    BOOST_TEST(is_utf8(std::string_view("\0", 1)));
}

BOOST_AUTO_TEST_CASE(is_not_utf8_when_overlong_a_surrogate_too_large_or_cut_short)
{
    for (const std::string_view invalid : {"\x80",
                                           "\xbf",
                                           "\xc0\x80",
                                           "\xc1\xbf",
                                           "\xe0\x80\x80",
                                           "\xe0\x9f\xbf",
                                           "\xed\xa0\x80",
                                           "\xed\xbf\xbf",
                                           "\xf0\x80\x80\x80",
                                           "\xf0\x8f\xbf\xbf",
                                           "\xf4\x90\x80\x80",
                                           "\xf5\x80\x80\x80",
                                           "\xfe",
                                           "\xff",
                                           "\xc3",
                                           "\xe4\xb8",
                                           "\xf0\x9f\x98",
                                           "\xc3(",
                                           "\xe4(\x96",
                                           "\xf0\x9f(\x80",
                                           "ok\xc3"})
        BOOST_TEST(!is_utf8(invalid));
}

BOOST_AUTO_TEST_CASE(is_taken_apart_into_code_points)
{
    std::string_view rest = "a\xc3\xa9\xe4\xb8\x96\xf0\x9f\x98\x80\xff";
    BOOST_TEST(count_code_points(rest.substr(0, 10)) == 4U);
    BOOST_TEST(static_cast<std::uint32_t>(take_code_point(rest)) == 0x61U);
    BOOST_TEST(static_cast<std::uint32_t>(take_code_point(rest)) == 0xe9U);
    BOOST_TEST(static_cast<std::uint32_t>(take_code_point(rest)) == 0x4e16U);
    BOOST_TEST(static_cast<std::uint32_t>(take_code_point(rest)) == 0x1f600U);
    BOOST_TEST((take_code_point(rest) == bad_code_point));
    BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(in_a_pointer_has_its_two_characters_escaped)
{
    std::string pointer = "/a";
    append_pointer_token("b/c~d", pointer);
    append_pointer_token("", pointer);
    BOOST_TEST(pointer == "/a/b~1c~0d/");
}

BOOST_AUTO_TEST_SUITE_END()
