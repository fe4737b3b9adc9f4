#include "unit/json/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace usher_tests {
namespace {

std::string nested(std::size_t levels, std::string_view open, std::string_view close, std::string_view inner)
{
    std::string text;
    for (std::size_t i = 0; i != levels; ++i)
        text += open;
    text += inner;
    for (std::size_t i = 0; i != levels; ++i)
        text += close;
    return text;
}

template <class T>
std::string failure_within(const decode_limits& limits, const std::string& text)
{
    T value{};
    return decode_text(text, value, decode_mode::tolerant, limits);
}

decode_limits depth(std::size_t levels)
{
    decode_limits limits;
    limits.max_depth = levels;
    return limits;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_document)

BOOST_AUTO_TEST_CASE(may_be_as_deep_as_the_limit_and_no_deeper)
{
    const std::string expected = "the document: expected at most 20 levels, found an array one level deeper";
    using value = boost::json::value;
    BOOST_TEST(failure_within<value>(depth(20), nested(20, "[", "]", "1")) == "");
    BOOST_TEST(failure_within<value>(depth(20), nested(21, "[", "]", "1")) == expected);
    BOOST_TEST(failure_within<value>(depth(20), nested(20, R"({"a":)", "}", "1")) == "");
    BOOST_TEST(failure_within<value>(depth(20), nested(21, R"({"a":)", "}", "1")) ==
               "the document: expected at most 20 levels, found an object one level deeper");
    // In a member that is skipped, in the object itself, and in a tree of a type.
    BOOST_TEST(failure_within<point>(depth(20), R"({"z":)" + nested(19, "[", "]", "1") + "}") == "");
    BOOST_TEST(failure_within<point>(depth(20), R"({"z":)" + nested(20, "[", "]", "1") + "}") == expected);
    BOOST_TEST(failure_within<branch>(depth(20), nested(20, R"({"left":)", "}", "null")) == "");
    const std::string deep = failure_within<branch>(depth(20), nested(21, R"({"left":)", "}", "null"));
    BOOST_TEST(deep.ends_with("expected at most 20 levels, found an object one level deeper"), deep);
    BOOST_TEST(deep.starts_with("/left/left/left"), deep);
    BOOST_TEST(failure_within<proof>(depth(20), R"({"z":)" + nested(19, "[", "]", "1") + R"(,"object":"otp"})") == "");
    BOOST_TEST(failure_within<proof>(depth(20), R"({"z":)" + nested(20, "[", "]", "1") + R"(,"object":"otp"})") ==
               expected);
}

BOOST_AUTO_TEST_CASE(counts_depth_and_not_how_much_stands_beside)
{
    std::string text = "[";
    for (int i = 0; i != 1000; ++i)
        text += i == 0 ? "[{}]" : ",[{}]";
    BOOST_TEST(failure_within<boost::json::value>(depth(3), text + "]") == "");
    BOOST_TEST(failure_within<boost::json::value>(depth(2), text + "]") != "");
}

BOOST_AUTO_TEST_CASE(may_be_very_deep_if_the_limit_says_so)
{
    BOOST_TEST(failure_within<point>(depth(5000), R"({"z":)" + nested(4999, "[", "]", "") + "}") == "");
}

BOOST_AUTO_TEST_CASE(may_be_as_long_as_the_limit_and_no_longer)
{
    const std::string text = R"({"x":1,"y":2})";
    decode_limits limits;
    limits.max_size = text.size();
    BOOST_TEST(failure_within<point>(limits, text) == "");
    limits.max_size = text.size() - 1;
    BOOST_TEST(failure_within<point>(limits, text) == "the document: expected at most 12 bytes, found more");
    limits.max_size = text.size();
    BOOST_TEST(failure_within<point>(limits, text + " ") == "the document: expected at most 13 bytes, found more");
}

BOOST_AUTO_TEST_CASE(in_pieces_counts_all_of_them)
{
    decoder reader;
    point value;
    decode_limits limits;
    limits.max_size = 13;
    reader.start(table<point>::value, &value, limits);
    BOOST_TEST(reader.write(R"({"x":1,)"));
    BOOST_TEST(!reader.write(R"("y":2 })"));
    BOOST_TEST(reader.failure().offset == 13U);
    BOOST_TEST(!reader.finish());
    reader.start(table<point>::value, &value, limits);
    BOOST_TEST((reader.write(R"({"x":1,)") && reader.write("") && reader.write(R"("y":2})") && reader.finish()));
}

BOOST_AUTO_TEST_CASE(may_follow_one_that_failed_or_broke_off)
{
    decoder reader;
    for (const std::string_view broken :
         {R"({"any":[1,{"a":)", R"({"text":"abc)", R"({"marks":{"k)", R"({"real":12)", R"({"flag":3})", "[", "{\"te"}) {
        everything first;
        reader.start(table<everything>::value, &first, decode_limits());
        if (reader.write(broken))
            BOOST_TEST(!reader.finish());
        everything second;
        reader.start(table<everything>::value, &second, decode_limits());
        BOOST_TEST_REQUIRE(reader.write(everything_text), broken);
        BOOST_TEST_REQUIRE(reader.finish(), broken);
        everything fresh;
        decode_text(everything_text, fresh);
        BOOST_TEST((second == fresh), broken);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
