// Public keys that tokens are verified with.
#ifndef USHER_TOKEN_KEYS_HPP
#define USHER_TOKEN_KEYS_HPP

#include <usher/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace usher::token {

enum class algorithm : std::uint8_t { rs256, rs384, rs512, es256, es384, eddsa };

/// As the `alg` header has it: `RS256`.
std::string_view to_string(algorithm algorithm) noexcept;

namespace detail {
struct key;
}

/// A set of public keys, each with its one family of algorithms: RSA of 2048 to 8192 bits (RS256, RS384, RS512), EC on
/// P-256 (ES256) and P-384 (ES384), Ed25519 (EdDSA).
///
/// *Lifetime*: a small value; copies share the keys. *Thread safety*: reading is safe from any thread.
class key_set {
public:
    /// Empty: refuses every token.
    key_set() noexcept = default;

    /// Reads a JWK set (RFC 7517). `alg` of a key, if present, is the only one that it may be used with.
    ///
    /// Skipped, as the RFC has it, are keys of an unknown type, and keys that must not or can't verify: symmetric or
    /// private ones, `use` other than `sig`, an `alg` that does not suit the key, a length out of range, a point that
    /// is not on its curve. *Errors*: `decode` when the text is no JWK set, has more than 32 keys or none that can be
    /// used (the text says why the last one can't).
    static result<key_set> from_jwks(std::string_view json);

    /// Reads one public key or certificate (the certificate's own validity is not looked at).
    /// With `kid`, the key is for tokens with this `kid` only; without, it is tried whatever a token's `kid` says.
    /// *Errors*: `invalid_request` when there is none, or for a private key, or one of a kind or length that is not
    /// allowed.
    static result<key_set> from_pem(std::string_view pem, std::string_view kid = std::string_view());

    std::size_t size() const noexcept;
    bool empty() const noexcept { return size() == 0; }
    /// The keys' ids in their order; empty texts for keys without one.
    std::vector<std::string> ids() const;

    /// The keys themselves, for the verifier.
    const std::vector<detail::key>* keys() const noexcept { return keys_.get(); }

private:
    std::shared_ptr<const std::vector<detail::key>> keys_;
};

} // namespace usher::token

#endif
