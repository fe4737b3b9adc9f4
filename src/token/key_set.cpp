#include "token/jwk.hpp"
#include "token/strict_json.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <utility>

namespace usher::token {

namespace {

constexpr std::size_t most_keys = 32;
constexpr std::size_t most_bytes = 1024 * 1024;

usher::error fault(error_kind kind, std::string text)
{
    error_details details;
    details.kind = kind;
    details.text = std::move(text);
    return usher::error(std::move(details));
}

/// Gives no passphrase: an encrypted key must not make the program ask for one.
int no_passphrase(char*, int, int, void*)
{
    return -1;
}

detail::pkey_ptr read_public_pem(std::string_view pem)
{
    const detail::bio_ptr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (pem.find("CERTIFICATE-----") != std::string_view::npos) {
        const detail::x509_ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
        return detail::pkey_ptr(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
    }
    if (pem.find("-----BEGIN RSA PUBLIC KEY-----") != std::string_view::npos) {
        // PKCS #1, which PEM_read_bio_PUBKEY does not read.
        EVP_PKEY* made = nullptr;
        unsigned char* der = nullptr;
        long size = 0;
        if (PEM_bytes_read_bio(&der, &size, nullptr, "RSA PUBLIC KEY", bio.get(), no_passphrase, nullptr) == 1) {
            const unsigned char* at = der;
            made = d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size);
            OPENSSL_free(der);
        }
        return detail::pkey_ptr(made);
    }
    return detail::pkey_ptr(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
}

} // namespace

result<key_set> key_set::from_jwks(std::string_view json)
{
    if (json.size() > most_bytes)
        return fault(error_kind::decode, "the JWK set is larger than 1 MiB");
    const auto whole = detail::parse_strict(json, 16);
    const auto* list = whole ? whole->if_contains("keys") : nullptr;
    if (!list || !list->is_array())
        return fault(error_kind::decode, "no JWK set: expected a JSON object with an array `keys`");
    if (list->as_array().size() > most_keys)
        return fault(error_kind::decode, "the JWK set has more than 32 keys");
    auto keys = std::make_shared<std::vector<detail::key>>();
    std::string why = "it is empty";
    for (const auto& item : list->as_array()) {
        if (!item.is_object())
            return fault(error_kind::decode, "no JWK set: a key is not an object");
        auto reading = detail::read_jwk(item.as_object());
        if (reading.one.handle)
            keys->push_back(std::move(reading.one));
        else
            why = std::move(reading.fault);
    }
    if (keys->empty())
        return fault(error_kind::decode, "the JWK set has no key that can be used: " + why);
    key_set set;
    set.keys_ = std::move(keys);
    return set;
}

result<key_set> key_set::from_pem(std::string_view pem, std::string_view kid)
{
    if (pem.size() > most_bytes)
        return fault(error_kind::invalid_request, "the PEM text is larger than 1 MiB");
    if (pem.find("PRIVATE KEY-----") != std::string_view::npos)
        return fault(error_kind::invalid_request, "the PEM text has a private key; verification wants the public one");
    auto handle = read_public_pem(pem);
    ERR_clear_error();
    if (!handle)
        return fault(error_kind::invalid_request, "no public key or certificate in PEM");
    const auto check = detail::check_key(*handle);
    if (check.fault)
        return fault(error_kind::invalid_request, std::string("the PEM text has ") + check.fault);
    detail::key one;
    one.kid = kid;
    one.any_kid = kid.empty();
    one.allowed = check.allowed;
    one.handle = std::move(handle);
    if (!detail::prepare(one))
        return fault(error_kind::invalid_request, "the PEM text has a key that OpenSSL can't verify with");
    auto keys = std::make_shared<std::vector<detail::key>>();
    keys->push_back(std::move(one));
    key_set set;
    set.keys_ = std::move(keys);
    return set;
}

std::size_t key_set::size() const noexcept
{
    return keys_ ? keys_->size() : 0;
}

std::vector<std::string> key_set::ids() const
{
    std::vector<std::string> ids;
    if (keys_)
        for (const auto& each : *keys_)
            ids.push_back(each.kid);
    return ids;
}

} // namespace usher::token
