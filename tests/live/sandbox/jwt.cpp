#include "jwt.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <stdexcept>
#include <vector>

namespace sandbox_test {

namespace json = boost::json;

namespace {

const unsigned char* bytes(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool verify(const std::string& token, EVP_PKEY* key)
{
    const auto dot = token.rfind('.');
    const auto signature = unbase64url(token.substr(dot + 1)), text = token.substr(0, dot);
    auto* context = EVP_MD_CTX_new();
    const bool good = EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
                      EVP_DigestVerify(context, bytes(signature), signature.size(), bytes(text), text.size()) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

EVP_PKEY* key_of(const json::object& jwk)
{
    const auto n = unbase64url(std::string(jwk.at("n").as_string())),
               e = unbase64url(std::string(jwk.at("e").as_string()));
    auto* modulus = BN_bin2bn(bytes(n), static_cast<int>(n.size()), nullptr);
    auto* exponent = BN_bin2bn(bytes(e), static_cast<int>(e.size()), nullptr);
    auto* builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
    auto* params = OSSL_PARAM_BLD_to_param(builder);
    auto* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

} // namespace

std::string unbase64url(std::string text)
{
    for (auto& c : text)
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    const auto padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string out(text.size(), '\0');
    const auto size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(text), static_cast<int>(text.size()));
    if (size < 0)
        throw std::runtime_error("no base64url");
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

json::object header_of(std::string_view token)
{
    return json::parse(unbase64url(std::string(token.substr(0, token.find('.'))))).as_object();
}

json::object claims_of(std::string_view token)
{
    const auto from = token.find('.') + 1;
    return json::parse(unbase64url(std::string(token.substr(from, token.rfind('.') - from)))).as_object();
}

bool verified(const std::string& token, const json::object& key_set)
{
    for (const auto& one : key_set.at("keys").as_array())
        if (one.as_object().at("kid") == header_of(token).at("kid")) {
            auto* key = key_of(one.as_object());
            const bool good = verify(token, key);
            EVP_PKEY_free(key);
            return good;
        }
    return false;
}

bool verified(const std::string& token, const std::string& pem)
{
    auto* source = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    auto* key = PEM_read_bio_PUBKEY(source, nullptr, nullptr, nullptr);
    const bool good = key && verify(token, key);
    EVP_PKEY_free(key);
    BIO_free(source);
    return good;
}

std::string hmac(const std::string& key, const std::string& text)
{
    unsigned char digest[32];
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(), digest, nullptr);
    unsigned char out[64];
    return {reinterpret_cast<char*>(out), static_cast<std::size_t>(EVP_EncodeBlock(out, digest, sizeof digest))};
}

} // namespace sandbox_test
