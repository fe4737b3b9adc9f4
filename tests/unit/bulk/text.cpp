#include "bulk/mapping/text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace bulk = usher::bulk;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(addresses_are_told_from_what_is_none)
{
    for (const auto* good : {"a@b.co", "ada.lovelace+x@mail.example.com", "\"odd\"@example.com", "ü@exämple.de"})
        BOOST_TEST(bulk::is_email_address(good), good);
    for (const auto* bad : {"", "@", "a@b", "a b@c.de", "a@.de", "a@b.", "a@b..de", "a@@b.de", "plain", "a@b.d\n"})
        BOOST_TEST(!bulk::is_email_address(bad), bad);
    BOOST_TEST(!bulk::is_email_address(std::string(65, 'a') + "@example.com"));
}

BOOST_AUTO_TEST_CASE(lists_are_split_at_bars_and_commas)
{
    BOOST_TEST((bulk::split_list(" a|b, c ||,d") == std::vector<std::string>{"a", "b", "c", "d"}));
    BOOST_TEST(bulk::split_list("").empty());
    BOOST_TEST(bulk::split_list(" , |").empty());
}

BOOST_AUTO_TEST_CASE(utf8_is_checked_as_rfc_3629_has_it)
{
    for (const auto* good : {"", "plain", "Zoë", "日本", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
        BOOST_TEST(bulk::is_utf8(good), good);
    for (const auto* bad : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80",
                            "\xC3", "\x80", "a\xE9z"})
        BOOST_TEST(!bulk::is_utf8(bad));
}

BOOST_AUTO_TEST_CASE(base64_is_that_of_rfc_4648)
{
    BOOST_TEST(bulk::base64("") == "");
    BOOST_TEST(bulk::base64("f") == "Zg==");
    BOOST_TEST(bulk::base64("fo") == "Zm8=");
    BOOST_TEST(bulk::base64("foo") == "Zm9v");
    BOOST_TEST(bulk::base64("foobar") == "Zm9vYmFy");
    BOOST_TEST(bulk::base64("\xFF\xFE") == "//4=");
}

BOOST_AUTO_TEST_CASE(times_are_read_as_rfc_3339_and_as_postgresql_writes_them)
{
    using std::chrono::milliseconds;
    const auto ms = [](std::string_view text) {
        const auto time = usher::bulk::parse_time(text);
        return time ? time->time_since_epoch().count() : -1;
    };
    for (const auto* text : {"2024-01-15T10:30:00.126Z", "2024-01-15 10:30:00.126079+00", "2024-01-15 10:30:00.126",
                             "2024-01-15 10:30:00.126+00:00", "2024-01-15 16:00:00.126+05:30",
                             "2024-01-15 05:30:00.126-05", "2024-01-15 10:30:00.126Z"})
        BOOST_TEST(ms(text) == 1'705'314'600'126, text);
    BOOST_TEST(ms("2024-01-15 10:30:00+00") == 1'705'314'600'000);
    BOOST_TEST(ms("2024-01-15 10:30:00") == 1'705'314'600'000);
    for (const auto* text : {"", "infinity", "yesterday", "2024-01-15", "2024-01-15 10:30", "2024-13-15 10:30:00+00",
                             "2024-01-15 10:30:00+0", "2024-01-15 10:30:00 +00", "2999-01-01 00:00:00+00"})
        BOOST_TEST(ms(text) == -1, text);
}

BOOST_AUTO_TEST_SUITE_END()
