#include "usher/sandbox.hpp"

#include "sandbox/certificates.hpp"
#include "sandbox/connection.hpp"
#include "sandbox/deliver.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <system_error>
#include <thread>

namespace usher::sandbox {

class server::impl {
public:
    explicit impl(options how) : host_(std::make_shared<host>(how)), tls_(how.tls), first_(how.services.front())
    {
        error_code e;
        const auto address = asio::ip::make_address(how.address, e);
        if (e)
            throw std::invalid_argument("sandbox: address: " + how.address + " is no IP address");
        if (tls_)
            prepare_tls(how.address);
        listen(tcp::endpoint(address, how.port));
        host_->locked([this](backend& b, counters&) { b.set_origin(origin()); });
        accept();
        thread_ = std::thread([this] { io_->run(); });
    }

    ~impl() { stop(); }

    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    void stop()
    {
        const std::lock_guard hold(stopping_);
        if (!thread_.joinable())
            return;
        io_->stop();
        thread_.join();
        // connections are owned by their pending operations: they go with the io_context
        acceptor_.reset();
        io_.reset();
    }

    [[nodiscard]] std::string origin() const
    {
        const auto address = endpoint_.address();
        const auto text = address.is_unspecified() ? std::string("127.0.0.1")
                          : address.is_v6()        ? "[" + address.to_string() + "]"
                                                   : address.to_string();
        return (tls_ ? "https://" : "http://") + text + ":" + std::to_string(endpoint_.port());
    }

    std::shared_ptr<host> host_;
    bool tls_;
    service first_;
    std::string authority_;
    tcp::endpoint endpoint_;

private:
    void prepare_tls(const std::string& address)
    {
        const auto made = make_credentials(address);
        authority_ = made.authority_pem;
        context_.emplace(asio::ssl::context::tls_server);
        context_->use_certificate_chain(asio::buffer(made.certificate_pem));
        context_->use_private_key(asio::buffer(made.key_pem), asio::ssl::context::pem);
        auto* const native = context_->native_handle();
        SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
        SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
        static constexpr unsigned char name[] = "usher sandbox";
        SSL_CTX_set_session_id_context(native, name, sizeof name - 1);
    }

    void listen(const tcp::endpoint& at)
    {
        acceptor_.emplace(*io_);
        error_code e;
        acceptor_->open(at.protocol(), e);
        if (!e)
            acceptor_->set_option(tcp::acceptor::reuse_address(true), e);
        if (!e)
            acceptor_->bind(at, e);
        if (!e)
            acceptor_->listen(1024, e);
        if (!e)
            endpoint_ = acceptor_->local_endpoint(e);
        if (e)
            throw std::system_error(e, "sandbox: cannot listen at " + at.address().to_string() + ":" +
                                           std::to_string(at.port()));
    }

    void accept()
    {
        acceptor_->async_accept([this](error_code e, tcp::socket socket) {
            if (e == asio::error::operation_aborted)
                return;
            if (!e && tls_)
                std::make_shared<connection<asio::ssl::stream<tcp::socket>>>(
                    host_, asio::ssl::stream<tcp::socket>(std::move(socket), *context_))
                    ->start();
            else if (!e)
                std::make_shared<connection<tcp::socket>>(host_, std::move(socket))->start();
            accept();
        });
    }

    std::optional<asio::ssl::context> context_;
    std::unique_ptr<asio::io_context> io_ = std::make_unique<asio::io_context>(1);
    std::optional<tcp::acceptor> acceptor_;
    std::thread thread_;
    std::mutex stopping_;
};

namespace {

std::string checked(options& how)
{
    if (how.services.empty())
        return "services: at least one";
    if (how.max_body == 0)
        return "max_body: more than 0";
    if (how.keep_alive.count() <= 0)
        return "keep_alive: more than 0";
    if (how.delay.mean.count() < 0 || how.delay.jitter.count() < 0)
        return "delay: not below 0";
    if (how.token_lifetime.count() <= 0)
        return "token_lifetime: more than 0";
    return {};
}

options valid(options how)
{
    if (const auto wrong = checked(how); !wrong.empty())
        throw std::invalid_argument("sandbox: " + wrong);
    return how;
}

} // namespace

server::server(options how) : impl_(std::make_unique<impl>(valid(std::move(how)))) {}
server::~server() = default;

std::string server::url() const
{
    return url(impl_->first_);
}
std::string server::url(service of) const
{
    return impl_->origin() + (of == service::scalekit ? "" : "/v1");
}
std::string server::origin() const
{
    return impl_->origin();
}
std::uint16_t server::port() const
{
    return impl_->endpoint_.port();
}
std::string server::ca_pem() const
{
    return impl_->authority_;
}
counters server::stats() const
{
    return impl_->host_->stats();
}
recorded_request server::last_request() const
{
    return impl_->host_->last_request();
}
std::string server::last_answer() const
{
    return impl_->host_->last_answer();
}
void server::stop()
{
    impl_->stop();
}

std::size_t server::count(std::string_view collection) const
{
    return impl_->host_->locked([&](backend& b, counters&) { return b.count(collection); });
}
void server::set_mode(answers mode)
{
    impl_->host_->locked([&](backend& b, counters&) { b.how().mode = mode; });
}
void server::set_delay(latency delay)
{
    impl_->host_->locked([&](backend& b, counters&) { b.how().delay = delay; });
}
void server::set_limits(limits quota)
{
    impl_->host_->locked([&](backend& b, counters&) { b.set_limits(quota, std::chrono::steady_clock::now()); });
}
void server::set_listing_lag(std::chrono::milliseconds lag)
{
    impl_->host_->locked([&](backend& b, counters&) { b.how().listing_lag = lag; });
}
void server::set_faults(std::vector<fault> faults)
{
    impl_->host_->locked([&](backend& b, counters&) { b.set_faults(std::move(faults)); });
}
void server::add_users(std::size_t count, std::string_view key)
{
    impl_->host_->locked(
        [&](backend& b, counters&) { b.add_users(count, key, std::chrono::steady_clock::now(), host::wall_clock()); });
}
void server::revoke_tokens()
{
    impl_->host_->locked([](backend& b, counters&) { b.login().revoke_all(); });
}
void server::set_token_lifetime(std::chrono::seconds lifetime)
{
    impl_->host_->locked([&](backend& b, counters&) { b.how().token_lifetime = lifetime; });
}
void server::rotate_keys(bool publish_old)
{
    impl_->host_->locked([&](backend& b, counters&) { b.keys().rotate(publish_old); });
}
std::string server::mint(std::string_view claims, std::string_view header)
{
    boost::system::error_code e, f;
    const auto body = json::parse(claims, e), head = json::parse(header, f);
    if (e || f || !body.is_object() || !head.is_object())
        throw std::invalid_argument("sandbox: claims and header must be JSON objects");
    return impl_->host_->locked(
        [&](backend& b, counters&) { return b.keys().sign(head.get_object(), body.get_object()); });
}
std::string server::session_token(std::string_view claims)
{
    return impl_->host_->locked([&](backend& b, counters&) { return b.session_token(claims, host::wall_clock()); });
}
std::string server::oauth_token(std::string_view members)
{
    return impl_->host_->locked([&](backend& b, counters&) { return b.new_oauth_token(members, host::wall_clock()); });
}
std::string server::jwt_key()
{
    return impl_->host_->locked([](backend& b, counters&) { return b.keys().public_pem(); });
}
int server::send_event(const event& what) const
{
    return deliver(what, impl_->authority_);
}
std::size_t server::mails() const
{
    return impl_->host_->locked([](backend& b, counters&) { return b.mails(); });
}
void server::clear()
{
    impl_->host_->locked([](backend& b, counters&) { b.clear(); });
}

} // namespace usher::sandbox
