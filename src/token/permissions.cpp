#include "token/permissions.hpp"

#include <algorithm>
#include <cstdint>

namespace usher::token::detail {

namespace {

std::string_view trimmed(std::string_view text) noexcept
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

} // namespace

std::vector<std::string_view> split_list(std::string_view text)
{
    std::vector<std::string_view> list;
    if (trimmed(text).empty())
        return list;
    for (;;) {
        const auto comma = text.find(',');
        list.push_back(trimmed(text.substr(0, comma)));
        if (comma == std::string_view::npos)
            return list;
        text.remove_prefix(comma + 1);
    }
}

std::optional<std::vector<bool>> decimal_bits(std::string_view decimal, std::size_t bits)
{
    if (decimal.empty())
        return std::nullopt;
    // What passes the last word is cut: those bits are not asked for.
    std::vector<std::uint32_t> words((bits + 31) / 32);
    for (const char c : decimal) {
        if (c < '0' || c > '9')
            return std::nullopt;
        std::uint64_t carry = static_cast<std::uint64_t>(c - '0');
        for (auto& word : words) {
            carry += std::uint64_t{word} * 10;
            word = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
    }
    std::vector<bool> set(bits);
    for (std::size_t i = 0; i != bits; ++i)
        set[i] = (words[i / 32] >> (i % 32) & 1U) != 0;
    return set;
}

std::optional<std::vector<std::string>> decode_permissions(std::string_view fea, std::string_view per,
                                                           std::string_view fpm)
{
    const auto features = split_list(fea), permissions = split_list(per), masks = split_list(fpm);
    std::vector<std::string> granted;
    for (std::size_t i = 0; i != masks.size(); ++i) {
        const auto bits = decimal_bits(masks[i], permissions.size());
        if (!bits)
            return std::nullopt;
        if (i >= features.size())
            continue;
        const auto colon = features[i].find(':');
        if (colon == std::string_view::npos || features[i].substr(0, colon).find('o') == std::string_view::npos)
            continue;
        const auto feature = features[i].substr(colon + 1);
        for (std::size_t j = 0; j != permissions.size(); ++j) {
            if (!(*bits)[j] || permissions[j].empty() || feature.empty())
                continue;
            std::string name = "org:";
            name += feature;
            name += ':';
            name += permissions[j];
            granted.push_back(std::move(name));
        }
    }
    return granted;
}

} // namespace usher::token::detail
