#include "sandbox/deliver.hpp"

#include "sandbox/host.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <functional>
#include <stdexcept>
#include <system_error>

namespace usher::sandbox {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;

struct address {
    address() = default;

    bool secure = false;
    std::string host, port, target;
};

bool loopback(const std::string& host)
{
    error_code e;
    const auto address = asio::ip::make_address(host, e);
    return e ? host == "localhost" : address.is_loopback();
}

address read_url(std::string_view url)
{
    address out;
    out.secure = url.starts_with("https://");
    if (!out.secure && !url.starts_with("http://"))
        throw std::invalid_argument("sandbox: an event goes to an http or https URL");
    url.remove_prefix(out.secure ? 8 : 7);
    const auto slash = std::min(url.find_first_of("/?"), url.size());
    auto authority = url.substr(0, slash);
    out.target = url.substr(slash, url.find('#', slash) - slash);
    if (!out.target.starts_with('/'))
        out.target.insert(0, 1, '/');
    if (authority.find('@') != std::string_view::npos)
        throw std::invalid_argument("sandbox: an event's URL has no user in it");
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    out.host = authority.substr(0, colon);
    if (out.host.starts_with('['))
        out.host = out.host.substr(1, out.host.size() - 2);
    out.port = colon == std::string_view::npos ? (out.secure ? "443" : "80") : authority.substr(colon + 1);
    if (out.host.empty() || out.port.empty())
        throw std::invalid_argument("sandbox: an event's URL needs a host");
    if (!out.secure && !loopback(out.host))
        throw std::invalid_argument("sandbox: without TLS, events go to this machine only");
    return out;
}

// Runs what was started until it has an outcome, or time is up.
void wait(asio::io_context& io, const error_code& outcome, std::chrono::steady_clock::time_point until,
          const char* what)
{
    io.restart();
    io.run_until(until);
    if (outcome)
        throw std::system_error(outcome == asio::error::would_block ? make_error_code(asio::error::timed_out) : outcome,
                                std::string("sandbox: an event could not be delivered: ") + what);
}

template <class Stream>
int post(asio::io_context& io, Stream& stream, const address& to, const message& of,
         std::chrono::steady_clock::time_point until)
{
    http::request<http::string_body> asked{http::verb::post, to.target, 11};
    asked.set(http::field::host, to.host + ":" + to.port);
    asked.set(http::field::content_type, "application/json");
    asked.set(http::field::user_agent, "usher-sandbox");
    asked.set(http::field::connection, "close");
    for (const auto& [name, value] : of.headers)
        asked.set(name, value);
    asked.body() = of.body;
    asked.prepare_payload();

    error_code outcome = asio::error::would_block;
    http::async_write(stream, asked, [&](error_code e, std::size_t) { outcome = e; });
    wait(io, outcome, until, "sending");
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> answer;
    outcome = asio::error::would_block;
    http::async_read(stream, buffer, answer, [&](error_code e, std::size_t) { outcome = e; });
    wait(io, outcome, until, "waiting for the answer");
    return static_cast<int>(answer.get().result_int());
}

} // namespace

int deliver(const event& what, const std::string& authority_pem)
{
    const auto to = read_url(what.url);
    const auto of = sign_event(what, host::wall_clock());
    const auto until = std::chrono::steady_clock::now() + what.timeout;

    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.set_verify_mode(asio::ssl::verify_peer);
    for (const auto& pem : {authority_pem, what.ca_pem})
        if (!pem.empty())
            tls.add_certificate_authority(asio::buffer(pem));

    asio::io_context io(1);
    tcp::resolver resolver(io);
    asio::ssl::stream<tcp::socket> stream(io, tls);
    error_code outcome;
    const auto found = resolver.resolve(to.host, to.port, outcome);
    if (outcome)
        throw std::system_error(outcome, "sandbox: an event could not be delivered: resolving");
    outcome = asio::error::would_block;
    asio::async_connect(stream.next_layer(), found, [&](error_code e, const tcp::endpoint&) { outcome = e; });
    wait(io, outcome, until, "connecting");
    if (!to.secure)
        return post(io, stream.next_layer(), to, of, until);
    if (!loopback(to.host) || to.host == "localhost")
        SSL_set_tlsext_host_name(stream.native_handle(), to.host.c_str());
    stream.set_verify_callback(asio::ssl::host_name_verification(to.host));
    outcome = asio::error::would_block;
    stream.async_handshake(asio::ssl::stream_base::client, [&](error_code e) { outcome = e; });
    wait(io, outcome, until, "the TLS handshake");
    return post(io, stream, to, of, until);
}

} // namespace usher::sandbox
