#include "client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <optional>

namespace sandbox_test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct client::wire {
    asio::io_context io;
    asio::ssl::context context{asio::ssl::context::tls_client};
    std::optional<asio::ssl::stream<tcp::socket>> secure;
    std::optional<tcp::socket> plain;
    boost::beast::flat_buffer buffer;
    SSL_SESSION* session = nullptr;

    ~wire() { SSL_SESSION_free(session); }

    template <class F>
    auto on_stream(F use)
    {
        return secure ? use(*secure) : use(*plain);
    }
};

std::string answer::header(std::string_view name) const
{
    for (const auto& [key, value] : headers)
        if (boost::beast::iequals(key, boost::beast::string_view(name.data(), name.size())))
            return value;
    return {};
}

std::string answer::code() const
{
    const auto errors = object();
    const auto* list = errors.if_contains("errors");
    return list ? std::string(list->as_array().at(0).as_object().at("code").as_string()) : std::string();
}

std::string answer::parameter() const
{
    const auto whole = object();
    const auto& meta = whole.at("errors").as_array().at(0).as_object().at("meta").as_object();
    const auto* name = meta.if_contains("param_name");
    return name ? std::string(name->as_string()) : std::string();
}

client::client(const usher::sandbox::server& to, std::string key)
    : credentials("Bearer " + key),
      origin_(to.origin()),
      base_(to.url().substr(to.origin().size())),
      port_(to.port()),
      ca_(to.ca_pem()),
      wire_(std::make_unique<wire>())
{
    if (!ca_.empty()) {
        wire_->context.set_verify_mode(asio::ssl::verify_peer);
        wire_->context.add_certificate_authority(asio::buffer(ca_));
    }
}

client::~client()
{
    disconnect();
}

void client::connect()
{
    if (wire_->secure || wire_->plain)
        return;
    wire_->buffer.clear();
    tcp::socket socket(wire_->io);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    socket.set_option(tcp::no_delay(true));
    if (ca_.empty()) {
        wire_->plain.emplace(std::move(socket));
        return;
    }
    wire_->secure.emplace(std::move(socket), wire_->context);
    wire_->secure->set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
    if (resume && wire_->session)
        SSL_set_session(wire_->secure->native_handle(), wire_->session);
    wire_->secure->handshake(asio::ssl::stream_base::client);
}

void client::disconnect()
{
    if (wire_->secure) {
        SSL_set_shutdown(wire_->secure->native_handle(),
                         SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); // or OpenSSL spoils the session
        SSL_SESSION_free(wire_->session);
        wire_->session = SSL_get1_session(wire_->secure->native_handle());
    }
    wire_->secure.reset();
    wire_->plain.reset();
}

void client::raw(std::string_view bytes)
{
    connect();
    boost::system::error_code ignored; // what the peer did shows when its answer is read
    wire_->on_stream([&](auto& s) { return asio::write(s, asio::buffer(bytes.data(), bytes.size()), ignored); });
}

answer client::receive()
{
    http::response_parser<http::string_body> parser;
    parser.body_limit(64u << 20);
    boost::system::error_code e;
    wire_->on_stream([&](auto& s) { return http::read(s, wire_->buffer, parser, e); });
    answer out;
    if (e) {
        out.broken = parser.got_some();
        disconnect();
        return out;
    }
    const auto& got = parser.get();
    out.status = static_cast<int>(got.result_int());
    out.text = got.body();
    for (const auto& field : got)
        out.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    if (!got.keep_alive())
        disconnect();
    return out;
}

bool client::ended()
{
    char byte = 0;
    boost::system::error_code e;
    if (wire_->buffer.size() != 0)
        return false;
    const auto n = wire_->on_stream([&](auto& s) { return s.read_some(asio::buffer(&byte, 1), e); });
    if (n == 0)
        disconnect();
    return n == 0;
}

answer client::send(const std::string& method, const std::string& path, const std::string& body, const fields& more)
{
    std::string text = method + " " + base_ + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    if (!credentials.empty())
        text += "Authorization: " + credentials + "\r\n";
    bool typed = false;
    for (const auto& [name, value] : more) {
        text += name + ": " + value + "\r\n";
        typed |= name == "Content-Type";
    }
    if (!body.empty() && !typed)
        text += "Content-Type: application/json\r\n";
    if (!body.empty() || method == "POST")
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    raw(text + "\r\n" + body);
    auto got = receive();
    if (watcher)
        watcher(method, path, got);
    return got;
}

std::string multipart(const std::string& boundary, const std::string& name, const std::string& content, bool as_file)
{
    std::string out = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"";
    if (as_file)
        out += "; filename=\"a.png\"\r\nContent-Type: image/png";
    return out + "\r\n\r\n" + content + "\r\n--" + boundary + "--\r\n";
}

} // namespace sandbox_test
