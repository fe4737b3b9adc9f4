// The key of a webhook secret, ready to sign.
#ifndef USHER_WEBHOOK_SIGNING_KEY_HPP
#define USHER_WEBHOOK_SIGNING_KEY_HPP

#include <usher/secret.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

namespace usher::webhook {

/// Base64 of an HMAC-SHA256.
using signature_text = std::array<char, 44>;

/// An HMAC-SHA256 that has taken in its key already: what is signed continues from a copy of it.
/// *Thread safety*: any number of threads may sign at a time.
class signing_key {
public:
    /// `whsec_…`; the prefix may be missing. *Errors*: `std::invalid_argument`, which calls the secret by `name`, if it
    /// is empty, no base64, or shorter than 16 bytes; `std::runtime_error` when OpenSSL has no HMAC-SHA256.
    signing_key(const secret& text, const std::string& name);

    /// Of `id.timestamp.body`. *Errors*: `std::runtime_error` when OpenSSL can't.
    signature_text sign(std::string_view id, std::string_view timestamp, std::string_view body) const;

private:
    struct free_context {
        void operator()(evp_mac_ctx_st* context) const noexcept;
    };
    using context = std::unique_ptr<evp_mac_ctx_st, free_context>;

    context keyed_;
};

/// True if the id can be signed without being mistaken: visible ASCII without the full stop, 1 to 256 characters.
bool is_signable_id(std::string_view id) noexcept;

} // namespace usher::webhook

#endif
