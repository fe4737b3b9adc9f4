// What observers write, in words.
#ifndef USHER_CALL_WATCH_TEXT_HPP
#define USHER_CALL_WATCH_TEXT_HPP

#include <usher/observer.hpp>

#include <string>
#include <string_view>

namespace usher::detail {

/// `85 us`, `4.2 ms`, `310 ms`, `1.412 s`.
std::string duration_text(std::chrono::nanoseconds duration);
/// `the quota (limit "instance")`, … : what an admission waited for.
std::string held_text(wait_reason why, std::string_view limit);
/// `HTTP 503`, or what failed where.
std::string end_text(int status, error_kind failure, call_stage stage, std::string_view text);
/// Why there is no further attempt; empty where the failure says it.
std::string_view stop_text(stop_reason why) noexcept;
/// Without control characters, at most 200 bytes: what a person reads stays one line.
std::string plain(std::string_view text);

} // namespace usher::detail

#endif
