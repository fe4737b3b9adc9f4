// Base64 (RFC 4648, section 4), read strictly.
#ifndef USHER_WEBHOOK_BASE64_HPP
#define USHER_WEBHOOK_BASE64_HPP

#include <optional>
#include <string>
#include <string_view>

namespace usher::webhook {

/// The bytes; nothing if the text has another character, a padding that is not at its end or of a wrong length, or
/// bits after the last byte. A text without its padding is taken.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace usher::webhook

#endif
