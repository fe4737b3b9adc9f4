#include "issuer.hpp"

#include "token/base64url.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace token_tests {

namespace detail = usher::token::detail;

namespace {

std::string read_all(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string number_bytes(const BIGNUM* number, int size)
{
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size);
    return bytes;
}

std::string number_member(EVP_PKEY* key, const char* name, int size = 0)
{
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
        throw std::runtime_error("the key has no such number");
    const detail::bn_ptr owned(number);
    return base64url(number_bytes(number, size != 0 ? size : BN_num_bytes(number)));
}

EVP_PKEY* checked(EVP_PKEY* key)
{
    if (!key)
        throw std::runtime_error("OpenSSL makes no key");
    return key;
}

} // namespace

std::string base64url(std::string_view bytes)
{
    return detail::encode_base64url(bytes);
}

std::string from_base64url(std::string_view text)
{
    std::string bytes;
    if (!detail::decode_base64url(text, bytes))
        throw std::runtime_error("no base64url");
    return bytes;
}

std::string hmac_sha256(std::string_view key, std::string_view text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), digest, &size);
    return {reinterpret_cast<char*>(digest), size};
}

signing_key signing_key::rsa(unsigned bits)
{
    return signing_key(checked(EVP_RSA_gen(bits)));
}

signing_key signing_key::ec(const char* curve)
{
    return signing_key(checked(EVP_EC_gen(curve)));
}

signing_key signing_key::ed25519()
{
    return signing_key(checked(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

signing_key signing_key::ed448()
{
    return signing_key(checked(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")));
}

std::string signing_key::sign(std::string_view alg, std::string_view text) const
{
    const EVP_MD* digest = alg.ends_with("256")   ? EVP_sha256()
                           : alg.ends_with("384") ? EVP_sha384()
                           : alg.ends_with("512") ? EVP_sha512()
                                                  : nullptr;
    const detail::md_ctx_ptr context(EVP_MD_CTX_new());
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    if (EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1)
        throw std::runtime_error("OpenSSL does not sign");
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, text.size());
    signature.resize(size);
    if (EVP_PKEY_get_base_id(key_.get()) != EVP_PKEY_EC)
        return signature;
    const auto* der = reinterpret_cast<const unsigned char*>(signature.data());
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(size));
    const int half = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
    std::string raw = number_bytes(ECDSA_SIG_get0_r(pair), half) + number_bytes(ECDSA_SIG_get0_s(pair), half);
    ECDSA_SIG_free(pair);
    return raw;
}

std::string signing_key::public_pem() const
{
    const detail::bio_ptr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PUBKEY(bio.get(), key_.get());
    return read_all(bio.get());
}

std::string signing_key::private_pem() const
{
    const detail::bio_ptr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return read_all(bio.get());
}

std::string signing_key::certificate_pem() const
{
    const detail::x509_ptr certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key_.get());
    X509_sign(certificate.get(), key_.get(), EVP_sha256());
    const detail::bio_ptr bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate.get());
    return read_all(bio.get());
}

json::object signing_key::jwk(std::string_view kid, std::string_view alg) const
{
    json::object key;
    key["kid"] = kid;
    key["use"] = "sig";
    if (!alg.empty())
        key["alg"] = alg;
    const int kind = EVP_PKEY_get_base_id(key_.get());
    if (kind == EVP_PKEY_RSA) {
        key["kty"] = "RSA";
        key["n"] = number_member(key_.get(), OSSL_PKEY_PARAM_RSA_N);
        key["e"] = number_member(key_.get(), OSSL_PKEY_PARAM_RSA_E);
        return key;
    }
    if (kind == EVP_PKEY_EC) {
        const int bits = EVP_PKEY_get_bits(key_.get());
        key["kty"] = "EC";
        key["crv"] = "P-" + std::to_string(bits);
        key["x"] = number_member(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, (bits + 7) / 8);
        key["y"] = number_member(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, (bits + 7) / 8);
        return key;
    }
    unsigned char raw[64];
    std::size_t size = sizeof raw;
    EVP_PKEY_get_raw_public_key(key_.get(), raw, &size);
    key["kty"] = "OKP";
    key["crv"] = kind == EVP_PKEY_ED25519 ? "Ed25519" : "Ed448";
    key["x"] = base64url({reinterpret_cast<const char*>(raw), size});
    return key;
}

const signing_key& rsa_key()
{
    static const auto key = signing_key::rsa();
    return key;
}

const signing_key& other_rsa_key()
{
    static const auto key = signing_key::rsa();
    return key;
}

const signing_key& ec256_key()
{
    static const auto key = signing_key::ec("P-256");
    return key;
}

const signing_key& ec384_key()
{
    static const auto key = signing_key::ec("P-384");
    return key;
}

const signing_key& ed25519_key()
{
    static const auto key = signing_key::ed25519();
    return key;
}

std::string jwks(std::initializer_list<json::object> keys)
{
    json::array list;
    for (const auto& each : keys)
        list.push_back(each);
    json::object set;
    set["keys"] = std::move(list);
    return json::serialize(set);
}

usher::token::key_set keys_of(std::initializer_list<json::object> keys)
{
    return usher::token::key_set::from_jwks(jwks(keys)).value();
}

std::string make_token(const signing_key& key, const json::object& header, const json::object& claims)
{
    return make_token_of_text(key, header.at("alg").as_string(), json::serialize(header), json::serialize(claims));
}

std::string make_token_of_text(const signing_key& key, std::string_view alg, std::string_view header,
                               std::string_view payload)
{
    const auto input = base64url(header) + '.' + base64url(payload);
    return input + '.' + base64url(key.sign(alg, input));
}

json::object session_header()
{
    json::object header;
    header["alg"] = "RS256";
    header["typ"] = "JWT";
    header["kid"] = "ins_one";
    header["cat"] = "cl_B7d4PD111AAA";
    return header;
}

json::object session_claims_json()
{
    json::object claims;
    claims["iss"] = "https://clerk.example.com";
    claims["sub"] = "user_2aB";
    claims["sid"] = "sess_2aB";
    claims["azp"] = "https://example.com";
    claims["jti"] = "0a1b";
    claims["iat"] = now_count - 10;
    claims["nbf"] = now_count - 20;
    claims["exp"] = now_count + 50;
    claims["v"] = 2;
    claims["sts"] = "active";
    claims["fva"] = json::array{3, -1};
    claims["pla"] = "u:free,o:pro";
    claims["fea"] = "o:articles,u:mail,o:billing";
    json::object o;
    o["id"] = "org_1";
    o["slg"] = "acme";
    o["rol"] = "admin";
    o["per"] = "read,write,delete";
    o["fpm"] = "5,0,2";
    claims["o"] = std::move(o);
    return claims;
}

json::object with(json::object object, std::string_view name, json::value value)
{
    object[name] = std::move(value);
    return object;
}

json::object without(json::object object, std::string_view name)
{
    object.erase(name);
    return object;
}

} // namespace token_tests
