#include "net/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <climits>
#include <stdexcept>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;

// A BIO that hands everything to the stream below, so that TLS runs on any stream.
struct tls_bio {
    static tls_stream& self(BIO* bio) noexcept { return *static_cast<tls_stream*>(BIO_get_data(bio)); }

    static int finish(BIO* bio, const io_result& result) noexcept
    {
        self(bio).last_below_ = result;
        switch (result.state) {
        case io_state::ready:
            return static_cast<int>(result.bytes);
        case io_state::want_read:
            BIO_set_retry_read(bio);
            return -1;
        case io_state::want_write:
        case io_state::want_either:
            BIO_set_retry_write(bio);
            return -1;
        case io_state::closed:
            return 0;
        case io_state::failed:
            break;
        }
        return -1;
    }

    static int read(BIO* bio, char* data, int size) noexcept
    {
        BIO_clear_retry_flags(bio);
        return finish(bio, self(bio).below_->read_some(data, static_cast<std::size_t>(size)));
    }

    static int write(BIO* bio, const char* data, int size) noexcept
    {
        BIO_clear_retry_flags(bio);
        return finish(bio, self(bio).below_->write_some(data, static_cast<std::size_t>(size)));
    }

    static long control(BIO*, int command, long, void*) noexcept { return command == BIO_CTRL_FLUSH ? 1 : 0; }

    static BIO_METHOD* method()
    {
        static BIO_METHOD* const made = [] {
            auto* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "usher stream");
            BIO_meth_set_read(m, read);
            BIO_meth_set_write(m, write);
            BIO_meth_set_ctrl(m, control);
            return m;
        }();
        return made;
    }
};

void tls_sessions::put(SSL_SESSION* session)
{
    if (sessions_.size() >= most)
        sessions_.erase(sessions_.begin());
    sessions_.emplace_back(session);
}

std::unique_ptr<SSL_SESSION, tls_deleter> tls_sessions::take()
{
    if (sessions_.empty())
        return nullptr;
    auto session = std::move(sessions_.back());
    sessions_.pop_back();
    // Before TLS 1.3 a session may be used again.
    if (SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION && SSL_SESSION_up_ref(session.get()) == 1)
        sessions_.emplace(sessions_.begin(), session.get());
    return session;
}

namespace {

std::string openssl_reason()
{
    const auto code = ERR_get_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == nullptr ? "no reason given" : reason;
}

void trust_pem(SSL_CTX* context, const std::string& pem)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                        BIO_free);
    int read = 0;
    while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate);
        X509_free(certificate);
        ++read;
    }
    ERR_clear_error();
    if (read == 0)
        throw std::runtime_error("the given text holds no certificate authority in PEM form");
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

tls_context::tls_context(const std::string& ca_file, const std::string& ca_pem)
    : context_(SSL_CTX_new(TLS_client_method()))
{
    auto* const context = context_.get();
    if (context == nullptr)
        throw std::runtime_error("OpenSSL could not make a TLS context: " + openssl_reason());
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    // One read from the socket takes in whole records instead of a header and then a body.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1)
        throw std::runtime_error("certificate authorities in \"" + ca_file + "\": " + openssl_reason());
    if (!ca_pem.empty())
        trust_pem(context, ca_pem);
    if (ca_file.empty() && ca_pem.empty())
        SSL_CTX_set_default_verify_paths(context);
}

tls_stream::tls_stream(std::unique_ptr<stream> below, const tls_context& context, const std::string& host,
                       std::shared_ptr<tls_sessions> sessions)
    : below_(std::move(below)), sessions_(std::move(sessions)), ssl_(SSL_new(context.get()))
{
    if (!ssl_)
        throw std::bad_alloc();
    auto* const bio = BIO_new(tls_bio::method());
    if (bio == nullptr)
        throw std::bad_alloc();
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_connect_state(ssl_.get());

    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    auto* const verify = SSL_get0_param(ssl_.get());
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (not_an_address) {
        SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
        X509_VERIFY_PARAM_set1_host(verify, host.data(), host.size());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(verify, host.c_str());
    }
    if (auto session = sessions_->take())
        SSL_set_session(ssl_.get(), session.get());
}

tls_stream::~tls_stream()
{
    close();
}

io_result tls_stream::outcome(int returned) noexcept
{
    switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
        return {io_state::want_read, 0, {}};
    case SSL_ERROR_WANT_WRITE:
        return {io_state::want_write, 0, {}};
    case SSL_ERROR_ZERO_RETURN:
        return {io_state::closed, 0, asio::error::eof};
    default:
        break;
    }
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    if (last_below_.state == io_state::failed)
        return {io_state::failed, 0, last_below_.error};
    if (last_below_.state == io_state::closed)
        return {io_state::failed, 0, asio::ssl::error::stream_truncated};
    if (code == 0)
        return {io_state::failed, 0, asio::error::connection_reset};
    return {io_state::failed, 0, error_code(static_cast<int>(code), asio::error::get_ssl_category())};
}

io_result tls_stream::read_some(char* data, std::size_t size) noexcept
{
    std::size_t bytes = 0;
    ERR_clear_error();
    const int returned = SSL_read_ex(ssl_.get(), data, size, &bytes);
    return returned == 1 ? io_result{io_state::ready, bytes, {}} : outcome(returned);
}

io_result tls_stream::write_some(const char* data, std::size_t size) noexcept
{
    std::size_t bytes = 0;
    ERR_clear_error();
    const int returned = SSL_write_ex(ssl_.get(), data, size, &bytes);
    return returned == 1 ? io_result{io_state::ready, bytes, {}} : outcome(returned);
}

io_result tls_stream::handshake() noexcept
{
    ERR_clear_error();
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned == 1)
        return {};
    auto result = outcome(returned);
    if (result.state == io_state::failed) {
        const auto verdict = SSL_get_verify_result(ssl_.get());
        if (verdict != X509_V_OK)
            failure_text_ = std::string("certificate refused: ") + X509_verify_cert_error_string(verdict);
    }
    return result;
}

bool tls_stream::resumed() const noexcept
{
    return SSL_session_reused(ssl_.get()) == 1;
}

void tls_stream::close() noexcept
{
    // A close_notify is sent when the socket takes it at once; nobody waits for the peer's.
    if (ssl_ && SSL_is_init_finished(ssl_.get()) && last_below_.state != io_state::failed) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
    SSL_set_app_data(ssl_.get(), nullptr);
    below_->close();
}

} // namespace usher::detail
