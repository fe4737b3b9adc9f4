#include "sandbox/signing.hpp"

#include "sandbox/openssl_ptr.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace usher::sandbox {

namespace {

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string number(const EVP_PKEY* key, const char* name)
{
    BIGNUM* raw = nullptr;
    must(EVP_PKEY_get_bn_param(key, name, &raw) == 1, "reading a key");
    const number_ptr kept(raw);
    std::string out(static_cast<std::size_t>(BN_num_bytes(raw)), '\0');
    BN_bn2bin(raw, reinterpret_cast<unsigned char*>(out.data()));
    return base64url(out);
}

constexpr std::string_view usual = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view digits)
{
    std::string out;
    out.reserve(bytes.size() * 4 / 3 + 4);
    unsigned held = 0;
    int bits = 0;
    for (const char c : bytes) {
        held = (held << 8) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6)
            out += digits[(held >> (bits - 6)) & 63];
    }
    if (bits > 0)
        out += digits[(held << (6 - bits)) & 63];
    return out;
}

std::optional<std::string> decode(std::string_view text, std::string_view digits)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    std::string out;
    unsigned held = 0;
    int bits = 0;
    for (const char c : text) {
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos)
            return std::nullopt;
        held = (held << 6) | static_cast<unsigned>(digit);
        if (bits += 6; bits >= 8) {
            bits -= 8;
            out += static_cast<char>((held >> bits) & 255);
        }
    }
    return text.size() % 4 == 1 ? std::nullopt : std::optional(std::move(out));
}

// Keys whose server has gone.
struct free_keys {
    std::mutex mutex;
    std::vector<std::unique_ptr<signing_key>> keys;
};

free_keys& spare()
{
    static free_keys all;
    return all;
}

} // namespace

std::string base64url(std::string_view bytes)
{
    return encode(bytes, url);
}

std::optional<std::string> base64url_decode(std::string_view text)
{
    return decode(text, url);
}

std::string base64(std::string_view bytes)
{
    auto out = encode(bytes, usual);
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::optional<std::string> base64_decode(std::string_view text)
{
    return decode(text, usual);
}

std::string sha256(std::string_view bytes)
{
    std::string out(32, '\0');
    must(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr, EVP_sha256(),
                    nullptr) == 1,
         "a digest");
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes)
{
    std::string out(32, '\0');
    must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(bytes), bytes.size(),
              reinterpret_cast<unsigned char*>(out.data()), nullptr),
         "a digest");
    return out;
}

struct signing_key::native {
    native() : key(must(EVP_RSA_gen(2048U), "making a key")) {}
    key_ptr key;
};

signing_key::signing_key() : native_(std::make_unique<native>())
{
    const auto n = number(native_->key.get(), OSSL_PKEY_PARAM_RSA_N);
    const auto e = number(native_->key.get(), OSSL_PKEY_PARAM_RSA_E);
    id_ = base64url(sha256("{\"e\":\"" + e + "\",\"kty\":\"RSA\",\"n\":\"" + n + "\"}"));
    jwk_ = {{"use", "sig"}, {"kty", "RSA"}, {"kid", id_}, {"alg", "RS256"}, {"n", n}, {"e", e}};
}

signing_key::~signing_key() = default;

std::string signing_key::public_pem() const
{
    const bio_ptr out(must(BIO_new(BIO_s_mem()), "memory"));
    must(PEM_write_bio_PUBKEY(out.get(), native_->key.get()), "writing a key");
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string signing_key::sign(std::string_view bytes) const
{
    const digest_ptr context(must(EVP_MD_CTX_new(), "memory"));
    must(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, native_->key.get()) == 1, "signing");
    std::string out(256, '\0');
    std::size_t size = out.size();
    must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes_of(bytes),
                        bytes.size()) == 1,
         "signing");
    out.resize(size);
    return out;
}

// The spare keys must outlive every ring.
key_ring::key_ring()
{
    spare();
}

key_ring::~key_ring()
{
    const std::lock_guard hold(spare().mutex);
    for (auto& one : keys_)
        spare().keys.push_back(std::move(one));
}

const signing_key& key_ring::current()
{
    if (keys_.size() == hidden_)
        add();
    return *keys_.back();
}

std::string key_ring::sign(const json::object& header, const json::object& claims)
{
    const std::lock_guard hold(mutex_);
    const auto& key = current();
    json::object head{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key.id()}};
    for (const auto& [name, value] : header)
        head[name] = value;
    auto text = base64url(json::serialize(head)) + "." + base64url(json::serialize(claims));
    return text + "." + base64url(key.sign(text));
}

bool key_ring::signed_here(std::string_view token)
{
    const std::lock_guard hold(mutex_);
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos)
        return false;
    // PKCS#1 v1.5 signatures have no randomness: signing again is verifying
    for (auto i = hidden_; i != keys_.size(); ++i)
        if (base64url(keys_[i]->sign(token.substr(0, dot))) == token.substr(dot + 1))
            return true;
    return false;
}

json::object key_ring::published()
{
    const std::lock_guard hold(mutex_);
    current();
    json::array out;
    for (auto i = keys_.size(); i != hidden_; --i)
        out.push_back(keys_[i - 1]->jwk());
    return {{"keys", std::move(out)}};
}

std::string key_ring::public_pem()
{
    const std::lock_guard hold(mutex_);
    return current().public_pem();
}

void key_ring::rotate(bool publish_old)
{
    const std::lock_guard hold(mutex_);
    current(); // so that there is an old one
    if (!publish_old)
        hidden_ = keys_.size();
    add();
}

void key_ring::add()
{
    {
        const std::lock_guard others(spare().mutex);
        if (auto& free = spare().keys; !free.empty()) {
            keys_.push_back(std::move(free.front()));
            free.erase(free.begin());
            return;
        }
    }
    keys_.push_back(std::make_unique<signing_key>());
}

std::optional<json::object> claims_of(std::string_view token)
{
    const auto first = token.find('.'), last = token.rfind('.');
    if (first == std::string_view::npos || first == last)
        return std::nullopt;
    const auto text = base64url_decode(token.substr(first + 1, last - first - 1));
    boost::system::error_code e;
    auto parsed = text ? json::parse(*text, e) : json::value();
    return !e && parsed.is_object() ? std::optional(std::move(parsed.get_object())) : std::nullopt;
}

} // namespace usher::sandbox
