// JSON that decides about access: one meaning only.
#ifndef USHER_TOKEN_STRICT_JSON_HPP
#define USHER_TOKEN_STRICT_JSON_HPP

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace usher::token::detail {

/// Reads a JSON object of RFC 8259 in UTF-8. Nothing for anything else, for an object anywhere that has a member twice
/// (parsers differ in which one they take), for a number that a double does not hold, and for what is nested deeper
/// than `max_depth`.
std::optional<boost::json::object> parse_strict(std::string_view text, std::size_t max_depth);

} // namespace usher::token::detail

#endif
