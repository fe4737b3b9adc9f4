#include "core/http_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace usher::detail;

BOOST_AUTO_TEST_SUITE(http_texts)

BOOST_AUTO_TEST_CASE(of_every_byte_only_the_allowed_ones_pass)
{
    for (int i = 0; i < 256; ++i) {
        const auto c = static_cast<char>(i);
        const std::string inside = std::string("a") + c + "b";
        const bool control = i < 0x20 || i == 0x7f;
        BOOST_TEST(is_header_value(inside) == ((!control && i < 0x80) || i == '\t'), "value, byte " << i);
        BOOST_TEST(is_target("/" + inside) == (i > 0x20 && i < 0x7f && i != '#'), "target, byte " << i);
        BOOST_TEST(is_path_segment(inside) == !control, "segment, byte " << i);
        const bool token = (i >= '0' && i <= '9') || (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z') ||
                           (i != 0 && std::string("!#$%&'*+-.^_`|~").find(c) != std::string::npos);
        BOOST_TEST(is_header_name(inside) == token, "name, byte " << i);
    }
}

BOOST_AUTO_TEST_CASE(empty_and_dot_segments_are_no_ids)
{
    for (const auto* bad : {"", ".", ".."})
        BOOST_TEST(!is_path_segment(bad), bad);
    for (const auto* good : {"...", "a.b", "user_1", "a/b", "\xc3\xa9"})
        BOOST_TEST(is_path_segment(good), good);
}

BOOST_AUTO_TEST_CASE(values_neither_begin_nor_end_with_space)
{
    BOOST_TEST(is_header_value(""));
    BOOST_TEST(is_header_value("a b"));
    BOOST_TEST(!is_header_value(" a"));
    BOOST_TEST(!is_header_value("a\t"));
}

BOOST_AUTO_TEST_CASE(names_compare_without_case)
{
    BOOST_TEST(same_header_name("Retry-After", "retry-AFTER"));
    BOOST_TEST(!same_header_name("Retry-After", "Retry_After"));
    BOOST_TEST(!same_header_name("a", "ab"));
}

BOOST_AUTO_TEST_SUITE_END()
