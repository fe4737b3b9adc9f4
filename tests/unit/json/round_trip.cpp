// Random objects through the encoder and back.
#include "unit/json/samples.hpp"

#include <usher/client.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <random>

namespace usher_tests {
namespace {

class maker {
public:
    explicit maker(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool coin() { return below(2) == 0; }
    std::int64_t integer()
    {
        return coin() ? static_cast<std::int64_t>(random_()) : static_cast<std::int64_t>(below(2000)) - 1000;
    }
    double real()
    {
        for (;;) {
            const std::uint64_t bits = random_();
            double value = 0;
            std::memcpy(&value, &bits, sizeof value);
            if (std::isfinite(value))
                return coin() ? value : static_cast<double>(below(1000)) / 8;
        }
    }
    std::string text()
    {
        static constexpr std::string_view pieces[] = {
            "a",    "Z",    "0", " ",  "\"", "\\",           "/", "\n",         std::string_view("\0", 1),
            "\x1f", "\x7f", "é", "世", "😀",  "\xef\xbf\xbf", "~", "longer text"};
        std::string made;
        for (std::uint64_t left = below(12); left != 0; --left)
            made += pieces[below(std::size(pieces))];
        return made;
    }
    point where()
    {
        point made;
        made.x = integer();
        made.y = integer();
        return made;
    }
    boost::json::value tree(int levels)
    {
        switch (below(levels > 0 ? 8 : 6)) {
        case 0:
            return nullptr;
        case 1:
            return coin();
        case 2:
            return integer();
        case 3:
            return static_cast<std::uint64_t>(INT64_MAX) + 1 + below(1000);
        case 4:
            return real();
        case 5:
            return boost::json::value(text());
        case 6: {
            boost::json::array made;
            for (std::uint64_t left = below(4); left != 0; --left)
                made.push_back(tree(levels - 1));
            return made;
        }
        default:
            return object(levels - 1);
        }
    }
    boost::json::object object(int levels)
    {
        boost::json::object made;
        for (std::uint64_t left = below(4); left != 0; --left)
            made[text()] = tree(levels);
        return made;
    }
    everything all()
    {
        everything made;
        made.flag = coin();
        made.small = static_cast<std::int32_t>(random_());
        made.large = integer();
        made.real = real();
        made.text = text();
        made.created_at = unix_milliseconds(std::chrono::milliseconds(integer()));
        made.expires_at = unix_seconds(std::chrono::seconds(integer()));
        made.updated_at = instant(std::chrono::nanoseconds(integer()));
        made.born = date(std::chrono::sys_days(std::chrono::days(static_cast<int>(below(2'900'000)) - 719'528)));
        made.shade = coin() ? open_enum<color>(color::green) : open_enum<color>(std::string_view(text()));
        made.place = where();
        for (std::uint64_t left = below(4); left != 0; --left) {
            made.path.push_back(where());
            made.names.push_back(text());
            made.gaps.push_back(coin() ? std::optional(integer()) : std::nullopt);
            made.rows.emplace_back(below(3), integer());
            made.marks[text()] = where();
        }
        made.any = tree(3);
        made.meta = object(3);
        if (coin())
            made.nick = text();
        if (coin())
            made.spot = where();
        if (coin())
            made.tags.emplace(below(3), text());
        if (coin())
            made.patch = text();
        else if (coin())
            made.patch = null;
        *made.boxed = where();
        return made;
    }

private:
    std::mt19937_64 random_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(what_is_encoded)

BOOST_AUTO_TEST_CASE(is_the_same_when_it_is_decoded)
{
    for (std::uint64_t seed = 1; seed != 4001; ++seed) {
        const everything sent = maker(seed).all();
        const std::string text = encoded(sent);
        everything received;
        BOOST_TEST_REQUIRE(decode_text(text, received) == "", "seed " << seed << ": " << text);
        BOOST_TEST_REQUIRE((received == sent), "seed " << seed << ": " << text);
        BOOST_TEST_REQUIRE(encoded(received) == text, "seed " << seed);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_public_functions)

BOOST_AUTO_TEST_CASE(encode_and_decode_a_type)
{
    point where;
    const auto done = usher::json::decode(table<point>::value, &where, R"({"x":1,"y":2})");
    BOOST_TEST(done.has_value());
    BOOST_TEST(usher::json::encode(table<point>::value, &where) == R"({"x":1,"y":2})");
}

BOOST_AUTO_TEST_CASE(report_what_is_wrong)
{
    point where;
    const auto done = usher::json::decode(table<point>::value, &where, R"({"x":1,"y":true})");
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().kind() == error_kind::decode));
    BOOST_TEST(done.error().details().text.starts_with("/y: expected an integer of 64 bits, found true"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
