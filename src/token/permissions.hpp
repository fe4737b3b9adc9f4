// The permissions of a session token's version 2.
#ifndef USHER_TOKEN_PERMISSIONS_HPP
#define USHER_TOKEN_PERMISSIONS_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::token::detail {

/// The members of a list `a,b,c`, without blanks around them; empty members keep their places. No member for an empty
/// text.
std::vector<std::string_view> split_list(std::string_view text);

/// The lowest `bits` bits of a decimal number of any length. Nothing when it is no such number.
std::optional<std::vector<bool>> decimal_bits(std::string_view decimal, std::size_t bits);

/// `org:<feature>:<permission>` for each set bit: the i-th mask of `fpm` belongs to the i-th feature of `fea`, bit j of
/// it (lowest first) to the j-th permission of `per`. Features of a scope without `o` are not the organization's and
/// grant nothing; bits beyond `per` mean nothing. Nothing when a mask is no decimal number.
std::optional<std::vector<std::string>> decode_permissions(std::string_view fea, std::string_view per,
                                                           std::string_view fpm);

} // namespace usher::token::detail

#endif
