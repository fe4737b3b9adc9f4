#include "webhook/base64.hpp"

#include <openssl/crypto.h>

#include <cstdint>

namespace usher::webhook {

namespace {

int value_of(char c) noexcept
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

} // namespace

std::optional<std::string> decode_base64(std::string_view text)
{
    std::size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    if (text.size() % 4 == 1 || (padding != 0 && (text.size() + padding) % 4 != 0))
        return std::nullopt;

    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned count = 0;
    bool good = true;
    for (const char c : text) {
        const int value = value_of(c);
        good = good && value >= 0;
        bits = (bits << 6 | static_cast<std::uint32_t>(value & 63)) & 0xffffU;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 0xffU);
        }
    }
    if (good && (bits & ((1U << count) - 1)) == 0)
        return bytes;
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return std::nullopt;
}

} // namespace usher::webhook
