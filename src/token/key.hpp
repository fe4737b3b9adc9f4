// One public key and what it may be used for.
//
// The algorithm is a property of the key and never taken from the token: a token names one, and it is refused unless
// the key allows it. So a public key can't be passed off as the secret of another algorithm.
#ifndef USHER_TOKEN_KEY_HPP
#define USHER_TOKEN_KEY_HPP

#include <usher/token/keys.hpp>

#include "token/openssl.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace usher::token::detail {

struct key {
    std::string kid;        ///< empty: none
    bool any_kid = false;   ///< given by the caller without an id: tried whatever a token says
    std::uint8_t allowed{}; ///< set of algorithms, a bit each
    pkey_ptr handle;

    /// For each algorithm that is allowed: ready to verify. Copying one costs a tenth of making one.
    std::array<md_ctx_ptr, 6> ready;

    bool allows(algorithm one) const noexcept { return (allowed >> static_cast<unsigned>(one) & 1U) != 0; }
};

/// Nothing for a name that is not exactly one of ours, `none` and `HS256` among them.
std::optional<algorithm> parse_algorithm(std::string_view name) noexcept;

/// What algorithms a key of this kind allows, or why it can't be used: kind, curve, length.
struct key_check {
    std::uint8_t allowed = 0;
    const char* fault = nullptr;
};
key_check check_key(EVP_PKEY& handle);

/// Makes `ready`, after `allowed` and `handle` are there. False: OpenSSL can't verify with this key.
bool prepare(key& one);

/// Whether `signature` (as JOSE has it) is that of `text`. `by` must allow `how`.
bool verify_signature(const key& by, algorithm how, std::string_view text, std::string_view signature);

} // namespace usher::token::detail

#endif
