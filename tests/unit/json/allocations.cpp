#include "counted_new.hpp"
#include "unit/json/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace usher_tests {
namespace {

/// Allocations of a decode in steady state: the same document went through the same decoder twice before.
template <class T>
std::size_t allocations(std::string_view text, std::size_t piece = static_cast<std::size_t>(-1))
{
    decoder reader;
    std::size_t taken = 0;
    for (int round = 0; round != 3; ++round) {
        T value{};
        const std::size_t before = counted_new::allocations;
        reader.start(table<T>::value, &value, decode_limits());
        bool sound = true;
        for (std::string_view rest = text; sound && !rest.empty(); rest.remove_prefix(std::min(piece, rest.size())))
            sound = reader.write(rest.substr(0, piece));
        sound = sound && reader.finish();
        taken = counted_new::allocations - before;
        BOOST_TEST_REQUIRE(sound, reader.failure().message());
    }
    return taken;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_decode_in_steady_state)

BOOST_AUTO_TEST_CASE(allocates_nothing_for_a_result_that_owns_nothing)
{
    constexpr std::string_view text =
        R"({"zzz":{"a":[1,"a text that is too long for small strings",{"b":[]}]},"x":"12345678901234567","y":3.0e2})";
    BOOST_TEST(allocations<point>(text) == 0U);
    BOOST_TEST(allocations<point>(text, 1) == 0U);
    BOOST_TEST(allocations<open_enum<color>>(R"("gr\u0065en")") == 0U);
    BOOST_TEST(allocations<instant>(R"("2024-01-15T10:30:00.126079Z")", 3) == 0U);
    BOOST_TEST(allocations<boost::json::object>("{}") == 0U);
    BOOST_TEST(allocations<std::vector<point>>("[]") == 0U);
}

BOOST_AUTO_TEST_CASE(allocates_what_the_result_owns_and_no_more)
{
    constexpr std::string_view long_text = R"("a text that is too long for small strings")";
    BOOST_TEST(allocations<std::string>(long_text) == 1U);
    BOOST_TEST(allocations<std::optional<std::string>>(long_text) == 1U);
    BOOST_TEST(allocations<std::vector<point>>(R"([{"x":1,"y":2}])") == 1U);
    BOOST_TEST(allocations<std::vector<std::string>>(R"(["a text that is too long for small strings"])") == 2U);
    // Growing to four elements takes three allocations, of which the result keeps the last.
    BOOST_TEST(allocations<std::vector<point>>(R"([{},{},{},{}])") == 3U);
    BOOST_TEST((allocations<std::map<std::string, point, std::less<>>>(R"({"key":{"x":1}})") == 1U));
    BOOST_TEST(allocations<proof>(R"({"object":"ticket","code":"a text that is too long for small strings"})") == 1U);
    // A table and its one text.
    BOOST_TEST(allocations<boost::json::object>(R"({"key":"a text that is too long for small strings"})") == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
