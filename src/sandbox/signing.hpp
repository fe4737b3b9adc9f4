#pragma once

#include <boost/json.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::sandbox {

namespace json = boost::json;

std::string base64url(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text); // padding is optional
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
std::string base64(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text); // the usual alphabet, padded or not

// An RSA key of 2048 bits that signs JWTs (RS256).
class signing_key {
public:
    signing_key();
    ~signing_key();
    signing_key(const signing_key&) = delete;
    signing_key& operator=(const signing_key&) = delete;

    [[nodiscard]] const std::string& id() const { return id_; }    // the thumbprint of RFC 7638
    [[nodiscard]] const json::object& jwk() const { return jwk_; } // the public half
    [[nodiscard]] std::string public_pem() const;
    [[nodiscard]] std::string sign(std::string_view bytes) const;

private:
    struct native;
    std::unique_ptr<native> native_;
    std::string id_;
    json::object jwk_;
};

// The keys of one server: the one that signs, and those that are published. A key is made when it is first needed,
// since that takes a tenth of a second; keys of servers that have gone are used again by later ones, and never by two
// at a time.
//
// Thread safety: every member may be called from any thread.
class key_ring {
public:
    key_ring();
    ~key_ring();
    key_ring(const key_ring&) = delete;
    key_ring& operator=(const key_ring&) = delete;

    // header.claims.signature; members of `header` replace alg, typ and kid.
    std::string sign(const json::object& header, const json::object& claims);

    // Whether this text was signed by one of the published keys.
    bool signed_here(std::string_view token);

    json::object published(); // {"keys":[…]}, the newest first
    std::string public_pem();
    void rotate(bool publish_old);

private:
    const signing_key& current();
    void add();

    std::mutex mutex_;
    std::vector<std::unique_ptr<signing_key>> keys_; // the newest last
    std::size_t hidden_ = 0;                         // so many of the oldest are not published any more
};

// The claims of a token, without a look at its signature. Nothing when it is no JWT.
std::optional<json::object> claims_of(std::string_view token);

} // namespace usher::sandbox
