// Hashes that name no cost, and those of phpass and Symfony.
#include "bulk/mapping/digest_text.hpp"
#include "bulk/mapping/hasher_forms.hpp"
#include "bulk/mapping/text.hpp"

#include <algorithm>

namespace usher::bulk {

namespace {

constexpr std::size_t md5_size = 16;
constexpr std::size_t sha1_size = 20;
constexpr std::size_t sha256_size = 32;
constexpr std::size_t sha512_size = 64;

/// The hash alone, in hexadecimal digits, or in LDAP's form `{MD5}base64`.
formed form_bare(std::string_view text, std::size_t size, std::string_view ldap, std::string_view fault)
{
    const auto bytes = text.starts_with(ldap) ? from_base64(text.substr(ldap.size())) : from_hex(text);
    if (!bytes || bytes->size() != size)
        return formed::wrong(fault);
    return to_hex(*bytes);
}

/// `salt$hash`. It was `hash$salt` in earlier editions of the documentation: what can only be meant so is turned round.
formed form_salted(std::string_view text, std::size_t size, std::string_view fault)
{
    const auto parts = segments(text, '$');
    if (parts.size() != 2)
        return formed::wrong("not the two segments salt and hash");
    auto salt = parts[0], hash = parts[1];
    const auto is_hash = [size](std::string_view segment) { return is_hex(segment) && segment.size() == size * 2; };
    if (!is_hash(hash) && is_hash(salt))
        std::swap(salt, hash);
    if (!is_hash(hash))
        return formed::wrong(fault);
    if (salt.empty())
        return formed::wrong("no salt");
    return std::string(salt) + "$" + to_hex(*from_hex(hash));
}

} // namespace

formed form_awscognito(std::string_view text)
{
    const auto parts = segments(text, '#');
    if (parts.size() != 4 || parts[0] != "awscognito")
        return formed::wrong("not of the form awscognito#user pool#client#identifier");
    const auto space = [](char c) { return c == ' '; };
    for (const auto part : parts)
        if (part.empty() || std::any_of(part.begin(), part.end(), space))
            return formed::wrong("the user pool, the client or the identifier is empty or has a space in it");
    const auto underscore = parts[1].find('_'); // region_name
    if (underscore == std::string_view::npos || underscore == 0 || underscore + 1 == parts[1].size())
        return formed::wrong("the user pool is not of the form region_name");
    return std::string(text);
}

formed form_hmac_sha256_utf16_b64(std::string_view text)
{
    const auto parts = segments(text, '$');
    if (parts.size() != 3 || parts[0] != "hmac_sha256_utf16_b64")
        return formed::wrong("not of the form hmac_sha256_utf16_b64$hash$key");
    const auto hash = from_base64(parts[1]);
    if (!hash || hash->size() != sha256_size)
        return formed::wrong("the hash is not base64 of 32 bytes");
    if (parts[2].empty())
        return formed::wrong("no key");
    return std::string(parts[0]) + "$" + base64(*hash) + "$" + std::string(parts[2]);
}

formed form_ldap_ssha(std::string_view text)
{
    if (!text.starts_with("{SSHA}") && !text.starts_with("{ssha}"))
        return formed::wrong("does not begin with {SSHA}");
    const auto bytes = from_base64(text.substr(6));
    if (!bytes)
        return formed::wrong("not base64 after {SSHA}");
    if (bytes->size() <= sha1_size)
        return formed::wrong("no salt after the 20 bytes of the hash");
    return "{SSHA}" + base64(*bytes);
}

formed form_md5(std::string_view text)
{
    return form_bare(text, md5_size, "{MD5}", "not 32 hexadecimal digits");
}

formed form_md5_salted(std::string_view text)
{
    return form_salted(text, md5_size, "the hash is not 32 hexadecimal digits");
}

formed form_sha256(std::string_view text)
{
    return form_bare(text, sha256_size, "{SHA256}", "not 64 hexadecimal digits");
}

formed form_sha256_salted(std::string_view text)
{
    return form_salted(text, sha256_size, "the hash is not 64 hexadecimal digits");
}

formed form_phpass(std::string_view text)
{
    constexpr std::string_view alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (!text.starts_with("$P$") && !text.starts_with("$H$"))
        return formed::wrong("does not begin with $P$ or $H$");
    if (text.size() != 34 || text.find_first_not_of(alphabet, 3) != std::string_view::npos)
        return formed::wrong("not 34 characters of phpass's alphabet");
    const auto rounds = alphabet.find(text[3]); // a power of two
    if (rounds < 7 || rounds > 30)
        return formed::wrong("a number of rounds that phpass does not take");
    // phpBB's $H$ is the same hash under another name.
    return "$P$" + std::string(text.substr(3));
}

formed form_sha512_symfony(std::string_view text)
{
    const auto parts = segments(text, '$');
    if (parts.size() != 4 || parts[0] != "sha512_symfony")
        return formed::wrong("not of the form sha512_symfony$iterations$salt$hash");
    if (!positive(parts[1]))
        return formed::wrong("the iterations are no positive number");
    if (parts[2].empty() || parts[2].find_first_of("{}") != std::string_view::npos)
        return formed::wrong("no salt, or one with a brace, which Symfony does not take");
    const auto hash = from_base64(parts[3]);
    if (!hash || hash->size() != sha512_size)
        return formed::wrong("the hash is not base64 of 64 bytes");
    return std::string(text.substr(0, text.rfind('$') + 1)) + base64(*hash);
}

} // namespace usher::bulk
