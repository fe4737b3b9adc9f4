#include "retry/retry_after.hpp"

#include "retry/http_date.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using usher::retry::parse_http_date;
using usher::retry::parse_retry_after;

namespace {

namespace chrono = std::chrono;

// 2025-11-10T12:00:00Z, a Monday.
constexpr chrono::sys_seconds noon = chrono::sys_days(chrono::year(2025) / 11 / 10) + 12h;
// 1994-11-06T08:49:37Z, RFC 9110's example.
constexpr chrono::sys_seconds example = chrono::sys_days(chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;

/// Seconds, or -1 when it is ignored.
long long wait(std::string_view value, std::string_view date = "", chrono::system_clock::time_point now = noon)
{
    const auto found = parse_retry_after(value, date, now);
    return found ? static_cast<long long>(found->count()) : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(digits_are_seconds)
{
    BOOST_TEST(wait("0") == 0);
    BOOST_TEST(wait("1") == 1);
    BOOST_TEST(wait("10") == 10);
    BOOST_TEST(wait("0010") == 10);
    BOOST_TEST(wait("  7\t") == 7);
    BOOST_TEST(wait("86399") == 86399);
}

BOOST_AUTO_TEST_CASE(absurd_values_are_cut_to_a_day)
{
    BOOST_TEST(wait("86400") == 86400);
    BOOST_TEST(wait("86401") == 86400);
    BOOST_TEST(wait("18446744073709551616") == 86400);
    BOOST_TEST(wait(std::string(10'000, '9')) == 86400);
    BOOST_TEST(wait("Fri, 31 Dec 9999 23:59:59 GMT") == 86400);
    BOOST_TEST(wait("Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0000 00:00:00 GMT") == 86400);
}

BOOST_AUTO_TEST_CASE(a_date_is_measured_against_the_answers_own)
{
    BOOST_TEST(wait("Mon, 10 Nov 2025 09:00:10 GMT", "Mon, 10 Nov 2025 09:00:00 GMT") == 10);
    BOOST_TEST(wait("Monday, 10-Nov-25 09:00:10 GMT", "Mon Nov 10 09:00:00 2025") == 10);
    BOOST_TEST(wait("Mon, 10 Nov 2025 08:00:00 GMT", "Mon, 10 Nov 2025 09:00:00 GMT") == 0);
}

BOOST_AUTO_TEST_CASE(without_a_valid_date_of_its_own_it_is_measured_against_the_clock_and_rounded_up)
{
    BOOST_TEST(wait("Mon, 10 Nov 2025 12:00:30 GMT") == 30);
    BOOST_TEST(wait("Mon, 10 Nov 2025 12:00:30 GMT", "yesterday") == 30);
    BOOST_TEST(wait("Mon, 10 Nov 2025 12:00:30 GMT", "", noon + 1ms) == 30);
    BOOST_TEST(wait("Mon, 10 Nov 2025 12:00:30 GMT", "", noon + 999ms) == 30);
    BOOST_TEST(wait("Mon, 10 Nov 2025 12:00:30 GMT", "", noon + 1000ms) == 29);
    BOOST_TEST(wait("Mon, 10 Nov 2025 11:59:59 GMT") == 0);
}

BOOST_AUTO_TEST_CASE(nonsense_is_ignored)
{
    for (const auto* value : {"",         " ",      "-1",   "+5",    "1.5",
                              "5s",       "0x10",   "1e3",  "5, 10", "soon",
                              "null",     "\"5\"",  "5;",   "1 0",   "2025-11-10T12:00:30Z",
                              "Mon",      "Monday", "Mon,", "Mon, ", "GMT",
                              "\xff\xfe", "٣"}) {
        BOOST_TEST_CONTEXT(value)
        BOOST_TEST(wait(value) == -1);
    }
}

BOOST_AUTO_TEST_CASE(the_three_forms_of_an_http_date_are_read)
{
    for (const auto* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                             "Sun Nov  6 08:49:37 1994", "Sun Nov 06 08:49:37 1994"}) {
        BOOST_TEST_CONTEXT(text)
        {
            const auto found = parse_http_date(text, noon);
            BOOST_REQUIRE(found);
            BOOST_TEST((*found == example));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_day_and_month_has_its_name)
{
    const auto day = [](const char* text) { return parse_http_date(text, noon); };
    for (const auto* name : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})
        BOOST_TEST(day((std::string(name) + ", 06 Nov 1994 08:49:37 GMT").c_str()).has_value());
    for (const auto* name : {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})
        BOOST_TEST(day((std::string(name) + ", 06-Nov-94 08:49:37 GMT").c_str()).has_value());
    unsigned number = 0;
    for (const auto* name : {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}) {
        const auto found = day(("Sun, 06 " + std::string(name) + " 1994 08:49:37 GMT").c_str());
        BOOST_REQUIRE(found);
        BOOST_TEST((chrono::year_month_day(chrono::floor<chrono::days>(*found)).month() == chrono::month(++number)));
    }
}

BOOST_AUTO_TEST_CASE(a_year_of_two_digits_is_at_most_fifty_years_ahead)
{
    const auto year_of = [](const char* text) {
        const auto found = parse_http_date(text, noon);
        BOOST_REQUIRE(found);
        return static_cast<int>(chrono::year_month_day(chrono::floor<chrono::days>(*found)).year());
    };
    BOOST_TEST(year_of("Sunday, 06-Nov-25 08:49:37 GMT") == 2025);
    BOOST_TEST(year_of("Sunday, 06-Nov-75 08:49:37 GMT") == 2075);
    BOOST_TEST(year_of("Sunday, 06-Nov-76 08:49:37 GMT") == 1976);
    BOOST_TEST(year_of("Sunday, 06-Nov-00 08:49:37 GMT") == 2000);
    BOOST_TEST(year_of("Sunday, 06-Nov-99 08:49:37 GMT") == 1999);
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_refused)
{
    for (const auto* text :
         {"Sun, 06 Nov 1994 08:49:37",     "Sun, 06 Nov 1994 08:49:37 UTC",    "Sun, 06 Nov 1994 08:49:37 GMT ",
          "Sun, 6 Nov 1994 08:49:37 GMT",  "Sun, 31 Nov 1994 08:49:37 GMT",    "Sun, 29 Feb 1995 08:49:37 GMT",
          "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",    "Sun, 06 Nov 1994 08:60:00 GMT",
          "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 NOV 1994 08:49:37 GMT",    "Sun, 06 Nov 94 08:49:37 GMT",
          "Son, 06 Nov 1994 08:49:37 GMT", "Sun,06 Nov 1994 08:49:37 GMT",     "Sun, 06 Nov 1994 8:49:37 GMT",
          "Sun, 06-Nov-94 08:49:37 GMT",   "Sunday, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
          "Sun Nov 6 08:49:37 1994",       "Sun Nov  6 08:49:37 94",           "Sun Nov  6 08:49:37 1994 GMT",
          "Sun Nov   08:49:37 1994",       "06 Nov 1994 08:49:37 GMT"}) {
        BOOST_TEST_CONTEXT(text)
        BOOST_TEST(!parse_http_date(text, noon).has_value());
    }
}

BOOST_AUTO_TEST_CASE(no_beginning_of_a_date_is_taken_for_one)
{
    for (const std::string text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        for (std::size_t size = 0; size != text.size(); ++size)
            BOOST_TEST(!parse_http_date(std::string_view(text).substr(0, size), noon).has_value());
    }
}

BOOST_AUTO_TEST_CASE(leap_days_and_leap_seconds_are_read)
{
    const auto leap_day = parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT", noon);
    BOOST_REQUIRE(leap_day);
    BOOST_TEST((*leap_day == chrono::sys_days(chrono::year(2024) / 2 / 29)));
    const auto leap_second = parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT", noon);
    BOOST_REQUIRE(leap_second);
    BOOST_TEST((*leap_second == chrono::sys_days(chrono::year(2017) / 1 / 1)));
}

BOOST_AUTO_TEST_SUITE_END()
