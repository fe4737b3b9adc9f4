// The form of each hasher's digests, one question for each; see hashers.hpp.
#ifndef USHER_BULK_HASHER_FORMS_HPP
#define USHER_BULK_HASHER_FORMS_HPP

#include <string>
#include <string_view>
#include <utility>

namespace usher::bulk {

/// A digest in its documented form, or what is wrong with the one that was given.
struct formed {
    formed(std::string digest_) : digest(std::move(digest_)) {}
    static formed wrong(std::string_view what)
    {
        formed result{std::string()};
        result.fault = what;
        return result;
    }
    std::string digest;
    std::string_view fault; ///< empty: nothing is
};

formed form_argon2i(std::string_view text);
formed form_argon2id(std::string_view text);
formed form_awscognito(std::string_view text);
formed form_bcrypt(std::string_view text);
formed form_bcrypt_peppered(std::string_view text);
formed form_bcrypt_sha256_django(std::string_view text);
formed form_hmac_sha256_utf16_b64(std::string_view text);
formed form_ldap_ssha(std::string_view text);
formed form_md5(std::string_view text);
formed form_md5_salted(std::string_view text);
formed form_pbkdf2_sha1(std::string_view text);
formed form_pbkdf2_sha256(std::string_view text);
formed form_pbkdf2_sha256_django(std::string_view text);
formed form_pbkdf2_sha512(std::string_view text);
formed form_pbkdf2_sha512_hex(std::string_view text);
formed form_phpass(std::string_view text);
formed form_scrypt_firebase(std::string_view text);
formed form_scrypt_werkzeug(std::string_view text);
formed form_sha256(std::string_view text);
formed form_sha256_salted(std::string_view text);
formed form_sha512_symfony(std::string_view text);

} // namespace usher::bulk

#endif
