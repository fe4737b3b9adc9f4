// Text as JSON has it: UTF-8, escapes, pointers.
#ifndef USHER_JSON_TEXT_HPP
#define USHER_JSON_TEXT_HPP

#include "core/utf8.hpp"

#include <usher/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace usher::detail {

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
