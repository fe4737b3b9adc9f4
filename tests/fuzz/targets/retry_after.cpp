// Retry-After and the dates in it.
#include "retry/retry_after.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "retry/http_date.hpp"

#include <array>
#include <cstdio>

namespace usher::fuzz {
namespace {

namespace chrono = std::chrono;
using chrono::sys_seconds;

constexpr std::array<const char*, 7> days = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                             "Thursday", "Friday", "Saturday"};
constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// In the form of RFC 9110 of this number: 0 IMF, 1 RFC 850, 2 asctime.
std::string written(sys_seconds time, int form)
{
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    const auto* week_day = days.at(chrono::weekday(day).c_encoding());
    const auto* month = months.at(static_cast<unsigned>(date.month()) - 1);
    const int year = static_cast<int>(date.year());
    const auto number = static_cast<unsigned>(date.day());
    char hours[16];
    std::snprintf(hours, sizeof hours, "%02d:%02d:%02d", static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    char text[64];
    if (form == 0)
        std::snprintf(text, sizeof text, "%.3s, %02u %s %04d %s GMT", week_day, number, month, year, hours);
    else if (form == 1)
        std::snprintf(text, sizeof text, "%s, %02u-%s-%02d %s GMT", week_day, number, month, year % 100, hours);
    else
        std::snprintf(text, sizeof text, "%.3s %s %2u %s %04d", week_day, month, number, hours, year);
    return text;
}

/// Times that are written are read.
void look_at_times(input from)
{
    // The years 1 to 9999.
    constexpr std::int64_t first = -62'135'596'800;
    constexpr std::int64_t all = 253'402'300'799 - first;
    const sys_seconds time(
        chrono::seconds(first + static_cast<std::int64_t>(from.number() % static_cast<std::uint64_t>(all))));
    const sys_seconds now(chrono::seconds(1'700'000'000));
    promise(usher::retry::parse_http_date(written(time, 0), now) == time, "an IMF date is read");
    promise(usher::retry::parse_http_date(written(time, 2), now) == time, "an asctime date is read");
    // Two digits of a year: within the next 50 years, or before them.
    const auto near = now + chrono::seconds(static_cast<std::int64_t>(from.number() % 1'500'000'000));
    promise(usher::retry::parse_http_date(written(near, 1), now) == near, "an RFC 850 date is read");
}

} // namespace

void retry_after(std::string_view bytes)
{
    look_at_times(input(bytes));
    input from(bytes);
    const sys_seconds now(chrono::seconds(1'700'000'000));
    const auto value = from.line();
    const auto date = from.line();
    const auto wait = usher::retry::parse_retry_after(value, date, now);
    if (wait)
        promise(*wait >= chrono::seconds(0) && *wait <= usher::retry::longest_retry_after,
                "a wait is from 0 s to a day");
    promise(usher::retry::parse_retry_after(std::string(" \t").append(value).append("\t "), date, now) == wait,
            "blanks around a field mean nothing");

    const auto digits = value.substr(0, std::min(value.find_first_not_of("0123456789"), value.size()));
    if (!digits.empty() && digits.size() == value.size()) {
        const auto begin = std::min(digits.find_first_not_of('0'), digits.size() - 1);
        const auto number = digits.substr(begin);
        const auto expected =
            number.size() > 9 ? std::int64_t{86400} : std::min<std::int64_t>(std::stol(std::string(number)), 86400);
        promise(wait && wait->count() == expected, "digits are seconds, a day at most");
        return;
    }
    const auto until = usher::retry::parse_http_date(value, now);
    if (!until)
        return;
    promise(wait.has_value(), "a date is a wait");
    // A leap second may lead into the year 10000, which has no form.
    if (*until < sys_seconds(chrono::sys_days(chrono::year(10000) / 1 / 1)))
        promise(usher::retry::parse_http_date(written(*until, 0), now) == until, "a date that is read can be written");
    const auto sent = usher::retry::parse_http_date(date, now);
    const auto apart = std::clamp<std::int64_t>((*until - sent.value_or(now)).count(), 0, 86400);
    if (sent || date.empty())
        promise(wait->count() == apart, "a date is measured against the answer's own");
}

} // namespace usher::fuzz
