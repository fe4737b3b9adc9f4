// What digests of passwords are written with: segments, hexadecimal, base64, small numbers.
#ifndef USHER_BULK_DIGEST_TEXT_HPP
#define USHER_BULK_DIGEST_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

/// The segments between the separators; empty ones too.
std::vector<std::string_view> segments(std::string_view text, char separator);
/// The bytes that pairs of hexadecimal digits of either case stand for.
std::optional<std::string> from_hex(std::string_view text);
/// Lower case.
std::string to_hex(std::string_view bytes);
/// The bytes of base64, of the usual alphabet or of that for addresses, padded or not; strict in everything else
/// (RFC 4648 §3.5). The text for bytes is `base64` of text.hpp.
std::optional<std::string> from_base64(std::string_view text);
/// 1 to 2³¹ − 1 in decimal, without sign and leading zeros: what every hasher can take as a parameter.
std::optional<std::uint32_t> positive(std::string_view text) noexcept;
/// At least `least` hexadecimal digits, in pairs.
bool is_hex(std::string_view text, std::size_t least = 2) noexcept;

} // namespace usher::bulk

#endif
