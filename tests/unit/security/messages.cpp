// What a message may hold of a stranger's text.
#include "core/utf8.hpp"

#include <usher/error.hpp>

#include <boost/test/unit_test.hpp>

using usher::detail::one_line;

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(are_one_line_without_control_characters_or_marks_that_turn_the_text)
{
    BOOST_TEST(one_line("abc \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") == "abc \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
    for (int byte = 0; byte != 256; ++byte) {
        const auto made = one_line("a" + std::string(1, static_cast<char>(byte)) + "z");
        const bool is_ascii = byte >= 0x20 && byte < 0x7f;
        BOOST_TEST(made == (is_ascii ? std::string("a") + static_cast<char>(byte) + "z" : "a?z"), byte);
    }
    for (const std::string_view evil :
         {"\xc2\x80", "\xc2\x85", "\xc2\x9b", "\xc2\x9f", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8",
          "\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9"})
        BOOST_TEST(one_line(evil) == "?");
    BOOST_TEST(one_line("\xc2\xa0") == "\xc2\xa0");
}

BOOST_AUTO_TEST_CASE(are_cut_between_characters)
{
    BOOST_TEST(one_line("abcdef", 6) == "abcdef");
    BOOST_TEST(one_line("abcdef", 5) == "abcde…");
    BOOST_TEST(one_line("abcd\xc3\xa9", 5) == "abcd…");
    BOOST_TEST(one_line(std::string(1'000'000, 'a')).size() < 210U);
}

BOOST_AUTO_TEST_CASE(of_errors_repeat_the_services_texts_on_one_line_and_not_without_end)
{
    usher::error_details details;
    details.kind = usher::error_kind::service;
    details.status = 422;
    details.text = "the service refused the request";
    details.trace_id = "trace\r\nX: 1";
    usher::service_error one;
    one.code = "a\nb";
    one.long_message = "\x1b]0;title\x07 first\r\nsecond \xe2\x80\xae" + std::string(100'000, 'x');
    details.errors = {one};
    const auto message = usher::error(details).message();
    BOOST_TEST(message.find_first_of("\r\n\x1b\x07") == std::string::npos, message);
    BOOST_TEST(message.size() < 2'000U);
    BOOST_TEST(message.find("a?b: ?]0;title? first??second ?xxx") != std::string::npos, message);
    BOOST_TEST(message.find("trace trace??X: 1") != std::string::npos, message);
    // The texts themselves are kept as they came.
    BOOST_TEST(usher::error(details).errors().front().long_message == one.long_message);
}

BOOST_AUTO_TEST_SUITE_END()
