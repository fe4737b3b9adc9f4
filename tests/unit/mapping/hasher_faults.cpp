// Every kind of digest that must not reach the target.
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/text.hpp"
#include "unit/mapping/digests.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace bulk = usher::bulk;

namespace {

struct faulty {
    std::string hasher;
    std::string digest;
    std::string_view reason; ///< a part of what is said
};

const std::string hash53 = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const std::string whole = "$2b$10$" + hash53;
const std::string hex32(32, 'a');
const std::string hex64(64, 'b');
const std::string hex128(128, 'c');
const std::string base64_32 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";
const std::string base64_16 = "X03MO1qnZdYdgyfeuILPmQ==";
const std::string key64 = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
const std::string argon_tail = "$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

const std::vector<faulty> faults = {
    {"argon2id", "$argon2i$v=19$m=64,t=4,p=8" + argon_tail, "variant's name"},
    {"argon2i", std::string(digests::argon2id), "variant's name"},
    {"argon2id", "$argon2id$m=65536,t=2,p=1" + argon_tail, "no version"},
    {"argon2id", "$argon2id$v=16$m=65536,t=2,p=1" + argon_tail, "not version 19"},
    {"argon2id", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ", "not the segments"},
    {"argon2id", "$argon2id$v=19$m=65536,t=2" + argon_tail, "parameters m, t and p"},
    {"argon2id", "$argon2id$v=19$m=65536,t=0,p=1" + argon_tail, "parameters m, t and p"},
    {"argon2id", "$argon2id$v=19$m=65536,t=2,p=1,keyid=a" + argon_tail, "parameters m, t and p"},
    {"argon2id", "$argon2id$v=19$m=63,t=2,p=8" + argon_tail, "8 KiB for each lane"},
    {"argon2id", "$argon2id$v=19$m=64,t=2,p=1$c29t$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "8 or more"},
    {"argon2id", "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$CTFhFdXP", "12 or more"},
    {"argon2id", "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$not*base64*at*all", "12 or more"},
    {"awscognito", "awscognito#eu-west-1_A#client", "user pool#client#identifier"},
    {"awscognito", "cognito#eu-west-1_A#client#ada", "user pool#client#identifier"},
    {"awscognito", "awscognito#eu-west-1_A##ada", "is empty"},
    {"awscognito", "awscognito#pool#client#ada", "region_name"},
    {"bcrypt", "$2b$10$" + hash53.substr(1), "60 characters"},
    {"bcrypt", whole + "a", "60 characters"},
    {"bcrypt", "$2b$03$" + hash53, "04 to 31"},
    {"bcrypt", "$2b$32$" + hash53, "04 to 31"},
    {"bcrypt", "$2b$1a$" + hash53, "04 to 31"},
    {"bcrypt", "$2b$10$" + hash53.substr(1) + "-", "alphabet"},
    {"bcrypt", "$2x$10$" + hash53, "faulty bcrypt"},
    {"bcrypt", "$2$10$" + hash53 + "a", "begin with"},
    {"bcrypt", "correct horse battery staple", "begin with"},
    {"bcrypt_peppered", whole, "no pepper"},
    {"bcrypt_peppered", whole + "$", "no pepper"},
    {"bcrypt_peppered", whole + "$a$b", "dollar sign"},
    {"bcrypt_peppered", whole.substr(1) + "$pepper", "begin with"},
    {"bcrypt_sha256_django", whole, "bcrypt_sha256$$"},
    {"bcrypt_sha256_django", "bcrypt_sha256$" + whole + "a", "60 characters"},
    {"hmac_sha256_utf16_b64", "hmac$" + base64_32 + "$key", "hmac_sha256_utf16_b64$hash$key"},
    {"hmac_sha256_utf16_b64", "hmac_sha256_utf16_b64$" + base64_16 + "$key", "32 bytes"},
    {"hmac_sha256_utf16_b64", "hmac_sha256_utf16_b64$" + base64_32 + "$", "no key"},
    {"ldap_ssha", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "{SSHA}"},
    {"ldap_ssha", "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "no salt"},
    {"ldap_ssha", "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9hzYWx0=", "not base64"},
    {"ldap_ssha", "{SSHA256}W6ph5Mm5Pz8GgiULbPgzG37mj9hzYWx0", "{SSHA}"},
    {"md5", hex32.substr(1), "32 hexadecimal"},
    {"md5", hex32.substr(1) + "g", "32 hexadecimal"},
    {"md5", hex64, "32 hexadecimal"},
    {"md5_phpass", hex32, "$P$"},
    {"md5_salted", hex32, "two segments"},
    {"md5_salted", "$" + hex32, "no salt"},
    {"md5_salted", "salt$" + hex64, "32 hexadecimal"},
    {"md5_salted", "md5$salt$" + hex32, "two segments"},
    {"pbkdf2_sha1", "pbkdf2_sha256$1000$salt$" + hex64, "own name"},
    {"pbkdf2_sha1", "pbkdf2_sha1$0$salt$" + hex64, "iterations"},
    {"pbkdf2_sha1", "pbkdf2_sha1$01000$salt$" + hex64, "iterations"},
    {"pbkdf2_sha1", "pbkdf2_sha1$1000$$" + hex64, "no salt"},
    {"pbkdf2_sha1", "pbkdf2_sha1$1000$salt$" + hex64 + "$20", "key length"},
    {"pbkdf2_sha1", "pbkdf2_sha1$1000$salt$" + hex64 + "$32$1", "five segments"},
    {"pbkdf2_sha1", "pbkdf2_sha1$1000$salt$abc", "neither 32 or more"},
    {"pbkdf2_sha256", "pbkdf2_sha256$1000$s!$" + base64_32, "salt is not base64"},
    {"pbkdf2_sha256", "pbkdf2_sha256$1000$c2FsdA==$abc!", "16 or more"},
    {"pbkdf2_sha256", "pbkdf2_sha256$-1$c2FsdA==$" + base64_32, "iterations"},
    {"pbkdf2_sha256", "pbkdf2_sha256$4294967296$c2FsdA==$" + base64_32, "iterations"},
    {"pbkdf2_sha256", "pbkdf2:sha256$salt$" + hex64, "own name"},
    {"pbkdf2_sha256", "$pbkdf2-sha256$i=1000,l=31$c2FsdA$" + base64_32.substr(0, 43), "own name"},
    {"pbkdf2_sha256_django", "pbkdf2_sha256$1000$salt$" + base64_16, "32 bytes"},
    {"pbkdf2_sha256_django", "pbkdf2_sha256$1000$$" + base64_32, "no salt"},
    {"pbkdf2_sha256_django", "pbkdf2_sha256$1000$salt$" + base64_32 + "$32", "four segments"},
    {"pbkdf2_sha512", "pbkdf2_sha512$1000$salt$" + base64_32, "hexadecimal"},
    {"pbkdf2_sha512", "$pbkdf2-sha512$1000$c2FsdA$" + base64_32.substr(0, 43), "pbkdf2_sha512_hex"},
    {"pbkdf2_sha512_hex", "pbkdf2_sha512_hex$1000$salt$" + hex128, "salt is not hexadecimal"},
    {"pbkdf2_sha512_hex", "pbkdf2_sha512$1000$73616c74$" + hex128, "own name"},
    {"pbkdf2_sha512_hex", "pbkdf2_sha512_hex$1000$73616c74$" + hex128 + "d", "32 or more"},
    {"phpass", "$P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt", "34 characters"},
    {"phpass", "$P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt*", "34 characters"},
    {"phpass", "$P$zohUJ.1sdFw09/bMaAQPTGDNi2BIUt1", "number of rounds"},
    {"phpass", "$S$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1", "$P$ or $H$"},
    {"scrypt_firebase", key64 + "$42xEC+ixf3L2lw==", "six segments"},
    {"scrypt_firebase", key64 + "$42xEC+ixf3L2lw==$" + key64 + "$Bw==$0$14", "rounds"},
    {"scrypt_firebase", key64 + "$42xEC+ixf3L2lw==$" + key64 + "$Bw==$9$14", "rounds"},
    {"scrypt_firebase", key64 + "$42xEC+ixf3L2lw==$" + key64 + "$Bw==$8$15", "rounds"},
    {"scrypt_firebase", key64 + "$42xEC+ixf3L2lw==$" + key64 + "$$8$14", "separator is not"},
    {"scrypt_firebase", key64 + "$42xEC+ixf3L2lw==$$Bw==$8$14", "signer key is not"},
    {"scrypt_firebase", key64 + "$*$" + key64 + "$Bw==$8$14", "salt is not"},
    {"scrypt_firebase", base64_32 + "$42xEC+ixf3L2lw==$" + key64 + "$Bw==$8$14", "as long as"},
    {"scrypt_werkzeug", "scrypt$salt$" + hex128, "scrypt:N:r:p"},
    {"scrypt_werkzeug", "scrypt:32768:8:1$" + hex128, "scrypt:N:r:p"},
    {"scrypt_werkzeug", "scrypt:32767:8:1$salt$" + hex128, "power of two"},
    {"scrypt_werkzeug", "scrypt:1:8:1$salt$" + hex128, "power of two"},
    {"scrypt_werkzeug", "scrypt:32768:0:1$salt$" + hex128, "out of range"},
    {"scrypt_werkzeug", "scrypt:32768:32768:32768$salt$" + hex128, "out of range"},
    {"scrypt_werkzeug", "scrypt:32768:8:1$$" + hex128, "no salt"},
    {"scrypt_werkzeug", "scrypt:32768:8:1$salt$" + hex64, "128 hexadecimal"},
    {"scrypt_werkzeug", hex32 + ":" + hex128, "scrypt:N:r:p"},
    {"sha256", hex32, "64 hexadecimal"},
    {"sha256", hex64 + "b", "64 hexadecimal"},
    {"sha256_salted", "salt$" + hex32, "64 hexadecimal"},
    {"sha256_salted", "$" + hex64, "no salt"},
    {"sha512_symfony", "5000$salt$" + key64, "sha512_symfony$"},
    {"sha512_symfony", "sha512_symfony$0$salt$" + key64, "iterations"},
    {"sha512_symfony", "sha512_symfony$5000$s{}$" + key64, "brace"},
    {"sha512_symfony", "sha512_symfony$5000$salt$" + base64_32, "64 bytes"},
};

/// Whether the message has ten characters in a row from the digest; the hasher's own name is no secret.
bool repeats(const std::string& message, const faulty& fault)
{
    for (std::size_t i = 0; i + 10 <= fault.digest.size(); ++i) {
        const auto run = fault.digest.substr(i, 10);
        const bool name = fault.hasher.find(run) != std::string::npos || run.ends_with("$") || run.ends_with("#");
        if (!name && message.find(run) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hasher_faults)

BOOST_AUTO_TEST_CASE(a_digest_of_another_form_is_refused_with_what_is_wrong_and_not_with_the_digest)
{
    for (const auto& fault : faults) {
        const auto& [hasher, digest, reason] = fault;
        BOOST_TEST_CONTEXT(hasher << " " << digest)
        {
            const auto checked = bulk::check_digest(hasher, digest, "hash", "algorithm");
            BOOST_TEST_REQUIRE(!checked.has_value());
            BOOST_TEST(checked.error().code == "password_digest_invalid");
            BOOST_TEST(checked.error().field == "hash");
            BOOST_TEST(checked.error().message.starts_with("no " + hasher + " digest: "));
            BOOST_TEST_INFO(checked.error().message);
            BOOST_TEST(checked.error().message.find(reason) != std::string::npos);
            BOOST_TEST(!repeats(checked.error().message, fault));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_hasher_has_a_form_that_it_refuses)
{
    for (const auto name : bulk::clerk_hashers()) {
        std::size_t tried = 0;
        for (const auto& fault : faults)
            tried += fault.hasher == name ? 1U : 0U;
        BOOST_TEST_INFO("hasher " << name);
        BOOST_TEST(tried > 0U);
        BOOST_TEST(!bulk::check_digest(name, "correct horse battery staple").has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_digest_with_a_byte_that_is_no_character_is_refused_for_every_hasher)
{
    for (const auto& [hasher, digest] : digests::every)
        for (const std::string_view byte : {"\n", "\t", "\x7f", "\xff"}) {
            const auto checked = bulk::check_digest(hasher, std::string(digest) + std::string(byte));
            BOOST_TEST_REQUIRE(!checked.has_value());
            BOOST_TEST(checked.error().code == "password_digest_invalid");
        }
    BOOST_TEST(!bulk::check_digest("md5_salted", std::string(5000, 's') + "$" + hex32).has_value());
}

BOOST_AUTO_TEST_CASE(half_a_credential_says_which_half_is_missing)
{
    const auto refused = [](std::string_view hasher, std::string_view digest) {
        const auto checked = bulk::check_digest(hasher, digest, "hash", "algorithm");
        BOOST_TEST_REQUIRE(!checked.has_value());
        BOOST_TEST(checked.error().message.find("correct horse") == std::string::npos);
        return checked.error().code + " " + checked.error().field;
    };
    BOOST_TEST(refused("", "correct horse") == "password_hasher_missing algorithm");
    BOOST_TEST(refused("rot13", "correct horse") == "password_hasher_unknown algorithm");
    BOOST_TEST(refused("BCRYPT", whole) == "password_hasher_unknown algorithm");
    BOOST_TEST(refused("correct horse", whole) == "password_hasher_unknown algorithm");
    BOOST_TEST(refused("bcrypt", "") == "password_digest_missing hash");
}

BOOST_AUTO_TEST_SUITE_END()
