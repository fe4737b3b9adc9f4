// Digests made with OpenSSL from a password, as each program stores them, and what arrives taken apart again by the
// words of the provider's documentation: the password must still open it.
#include "bulk/mapping/hashers.hpp"
#include "unit/mapping/derive.hpp"
#include "unit/mapping/digests.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace bulk = usher::bulk;
using namespace derive;

namespace {

constexpr std::string_view password = "correct horse battery staple";
// Its base64 has characters of both alphabets.
const std::string binary_salt("\xfb\xff\xbf\x00\x7f\xee\x3e\x3f", 8);

std::string arrives(std::string_view hasher, const std::string& digest)
{
    const auto checked = bulk::check_digest(hasher, digest);
    BOOST_TEST_REQUIRE(checked.has_value(), (checked.has_value() ? "" : checked.error().message));
    return checked->digest;
}

std::vector<std::string> split(const std::string& text, char at = '$')
{
    std::vector<std::string> parts(1);
    for (const char c : text)
        if (c == at)
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

bool is_hex(const std::string& text)
{
    return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

/// As documented: a salt that can be read as hexadecimal is, the key has 32 bytes unless a length is named.
bool opens_pbkdf2_sha1(const std::string& digest)
{
    const auto parts = split(digest);
    const auto salt = is_hex(parts.at(2)) ? from_hex(parts[2]) : parts[2];
    const auto size = parts.size() > 4 ? std::stoul(parts[4]) : 32;
    return hex(pbkdf2(EVP_sha1(), password, salt, std::stoi(parts.at(1)), size)) == parts.at(3);
}

bool opens_pbkdf2_sha256(const std::string& digest)
{
    const auto parts = split(digest);
    const auto key = from_base64(parts.at(3));
    return parts[0] == "pbkdf2_sha256" &&
           pbkdf2(EVP_sha256(), password, from_base64(parts.at(2)), std::stoi(parts.at(1)), key.size()) == key;
}

bool opens_scrypt(const std::string& digest, std::string_view with = password)
{
    const auto parts = split(digest);
    const auto method = split(parts.at(0), ':');
    const auto key =
        scrypt(with, parts.at(1), std::stoull(method.at(1)), std::stoull(method.at(2)), std::stoull(method.at(3)), 64);
    return hex(key) == parts.at(2);
}

std::string passlib64(std::string text)
{
    for (auto& c : text)
        c = c == '+' ? '.' : c;
    return text.substr(0, text.find('='));
}

} // namespace

BOOST_AUTO_TEST_SUITE(hashers_verify)

BOOST_AUTO_TEST_CASE(a_django_pbkdf2_digest_arrives_byte_for_byte_and_the_password_opens_it)
{
    const auto digest = "pbkdf2_sha256$1000$seasalt2$" + base64(pbkdf2(EVP_sha256(), password, "seasalt2", 1000, 32));
    const auto arrived = arrives("pbkdf2_sha256_django", digest);
    BOOST_TEST(arrived == digest);
    const auto parts = split(arrived);
    BOOST_TEST(base64(pbkdf2(EVP_sha256(), password, parts.at(2), std::stoi(parts.at(1)), 32)) == parts.at(3));
}

BOOST_AUTO_TEST_CASE(a_django_sha1_digest_whose_salt_looks_hexadecimal_is_opened_by_the_password)
{
    for (const std::string salt : {"abcdef12", "seasalt2", "abc"}) {
        const auto key = pbkdf2(EVP_sha1(), password, salt, 1000, 20);
        const auto arrived = arrives("pbkdf2_sha1", "pbkdf2_sha1$1000$" + salt + "$" + base64(key));
        BOOST_TEST(arrived == "pbkdf2_sha1$1000$" + hex(salt) + "$" + hex(key) + "$20");
        BOOST_TEST(opens_pbkdf2_sha1(arrived));
    }
}

BOOST_AUTO_TEST_CASE(a_sha1_key_of_another_length_than_the_assumed_one_arrives_with_its_length)
{
    for (const std::size_t size : {16U, 20U, 32U, 64U}) {
        const auto digest = "pbkdf2_sha1$1000$s4lt!$" + hex(pbkdf2(EVP_sha1(), password, "s4lt!", 1000, size));
        const auto arrived = arrives("pbkdf2_sha1", digest);
        BOOST_TEST(arrived == (size == 32 ? digest : digest + "$" + std::to_string(size)));
        BOOST_TEST(opens_pbkdf2_sha1(arrived));
    }
}

BOOST_AUTO_TEST_CASE(werkzeugs_pbkdf2_digests_are_opened_by_the_password)
{
    const auto sha256 = "pbkdf2:sha256:1000$s4lt!$" + hex(pbkdf2(EVP_sha256(), password, "s4lt!", 1000, 32));
    BOOST_TEST(opens_pbkdf2_sha256(arrives("pbkdf2_sha256", sha256)));
    const auto django = split(arrives("pbkdf2_sha256_django", sha256));
    BOOST_TEST(base64(pbkdf2(EVP_sha256(), password, django.at(2), 1000, 32)) == django.at(3));
    const auto sha1 = "pbkdf2:sha1:1000$abcdef$" + hex(pbkdf2(EVP_sha1(), password, "abcdef", 1000, 20));
    BOOST_TEST(opens_pbkdf2_sha1(arrives("pbkdf2_sha1", sha1)));
    const auto key = pbkdf2(EVP_sha512(), password, "s4lt!", 1000, 64);
    const auto sha512 = "pbkdf2:sha512:1000$s4lt!$" + hex(key);
    BOOST_TEST(arrives("pbkdf2_sha512", sha512) == "pbkdf2_sha512$1000$s4lt!$" + hex(key));
    BOOST_TEST(arrives("pbkdf2_sha512_hex", sha512) == "pbkdf2_sha512_hex$1000$73346c7421$" + hex(key));
}

BOOST_AUTO_TEST_CASE(passlibs_pbkdf2_digests_with_any_bytes_as_salt_are_opened_by_the_password)
{
    const auto tail = [](const std::string& key) {
        return passlib64(base64(binary_salt)) + "$" + passlib64(base64(key));
    };
    const auto key256 = pbkdf2(EVP_sha256(), password, binary_salt, 1000, 32);
    BOOST_TEST_REQUIRE(tail(key256).find('.') != std::string::npos);
    for (const std::string iterations : {"1000", "i=1000", "i=1000,l=32"})
        BOOST_TEST(opens_pbkdf2_sha256(arrives("pbkdf2_sha256", "$pbkdf2-sha256$" + iterations + "$" + tail(key256))));
    const auto key1 = pbkdf2(EVP_sha1(), password, binary_salt, 1000, 20);
    BOOST_TEST(opens_pbkdf2_sha1(arrives("pbkdf2_sha1", "$pbkdf2$1000$" + tail(key1))));
    const auto key512 = pbkdf2(EVP_sha512(), password, binary_salt, 1000, 64);
    BOOST_TEST(arrives("pbkdf2_sha512_hex", "$pbkdf2-sha512$1000$" + tail(key512)) ==
               "pbkdf2_sha512_hex$1000$" + hex(binary_salt) + "$" + hex(key512));
}

BOOST_AUTO_TEST_CASE(a_werkzeug_scrypt_digest_arrives_byte_for_byte_and_the_password_opens_it)
{
    const auto digest = "scrypt:1024:8:1$s4lt!$" + hex(scrypt(password, "s4lt!", 1024, 8, 1, 64));
    BOOST_TEST(arrives("scrypt_werkzeug", digest) == digest);
    BOOST_TEST(opens_scrypt(arrives("scrypt_werkzeug", digest)));
    BOOST_TEST(!opens_scrypt(arrives("scrypt_werkzeug", digest), "another password"));
}

BOOST_AUTO_TEST_CASE(a_better_auth_digest_arrives_as_documented_and_the_password_opens_it)
{
    const std::string salt = "000102030405060708090a0b0c0d0e0F"; // its text is the salt
    const auto key = hex(scrypt(password, salt, 16384, 16, 1, 64));
    const auto arrived = bulk::better_auth_digest(salt + ":" + key, "password");
    BOOST_TEST_REQUIRE(arrived.has_value());
    BOOST_TEST(arrived->hasher == "scrypt_werkzeug");
    BOOST_TEST(arrived->digest == "scrypt:16384:16:1$" + salt + "$" + key);
    BOOST_TEST(opens_scrypt(arrived->digest));
}

BOOST_AUTO_TEST_CASE(firebases_documented_digest_is_opened_by_its_password)
{
    const auto parts = split(arrives("scrypt_firebase", std::string(digests::firebase)));
    BOOST_TEST_REQUIRE(parts.size() == 6U);
    const auto salt = from_base64(parts[1]) + from_base64(parts[3]);
    const auto n = std::uint64_t(1) << std::stoul(parts[5]);
    const auto derived = scrypt("user1password", salt, n, std::stoull(parts[4]), 1, 32);
    BOOST_TEST(base64(aes_ctr(derived, from_base64(parts[2]))) == parts[0]);
}

BOOST_AUTO_TEST_CASE(plain_hashes_are_opened_by_the_password)
{
    BOOST_TEST(arrives("md5", "{MD5}" + base64(hash(EVP_md5(), password))) == hex(hash(EVP_md5(), password)));
    BOOST_TEST(arrives("sha256", "{SHA256}" + base64(hash(EVP_sha256(), password))) ==
               hex(hash(EVP_sha256(), password)));
    const auto ssha = "{SSHA}" + base64(hash(EVP_sha1(), std::string(password) + binary_salt) + binary_salt);
    const auto arrived = arrives("ldap_ssha", ssha);
    BOOST_TEST(arrived == ssha);
    const auto bytes = from_base64(arrived.substr(6));
    BOOST_TEST(hash(EVP_sha1(), std::string(password) + bytes.substr(20)) == bytes.substr(0, 20));
}

BOOST_AUTO_TEST_CASE(a_keyed_hash_of_utf_16_is_opened_by_the_password)
{
    std::string utf16;
    for (const char c : password)
        (utf16 += c) += '\0';
    const auto digest = "hmac_sha256_utf16_b64$" + base64(hmac_sha256(binary_salt, utf16)) + "$" + base64(binary_salt);
    const auto parts = split(arrives("hmac_sha256_utf16_b64", digest));
    BOOST_TEST(base64(hmac_sha256(from_base64(parts.at(2)), utf16)) == parts.at(1));
}

BOOST_AUTO_TEST_CASE(a_symfony_digest_arrives_byte_for_byte_and_the_password_opens_it)
{
    const auto symfony = [](const std::string& salt, int iterations) {
        const auto salted = std::string(password) + "{" + salt + "}";
        auto bytes = hash(EVP_sha512(), salted);
        for (int i = 1; i < iterations; ++i)
            bytes = hash(EVP_sha512(), bytes + salted);
        return base64(bytes);
    };
    const auto digest = "sha512_symfony$100$s4lt!$" + symfony("s4lt!", 100);
    const auto arrived = arrives("sha512_symfony", digest);
    BOOST_TEST(arrived == digest);
    const auto parts = split(arrived);
    BOOST_TEST(symfony(parts.at(2), std::stoi(parts.at(1))) == parts.at(3));
}

BOOST_AUTO_TEST_CASE(phpasss_documented_digest_is_opened_by_its_password)
{
    constexpr std::string_view alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const auto digest = arrives("phpass", "$P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1");
    auto bytes = hash(EVP_md5(), digest.substr(4, 8) + "password");
    for (std::size_t i = 0; i != std::size_t(1) << alphabet.find(digest[3]); ++i)
        bytes = hash(EVP_md5(), bytes + "password");
    std::string encoded; // three bytes, the lowest bits first
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3 && i + k < bytes.size(); ++k)
            bits |= std::uint32_t(static_cast<unsigned char>(bytes[i + k])) << (8 * k);
        for (std::size_t k = 0; k < (bytes.size() - i < 3 ? 2U : 4U); ++k, bits >>= 6U)
            encoded += alphabet[bits & 63U];
    }
    BOOST_TEST(encoded == digest.substr(12));
}

BOOST_AUTO_TEST_SUITE_END()
