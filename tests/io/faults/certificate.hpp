// A certificate for 127.0.0.1 that signed itself, made on the spot.
#ifndef USHER_TESTS_IO_FAULTS_CERTIFICATE_HPP
#define USHER_TESTS_IO_FAULTS_CERTIFICATE_HPP

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace usher::tests {

class certificate {
public:
    certificate() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), made_(X509_new(), X509_free)
    {
        X509_set_version(made_.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made_.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(made_.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made_.get()), 3600);
        X509_set_pubkey(made_.get(), key_.get());
        auto* const name = X509_get_subject_name(made_.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
        X509_set_issuer_name(made_.get(), name);
        extend(NID_basic_constraints, "critical,CA:TRUE");
        extend(NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
        if (X509_sign(made_.get(), key_.get(), EVP_sha256()) == 0)
            throw std::runtime_error("the certificate could not be signed");
    }

    EVP_PKEY* key() const noexcept { return key_.get(); }
    X509* get() const noexcept { return made_.get(); }
    std::string pem() const
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> to(BIO_new(BIO_s_mem()), BIO_free);
        PEM_write_bio_X509(to.get(), made_.get());
        char* text = nullptr;
        const auto size = BIO_get_mem_data(to.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }

private:
    void extend(int what, const char* value)
    {
        const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> one(
            X509V3_EXT_conf_nid(nullptr, nullptr, what, value), X509_EXTENSION_free);
        X509_add_ext(made_.get(), one.get(), -1);
    }

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> made_;
};

} // namespace usher::tests

#endif
