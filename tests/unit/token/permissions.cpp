#include "token/permissions.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

using usher::token::detail::decimal_bits;
using usher::token::detail::decode_permissions;
using usher::token::detail::split_list;

namespace {

/// Schoolbook: the decimal digits are doubled and the bit added, highest bit first.
std::string decimal_of(const std::vector<bool>& bits)
{
    std::string digits = "0"; // lowest first
    for (std::size_t i = bits.size(); i-- > 0;) {
        int carry = bits[i] ? 1 : 0;
        for (char& c : digits) {
            const int doubled = (c - '0') * 2 + carry;
            c = static_cast<char>('0' + doubled % 10);
            carry = doubled / 10;
        }
        if (carry != 0)
            digits += static_cast<char>('0' + carry);
    }
    std::reverse(digits.begin(), digits.end());
    return digits;
}

} // namespace

BOOST_AUTO_TEST_SUITE(permissions)

BOOST_AUTO_TEST_CASE(masks_of_1_to_200_bits_are_read_bit_for_bit)
{
    std::mt19937 random(1);
    int checked = 0;
    for (std::size_t width = 1; width <= 200; ++width) {
        for (int pattern = 0; pattern != 4; ++pattern) {
            std::vector<bool> bits(width);
            for (std::size_t i = 0; i != width; ++i)
                bits[i] = pattern == 0   ? true
                          : pattern == 1 ? i + 1 == width
                          : pattern == 2 ? i == 0
                                         : random() % 2 == 0;
            std::string per;
            std::vector<std::string> expected;
            for (std::size_t i = 0; i != width; ++i) {
                per += (i == 0 ? "p" : ",p") + std::to_string(i);
                if (bits[i])
                    expected.push_back("org:f:p" + std::to_string(i));
            }
            const auto mask = decimal_of(bits);
            const auto read = decimal_bits(mask, width);
            BOOST_TEST_REQUIRE(read.has_value());
            BOOST_TEST((*read == bits), mask);
            const auto granted = decode_permissions("o:f", per, mask);
            BOOST_TEST_REQUIRE(granted.has_value());
            BOOST_TEST((*granted == expected), mask);
            ++checked;
        }
    }
    BOOST_TEST(checked == 800);
}

BOOST_AUTO_TEST_CASE(a_mask_past_53_bits_is_exact)
{
    // 2^53 + 1, which a double can't hold.
    const auto bits = decimal_bits("9007199254740993", 60);
    BOOST_TEST_REQUIRE(bits.has_value());
    for (std::size_t i = 0; i != 60; ++i)
        BOOST_TEST((*bits)[i] == (i == 0 || i == 53), i);
}

BOOST_AUTO_TEST_CASE(the_mask_belongs_to_the_feature_at_its_place_in_the_whole_list)
{
    const std::vector<std::string> expected = {"org:articles:read", "org:articles:delete", "org:billing:write"};
    BOOST_TEST((decode_permissions("o:articles,u:mail,o:billing", "read,write,delete", "5,0,2") == expected));
    // The user's own feature keeps its place and grants nothing to the organization.
    BOOST_TEST((decode_permissions("u:mail,o:a", "read", "1,1") == std::vector<std::string>{"org:a:read"}));
    BOOST_TEST((decode_permissions("uo:both", "read", "1") == std::vector<std::string>{"org:both:read"}));
    // Blanks, masks for features that are not there, features without a mask, bits past the permissions.
    BOOST_TEST(
        (decode_permissions(" o:a , o:b ", " r , w ", " 1 , 6 ") == std::vector<std::string>{"org:a:r", "org:b:w"}));
    BOOST_TEST(decode_permissions("", "read", "1")->empty());
    BOOST_TEST(decode_permissions("o:a,o:b", "read", "")->empty());
    BOOST_TEST(decode_permissions("o:a", "", "7")->empty());
}

BOOST_AUTO_TEST_CASE(a_mask_that_is_no_decimal_number_is_refused)
{
    for (const char* mask : {"-1", "0x1", "1.0", "1e3", "a", "1,", ",1", "1,,1", "+1", "1 1"})
        BOOST_TEST(!decode_permissions("o:a,o:b", "read", mask).has_value(), mask);
}

BOOST_AUTO_TEST_CASE(a_list_keeps_empty_places)
{
    BOOST_TEST(split_list("").empty());
    BOOST_TEST(split_list("  ").empty());
    BOOST_TEST(split_list("a").size() == 1U);
    BOOST_TEST(split_list("a,,b").size() == 3U);
    BOOST_TEST(split_list("a,").size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
