// The Retry-After field (RFC 9110 §10.2.3).
#ifndef USHER_SRC_RETRY_RETRY_AFTER_HPP
#define USHER_SRC_RETRY_RETRY_AFTER_HPP

#include <chrono>
#include <optional>
#include <string_view>

namespace usher::retry {

/// What is longer is believed to be a mistake, and cut to this.
inline constexpr std::chrono::seconds longest_retry_after = std::chrono::hours(24);

/// How long a Retry-After asks to wait from now on, rounded up; nothing when it is neither digits nor an HTTP date.
///
/// A date is measured against the answer's own `date` field, so that the clocks need not agree; against `now` where the
/// answer has no valid one. A date that is over means zero. `date` may be empty.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, std::string_view date,
                                                      std::chrono::system_clock::time_point now) noexcept;

} // namespace usher::retry

#endif
