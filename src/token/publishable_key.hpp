// What a Clerk publishable key tells.
#ifndef USHER_TOKEN_PUBLISHABLE_KEY_HPP
#define USHER_TOKEN_PUBLISHABLE_KEY_HPP

#include <string>
#include <string_view>

namespace usher::token::detail {

/// The suffix of its instance's cookie names: eight characters of base64url of the key's SHA-1.
std::string cookie_suffix(std::string_view publishable_key);

} // namespace usher::token::detail

#endif
