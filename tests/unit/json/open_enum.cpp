#include "unit/json/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace usher_tests {

BOOST_AUTO_TEST_SUITE(an_open_enumeration)

BOOST_AUTO_TEST_CASE(is_unknown_and_empty_at_first)
{
    const open_enum<color> shade;
    BOOST_TEST(!shade.is_known());
    BOOST_TEST((shade.value() == color::unknown));
    BOOST_TEST(shade.text() == "");
}

BOOST_AUTO_TEST_CASE(holds_a_documented_value_by_value_or_by_text)
{
    const open_enum<color> by_value = color::green;
    const open_enum<color> by_text("green");
    BOOST_TEST((by_value == by_text));
    BOOST_TEST((by_value == color::green));
    BOOST_TEST((by_value != color::red));
    BOOST_TEST(by_value.text() == "green");
}

BOOST_AUTO_TEST_CASE(keeps_a_text_that_is_not_documented)
{
    open_enum<color> shade("mauve");
    BOOST_TEST(!shade.is_known());
    BOOST_TEST(shade.text() == "mauve");
    BOOST_TEST((shade != open_enum<color>("beige")));
    shade = color::red;
    BOOST_TEST(shade.text() == "red");
    BOOST_TEST((shade == open_enum<color>("red")));
}

BOOST_AUTO_TEST_CASE(survives_a_value_beyond_its_names)
{
    const open_enum<color> shade = static_cast<color>(17);
    BOOST_TEST(shade.text() == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_upload)

BOOST_AUTO_TEST_CASE(holds_bytes_or_the_path_of_a_file)
{
    const upload bytes = upload::from_memory("abc", "a.png", "image/png");
    BOOST_TEST(!bytes.is_file());
    BOOST_TEST(bytes.source() == "abc");
    BOOST_TEST(bytes.file_name() == "a.png");
    BOOST_TEST(bytes.content_type() == "image/png");
    const upload file = upload::from_file("/tmp/dir.d/logo.png");
    BOOST_TEST(file.is_file());
    BOOST_TEST(file.source() == "/tmp/dir.d/logo.png");
    BOOST_TEST(file.file_name() == "logo.png");
    BOOST_TEST(upload::from_file("logo.png").file_name() == "logo.png");
    BOOST_TEST((upload() == upload()));
    BOOST_TEST(!(bytes == file));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
