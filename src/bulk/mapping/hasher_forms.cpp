// bcrypt, Argon2 and scrypt: the hashers that name their cost.
#include "bulk/mapping/hasher_forms.hpp"

#include "bulk/mapping/digest_text.hpp"
#include "bulk/mapping/text.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace usher::bulk {

namespace {

constexpr std::size_t bcrypt_size = 60;

/// bcrypt's own form and nothing around it: `$2b$cost$` and 53 characters, which are salt and hash.
std::string_view wrong_with_bcrypt(std::string_view text)
{
    if (text.starts_with("$2x$"))
        return "a hash of the faulty bcrypt ($2x$), which nothing else computes";
    const bool version = text.starts_with("$2a$") || text.starts_with("$2b$") || text.starts_with("$2y$");
    if (!version)
        return "does not begin with $2a$, $2b$ or $2y$";
    if (text.size() != bcrypt_size || text[6] != '$')
        return "not a whole bcrypt digest: 60 characters";
    const auto in_alphabet = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
    };
    if (!std::all_of(text.begin() + 7, text.end(), in_alphabet))
        return "a character that is not of bcrypt's alphabet";
    const auto cost = text.substr(4, 2);
    const auto value = positive(cost[0] == '0' ? cost.substr(1) : cost);
    if (!value || *value < 4 || *value > 31)
        return "a cost that is not 04 to 31";
    return {};
}

formed bcrypt_after(std::string_view prefix, std::string_view text)
{
    const auto fault = wrong_with_bcrypt(text);
    return fault.empty() ? formed(std::string(prefix).append(text)) : formed::wrong(fault);
}

/// A parameter of Argon2, `m=65536`.
std::optional<std::uint32_t> parameter(const std::vector<std::string_view>& list, char name)
{
    for (const auto entry : list)
        if (entry.size() > 2 && entry[0] == name && entry[1] == '=')
            return positive(entry.substr(2));
    return std::nullopt;
}

std::string without_padding(std::string text)
{
    while (text.ends_with('='))
        text.pop_back();
    return text;
}

/// RFC 9106 and the PHC string format. Programs that write the parameters in another order mean the same.
formed form_argon2(std::string_view text, std::string_view variant)
{
    if (text.starts_with("argon2$")) // Django's
        text.remove_prefix(6);
    const auto parts = segments(text, '$');
    if (parts.size() < 2 || !parts[0].empty() || parts[1] != variant)
        return formed::wrong("does not begin with the variant's name between dollar signs");
    if (parts.size() == 5 && !parts[2].starts_with("v="))
        return formed::wrong("no version: such digests are of version 16, and 19 is the one that is taken");
    if (parts.size() != 6)
        return formed::wrong("not the segments version, parameters, salt and hash");
    if (parts[2] != "v=19")
        return formed::wrong("not version 19");
    const auto list = segments(parts[3], ',');
    const auto memory = parameter(list, 'm'), passes = parameter(list, 't'), lanes = parameter(list, 'p');
    if (list.size() != 3 || !memory || !passes || !lanes)
        return formed::wrong("not the parameters m, t and p, each a positive number");
    if (*lanes > 0xFF'FFFF || *memory / 8 < *lanes)
        return formed::wrong("parameters out of range: memory is at least 8 KiB for each lane");
    const auto salt = from_base64(parts[4]), hash = from_base64(parts[5]);
    if (!salt || salt->size() < 8)
        return formed::wrong("the salt is not base64 of 8 or more bytes");
    if (!hash || hash->size() < 12)
        return formed::wrong("the hash is not base64 of 12 or more bytes");
    std::string digest = "$" + std::string(variant) + "$v=19$m=" + std::to_string(*memory);
    digest += ",t=" + std::to_string(*passes) + ",p=" + std::to_string(*lanes);
    return digest + "$" + without_padding(base64(*salt)) + "$" + without_padding(base64(*hash));
}

} // namespace

formed form_argon2i(std::string_view text)
{
    return form_argon2(text, "argon2i");
}

formed form_argon2id(std::string_view text)
{
    return form_argon2(text, "argon2id");
}

formed form_bcrypt(std::string_view text)
{
    // What Django, Spring Security and LDAP put before it.
    for (const std::string_view prefix : {"bcrypt$", "{bcrypt}", "{BCRYPT}", "{crypt}", "{CRYPT}"})
        if (text.starts_with(prefix)) {
            text.remove_prefix(prefix.size());
            break;
        }
    return bcrypt_after("", text);
}

formed form_bcrypt_peppered(std::string_view text)
{
    const auto digest = text.substr(0, bcrypt_size);
    if (const auto fault = wrong_with_bcrypt(digest); !fault.empty())
        return formed::wrong(fault);
    if (text.size() < bcrypt_size + 2 || text[bcrypt_size] != '$')
        return formed::wrong("no pepper after the bcrypt digest");
    if (text.find('$', bcrypt_size + 1) != std::string_view::npos)
        return formed::wrong("a dollar sign in the pepper, which is what ends a segment");
    return std::string(text);
}

formed form_bcrypt_sha256_django(std::string_view text)
{
    constexpr std::string_view prefix = "bcrypt_sha256$";
    if (!text.starts_with(prefix))
        return formed::wrong("does not begin with bcrypt_sha256$$");
    return bcrypt_after(prefix, text.substr(prefix.size()));
}

formed form_scrypt_werkzeug(std::string_view text)
{
    if (text.starts_with('$')) // as the documentation has it; Werkzeug writes none
        text.remove_prefix(1);
    const auto parts = segments(text, '$');
    const auto method = segments(parts[0], ':');
    if (method[0] != "scrypt" || method.size() != 4 || parts.size() != 3)
        return formed::wrong("not of the form scrypt:N:r:p$salt$hash");
    const auto n = positive(method[1]), r = positive(method[2]), p = positive(method[3]);
    if (!n || *n < 2 || !std::has_single_bit(*n))
        return formed::wrong("N is not a power of two");
    if (!r || !p || std::uint64_t(*r) * *p >= (std::uint64_t(1) << 30U))
        return formed::wrong("r and p are out of range"); // RFC 7914 §6
    if (parts[1].empty())
        return formed::wrong("no salt");
    const auto key = from_hex(parts[2]);
    if (!key || key->size() != 64)
        return formed::wrong("the hash is not 128 hexadecimal digits");
    return std::string(parts[0]).append("$").append(parts[1]).append("$") + to_hex(*key);
}

formed form_scrypt_firebase(std::string_view text)
{
    const auto parts = segments(text, '$');
    if (parts.size() != 6)
        return formed::wrong("not the six segments hash, salt, signer key, salt separator, rounds and memory cost");
    const auto hash = from_base64(parts[0]), salt = from_base64(parts[1]);
    const auto signer = from_base64(parts[2]), separator = from_base64(parts[3]);
    if (!hash || !salt)
        return formed::wrong(hash ? "the salt is not base64" : "the hash is not base64");
    if (!signer || !separator)
        return formed::wrong(signer ? "the salt separator is not base64" : "the signer key is not base64");
    // The hash is the signer key, encrypted.
    if (hash->size() != signer->size() || hash->size() < 32)
        return formed::wrong("the hash is not as long as the signer key");
    const auto rounds = positive(parts[4]), memory = positive(parts[5]);
    if (!rounds || *rounds > 8 || !memory || *memory > 14)
        return formed::wrong("rounds are 1 to 8, the memory cost is 1 to 14");
    std::string digest = base64(*hash);
    for (const auto& part : {base64(*salt), base64(*signer), base64(*separator)})
        digest += "$" + part;
    return digest.append("$").append(parts[4]).append("$").append(parts[5]);
}

} // namespace usher::bulk
