// PBKDF2: four of Clerk's hashers, and three other programs' ways of writing the same.
#include "bulk/mapping/digest_text.hpp"
#include "bulk/mapping/hasher_forms.hpp"
#include "bulk/mapping/text.hpp"

#include <algorithm>
#include <optional>

namespace usher::bulk {

namespace {

/// The key length that Clerk takes for PBKDF2 with SHA-1 when a digest names none.
constexpr std::size_t assumed_sha1_key = 32;
constexpr std::size_t sha1_size = 20;
constexpr std::size_t sha256_size = 32;
/// Shorter keys are cut off ones.
constexpr std::size_t least_key = 16;

/// A digest taken apart: what was hashed with, as bytes.
struct derived_key {
    std::string iterations;
    std::string salt;
    std::string key;
};

/// `pbkdf2:sha256:600000$salt$hexadecimal key`: the salt's text is the salt.
std::optional<derived_key> from_werkzeug(std::string_view text, std::string_view hash)
{
    const auto parts = segments(text, '$');
    const auto method = segments(parts[0], ':');
    if (parts.size() != 3 || method.size() != 3 || method[0] != "pbkdf2" || method[1] != hash)
        return std::nullopt;
    const auto key = from_hex(parts[2]);
    if (!positive(method[2]) || parts[1].empty() || !key || key->size() < least_key)
        return std::nullopt;
    return derived_key{std::string(method[2]), std::string(parts[1]), *key};
}

/// `$pbkdf2-sha256$29000$salt$key`, or the number as `i=29000,l=32`; base64 without padding, and in passlib's dialect
/// a point in the place of the plus sign.
std::optional<derived_key> from_modular(std::string_view text, std::string_view name)
{
    const auto parts = segments(text, '$');
    if (parts.size() != 5 || !parts[0].empty() || parts[1] != name)
        return std::nullopt;
    auto iterations = parts[2];
    std::optional<std::uint32_t> length;
    if (iterations.starts_with("i=")) {
        const auto comma = iterations.find(',');
        if (comma != std::string_view::npos) {
            const auto rest = iterations.substr(comma + 1);
            length = rest.starts_with("l=") ? positive(rest.substr(2)) : std::nullopt;
            if (!length)
                return std::nullopt;
        }
        iterations = iterations.substr(2, comma == std::string_view::npos ? comma : comma - 2);
    }
    const auto decoded = [](std::string_view segment) {
        std::string usual(segment);
        std::replace(usual.begin(), usual.end(), '.', '+');
        return from_base64(usual);
    };
    const auto salt = decoded(parts[3]);
    const auto key = decoded(parts[4]);
    if (!positive(iterations) || !salt || !key || key->size() < least_key || (length && *length != key->size()))
        return std::nullopt;
    return derived_key{std::string(iterations), *salt, *key};
}

/// Clerk's own four segments, or those of Django.
std::string_view wrong_with(const std::vector<std::string_view>& parts, std::string_view name)
{
    if (parts.size() < 4 || parts[0] != name)
        return "not of the form name$iterations$salt$hash with the hasher's own name";
    if (!positive(parts[1]))
        return "the iterations are no positive number";
    if (parts[2].empty())
        return "no salt";
    return {};
}

std::string joined(std::string_view name, std::string_view iterations, std::string_view salt, std::string_view key)
{
    std::string text(name);
    for (const auto part : {iterations, salt, key})
        text.append("$").append(part);
    return text;
}

std::string with_length(std::string text, std::size_t length)
{
    return text + "$" + std::to_string(length);
}

} // namespace

formed form_pbkdf2_sha1(std::string_view text)
{
    constexpr std::string_view name = "pbkdf2_sha1";
    auto other = from_werkzeug(text, "sha1");
    if (!other)
        other = from_modular(text, "pbkdf2");
    if (other)
        return with_length(joined(name, other->iterations, to_hex(other->salt), to_hex(other->key)), other->key.size());

    const auto parts = segments(text, '$');
    if (const auto fault = wrong_with(parts, name); !fault.empty())
        return formed::wrong(fault);
    if (parts.size() > 5)
        return formed::wrong("more than five segments");
    if (parts.size() == 4)
        if (const auto key = from_base64(parts[3]); key && key->size() == sha1_size && !is_hex(parts[3]))
            // Django's: its salt is a text, and one that looks hexadecimal would be decoded.
            return with_length(joined(name, parts[1], to_hex(parts[2]), to_hex(*key)), sha1_size);
    const auto key = from_hex(parts[3]);
    if (!key || key->size() < least_key)
        return formed::wrong("the hash is neither 32 or more hexadecimal digits nor base64 of 20 bytes");
    if (parts.size() == 5 && positive(parts[4]) != key->size())
        return formed::wrong("the key length is not that of the hash");
    auto digest = joined(name, parts[1], parts[2], to_hex(*key));
    return parts.size() == 5 || key->size() != assumed_sha1_key ? with_length(std::move(digest), key->size()) : digest;
}

formed form_pbkdf2_sha256(std::string_view text)
{
    constexpr std::string_view name = "pbkdf2_sha256";
    auto other = from_werkzeug(text, "sha256");
    if (!other)
        other = from_modular(text, "pbkdf2-sha256");
    if (other)
        return joined(name, other->iterations, base64(other->salt), base64(other->key));
    const auto parts = segments(text, '$');
    if (const auto fault = wrong_with(parts, name); !fault.empty())
        return formed::wrong(fault);
    const auto salt = from_base64(parts[2]);
    const auto key = from_base64(parts[3]);
    if (parts.size() != 4 || !salt)
        return formed::wrong(parts.size() != 4 ? "more than four segments" : "the salt is not base64");
    if (!key || key->size() < least_key)
        return formed::wrong("the hash is not base64 of 16 or more bytes");
    return joined(name, parts[1], base64(*salt), base64(*key));
}

formed form_pbkdf2_sha256_django(std::string_view text)
{
    constexpr std::string_view name = "pbkdf2_sha256";
    if (const auto other = from_werkzeug(text, "sha256"); other && other->key.size() == sha256_size)
        return joined(name, other->iterations, other->salt, base64(other->key));
    const auto parts = segments(text, '$');
    if (const auto fault = wrong_with(parts, name); !fault.empty())
        return formed::wrong(fault);
    const auto key = from_base64(parts[3]);
    if (parts.size() != 4 || !key || key->size() != sha256_size)
        return formed::wrong(parts.size() != 4 ? "more than four segments" : "the hash is not base64 of 32 bytes");
    return joined(name, parts[1], parts[2], base64(*key));
}

formed form_pbkdf2_sha512(std::string_view text)
{
    constexpr std::string_view name = "pbkdf2_sha512";
    if (const auto other = from_werkzeug(text, "sha512"))
        return joined(name, other->iterations, other->salt, to_hex(other->key));
    if (from_modular(text, "pbkdf2-sha512"))
        return formed::wrong("its salt is bytes and not a text: the hasher for it is pbkdf2_sha512_hex");
    const auto parts = segments(text, '$');
    if (const auto fault = wrong_with(parts, name); !fault.empty())
        return formed::wrong(fault);
    const auto key = from_hex(parts[3]);
    if (parts.size() != 4 || !key || key->size() < least_key)
        return formed::wrong(parts.size() != 4 ? "more than four segments"
                                               : "the hash is not 32 or more hexadecimal digits");
    return joined(name, parts[1], parts[2], to_hex(*key));
}

formed form_pbkdf2_sha512_hex(std::string_view text)
{
    constexpr std::string_view name = "pbkdf2_sha512_hex";
    auto other = from_werkzeug(text, "sha512");
    if (!other)
        other = from_modular(text, "pbkdf2-sha512");
    if (other)
        return joined(name, other->iterations, to_hex(other->salt), to_hex(other->key));
    const auto parts = segments(text, '$');
    if (const auto fault = wrong_with(parts, name); !fault.empty())
        return formed::wrong(fault);
    const auto salt = from_hex(parts[2]);
    const auto key = from_hex(parts[3]);
    if (parts.size() != 4 || !salt)
        return formed::wrong(parts.size() != 4 ? "more than four segments" : "the salt is not hexadecimal");
    if (!key || key->size() < least_key)
        return formed::wrong("the hash is not 32 or more hexadecimal digits");
    return joined(name, parts[1], to_hex(*salt), to_hex(*key));
}

} // namespace usher::bulk
