#include "sandbox/certificates.hpp"

#include "sandbox/openssl_ptr.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace usher::sandbox {

namespace {

key_ptr new_key()
{
    return key_ptr(must(EVP_EC_gen("P-256"), "making a key"));
}

void extend(X509* certificate, X509* issuer, int what, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const extension_ptr made(must(X509V3_EXT_nconf_nid(nullptr, &context, what, value), "making an extension"));
    must(X509_add_ext(certificate, made.get(), -1), "adding an extension");
}

cert_ptr new_certificate(EVP_PKEY* key, const char* name, X509* issuer)
{
    cert_ptr made(must(X509_new(), "making a certificate"));
    must(X509_set_version(made.get(), X509_VERSION_3), "setting the version");
    unsigned char serial[16];
    must(RAND_bytes(serial, sizeof serial) == 1, "random bytes");
    serial[0] &= 0x7f;
    const number_ptr number(must(BN_bin2bn(serial, sizeof serial, nullptr), "a serial number"));
    must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())), "a serial number");
    must(X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600), "setting the time");
    must(X509_gmtime_adj(X509_getm_notAfter(made.get()), 30L * 86'400), "setting the time");
    must(X509_set_pubkey(made.get(), key), "setting the key");
    auto* subject = X509_get_subject_name(made.get());
    must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1,
                                    0),
         "setting the name");
    must(X509_set_issuer_name(made.get(), issuer ? X509_get_subject_name(issuer) : subject), "setting the issuer");
    return made;
}

std::string text_of(BIO* from)
{
    char* data = nullptr;
    const auto size = BIO_get_mem_data(from, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate)
{
    const bio_ptr out(must(BIO_new(BIO_s_mem()), "memory"));
    must(PEM_write_bio_X509(out.get(), certificate), "writing a certificate");
    return text_of(out.get());
}

std::string pem(EVP_PKEY* key)
{
    const bio_ptr out(must(BIO_new(BIO_s_mem()), "memory"));
    must(PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr), "writing a key");
    return text_of(out.get());
}

} // namespace

credentials make_credentials(const std::string& address)
{
    const auto authority_key = new_key();
    const auto authority = new_certificate(authority_key.get(), "usher sandbox authority", nullptr);
    extend(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
    must(X509_sign(authority.get(), authority_key.get(), EVP_sha256()), "signing");

    const auto key = new_key();
    const auto certificate = new_certificate(key.get(), "localhost", authority.get());
    std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
    if (address != "127.0.0.1" && address != "::1" && address != "0.0.0.0" && address != "::")
        names += ",IP:" + address;
    extend(certificate.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(certificate.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
    extend(certificate.get(), authority.get(), NID_ext_key_usage, "serverAuth");
    extend(certificate.get(), authority.get(), NID_subject_alt_name, names.c_str());
    extend(certificate.get(), authority.get(), NID_subject_key_identifier, "hash");
    extend(certificate.get(), authority.get(), NID_authority_key_identifier, "keyid:always");
    must(X509_sign(certificate.get(), authority_key.get(), EVP_sha256()), "signing");

    credentials made;
    made.authority_pem = pem(authority.get());
    made.certificate_pem = pem(certificate.get());
    made.key_pem = pem(key.get());
    return made;
}

} // namespace usher::sandbox
