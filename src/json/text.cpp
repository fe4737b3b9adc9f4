#include "json/text.hpp"

#include <array>
#include <cstring>

namespace usher::detail {
namespace {

/// What stands after the backslash: 0 for a byte that needs none, 'u' for the long form.
constexpr auto escapes = [] {
    std::array<char, 256> table{};
    for (std::size_t c = 0; c != 0x20; ++c)
        table[c] = 'u';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

/// A multiple of eight bytes at the front in which nothing has to be escaped.
std::size_t clean_prefix(std::string_view text) noexcept
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = ones << 7;
    // The top bit of each byte that is below `bound`; a borrow can only add bytes behind one that is.
    const auto below = [](std::uint64_t bytes, std::uint64_t bound) { return (bytes - ones * bound) & ~bytes & tops; };
    std::size_t at = 0;
    for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        if ((below(bytes, 0x20) | below(bytes ^ (ones * '"'), 1) | below(bytes ^ (ones * '\\'), 1)) != 0)
            break;
    }
    return at;
}

} // namespace

std::size_t count_code_points(std::string_view text) noexcept
{
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
    return count;
}

void append_quoted(std::string_view text, std::string& out)
{
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = clean_prefix(text); i != text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const char escape = escapes[byte];
        if (escape == 0) [[likely]]
            continue;
        out.append(text, from, i - from);
        from = i + 1;
        out += '\\';
        out += escape;
        if (escape == 'u') {
            out += "00";
            out += digits[byte >> 4];
            out += digits[byte & 0xfU];
        }
    }
    out.append(text, from);
    out += '"';
}

void append_short_time(instant time, std::string& out)
{
    std::string text = format_rfc3339(time);
    if (text.find('.') != std::string::npos) {
        text.pop_back();
        text.resize(text.find_last_not_of('0') + 1);
        text += 'Z';
    }
    out += text;
}

void append_pointer_token(std::string_view token, std::string& pointer)
{
    pointer += '/';
    for (const char c : token) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

} // namespace usher::detail
