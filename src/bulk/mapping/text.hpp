// What a text in a source record is: pure questions.
#ifndef USHER_BULK_TEXT_HPP
#define USHER_BULK_TEXT_HPP

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

/// Without spaces, tabs and line ends around it.
std::string_view trimmed(std::string_view text) noexcept;
/// The parts of a list that is separated by `|` or `,`, without empty ones.
std::vector<std::string> split_list(std::string_view text);
/// An address of the form local@domain, with no space and within RFC 5321's lengths.
bool is_email_address(std::string_view text) noexcept;
/// `+` and two to fifteen digits, the first of them not 0 (E.164).
bool is_e164(std::string_view text) noexcept;
/// Has a scheme, or begins like a host of the web.
bool looks_like_url(std::string_view text) noexcept;
/// Digits and their usual separators only, at least seven digits.
bool looks_like_phone(std::string_view text) noexcept;
/// RFC 3339, or as PostgreSQL writes it (`2024-01-15 10:30:00.126079+00`); finer than a millisecond is cut off.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parse_time(std::string_view text);
/// The names of the hashers that Clerk takes.
std::span<const std::string_view> clerk_hashers() noexcept;
bool is_clerk_hasher(std::string_view name) noexcept;
/// Well-formed UTF-8 without overlong forms and surrogates (RFC 3629).
bool is_utf8(std::string_view text) noexcept;
/// RFC 4648 base64, for bytes that are no text.
std::string base64(std::string_view bytes);

} // namespace usher::bulk

#endif
