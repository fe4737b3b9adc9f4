// The Cookie header field of a request (RFC 6265 §4.2).
#ifndef USHER_TOKEN_COOKIES_HPP
#define USHER_TOKEN_COOKIES_HPP

#include <string_view>
#include <utility>
#include <vector>

namespace usher::token::detail {

using cookie = std::pair<std::string_view, std::string_view>;

/// Names and values in their order, as they came: nothing is unquoted or decoded. What has no `=` or no name is left
/// out. False when the field has a character that no cookie has; `out` is empty then.
bool read_cookies(std::string_view field, std::vector<cookie>& out);

} // namespace usher::token::detail

#endif
