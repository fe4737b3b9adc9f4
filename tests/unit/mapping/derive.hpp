// Hashes of passwords as OpenSSL computes them, so that digests in tests are real ones.
#ifndef USHER_TESTS_MAPPING_DERIVE_HPP
#define USHER_TESTS_MAPPING_DERIVE_HPP

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace derive {

inline const unsigned char* bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

inline unsigned char* bytes(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

inline void need(bool done)
{
    if (!done)
        throw std::runtime_error("OpenSSL could not compute a hash");
}

inline std::string hash(const EVP_MD* type, std::string_view data)
{
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    need(EVP_Digest(data.data(), data.size(), bytes(out), &size, type, nullptr) == 1);
    out.resize(size);
    return out;
}

inline std::string hmac_sha256(std::string_view key, std::string_view data)
{
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    need(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(data), data.size(), bytes(out), &size));
    out.resize(size);
    return out;
}

inline std::string pbkdf2(const EVP_MD* type, std::string_view password, std::string_view salt, int iterations,
                          std::size_t size)
{
    std::string out(size, '\0');
    need(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes(salt),
                           static_cast<int>(salt.size()), iterations, type, static_cast<int>(size), bytes(out)) == 1);
    return out;
}

inline std::string scrypt(std::string_view password, std::string_view salt, std::uint64_t n, std::uint64_t r,
                          std::uint64_t p, std::size_t size)
{
    std::string out(size, '\0');
    constexpr std::uint64_t most_memory = 128 * 1024 * 1024;
    need(EVP_PBE_scrypt(password.data(), password.size(), bytes(salt), salt.size(), n, r, p, most_memory, bytes(out),
                        size) == 1);
    return out;
}

/// AES-256 in counter mode from zero.
inline std::string aes_ctr(std::string_view key, std::string_view data)
{
    const unsigned char zero[16] = {};
    std::string out(data.size(), '\0');
    int size = 0;
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    const bool done = context && key.size() == 32 &&
                      EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), nullptr, bytes(key), zero) == 1 &&
                      EVP_EncryptUpdate(context, bytes(out), &size, bytes(data), static_cast<int>(data.size())) == 1;
    EVP_CIPHER_CTX_free(context);
    need(done && static_cast<std::size_t>(size) == data.size());
    return out;
}

/// With padding; OpenSSL's, so that it is not the code under test that is compared with itself.
inline std::string base64(std::string_view data)
{
    std::string out(data.size() / 3 * 4 + 5, '\0');
    const int size = EVP_EncodeBlock(bytes(out), bytes(data), static_cast<int>(data.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

inline std::string from_base64(std::string_view text)
{
    std::string out(text.size(), '\0');
    const int size = EVP_DecodeBlock(bytes(out), bytes(text), static_cast<int>(text.size()));
    need(size >= 0);
    const auto padding = text.size() - text.find_last_not_of('=') - 1;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

inline std::string hex(std::string_view data)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : data) {
        out += digits[static_cast<unsigned char>(c) / 16];
        out += digits[static_cast<unsigned char>(c) % 16];
    }
    return out;
}

inline std::string from_hex(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    return out;
}

} // namespace derive

#endif
