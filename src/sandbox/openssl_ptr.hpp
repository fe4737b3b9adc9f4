// OpenSSL's objects, freed when they go.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace usher::sandbox {

template <auto Free>
struct openssl_free {
    template <class T>
    void operator()(T* p) const
    {
        Free(p);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, openssl_free<EVP_PKEY_free>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, openssl_free<EVP_MD_CTX_free>>;
using number_ptr = std::unique_ptr<BIGNUM, openssl_free<BN_free>>;
using bio_ptr = std::unique_ptr<BIO, openssl_free<BIO_free_all>>;
using cert_ptr = std::unique_ptr<X509, openssl_free<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, openssl_free<X509_EXTENSION_free>>;

/// Throws what OpenSSL says.
[[noreturn]] inline void fail_openssl(const char* what)
{
    char reason[200];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    throw std::runtime_error(std::string("sandbox: ") + what + ": " + reason);
}

/// The result, unless it is null or false.
template <class T>
T must(T result, const char* what)
{
    if (!result)
        fail_openssl(what);
    return result;
}

} // namespace usher::sandbox
