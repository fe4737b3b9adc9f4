#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::sandbox {

using pairs = std::vector<std::pair<std::string, std::string>>;

// Nothing when a percent sign is not followed by two hexadecimal digits. In a query and a form, '+' is a space.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// "a=1&b=2", in order. Nothing for text that is badly encoded.
std::optional<pairs> parse_form(std::string_view text);

struct part {
    std::string name, filename, type;
    std::string_view content; // into the body
    bool is_file = false;
};

// multipart/form-data (RFC 7578). Nothing when it is not well formed.
std::optional<std::vector<part>> parse_multipart(std::string_view content_type, std::string_view body);

} // namespace usher::sandbox
