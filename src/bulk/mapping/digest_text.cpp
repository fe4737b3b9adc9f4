#include "bulk/mapping/digest_text.hpp"

#include "token/base64url.hpp"

#include <algorithm>
#include <charconv>

namespace usher::bulk {

namespace {

int hex_value(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

std::vector<std::string_view> segments(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_hex(std::string_view text, std::size_t least) noexcept
{
    return text.size() >= least && text.size() % 2 == 0 &&
           std::all_of(text.begin(), text.end(), [](char c) { return hex_value(c) >= 0; });
}

std::optional<std::string> from_hex(std::string_view text)
{
    if (!is_hex(text))
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes += static_cast<char>(hex_value(text[i]) * 16 + hex_value(text[i + 1]));
    return bytes;
}

std::string to_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text)
{
    if (const auto padding = text.find('='); padding != std::string_view::npos) {
        const bool right = text.size() % 4 == 0 && text.size() - padding <= 2 && text.back() == '=';
        if (!right)
            return std::nullopt;
        text = text.substr(0, padding);
    }
    std::string for_addresses(text);
    std::replace(for_addresses.begin(), for_addresses.end(), '+', '-');
    std::replace(for_addresses.begin(), for_addresses.end(), '/', '_');
    std::string bytes;
    if (text.empty() || !token::detail::decode_base64url(for_addresses, bytes))
        return std::nullopt;
    return bytes;
}

std::optional<std::uint32_t> positive(std::string_view text) noexcept
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    if (!whole || text.front() == '0' || value > 0x7FFF'FFFFU)
        return std::nullopt;
    return value;
}

} // namespace usher::bulk
