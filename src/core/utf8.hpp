// Code points of UTF-8 text.
#ifndef USHER_CORE_UTF8_HPP
#define USHER_CORE_UTF8_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace usher::detail {

inline constexpr char32_t bad_code_point = 0xffffffffU;

/// Takes one code point from the front of `text`, which is not empty; `bad_code_point`, and one byte taken, where
/// the text is not UTF-8 (RFC 3629: no overlong forms, no surrogates).
char32_t take_code_point(std::string_view& text) noexcept;

bool is_utf8(std::string_view text) noexcept;

/// A text that came from outside, as a message may hold it: one line of at most `most` bytes, with `?` for each
/// control character (C0, DEL, C1), line or paragraph separator, mark that turns the direction of writing, and byte
/// that is not UTF-8; what was cut off shows as `…`.
std::string one_line(std::string_view text, std::size_t most = 200);

} // namespace usher::detail

#endif
