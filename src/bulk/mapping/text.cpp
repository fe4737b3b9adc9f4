#include "bulk/mapping/text.hpp"

#include <usher/time.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace usher::bulk {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_any_case(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

// From the create-user documentation of Clerk's Backend API.
constexpr std::array<std::string_view, 22> hashers = {"argon2i",
                                                      "argon2id",
                                                      "awscognito",
                                                      "bcrypt",
                                                      "bcrypt_peppered",
                                                      "bcrypt_sha256_django",
                                                      "hmac_sha256_utf16_b64",
                                                      "ldap_ssha",
                                                      "md5",
                                                      "md5_salted",
                                                      "md5_phpass",
                                                      "phpass",
                                                      "pbkdf2_sha1",
                                                      "pbkdf2_sha256",
                                                      "pbkdf2_sha256_django",
                                                      "pbkdf2_sha512",
                                                      "pbkdf2_sha512_hex",
                                                      "scrypt_firebase",
                                                      "scrypt_werkzeug",
                                                      "sha256",
                                                      "sha256_salted",
                                                      "sha512_symfony"};

} // namespace

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::vector<std::string> split_list(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("|,"), text.size());
        const auto part = trimmed(text.substr(0, end));
        if (!part.empty())
            parts.emplace_back(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

bool is_email_address(std::string_view text) noexcept
{
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254)
        return false;
    const auto domain = text.substr(at + 1);
    const auto bad = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '@'; };
    if (std::any_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), bad) || domain.size() < 3)
        return false;
    const auto dot = domain.find('.');
    const bool characters = std::all_of(domain.begin(), domain.end(), [](char c) {
        return is_alnum(c) || c == '.' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
    });
    return characters && dot != std::string_view::npos && dot != 0 && domain.back() != '.' &&
           domain.find("..") == std::string_view::npos;
}

bool is_e164(std::string_view text) noexcept
{
    return text.size() >= 3 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
           std::all_of(text.begin() + 1, text.end(), is_digit);
}

bool looks_like_url(std::string_view text) noexcept
{
    return text.find("://") != std::string_view::npos || starts_with_any_case(text, "www.") ||
           starts_with_any_case(text, "mailto:");
}

bool looks_like_phone(std::string_view text) noexcept
{
    const auto digits = std::count_if(text.begin(), text.end(), is_digit);
    return digits >= 7 && std::all_of(text.begin(), text.end(), [](char c) {
               return is_digit(c) || std::string_view("+-() ./").find(c) != std::string_view::npos;
           });
}

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parse_time(std::string_view text)
{
    auto time = parse_rfc3339(text);
    if (!time && text.size() >= 19 && text[10] == ' ') {
        // PostgreSQL: a space for the T, and of the offset no minutes unless there are some, or no offset at all.
        std::string changed(text);
        changed[10] = 'T';
        const auto sign = changed.find_first_of("+-", 19);
        if (sign == std::string::npos)
            changed += changed.back() == 'Z' ? "" : "Z";
        else if (changed.size() - sign == 3)
            changed += ":00";
        time = parse_rfc3339(changed);
    }
    if (!time)
        return std::nullopt;
    return std::chrono::floor<std::chrono::milliseconds>(*time);
}

std::span<const std::string_view> clerk_hashers() noexcept
{
    return hashers;
}

bool is_clerk_hasher(std::string_view name) noexcept
{
    const auto known = clerk_hashers();
    return std::find(known.begin(), known.end(), name) != known.end();
}

bool is_utf8(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length)
            return false;
        std::uint32_t point = lead & (0x7FU >> length);
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0U) != 0x80U)
                return false;
            point = (point << 6U) | (next & 0x3FU);
        }
        constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
            return false;
        i += length;
    }
    return true;
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = (group << 8U) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        const std::size_t used = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= used ? alphabet[(group >> (18U - 6U * k)) & 0x3FU] : '=';
    }
    return out;
}

} // namespace usher::bulk
