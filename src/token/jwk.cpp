#include "token/jwk.hpp"
#include "token/base64url.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>

namespace usher::token::detail {

namespace {

namespace json = boost::json;

/// A text member; null when there is none, or none that is a text.
const json::string* text_of(const json::object& object, std::string_view name)
{
    const auto* value = object.if_contains(name);
    return value ? value->if_string() : nullptr;
}

bool bytes_of(const json::object& object, std::string_view name, std::string& out)
{
    const auto* text = text_of(object, name);
    return text && !text->empty() && decode_base64url(*text, out);
}

pkey_ptr make_key(const char* type, OSSL_PARAM_BLD* members)
{
    const params_ptr params(OSSL_PARAM_BLD_to_param(members));
    const pkey_ctx_ptr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    if (params && context && EVP_PKEY_fromdata_init(context.get()) == 1)
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get());
    ERR_clear_error();
    return pkey_ptr(made);
}

bn_ptr number(const std::string& bytes)
{
    return bn_ptr(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}

pkey_ptr read_rsa(const json::object& jwk, std::string& fault)
{
    std::string n, e;
    // 8192 bits, and some room for a leading zero that some issuers write.
    if (!bytes_of(jwk, "n", n) || !bytes_of(jwk, "e", e) || n.size() > 1025 || e.size() > 8) {
        fault = "n or e is missing, too long or no base64url";
        return nullptr;
    }
    const auto modulus = number(n), exponent = number(e);
    const param_bld_ptr members(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(members.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(members.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    return make_key("RSA", members.get());
}

pkey_ptr read_ec(const json::object& jwk, std::string& fault)
{
    const auto* curve = text_of(jwk, "crv");
    const bool is_256 = curve && *curve == "P-256";
    if (!is_256 && !(curve && *curve == "P-384")) {
        fault = "a curve other than P-256 and P-384";
        return nullptr;
    }
    const std::size_t length = is_256 ? 32 : 48;
    std::string x, y;
    if (!bytes_of(jwk, "x", x) || !bytes_of(jwk, "y", y) || x.size() != length || y.size() != length) {
        fault = "x or y is missing, of the wrong length or no base64url";
        return nullptr;
    }
    const std::string point = '\4' + x + y;
    const param_bld_ptr members(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(members.get(), OSSL_PKEY_PARAM_GROUP_NAME, is_256 ? "P-256" : "P-384", 0);
    OSSL_PARAM_BLD_push_octet_string(members.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    auto made = make_key("EC", members.get());
    if (!made)
        fault = "a point that is not on its curve";
    return made;
}

pkey_ptr read_okp(const json::object& jwk, std::string& fault)
{
    const auto* curve = text_of(jwk, "crv");
    std::string x;
    if (!curve || *curve != "Ed25519") {
        fault = "a curve other than Ed25519";
        return nullptr;
    }
    if (!bytes_of(jwk, "x", x) || x.size() != 32) {
        fault = "x is missing, of the wrong length or no base64url";
        return nullptr;
    }
    pkey_ptr made(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                              reinterpret_cast<const unsigned char*>(x.data()), x.size()));
    ERR_clear_error();
    return made;
}

/// `key_ops`, if present, must allow to verify.
bool may_verify(const json::object& jwk)
{
    const auto* value = jwk.if_contains("key_ops");
    if (!value)
        return true;
    const auto* list = value->if_array();
    if (!list)
        return false;
    for (const auto& each : *list)
        if (each.is_string() && each.as_string() == "verify")
            return true;
    return false;
}

} // namespace

jwk_reading read_jwk(const json::object& jwk)
{
    jwk_reading reading;
    const auto refuse = [&reading](const char* why) {
        reading.one.handle.reset();
        reading.fault = why;
    };
    const auto* type = text_of(jwk, "kty");
    const auto* kid = jwk.if_contains("kid");
    const auto* alg = jwk.if_contains("alg");
    const auto* use = jwk.if_contains("use");
    if (!type)
        refuse("kty is missing");
    else if (*type == "oct" || jwk.contains("k"))
        refuse("a symmetric key");
    else if (jwk.contains("d"))
        refuse("a private key");
    else if (kid && !kid->is_string())
        refuse("kid is no text");
    else if ((use && !(use->is_string() && use->as_string() == "sig")) || !may_verify(jwk))
        refuse("not for signatures");
    else if (*type == "RSA")
        reading.one.handle = read_rsa(jwk, reading.fault);
    else if (*type == "EC")
        reading.one.handle = read_ec(jwk, reading.fault);
    else if (*type == "OKP")
        reading.one.handle = read_okp(jwk, reading.fault);
    else
        refuse("an unknown kty");
    if (!reading.one.handle) {
        if (reading.fault.empty())
            reading.fault = "its numbers make no key";
        return reading;
    }
    const auto check = check_key(*reading.one.handle);
    if (check.fault) {
        refuse(check.fault);
        return reading;
    }
    reading.one.allowed = check.allowed;
    if (kid)
        reading.one.kid = kid->as_string();
    if (alg) {
        const auto fixed = alg->is_string() ? parse_algorithm(alg->as_string()) : std::nullopt;
        if (!fixed || !reading.one.allows(*fixed)) {
            refuse("an alg that does not suit the key");
            return reading;
        }
        reading.one.allowed = static_cast<std::uint8_t>(1U << static_cast<unsigned>(*fixed));
    }
    if (!prepare(reading.one))
        refuse("a key that OpenSSL can't verify with");
    return reading;
}

} // namespace usher::token::detail
