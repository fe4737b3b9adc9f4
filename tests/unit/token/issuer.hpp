// An issuer of tokens: keys made on the spot, and whatever is signed with them.
#ifndef USHER_TESTS_TOKEN_ISSUER_HPP
#define USHER_TESTS_TOKEN_ISSUER_HPP

#include "token/openssl.hpp"

#include <usher/token/keys.hpp>
#include <usher/token/rejection.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>

namespace usher::token {

/// For BOOST_TEST.
inline std::ostream& operator<<(std::ostream& out, reason one)
{
    return out << to_string(one);
}

} // namespace usher::token

namespace token_tests {

namespace json = boost::json;

std::string base64url(std::string_view bytes);
std::string from_base64url(std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);

class signing_key {
public:
    static signing_key rsa(unsigned bits = 2048);
    static signing_key ec(const char* curve);
    static signing_key ed25519();
    static signing_key ed448();

    /// As the `alg` header has it; RSA keys sign with whatever digest that names.
    std::string sign(std::string_view alg, std::string_view text) const;
    std::string public_pem() const;
    std::string private_pem() const;
    std::string certificate_pem() const;
    /// The public JWK with `kid`, `alg` (unless empty) and `use`.
    json::object jwk(std::string_view kid, std::string_view alg = {}) const;
    EVP_PKEY* handle() const noexcept { return key_.get(); }

private:
    explicit signing_key(EVP_PKEY* key) : key_(key) {}
    usher::token::detail::pkey_ptr key_;
};

/// RSA of 2048 bits, made once: making one is slow.
const signing_key& rsa_key();
const signing_key& other_rsa_key();
const signing_key& ec256_key();
const signing_key& ec384_key();
const signing_key& ed25519_key();

std::string jwks(std::initializer_list<json::object> keys);
usher::token::key_set keys_of(std::initializer_list<json::object> keys);

/// Signs whatever it is given with the `alg` of `header`.
std::string make_token(const signing_key& key, const json::object& header, const json::object& claims);
std::string make_token_of_text(const signing_key& key, std::string_view alg, std::string_view header,
                               std::string_view payload);

inline constexpr std::int64_t now_count = 1'700'000'000;
inline constexpr std::chrono::sys_seconds now{std::chrono::seconds(now_count)};

/// Of a session token that `session_verifier` accepts at `now`.
json::object session_header();
json::object session_claims_json();
/// `object` with one member set.
json::object with(json::object object, std::string_view name, json::value value);
json::object without(json::object object, std::string_view name);

} // namespace token_tests

#endif
