#include "sandbox/identifier.hpp"
#include "sandbox/pattern.hpp"

#include <map>

namespace usher::sandbox {

namespace {

struct digest_form {
    digest_form(std::string_view text, const char* meaning_) : form(text), meaning(meaning_) {}
    pattern form;
    const char* meaning;
};

// What a digest of each algorithm looks like. Only the outside is looked at, as the service does when it takes one in:
// whether it verifies shows at the first sign-in.
const std::map<std::string, digest_form, std::less<>>& digest_forms()
{
    static constexpr std::string_view base64 = "[A-Za-z0-9+/=_-]+";
    static const auto forms = [] {
        const std::string b(base64);
        std::map<std::string, digest_form, std::less<>> m;
        const auto add = [&](const char* name, const std::string& text, const char* meaning) {
            m.emplace(name, digest_form("^" + text + "$", meaning));
        };
        const std::string bcrypt = "\\$2[abxy]?\\$\\d\\d\\$[./A-Za-z0-9]{53}";
        add("argon2i", "\\$argon2i\\$v=\\d+\\$m=\\d+,t=\\d+,p=\\d+\\$[A-Za-z0-9+/]+=*\\$[A-Za-z0-9+/]+=*",
            "$argon2i$v=…$m=…,t=…,p=…$salt$hash");
        add("argon2id", "\\$argon2id\\$v=\\d+\\$m=\\d+,t=\\d+,p=\\d+\\$[A-Za-z0-9+/]+=*\\$[A-Za-z0-9+/]+=*",
            "$argon2id$v=…$m=…,t=…,p=…$salt$hash");
        add("awscognito", "[^#]+#[^#]+#.+", "pool id#client id#identifier");
        add("bcrypt", bcrypt, "$2a$cost$ and 53 characters");
        add("bcrypt_peppered", bcrypt, "$2a$cost$ and 53 characters");
        add("bcrypt_sha256_django", "bcrypt_sha256\\$" + bcrypt, "bcrypt_sha256$ and a bcrypt digest");
        add("hmac_sha256_utf16_b64", b + "\\$" + b, "hash$key in base64");
        add("ldap_ssha", "\\{SSHA\\}" + b, "{SSHA} and base64");
        add("md5", "[0-9a-fA-F]{32}", "32 hexadecimal digits");
        add("md5_salted", "[0-9a-fA-F]{32}\\$.+", "32 hexadecimal digits$salt");
        add("md5_phpass", "\\$[PH]\\$[./A-Za-z0-9]{31}", "$P$ and 31 characters");
        add("phpass", "\\$[PH]\\$[./A-Za-z0-9]{31}", "$P$ and 31 characters");
        add("pbkdf2_sha1", "pbkdf2_sha1\\$\\d+\\$[^$]+\\$[^$]+(\\$\\d+)?", "pbkdf2_sha1$iterations$salt$hash");
        add("pbkdf2_sha256", "pbkdf2_sha256\\$\\d+\\$[^$]+\\$[^$]+(\\$\\d+)?", "pbkdf2_sha256$iterations$salt$hash");
        add("pbkdf2_sha256_django", "pbkdf2_sha256\\$\\d+\\$[^$]+\\$[^$]+", "pbkdf2_sha256$iterations$salt$hash");
        add("pbkdf2_sha512", "pbkdf2_sha512\\$\\d+\\$[^$]+\\$[^$]+(\\$\\d+)?", "pbkdf2_sha512$iterations$salt$hash");
        add("pbkdf2_sha512_hex", "pbkdf2_sha512\\$\\d+\\$[^$]+\\$[0-9a-fA-F]+(\\$\\d+)?",
            "pbkdf2_sha512$iterations$salt$hash in hexadecimal");
        add("scrypt_firebase", b + "\\$" + b + "\\$" + b + "\\$" + b + "\\$\\d+\\$\\d+",
            "hash$salt$signer key$salt separator$rounds$memory cost");
        add("scrypt_werkzeug", "scrypt:\\d+:\\d+:\\d+\\$[^$]+\\$[0-9a-fA-F]+", "scrypt:N:r:p$salt$hash in hexadecimal");
        add("sha256", "[0-9a-fA-F]{64}", "64 hexadecimal digits");
        add("sha256_salted", "[0-9a-fA-F]{64}\\$.+", "64 hexadecimal digits$salt");
        add("sha512_symfony", b + "\\$\\d+\\$.+", "hash$iterations$salt");
        return m;
    }();
    return forms;
}

} // namespace

bool known_hasher(std::string_view hasher)
{
    return digest_forms().contains(hasher);
}

std::string hasher_names()
{
    std::string out;
    for (const auto& [name, unused] : digest_forms())
        out += (out.empty() ? "one of " : ", ") + name;
    return out;
}

const char* digest_fault(std::string_view hasher, std::string_view digest)
{
    const auto found = digest_forms().find(hasher);
    if (found == digest_forms().end())
        return "of a known algorithm";
    return digest.size() <= 4096 && found->second.form.matches(digest) ? nullptr : found->second.meaning;
}

} // namespace usher::sandbox
