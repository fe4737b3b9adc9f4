// Dates in header fields (RFC 9110 §5.6.7).
#ifndef USHER_SRC_RETRY_HTTP_DATE_HPP
#define USHER_SRC_RETRY_HTTP_DATE_HPP

#include <chrono>
#include <optional>
#include <string_view>

namespace usher::retry {

/// Reads an HTTP date in any of its three forms; nothing when it is none.
///
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`. Two digits of a year
/// mean the year that is at most 50 years after `now`. A leap second counts as the second after it. The name of the day
/// must be one, but need not be that date's.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text, std::chrono::sys_seconds now) noexcept;

} // namespace usher::retry

#endif
