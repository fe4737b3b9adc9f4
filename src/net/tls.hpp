// TLS as a client: peer and host name verified, revoked certificates refused if lists are given, 1.2 at least, keys and
// signatures of 112 bits at least, sessions resumed.
#ifndef USHER_NET_TLS_HPP
#define USHER_NET_TLS_HPP

#include <usher/options.hpp>

#include "net/stream.hpp"

#include <openssl/ssl.h>

#include <ctime>
#include <deque>
#include <memory>
#include <string>

namespace usher::detail {

struct tls_deleter {
    void operator()(SSL* p) const noexcept { SSL_free(p); }
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
    void operator()(SSL_SESSION* p) const noexcept { SSL_SESSION_free(p); }
};

/// Sessions of one origin under one configuration and through one proxy. A TLS 1.3 ticket is used once; the youngest is
/// taken first, and what is past its lifetime is dropped.
class tls_sessions {
public:
    static constexpr std::size_t most = 128;

    /// Takes over the reference.
    void put(SSL_SESSION* session);
    /// `now` is in seconds since 1970, as OpenSSL counts. Null: there is none.
    std::unique_ptr<SSL_SESSION, tls_deleter> take(std::time_t now);
    std::size_t size() const noexcept { return sessions_.size(); }

private:
    std::deque<std::unique_ptr<SSL_SESSION, tls_deleter>> sessions_; ///< oldest first
};

/// Whom an engine trusts.
struct tls_trust {
    tls_trust() = default;
    explicit tls_trust(const engine_options& options)
        : ca_file(options.ca_file), ca_pem(options.ca_pem), crl_file(options.crl_file), crl_pem(options.crl_pem)
    {
    }
    std::string ca_file;  ///< authorities as a PEM file …
    std::string ca_pem;   ///< … and as text; when both are empty, the system's
    std::string crl_file; ///< revocation lists as a PEM file …
    std::string crl_pem;  ///< … and as text; when both are empty, nothing is looked up
};

/// What all connections of an engine share. Immutable after it was made.
class tls_context {
public:
    /// *Errors*: `std::runtime_error` naming what could not be read.
    explicit tls_context(const tls_trust& trust);

    SSL_CTX* get() const noexcept { return context_.get(); }

private:
    std::unique_ptr<SSL_CTX, tls_deleter> context_;
};

/// TLS on top of another stream, which it owns.
class tls_stream final : public stream {
public:
    /// `host` is a name or an address; the certificate has to be for it. `sessions` is held on to.
    tls_stream(std::unique_ptr<stream> below, const tls_context& context, const std::string& host,
               std::shared_ptr<tls_sessions> sessions);
    ~tls_stream() override;

    io_result read_some(char* data, std::size_t size) noexcept override;
    io_result write_some(const char* data, std::size_t size) noexcept override;
    io_result handshake() noexcept override;
    bool resumed() const noexcept override;
    const char* failure_text() const noexcept override { return failure_text_.c_str(); }
    boost::asio::ip::tcp::socket* socket() noexcept override { return below_->socket(); }
    boost::asio::awaitable<boost::system::error_code> wait(io_state state) override { return below_->wait(state); }
    void cancel() noexcept override { below_->cancel(); }
    void close() noexcept override;

    /// For the session callback of the context.
    tls_sessions& sessions() noexcept { return *sessions_; }

private:
    friend struct tls_bio;
    io_result outcome(int returned) noexcept;

    std::unique_ptr<stream> below_;
    std::shared_ptr<tls_sessions> sessions_;
    std::unique_ptr<SSL, tls_deleter> ssl_;
    std::string host_;
    bool is_named_ = false; ///< the certificate will be checked for the host
    io_result last_below_;
    std::string failure_text_;
};

} // namespace usher::detail

#endif
