// The digest that tokens and keys are told apart by.
#ifndef USHER_TOKEN_DIGEST_HPP
#define USHER_TOKEN_DIGEST_HPP

#include <array>
#include <string_view>

namespace usher::token::detail {

/// SHA-256. Allocates nothing but once per thread.
std::array<unsigned char, 32> sha256(std::string_view text);

} // namespace usher::token::detail

#endif
