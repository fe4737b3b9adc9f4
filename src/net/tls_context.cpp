#include "net/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace usher::detail {

namespace {

// A session of long ago would keep a certificate in use that has expired since.
constexpr std::time_t longest_life = 24 * 60 * 60;

std::time_t end_of(const SSL_SESSION* session)
{
    auto life = std::min<std::time_t>(SSL_SESSION_get_timeout(session), longest_life);
    const auto hint = SSL_SESSION_get_ticket_lifetime_hint(session);
    if (hint != 0)
        life = std::min(life, static_cast<std::time_t>(hint));
    return static_cast<std::time_t>(SSL_SESSION_get_time(session)) + life;
}

} // namespace

void tls_sessions::put(SSL_SESSION* session)
{
    if (sessions_.size() >= most)
        sessions_.pop_front();
    sessions_.emplace_back(session);
}

std::unique_ptr<SSL_SESSION, tls_deleter> tls_sessions::take(std::time_t now)
{
    while (!sessions_.empty()) {
        auto session = std::move(sessions_.back());
        sessions_.pop_back();
        if (now >= end_of(session.get()) || SSL_SESSION_is_resumable(session.get()) != 1)
            continue;
        // Before TLS 1.3 a session may be used again.
        if (SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION && SSL_SESSION_up_ref(session.get()) == 1)
            sessions_.emplace_front(session.get());
        return session;
    }
    return nullptr;
}

namespace {

std::string openssl_reason()
{
    const auto code = ERR_get_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == nullptr ? "no reason given" : reason;
}

// A setting that did not take would let through what it forbids.
void must(long returned, const char* what)
{
    if (returned != 1)
        throw std::runtime_error(std::string("OpenSSL could not ") + what + ": " + openssl_reason());
}

// What ends the reading of a PEM text: that there is no more of it, rather than that it is broken.
bool is_end_of_pem() noexcept
{
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;

bio_ptr over(const std::string& pem)
{
    return bio_ptr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
}

void trust_pem(X509_STORE* store, const std::string& pem, const std::string& where)
{
    const auto bio = over(pem);
    int read = 0;
    while (auto* certificate = PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr)) {
        const int added = X509_STORE_add_cert(store, certificate);
        X509_free(certificate);
        must(added, "take a certificate authority");
        ++read;
    }
    if (!is_end_of_pem() || read == 0)
        throw std::runtime_error(where + " holds no certificate authority in PEM form, or a broken one");
}

void revoke_pem(X509_STORE* store, const std::string& pem, const std::string& where)
{
    const auto bio = over(pem);
    int read = 0;
    while (auto* list = PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)) {
        const int added = X509_STORE_add_crl(store, list);
        X509_CRL_free(list);
        must(added, "take a revocation list");
        ++read;
    }
    // A list that is left out would let a revoked certificate pass.
    if (!is_end_of_pem() || read == 0)
        throw std::runtime_error(where + " holds no revocation list in PEM form, or a broken one");
}

std::string text_of(const std::string& file, const char* what)
{
    std::ifstream from(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(from), {}};
    if (!from)
        throw std::runtime_error(std::string(what) + " \"" + file + "\" can't be read");
    return text;
}

void look_up_revocation(SSL_CTX* context, const tls_trust& trust)
{
    auto* const store = SSL_CTX_get_cert_store(context);
    if (!trust.crl_file.empty())
        revoke_pem(store, text_of(trust.crl_file, "the file of revocation lists"), '"' + trust.crl_file + '"');
    if (!trust.crl_pem.empty())
        revoke_pem(store, trust.crl_pem, "the text of revocation lists");
    must(X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL), "look up revocation");
}

int keep_session(SSL* ssl, SSL_SESSION* session)
{
    auto* stream = static_cast<tls_stream*>(SSL_get_app_data(ssl));
    if (stream == nullptr)
        return 0;
    stream->sessions().put(session);
    return 1;
}

} // namespace

tls_context::tls_context(const tls_trust& trust) : context_(SSL_CTX_new(TLS_client_method()))
{
    auto* const context = context_.get();
    if (context == nullptr)
        throw std::runtime_error("OpenSSL could not make a TLS context: " + openssl_reason());
    // All of this is said here rather than left to the system's openssl.cnf, which differs from one to the next.
    SSL_CTX_set_security_level(context, 2);
    must(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION), "set the least version");
    must(SSL_CTX_set_max_proto_version(context, 0), "set the latest version");
    must(SSL_CTX_set_cipher_list(context, "DEFAULT:!aNULL:!eNULL:!PSK:!SRP"), "set the ciphers");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    // One read from the socket takes in whole records instead of a header and then a body.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_clear_options(context, SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION | SSL_OP_LEGACY_SERVER_CONNECT |
                                       SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_TICKET);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    auto* const store = SSL_CTX_get_cert_store(context);
    if (!trust.ca_file.empty())
        trust_pem(store, text_of(trust.ca_file, "the file of certificate authorities"), '"' + trust.ca_file + '"');
    if (!trust.ca_pem.empty())
        trust_pem(store, trust.ca_pem, "the text of certificate authorities");
    if (trust.ca_file.empty() && trust.ca_pem.empty())
        must(SSL_CTX_set_default_verify_paths(context), "look up the system's certificate authorities");
    if (!trust.crl_file.empty() || !trust.crl_pem.empty())
        look_up_revocation(context, trust);
}

} // namespace usher::detail
