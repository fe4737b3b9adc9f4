#include <usher/time.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <random>

namespace {

using namespace usher;

std::string canonical(std::string_view text)
{
    const auto read = parse_rfc3339(text);
    return read ? format_rfc3339(*read) : "nothing";
}

std::int64_t count(std::string_view text)
{
    const auto read = parse_rfc3339(text);
    BOOST_TEST_REQUIRE(read.has_value(), text);
    return read->time_since_epoch().count();
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_time_of_rfc_3339)

BOOST_AUTO_TEST_CASE(is_read_with_any_offset)
{
    BOOST_TEST(canonical("1985-04-12T23:20:50.52Z") == "1985-04-12T23:20:50.520Z");
    BOOST_TEST(canonical("1996-12-19T16:39:57-08:00") == "1996-12-20T00:39:57Z");
    BOOST_TEST(canonical("1937-01-01T12:00:27.87+00:20") == "1937-01-01T11:40:27.870Z");
    BOOST_TEST(canonical("2024-02-29T00:00:00+23:59") == "2024-02-28T00:01:00Z");
    BOOST_TEST(canonical("2024-12-31T23:59:59-00:00") == "2024-12-31T23:59:59Z");
    BOOST_TEST(canonical("2024-01-15t10:30:00z") == "2024-01-15T10:30:00Z");
    BOOST_TEST(count("1970-01-01T00:00:00Z") == 0);
    BOOST_TEST(count("1969-12-31T23:59:59.999999999Z") == -1);
}

BOOST_AUTO_TEST_CASE(keeps_nanoseconds_and_writes_as_many_digits_as_it_needs)
{
    BOOST_TEST(canonical("2024-01-15T10:30:00.1Z") == "2024-01-15T10:30:00.100Z");
    BOOST_TEST(canonical("2024-01-15T10:30:00.126079Z") == "2024-01-15T10:30:00.126079Z");
    BOOST_TEST(canonical("2024-01-15T10:30:00.1260790Z") == "2024-01-15T10:30:00.126079Z");
    BOOST_TEST(canonical("2024-01-15T10:30:00.000000001Z") == "2024-01-15T10:30:00.000000001Z");
    BOOST_TEST(canonical("2024-01-15T10:30:00.000000000Z") == "2024-01-15T10:30:00Z");
}

BOOST_AUTO_TEST_CASE(takes_a_leap_second_for_the_second_after_it)
{
    BOOST_TEST(canonical("1990-12-31T23:59:60Z") == "1991-01-01T00:00:00Z");
    BOOST_TEST(canonical("1990-12-31T15:59:60-08:00") == "1991-01-01T00:00:00Z");
    BOOST_TEST(canonical("2016-12-31T23:59:60.5Z") == "2017-01-01T00:00:00.500Z");
    BOOST_TEST(canonical("1990-12-31T23:58:60Z") == "nothing");
    BOOST_TEST(canonical("1990-12-30T23:59:60Z") == "nothing");
    BOOST_TEST(canonical("1990-12-31T23:59:60-08:00") == "nothing");
}

BOOST_AUTO_TEST_CASE(may_be_any_instant_that_there_is)
{
    const instant first{std::chrono::nanoseconds(std::numeric_limits<std::int64_t>::min())};
    const instant last{std::chrono::nanoseconds(std::numeric_limits<std::int64_t>::max())};
    BOOST_TEST(format_rfc3339(first) == "1677-09-21T00:12:43.145224192Z");
    BOOST_TEST(format_rfc3339(last) == "2262-04-11T23:47:16.854775807Z");
    BOOST_TEST((parse_rfc3339(format_rfc3339(first)) == first));
    BOOST_TEST((parse_rfc3339(format_rfc3339(last)) == last));
    BOOST_TEST(canonical("1677-09-21T00:12:43.145224191Z") == "nothing");
    BOOST_TEST(canonical("1677-09-21T00:12:42.999999999Z") == "nothing");
    BOOST_TEST(canonical("2262-04-11T23:47:16.854775808Z") == "nothing");
    BOOST_TEST(canonical("2262-04-11T23:47:17Z") == "nothing");
    BOOST_TEST(canonical("0000-01-01T00:00:00Z") == "nothing");
    BOOST_TEST(canonical("9999-12-31T23:59:59Z") == "nothing");
}

BOOST_AUTO_TEST_CASE(is_the_same_after_it_was_written)
{
    std::mt19937_64 random(20240115);
    for (int i = 0; i != 200'000; ++i) {
        std::int64_t nanoseconds = static_cast<std::int64_t>(random());
        // Whole milliseconds and microseconds take other ways through the writer.
        if (i % 4 == 1)
            nanoseconds = nanoseconds / 1000 * 1000;
        if (i % 4 == 2)
            nanoseconds = nanoseconds / 1'000'000 * 1'000'000;
        if (i % 4 == 3)
            nanoseconds = nanoseconds / 1'000'000'000 * 1'000'000'000;
        const instant time{std::chrono::nanoseconds(nanoseconds)};
        const std::string text = format_rfc3339(time);
        BOOST_TEST_REQUIRE((parse_rfc3339(text) == time), text);
    }
}

BOOST_AUTO_TEST_CASE(that_is_malformed_is_refused)
{
    for (const std::string_view text : {"",
                                        "2024",
                                        "2024-01-15",
                                        "2024-01-15T",
                                        "2024-01-15T10",
                                        "2024-01-15T10:30",
                                        "2024-01-15T10:30Z",
                                        "2024-01-15T10:30:00",
                                        "2024-01-15 10:30:00Z",
                                        "2024-01-15T10:30:00 Z",
                                        " 2024-01-15T10:30:00Z",
                                        "2024-01-15T10:30:00Z ",
                                        "2024-01-15T10:30:00ZZ",
                                        "2024-01-15T10:30:00.Z",
                                        "2024-01-15T10:30:00,5Z",
                                        "2024-01-15T10:30:00.1234567890Z",
                                        "2024-01-15T10:30:00+0100",
                                        "2024-01-15T10:30:00+01",
                                        "2024-01-15T10:30:00+1:00",
                                        "2024-01-15T10:30:00+24:00",
                                        "2024-01-15T10:30:00+00:60",
                                        "2024-01-15T10:30:00GMT",
                                        "24-01-15T10:30:00Z",
                                        "2024-1-15T10:30:00Z",
                                        "2024-01-5T10:30:00Z",
                                        "2024-00-15T10:30:00Z",
                                        "2024-13-15T10:30:00Z",
                                        "2024-01-00T10:30:00Z",
                                        "2024-01-32T10:30:00Z",
                                        "2023-02-29T10:30:00Z",
                                        "2024-04-31T10:30:00Z",
                                        "2024-01-15T24:00:00Z",
                                        "2024-01-15T10:60:00Z",
                                        "2024-01-15T10:30:61Z",
                                        "2024-01-15T10:30:-1Z",
                                        "+2024-01-15T10:30:00Z",
                                        "-2024-01-15T10:30:00Z",
                                        "20240115T103000Z",
                                        "2024-01-15T1e:30:00Z",
                                        "2024-01-15T10:30:00.5",
                                        "2024-W03-1T10:30:00Z",
                                        "2024-01-15T10:30:00\xe2\x88\x92"
                                        "08:00"})
        BOOST_TEST(canonical(text) == "nothing", text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_date)

BOOST_AUTO_TEST_CASE(is_a_day_of_the_calendar)
{
    for (const std::string_view text :
         {"0000-01-01", "1815-12-10", "1900-02-28", "2000-02-29", "2024-02-29", "9999-12-31"}) {
        const auto read = parse_date(text);
        BOOST_TEST_REQUIRE(read.has_value(), text);
        BOOST_TEST(format_date(*read) == text);
    }
    for (const std::string_view text : {"", "2024", "2024-02", "2024-02-30", "1900-02-29", "2023-02-29", "2024-13-01",
                                        "2024-00-01", "2024-01-00", "2024-1-1", "2024-01-01Z", " 2024-01-01",
                                        "2024/01/01", "20240101", "-001-01-01", "10000-01-01", "2024-01-1x"})
        BOOST_TEST(!parse_date(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
