// Numbers, times and foreign texts as they stand in a page.
#ifndef USHER_BULK_HTML_TEXT_HPP
#define USHER_BULK_HTML_TEXT_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace usher::bulk {

/// A text of at most `most` bytes, on one line, safe as content and as an attribute.
std::string escaped(std::string_view text, std::size_t most = 400);
/// `12 345`, with narrow spaces.
std::string grouped(std::uint64_t number);
/// With at most so many digits behind the point, none of them a needless 0.
std::string with_digits(double number, int digits);
/// `98.4 %`; `–` when there is nothing to compare with.
std::string percent(double part, double whole);
/// `2 h 47 min`, `3 min 12 s`, `0.8 s`.
std::string duration_text(std::chrono::milliseconds time);
/// `2026-03-01 17:04:22 UTC`.
std::string time_text(std::chrono::sys_time<std::chrono::milliseconds> time);

} // namespace usher::bulk

#endif
