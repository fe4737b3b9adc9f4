// Sets of characters in regular expressions.
#ifndef USHER_JSON_PATTERN_SETS_HPP
#define USHER_JSON_PATTERN_SETS_HPP

#include "json/pattern.hpp"

#include <string_view>
#include <vector>

namespace usher::detail {

/// Thrown while an expression is compiled, when it is malformed or needs what a program can't do.
struct pattern_refused {};

// Each reads from the front of `rest` and throws `pattern_refused`.

/// Behind `[` and `^`, to the closing bracket.
std::vector<pattern::range> read_set(std::string_view& rest);
/// Behind a backslash; several ranges when it is a class.
void read_escape(std::string_view& rest, std::vector<pattern::range>& to);
char32_t take_from(std::string_view& rest);

/// What `.` does not match.
const std::vector<pattern::range>& line_ends();

inline bool skip_in(std::string_view& rest, std::string_view text)
{
    if (!rest.starts_with(text))
        return false;
    rest.remove_prefix(text.size());
    return true;
}

} // namespace usher::detail

#endif
