// What HTTP allows in the texts of a request: the one gate for targets and headers.
#ifndef USHER_CORE_HTTP_TEXT_HPP
#define USHER_CORE_HTTP_TEXT_HPP

#include <optional>
#include <string_view>

namespace usher::detail {

/// A field name: RFC 9110 §5.6.2 token.
bool is_header_name(std::string_view text) noexcept;
/// A field value: visible ASCII, spaces and tabs inside, no control character; bytes above 0x7f are refused too.
bool is_header_value(std::string_view text) noexcept;
/// A key or token that `Authorization: Bearer` can carry: a field value that is not empty and has no space.
bool is_bearer(std::string_view text) noexcept;
/// A request target in origin form, already encoded: begins with `/`, visible ASCII only, no fragment.
bool is_target(std::string_view text) noexcept;
/// An id that may stand in a path: not empty, not `.` or `..`, no control character. It is percent-encoded afterwards.
bool is_path_segment(std::string_view text) noexcept;
/// The byte that the escape (`%2F`) at the front of a text stands for; nothing when there is no escape.
std::optional<char> escaped_byte(std::string_view text) noexcept;
inline constexpr std::size_t escape_size = 3;
/// ASCII case does not matter in header names.
bool same_header_name(std::string_view a, std::string_view b) noexcept;

} // namespace usher::detail

#endif
