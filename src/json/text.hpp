// Text as JSON has it: UTF-8, escapes, pointers.
#ifndef USHER_JSON_TEXT_HPP
#define USHER_JSON_TEXT_HPP

#include <usher/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace usher::detail {

inline constexpr char32_t bad_code_point = 0xffffffffU;

/// Takes one code point from the front of `text`, which is not empty; `bad_code_point`, and one byte taken, where
/// the text is not UTF-8 (RFC 3629: no overlong forms, no surrogates).
char32_t take_code_point(std::string_view& text) noexcept;

bool is_utf8(std::string_view text) noexcept;

/// Number of code points of a valid UTF-8 text.
std::size_t count_code_points(std::string_view text) noexcept;

/// Appends a JSON string with its quotes. Only what has to be escaped is; bytes that are not UTF-8 pass as they are.
void append_quoted(std::string_view text, std::string& out);

/// Appends RFC 3339 as Go writes it, with no zero at the end of the fraction: `02.5Z`, not `02.500Z`.
void append_short_time(instant time, std::string& out);

/// Appends `/token`, escaped as RFC 6901 says.
void append_pointer_token(std::string_view token, std::string& pointer);

} // namespace usher::detail

#endif
