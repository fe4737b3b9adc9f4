#include "json/pattern_sets.hpp"

#include "json/text.hpp"

#include <span>

namespace usher::detail {
namespace {

using range = pattern::range;

constexpr char32_t last_code_point = 0x10ffff;

constexpr range digit[] = {{U'0', U'9'}};
constexpr range word[] = {{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
constexpr range space[] = {{U'\t', U'\r'},   {U' ', U' '},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
                           {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff}};

/// The ranges are in order.
void add_class(std::vector<range>& to, std::span<const range> ranges, bool negated)
{
    if (!negated) {
        to.insert(to.end(), ranges.begin(), ranges.end());
        return;
    }
    char32_t from = 0;
    for (const range& r : ranges) {
        if (r.first > from)
            to.push_back({from, r.first - 1});
        from = r.last + 1;
    }
    to.push_back({from, last_code_point});
}

char32_t read_hexadecimal(std::string_view& rest, int digits)
{
    char32_t value = 0;
    for (; digits != 0; --digits) {
        const char32_t c = take_from(rest);
        const char32_t lower = c | 0x20U;
        if (c >= U'0' && c <= U'9')
            value = value * 16 + (c - U'0');
        else if (lower >= U'a' && lower <= U'f')
            value = value * 16 + (lower - U'a' + 10);
        else
            throw pattern_refused();
    }
    return value;
}

void read_member(std::string_view& rest, std::vector<range>& to)
{
    if (skip_in(rest, "\\b")) {
        to.push_back({U'\b', U'\b'});
    } else if (skip_in(rest, "\\")) {
        read_escape(rest, to);
    } else {
        const char32_t c = take_from(rest);
        to.push_back({c, c});
    }
}

} // namespace

char32_t take_from(std::string_view& rest)
{
    if (rest.empty())
        throw pattern_refused();
    return take_code_point(rest);
}

void read_escape(std::string_view& rest, std::vector<range>& to)
{
    char32_t c = take_from(rest);
    switch (c) {
    case U'd':
        return add_class(to, digit, false);
    case U'D':
        return add_class(to, digit, true);
    case U'w':
        return add_class(to, word, false);
    case U'W':
        return add_class(to, word, true);
    case U's':
        return add_class(to, space, false);
    case U'S':
        return add_class(to, space, true);
    case U't':
        c = U'\t';
        break;
    case U'n':
        c = U'\n';
        break;
    case U'r':
        c = U'\r';
        break;
    case U'f':
        c = U'\f';
        break;
    case U'v':
        c = U'\v';
        break;
    case U'0':
        c = 0;
        break;
    case U'x':
        c = read_hexadecimal(rest, 2);
        break;
    case U'u':
        c = read_hexadecimal(rest, 4);
        break;
    default:
        // Back references, properties, control letters.
        if ((c >= U'1' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'))
            throw pattern_refused();
    }
    to.push_back({c, c});
}

std::vector<range> read_set(std::string_view& rest)
{
    std::vector<range> all;
    while (!skip_in(rest, "]")) {
        std::vector<range> from;
        read_member(rest, from);
        if (rest.starts_with('-') && !rest.starts_with("-]")) {
            rest.remove_prefix(1);
            std::vector<range> to;
            read_member(rest, to);
            const bool singles =
                from.size() == 1 && from[0].first == from[0].last && to.size() == 1 && to[0].first == to[0].last;
            if (!singles || to[0].first < from[0].first)
                throw pattern_refused();
            from[0].last = to[0].last;
        }
        all.insert(all.end(), from.begin(), from.end());
    }
    return all;
}

const std::vector<range>& line_ends()
{
    static const std::vector<range> all{{U'\n', U'\n'}, {U'\r', U'\r'}, {0x2028, 0x2029}};
    return all;
}

} // namespace usher::detail
