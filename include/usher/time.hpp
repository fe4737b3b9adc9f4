// Points in time as the services write them.
#ifndef USHER_TIME_HPP
#define USHER_TIME_HPP

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace usher {

/// A point in time that the JSON holds as milliseconds since 1970-01-01T00:00:00Z.
using unix_milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;
/// A point in time that the JSON holds as seconds since 1970-01-01T00:00:00Z.
using unix_seconds = std::chrono::sys_time<std::chrono::seconds>;
/// A point in time that the JSON holds as RFC 3339 text; nanoseconds are kept. Range: 1677-09-22 to 2262-04-11.
using instant = std::chrono::sys_time<std::chrono::nanoseconds>;
/// A calendar day, `YYYY-MM-DD`.
using date = std::chrono::year_month_day;

/// Reads RFC 3339 (`2024-01-15T10:30:00.126079Z`, any offset, up to nine digits of a second).
/// Nothing when the text is malformed or out of range. A leap second counts as the second after it.
std::optional<instant> parse_rfc3339(std::string_view text) noexcept;
/// Writes RFC 3339 in UTC, with as many of 0, 3, 6 or 9 fractional digits as the value needs.
std::string format_rfc3339(instant time);
/// Reads `YYYY-MM-DD`; nothing when there is no such day.
std::optional<date> parse_date(std::string_view text) noexcept;
/// Writes `YYYY-MM-DD`.
std::string format_date(date day);

} // namespace usher

#endif
