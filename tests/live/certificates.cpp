#include "live/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace usher::tests {

namespace {

void must(bool holds, const char* what)
{
    if (!holds)
        throw std::runtime_error(std::string("certificate: ") + what);
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value)
{
    if (value.empty())
        return;
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* const made = X509V3_EXT_nconf_nid(nullptr, &context, what, value.c_str());
    must(made != nullptr, value.c_str());
    X509_add_ext(certificate, made, -1);
    X509_EXTENSION_free(made);
}

template <class Write>
std::string written(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    must(write(out.get()) == 1, "could not be written");
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::shared_ptr<EVP_PKEY> new_key(int rsa_bits)
{
    auto* const key = rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(static_cast<unsigned>(rsa_bits));
    must(key != nullptr, "no key");
    return {key, EVP_PKEY_free};
}

} // namespace

std::string identity::pem() const
{
    return written([this](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
}

identity make_identity(const certificate_text& text, const identity* issuer)
{
    identity made;
    made.key = new_key(text.rsa_bits);
    made.certificate = {X509_new(), X509_free};
    auto* const certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    std::int64_t serial = 0;
    must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "no random bytes");
    ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial & INT64_MAX);
    X509_gmtime_adj(X509_getm_notBefore(certificate), text.from);
    X509_gmtime_adj(X509_getm_notAfter(certificate), text.until);
    X509_set_pubkey(certificate, made.key.get());
    auto* const subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.common_name.c_str()), -1, -1, 0);
    auto* const above = issuer == nullptr ? certificate : issuer->certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(above));
    extend(certificate, above, NID_basic_constraints, text.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    extend(certificate, above, NID_key_usage, text.usage);
    extend(certificate, above, NID_ext_key_usage, text.purpose);
    extend(certificate, above, NID_subject_alt_name, text.names);
    extend(certificate, above, NID_name_constraints, text.constraints);
    extend(certificate, above, NID_subject_key_identifier, "hash");
    extend(certificate, above, NID_authority_key_identifier, "keyid");
    auto* const signer = issuer == nullptr ? made.key.get() : issuer->key.get();
    must(X509_sign(certificate, signer, EVP_get_digestbyname(text.digest.c_str())) != 0, "could not be signed");
    return made;
}

identity make_authority(const std::string& name, const identity* issuer)
{
    certificate_text text;
    text.common_name = "usher test " + name;
    text.is_authority = true;
    text.usage = "critical,keyCertSign,cRLSign";
    text.purpose.clear();
    return make_identity(text, issuer);
}

std::string make_revocation_list(const identity& issuer, const std::vector<identity>& revoked, long from, long until,
                                 const identity* signer)
{
    const std::shared_ptr<X509_CRL> list(X509_CRL_new(), X509_CRL_free);
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.certificate.get()));
    const std::shared_ptr<ASN1_TIME> time(ASN1_TIME_new(), ASN1_TIME_free);
    X509_gmtime_adj(time.get(), from);
    X509_CRL_set1_lastUpdate(list.get(), time.get());
    for (const auto& one : revoked) {
        auto* const entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one.certificate.get()));
        X509_REVOKED_set_revocationDate(entry, time.get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_gmtime_adj(time.get(), until);
    X509_CRL_set1_nextUpdate(list.get(), time.get());
    X509_CRL_sort(list.get());
    auto* const key = signer == nullptr ? issuer.key.get() : signer->key.get();
    must(X509_CRL_sign(list.get(), key, EVP_sha256()) != 0, "a list could not be signed");
    return written([&](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()); });
}

} // namespace usher::tests
