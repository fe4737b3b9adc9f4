#include "token/base64url.hpp"

#include <array>
#include <cstdint>

namespace usher::token::detail {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint32_t none = 0x8000'0000;

constexpr std::array<std::uint32_t, 256> make_values()
{
    std::array<std::uint32_t, 256> values{};
    for (auto& value : values)
        value = none;
    for (std::size_t i = 0; i != alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint32_t>(i);
    return values;
}

constexpr auto values = make_values();

std::uint32_t value(char c) noexcept
{
    return values[static_cast<unsigned char>(c)];
}

} // namespace

bool decode_base64url(std::string_view text, std::string& out)
{
    const std::size_t whole = text.size() / 4;
    const std::size_t rest = text.size() % 4;
    if (rest == 1)
        return false;
    const std::size_t begin = out.size();
    out.resize(begin + whole * 3 + (rest == 0 ? 0 : rest - 1));
    const char* from = text.data();
    char* to = out.data() + begin;
    std::uint32_t seen = 0;
    for (std::size_t i = 0; i != whole; ++i, from += 4, to += 3) {
        const auto a = value(from[0]), b = value(from[1]), c = value(from[2]), d = value(from[3]);
        seen |= a | b | c | d;
        const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        to[0] = static_cast<char>(bits >> 16);
        to[1] = static_cast<char>(bits >> 8);
        to[2] = static_cast<char>(bits);
    }
    if (rest != 0) {
        const auto a = value(from[0]), b = value(from[1]), c = rest == 3 ? value(from[2]) : 0;
        seen |= a | b | c;
        const std::uint32_t bits = a << 18 | b << 12 | c << 6;
        to[0] = static_cast<char>(bits >> 16);
        if (rest == 3)
            to[1] = static_cast<char>(bits >> 8);
        if ((bits & (rest == 3 ? 0xffU : 0xffffU)) != 0)
            return false;
    }
    return (seen & none) == 0;
}

std::string encode_base64url(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t have = bytes.size() - i < 3 ? bytes.size() - i : 3;
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j != 3; ++j)
            bits = bits << 8 | (j < have ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j <= have; ++j)
            text += alphabet[bits >> (18 - 6 * j) & 63U];
    }
    return text;
}

} // namespace usher::token::detail
