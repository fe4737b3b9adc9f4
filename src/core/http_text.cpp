#include "core/http_text.hpp"

#include <algorithm>

namespace usher::detail {

namespace {

constexpr bool is_visible(char c) noexcept
{
    return c > ' ' && c < 0x7f;
}

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

} // namespace

std::optional<char> escaped_byte(std::string_view text) noexcept
{
    if (text.size() < escape_size || text.front() != '%')
        return std::nullopt;
    const int high = hex_digit(text[1]);
    const int low = hex_digit(text[2]);
    if (high < 0 || low < 0)
        return std::nullopt;
    return static_cast<char>(high * 16 + low);
}

bool is_header_name(std::string_view text) noexcept
{
    constexpr std::string_view separators = "\"(),/:;<=>?@[\\]{}";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_visible(c) && separators.find(c) == std::string_view::npos;
    });
}

bool is_header_value(std::string_view text) noexcept
{
    if (!text.empty() && (!is_visible(text.front()) || !is_visible(text.back())))
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return is_visible(c) || c == ' ' || c == '\t'; });
}

bool is_bearer(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_visible);
}

bool is_target(std::string_view text) noexcept
{
    return text.starts_with('/') &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_visible(c) && c != '#'; });
}

bool is_path_segment(std::string_view text) noexcept
{
    return !text.empty() && text != "." && text != ".." && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

bool same_header_name(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace usher::detail
