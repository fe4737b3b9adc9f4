#include "core/utf8.hpp"

namespace usher::detail {

namespace {

/// What would make two lines of one, move the cursor, or show a text in another order than it is read.
bool is_shown(char32_t code) noexcept
{
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const bool turns =
        (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return !control && !turns && code != bad_code_point;
}

} // namespace

char32_t take_code_point(std::string_view& text) noexcept
{
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char first = byte(0);
    std::size_t length = 1;
    char32_t code = first;
    char32_t least = 0;
    if (first >= 0x80) {
        if (first >= 0xc2 && first <= 0xdf) {
            length = 2;
            code = first & 0x1fU;
            least = 0x80;
        } else if (first >= 0xe0 && first <= 0xef) {
            length = 3;
            code = first & 0x0fU;
            least = 0x800;
        } else if (first >= 0xf0 && first <= 0xf4) {
            length = 4;
            code = first & 0x07U;
            least = 0x10000;
        } else {
            length = 0;
        }
        if (length > text.size())
            length = 0;
        for (std::size_t i = 1; i < length; ++i) {
            if ((byte(i) & 0xc0U) != 0x80U) {
                length = 0;
                break;
            }
            code = (code << 6) | (byte(i) & 0x3fU);
        }
        if (length == 0 || code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
            text.remove_prefix(1);
            return bad_code_point;
        }
    }
    text.remove_prefix(length);
    return code;
}

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty())
        if (take_code_point(text) == bad_code_point)
            return false;
    return true;
}

std::string one_line(std::string_view text, std::size_t most)
{
    std::string line;
    while (!text.empty()) {
        const auto before = text;
        const auto code = take_code_point(text);
        const auto bytes = before.substr(0, before.size() - text.size());
        if (line.size() + bytes.size() > most)
            return line + "…";
        if (is_shown(code))
            line += bytes;
        else
            line += '?';
    }
    return line;
}

} // namespace usher::detail
