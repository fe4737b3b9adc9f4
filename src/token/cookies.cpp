#include "token/cookies.hpp"

#include <algorithm>

namespace usher::token::detail {

namespace {

std::string_view trimmed(std::string_view text) noexcept
{
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

bool read_cookies(std::string_view field, std::vector<cookie>& out)
{
    out.clear();
    const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f'; };
    if (std::any_of(field.begin(), field.end(), is_control))
        return false;
    while (!field.empty()) {
        const auto end = std::min(field.find(';'), field.size());
        const auto pair = field.substr(0, end);
        field.remove_prefix(std::min(end + 1, field.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos)
            continue;
        const auto name = trimmed(pair.substr(0, equals));
        if (!name.empty())
            out.emplace_back(name, trimmed(pair.substr(equals + 1)));
    }
    return true;
}

} // namespace usher::token::detail
