// A loop on bare Beast: one coroutine and one connection each, buffers used again, every answer parsed into a DOM.
// What a program that needs no pool, no quota and no retry would write by hand.
#include "peer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/json/parse.hpp>

#include <exception>

namespace asio = boost::asio;
namespace ssl = asio::ssl;
namespace http = boost::beast::http;

namespace {

asio::awaitable<void> work(const bench::settings& settings, ssl::context& context, bench::meter& meter)
{
    auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::resolver resolver(executor);
    auto addresses = co_await resolver.async_resolve("localhost", settings.port, asio::use_awaitable);
    ssl::stream<asio::ip::tcp::socket> stream(executor, context);
    co_await asio::async_connect(stream.next_layer(), addresses, asio::use_awaitable);
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    SSL_set_tlsext_host_name(stream.native_handle(), "localhost");
    stream.set_verify_callback(ssl::host_name_verification("localhost"));
    co_await stream.async_handshake(ssl::stream_base::client, asio::use_awaitable);

    http::request<http::empty_body> request(http::verb::get, settings.path(), 11);
    request.set(http::field::host, "localhost:" + settings.port);
    request.set(http::field::user_agent, bench::user_agent);
    request.set(http::field::authorization, "Bearer " + std::string(bench::secret_key));
    request.set("Clerk-API-Version", bench::api_version);
    request.set(http::field::accept, "application/json");

    boost::beast::flat_buffer buffer;
    buffer.reserve(64 * 1024);
    while (meter.take()) {
        co_await http::async_write(stream, request, asio::use_awaitable);
        http::response<http::string_body> answer;
        co_await http::async_read(stream, buffer, answer, asio::use_awaitable);
        const auto user = boost::json::parse(answer.body());
        meter.answered(answer.result() == http::status::ok && answer.body().size() == settings.body_size &&
                       user.at("id").as_string() == settings.user_id);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto settings = bench::read_arguments(argc, argv);
    bench::meter meter(settings);
    ssl::context context(ssl::context::tls_client);
    context.set_verify_mode(ssl::verify_peer);
    context.load_verify_file(settings.ca_file);

    asio::io_context io(1);
    for (int i = 0; i < settings.concurrency; ++i)
        asio::co_spawn(io, work(settings, context, meter), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    io.run();
    return meter.report();
}
