#include "login/login_state.hpp"

#include "token/base64url.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace usher::scalekit {

namespace {

constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
constexpr std::size_t shortest = 43;
constexpr std::size_t longest = 128;

void fill_random(unsigned char* bytes, std::size_t size)
{
    if (RAND_priv_bytes(bytes, static_cast<int>(size)) != 1)
        throw std::runtime_error("OpenSSL has no random bytes");
}

} // namespace

proof_key proof_key::make(std::size_t length)
{
    if (length < shortest || length > longest)
        throw std::invalid_argument("proof key: a verifier has 43 to 128 characters");
    // 66 does not divide 256: bytes from 198 on are thrown away, so that no character is likelier than another.
    constexpr unsigned char bound = 256 / unreserved.size() * unreserved.size();
    std::string verifier;
    verifier.reserve(length);
    std::array<unsigned char, longest> bytes;
    while (verifier.size() < length) {
        fill_random(bytes.data(), bytes.size());
        for (const unsigned char byte : bytes)
            if (byte < bound && verifier.size() < length)
                verifier += unreserved[byte % unreserved.size()];
    }
    OPENSSL_cleanse(bytes.data(), bytes.size());
    secret kept(verifier);
    OPENSSL_cleanse(verifier.data(), verifier.size());
    return proof_key(std::move(kept));
}

proof_key::proof_key(secret verifier) : verifier_(std::move(verifier))
{
    const auto text = verifier_.reveal();
    if (text.size() < shortest || text.size() > longest)
        throw std::invalid_argument("proof key: a verifier has 43 to 128 characters");
    if (!std::all_of(text.begin(), text.end(), [](char c) { return unreserved.find(c) != std::string_view::npos; }))
        throw std::invalid_argument("proof key: a verifier has letters, digits and - . _ ~ only");
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL could not compute SHA-256");
    challenge_ = token::detail::encode_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string random_text()
{
    std::array<unsigned char, 32> bytes{};
    fill_random(bytes.data(), bytes.size());
    return token::detail::encode_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

} // namespace usher::scalekit
