// RFC 4648 §5 base64url without padding, as JOSE uses it.
#ifndef USHER_TOKEN_BASE64URL_HPP
#define USHER_TOKEN_BASE64URL_HPP

#include <string>
#include <string_view>

namespace usher::token::detail {

/// Decodes to the end of `out`. Strict, so that every byte string has one text: nothing but the alphabet, no padding,
/// no left-over bits. False: `out` holds what came before the fault.
bool decode_base64url(std::string_view text, std::string& out);
std::string encode_base64url(std::string_view bytes);

} // namespace usher::token::detail

#endif
