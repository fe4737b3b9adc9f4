#include "bulk/mapping/hashers.hpp"

#include "bulk/mapping/digest_text.hpp"
#include "bulk/mapping/hasher_forms.hpp"
#include "bulk/mapping/text.hpp"

#include <algorithm>
#include <string>

namespace usher::bulk {

namespace {

struct hasher_form {
    std::string_view name;
    formed (*form)(std::string_view text);
};

// md5_phpass is phpass over an MD5 of the password: its digests look the same.
constexpr hasher_form forms[] = {
    {"argon2i", form_argon2i},
    {"argon2id", form_argon2id},
    {"awscognito", form_awscognito},
    {"bcrypt", form_bcrypt},
    {"bcrypt_peppered", form_bcrypt_peppered},
    {"bcrypt_sha256_django", form_bcrypt_sha256_django},
    {"hmac_sha256_utf16_b64", form_hmac_sha256_utf16_b64},
    {"ldap_ssha", form_ldap_ssha},
    {"md5", form_md5},
    {"md5_phpass", form_phpass},
    {"md5_salted", form_md5_salted},
    {"pbkdf2_sha1", form_pbkdf2_sha1},
    {"pbkdf2_sha256", form_pbkdf2_sha256},
    {"pbkdf2_sha256_django", form_pbkdf2_sha256_django},
    {"pbkdf2_sha512", form_pbkdf2_sha512},
    {"pbkdf2_sha512_hex", form_pbkdf2_sha512_hex},
    {"phpass", form_phpass},
    {"scrypt_firebase", form_scrypt_firebase},
    {"scrypt_werkzeug", form_scrypt_werkzeug},
    {"sha256", form_sha256},
    {"sha256_salted", form_sha256_salted},
    {"sha512_symfony", form_sha512_symfony},
};

struct beginning {
    std::string_view text;
    std::string_view hasher;
};

// pbkdf2_sha256 with four segments is what Django stores; nobody but Clerk writes it with a salt in base64, so that
// form has to be named.
constexpr beginning beginnings[] = {
    {"$argon2i$", "argon2i"},
    {"$argon2id$", "argon2id"},
    {"argon2$argon2i$", "argon2i"},
    {"argon2$argon2id$", "argon2id"},
    {"awscognito#", "awscognito"},
    {"bcrypt$$2", "bcrypt"},
    {"{bcrypt}$2", "bcrypt"},
    {"{BCRYPT}$2", "bcrypt"},
    {"{crypt}$2", "bcrypt"},
    {"{CRYPT}$2", "bcrypt"},
    {"bcrypt_sha256$$2", "bcrypt_sha256_django"},
    {"hmac_sha256_utf16_b64$", "hmac_sha256_utf16_b64"},
    {"{SSHA}", "ldap_ssha"},
    {"{ssha}", "ldap_ssha"},
    {"{MD5}", "md5"},
    {"pbkdf2_sha1$", "pbkdf2_sha1"},
    {"pbkdf2:sha1:", "pbkdf2_sha1"},
    {"$pbkdf2$", "pbkdf2_sha1"},
    {"pbkdf2_sha256$", "pbkdf2_sha256_django"},
    {"pbkdf2:sha256:", "pbkdf2_sha256"},
    {"$pbkdf2-sha256$", "pbkdf2_sha256"},
    {"pbkdf2_sha512$", "pbkdf2_sha512"},
    {"pbkdf2:sha512:", "pbkdf2_sha512"},
    {"pbkdf2_sha512_hex$", "pbkdf2_sha512_hex"},
    {"$pbkdf2-sha512$", "pbkdf2_sha512_hex"},
    {"$P$", "phpass"},
    {"$H$", "phpass"},
    {"scrypt:", "scrypt_werkzeug"},
    {"{SHA256}", "sha256"},
    {"sha512_symfony$", "sha512_symfony"},
};

constexpr std::size_t largest_digest = 4096;

refusal invalid(std::string_view hasher, std::string_view what, std::string_view field)
{
    return {"password_digest_invalid", std::string(field),
            "no " + std::string(hasher) + " digest: " + std::string(what)};
}

} // namespace

checked_digest check_digest(std::string_view hasher, std::string_view digest, std::string_view digest_field,
                            std::string_view hasher_field)
{
    if (hasher.empty())
        return refusal("password_hasher_missing", std::string(hasher_field), "a digest without the name of its hasher");
    const auto same = [hasher](const hasher_form& form) { return form.name == hasher; };
    const auto* found = std::find_if(std::begin(forms), std::end(forms), same);
    if (found == std::end(forms))
        return refusal("password_hasher_unknown", std::string(hasher_field), "not a hasher that Clerk knows");
    if (digest.empty())
        return refusal("password_digest_missing", std::string(digest_field), "a hasher without a digest");
    if (digest.size() > largest_digest)
        return invalid(hasher, "longer than 4 KiB", digest_field);
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
    if (std::any_of(digest.begin(), digest.end(), control) || !is_utf8(digest))
        return invalid(hasher, "a byte in it is no character", digest_field);
    auto result = found->form(digest);
    if (!result.fault.empty())
        return invalid(hasher, result.fault, digest_field);
    return password_digest(std::string(hasher), std::move(result.digest));
}

std::string_view recognised_hasher(std::string_view digest) noexcept
{
    for (const auto& [text, hasher] : beginnings)
        if (digest.starts_with(text))
            return hasher;
    for (const std::string_view version : {"$2a$", "$2b$", "$2x$", "$2y$"})
        if (digest.starts_with(version))
            return digest.size() > 60 && digest[60] == '$' ? "bcrypt_peppered" : "bcrypt";
    return {};
}

checked_digest better_auth_digest(std::string_view password, std::string_view field)
{
    if (password.empty())
        return refusal("password_digest_missing", std::string(field), "no digest");
    if (const auto hasher = recognised_hasher(password); !hasher.empty())
        return check_digest(hasher, password, field, field);
    const auto parts = segments(password, ':');
    const bool scrypt = parts.size() == 2 && parts[0].size() == 32 && is_hex(parts[0]);
    if (!scrypt || parts[1].size() != 128 || !is_hex(parts[1]))
        return refusal("password_digest_invalid", std::string(field),
                       "neither 32 hexadecimal digits, a colon and 128 more, nor a digest that says its hasher");
    // The digits of the salt are the salt: their case is not changed.
    const auto text = "scrypt:16384:16:1$" + std::string(parts[0]) + "$" + std::string(parts[1]);
    return check_digest("scrypt_werkzeug", text, field, field);
}

} // namespace usher::bulk
