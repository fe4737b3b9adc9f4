#include "token/key.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include <array>

namespace usher::token {

namespace {

constexpr std::array<std::string_view, 6> names = {"RS256", "RS384", "RS512", "ES256", "ES384", "EdDSA"};

} // namespace

std::string_view to_string(algorithm algorithm) noexcept
{
    return names[static_cast<std::size_t>(algorithm)];
}

namespace detail {

namespace {

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;

template <class... Algorithms>
constexpr std::uint8_t set_of(Algorithms... each)
{
    return static_cast<std::uint8_t>(((1U << static_cast<unsigned>(each)) | ...));
}

const EVP_MD* digest_of(algorithm how)
{
    static const md_ptr sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    static const md_ptr sha384(EVP_MD_fetch(nullptr, "SHA384", nullptr));
    static const md_ptr sha512(EVP_MD_fetch(nullptr, "SHA512", nullptr));
    switch (how) {
    case algorithm::rs256:
    case algorithm::es256:
        return sha256.get();
    case algorithm::rs384:
    case algorithm::es384:
        return sha384.get();
    case algorithm::rs512:
        return sha512.get();
    case algorithm::eddsa:
        break;
    }
    return nullptr;
}

const unsigned char* bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// One DER integer of an unsigned big-endian number. At most 48 bytes.
std::size_t put_integer(unsigned char* to, std::string_view number)
{
    while (number.size() > 1 && number.front() == 0)
        number.remove_prefix(1);
    const bool padded = (static_cast<unsigned char>(number.front()) & 0x80U) != 0;
    std::size_t size = 0;
    to[size++] = 0x02;
    to[size++] = static_cast<unsigned char>(number.size() + (padded ? 1 : 0));
    if (padded)
        to[size++] = 0;
    for (const char c : number)
        to[size++] = static_cast<unsigned char>(c);
    return size;
}

/// RFC 7518 §3.4 has r and s side by side, OpenSSL wants a DER sequence of them. At most 2 + 2 × 51 bytes, so that each
/// length is one byte.
struct der_signature {
    explicit der_signature(std::string_view raw)
    {
        const auto half = raw.size() / 2;
        size = 2 + put_integer(bytes.data() + 2, raw.substr(0, half));
        size += put_integer(bytes.data() + size, raw.substr(half));
        bytes[0] = 0x30;
        bytes[1] = static_cast<unsigned char>(size - 2);
    }
    std::array<unsigned char, 104> bytes{};
    std::size_t size = 0;
};

bn_ptr number_of(const EVP_PKEY& handle, const char* name)
{
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(&handle, name, &number);
    return bn_ptr(number);
}

/// An odd modulus, and an odd exponent from 3 up that is below it.
bool is_rsa_shaped(const EVP_PKEY& handle)
{
    const auto modulus = number_of(handle, OSSL_PKEY_PARAM_RSA_N), exponent = number_of(handle, OSSL_PKEY_PARAM_RSA_E);
    return modulus && exponent && BN_is_odd(modulus.get()) && BN_is_odd(exponent.get()) && !BN_is_one(exponent.get()) &&
           BN_cmp(exponent.get(), modulus.get()) < 0;
}

/// OpenSSL's errors of this thread are of no use to anybody after it was said what they mean.
struct quiet {
    quiet() = default;
    quiet(const quiet&) = delete;
    quiet& operator=(const quiet&) = delete;
    ~quiet() { ERR_clear_error(); }
};

} // namespace

std::optional<algorithm> parse_algorithm(std::string_view name) noexcept
{
    for (std::size_t i = 0; i != names.size(); ++i)
        if (names[i] == name)
            return static_cast<algorithm>(i);
    return std::nullopt;
}

key_check check_key(EVP_PKEY& handle)
{
    const quiet at_the_end;
    key_check check;
    const auto refuse = [&check](const char* why) {
        check.allowed = 0;
        check.fault = why;
        return check;
    };
    const int bits = EVP_PKEY_get_bits(&handle);
    switch (EVP_PKEY_get_base_id(&handle)) {
    case EVP_PKEY_RSA:
        if (bits < least_rsa_bits)
            return refuse("an RSA key of less than 2048 bits");
        if (bits > most_rsa_bits)
            return refuse("an RSA key of more than 8192 bits");
        // OpenSSL's own check costs a primality test, up to 0.1 s, and finds no more that would let a forgery pass.
        if (!is_rsa_shaped(handle))
            return refuse("an RSA key whose modulus is even or whose exponent is none");
        check.allowed = set_of(algorithm::rs256, algorithm::rs384, algorithm::rs512);
        return check;
    case EVP_PKEY_EC: {
        char curve[32] = {};
        std::size_t size = 0;
        EVP_PKEY_get_group_name(&handle, curve, sizeof curve, &size);
        const std::string_view name(curve, size);
        if (name == "prime256v1" || name == "P-256")
            check.allowed = set_of(algorithm::es256);
        else if (name == "secp384r1" || name == "P-384")
            check.allowed = set_of(algorithm::es384);
        else
            return refuse("a curve other than P-256 and P-384");
        break;
    }
    case EVP_PKEY_ED25519:
        check.allowed = set_of(algorithm::eddsa);
        return check; // any 32 bytes are one
    default:
        return refuse("a key that is not RSA, EC or Ed25519");
    }
    const pkey_ctx_ptr context(EVP_PKEY_CTX_new_from_pkey(nullptr, &handle, nullptr));
    const bool is_valid = context && EVP_PKEY_public_check(context.get()) == 1;
    if (!is_valid)
        return refuse("no valid public key: its numbers do not fit together");
    return check;
}

bool prepare(key& one)
{
    const quiet at_the_end;
    for (std::size_t i = 0; i != one.ready.size(); ++i) {
        const auto how = static_cast<algorithm>(i);
        if (!one.allows(how))
            continue;
        one.ready[i].reset(EVP_MD_CTX_new());
        if (!one.ready[i] ||
            EVP_DigestVerifyInit(one.ready[i].get(), nullptr, digest_of(how), nullptr, one.handle.get()) != 1)
            return false;
    }
    return true;
}

bool verify_signature(const key& by, algorithm how, std::string_view text, std::string_view signature)
{
    // The prepared one is only read, so any number of threads may verify with one key.
    thread_local const md_ctx_ptr context(EVP_MD_CTX_new());
    const auto& ready = by.ready[static_cast<std::size_t>(how)];
    if (!ready || EVP_MD_CTX_copy_ex(context.get(), ready.get()) != 1) {
        ERR_clear_error();
        return false;
    }
    int verdict = 0;
    if (how == algorithm::es256 || how == algorithm::es384) {
        const std::size_t size = how == algorithm::es256 ? 64 : 96;
        if (signature.size() == size) {
            const der_signature der(signature);
            verdict = EVP_DigestVerify(context.get(), der.bytes.data(), der.size, bytes_of(text), text.size());
        }
    } else {
        verdict = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size());
    }
    if (verdict != 1)
        ERR_clear_error();
    return verdict == 1;
}

} // namespace detail

} // namespace usher::token
