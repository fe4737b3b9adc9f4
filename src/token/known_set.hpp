// The key set that an issuer sent last. Issuers send the same one for months; its keys are made once.
#ifndef USHER_TOKEN_KNOWN_SET_HPP
#define USHER_TOKEN_KNOWN_SET_HPP

#include <usher/token/keys.hpp>

#include "token/digest.hpp"

namespace usher::token::detail {

class known_set {
public:
    /// As `key_set::from_jwks`; the same text as the last one that was good brings the same set.
    result<key_set> read(std::string_view jwks)
    {
        const auto digest = sha256(jwks);
        if (!keys_.empty() && digest == digest_)
            return keys_;
        auto keys = key_set::from_jwks(jwks);
        if (keys) {
            digest_ = digest;
            keys_ = *keys;
        }
        return keys;
    }

private:
    std::array<unsigned char, 32> digest_{};
    key_set keys_;
};

} // namespace usher::token::detail

#endif
