#include "net/tls.hpp"

#include "net/tls_text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <new>

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

tls_stream::tls_stream(std::unique_ptr<stream> below, const tls_context& context, const std::string& host,
                       std::shared_ptr<tls_sessions> sessions)
    : below_(std::move(below)), sessions_(std::move(sessions)), ssl_(SSL_new(context.get())), host_(host)
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
    // RFC 9525: a subject's common name is no host name, and a wildcard is a whole label.
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                                X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS);
    if (not_an_address) {
        is_named_ = SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1 &&
                    X509_VERIFY_PARAM_set1_host(verify, host.data(), host.size()) == 1;
    } else {
        is_named_ = X509_VERIFY_PARAM_set1_ip_asc(verify, host.c_str()) == 1;
    }
    if (auto session = sessions_->take(std::time(nullptr)))
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
    if (!is_named_) {
        // Without it a certificate for any name would do.
        failure_text_ = "no certificate can be checked for the host's name";
        return {io_state::failed, 0, asio::error::invalid_argument};
    }
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned == 1)
        return {};
    auto result = outcome(returned);
    if (result.state == io_state::failed) {
        const auto verdict = SSL_get_verify_result(ssl_.get());
        failure_text_ = verdict == X509_V_OK ? handshake_text(result.error) : verdict_text(verdict, host_);
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
