// Certificates of every kind, good and bad, made in the program: what a public authority would never sign.
#ifndef USHER_TESTS_LIVE_CERTIFICATES_HPP
#define USHER_TESTS_LIVE_CERTIFICATES_HPP

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace usher::tests {

/// What a certificate says. Times are in seconds from now.
struct certificate_text {
    certificate_text() = default;
    explicit certificate_text(std::string names_) : names(std::move(names_)) {}
    std::string common_name = "usher test";
    std::string names; ///< subjectAltName; empty: none
    long from = -3600;
    long until = 86'400;
    std::string digest = "SHA256";
    int rsa_bits = 0; ///< 0: an elliptic curve, P-256
    bool is_authority = false;
    std::string usage;                  ///< keyUsage; empty: none
    std::string purpose = "serverAuth"; ///< extendedKeyUsage; empty: none
    std::string constraints;            ///< nameConstraints; empty: none
};

/// A certificate with its key.
struct identity {
    identity() = default;
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;
    std::string pem() const;
};

/// `issuer` null: it signs itself.
identity make_identity(const certificate_text& text, const identity* issuer = nullptr);
/// An authority that signs itself, or one below another.
identity make_authority(const std::string& name, const identity* issuer = nullptr);
/// A revocation list in PEM form. `signer` null: the issuer signs it.
std::string make_revocation_list(const identity& issuer, const std::vector<identity>& revoked, long from = -3600,
                                 long until = 86'400, const identity* signer = nullptr);

} // namespace usher::tests

#endif
