#include "webhook/signing_key.hpp"

#include "webhook/base64.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <stdexcept>

namespace usher::webhook {

namespace {

/// HMAC hides its key as long as that can't be guessed (RFC 2104, section 3); the providers' have 24 bytes and more.
constexpr std::size_t least_key_size = 16;

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

[[noreturn]] void fail()
{
    throw std::runtime_error("webhook: OpenSSL can't compute an HMAC-SHA256");
}

} // namespace

void signing_key::free_context::operator()(evp_mac_ctx_st* context) const noexcept
{
    EVP_MAC_CTX_free(context);
}

signing_key::signing_key(const secret& text, const std::string& name)
{
    std::string_view encoded = text.reveal();
    constexpr std::string_view prefix = "whsec_";
    if (encoded.starts_with(prefix))
        encoded.remove_prefix(prefix.size());
    if (encoded.empty())
        throw std::invalid_argument(name + " is empty");
    auto key = decode_base64(encoded);
    if (!key)
        throw std::invalid_argument(name + " is not what stands after whsec_: no base64");
    if (key->size() < least_key_size) {
        OPENSSL_cleanse(key->data(), key->size());
        throw std::invalid_argument(name + " is shorter than " + std::to_string(least_key_size) + " bytes");
    }

    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    keyed_.reset(mac == nullptr ? nullptr : EVP_MAC_CTX_new(mac));
    EVP_MAC_free(mac);
    const bool ready = keyed_ && EVP_MAC_init(keyed_.get(), bytes_of(*key), key->size(), parameters) == 1;
    OPENSSL_cleanse(key->data(), key->size());
    if (!ready)
        fail();
}

signature_text signing_key::sign(std::string_view id, std::string_view timestamp, std::string_view body) const
{
    const context own(EVP_MAC_CTX_dup(keyed_.get()));
    const auto take = [&](std::string_view part) {
        return EVP_MAC_update(own.get(), bytes_of(part), part.size()) == 1;
    };
    std::array<unsigned char, 32> digest{};
    std::size_t size = 0;
    if (!own || !take(id) || !take(".") || !take(timestamp) || !take(".") || !take(body) ||
        EVP_MAC_final(own.get(), digest.data(), &size, digest.size()) != 1 || size != digest.size())
        fail();

    std::array<unsigned char, std::tuple_size_v<signature_text> + 1> text{}; // and a zero
    EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    signature_text signature{};
    std::copy_n(text.begin(), signature.size(), signature.begin());
    return signature;
}

bool is_signable_id(std::string_view id) noexcept
{
    return !id.empty() && id.size() <= 256 &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~' && c != '.'; });
}

} // namespace usher::webhook
