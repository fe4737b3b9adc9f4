// What a proxy and a verifier of webhooks are told is gone with them too.
#include "captured.hpp"
#include "leaves_nothing.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/webhook.hpp>

#include <openssl/evp.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

using namespace security;

namespace {

/// Bytes whose base64 is the canary, and no control character among them.
std::string behind_base64(const canary& hidden)
{
    std::string bytes;
    bytes.reserve(canary::size);
    hidden.reveal([&](std::string_view text) {
        bytes.resize(canary::size / 4 * 3);
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    });
    return bytes;
}

bool has_control(const std::string& bytes)
{
    return std::any_of(bytes.begin(), bytes.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// A canary that stands in the header that a proxy is sent.
std::unique_ptr<canary> credentials_canary()
{
    for (int i = 0; i != 100'000; ++i) {
        auto made = std::make_unique<canary>();
        auto bytes = behind_base64(*made);
        const bool fits = !has_control(bytes);
        wipe(bytes);
        if (fits)
            return made;
    }
    throw std::runtime_error("no canary is the base64 of a password");
}

/// Takes one connection, reads a head, counts, and forbids.
asio::awaitable<void> forbid(asio::ip::tcp::acceptor& acceptor, const canary& hidden, std::size_t& inside)
{
    auto peer = co_await acceptor.async_accept(asio::use_awaitable);
    std::string head;
    head.reserve(2048);
    while (head.find("\r\n\r\n") == std::string::npos && head.size() < 1024) {
        const auto had = head.size();
        head.resize(had + 512);
        const auto piece = asio::buffer(head.data() + had, 512);
        const auto got = co_await peer.async_read_some(piece, asio::use_awaitable);
        head.resize(had + got);
    }
    const bool has_credentials = head.find("Proxy-Authorization: Basic ") != std::string::npos;
    BOOST_TEST(has_credentials);
    const auto with_head = hidden.copies();
    wipe(head);
    inside = hidden.copies();
    BOOST_TEST(with_head == inside + 3U); // it came whole
    const std::string answer = "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n";
    co_await asio::async_write(peer, asio::buffer(answer), asio::use_awaitable);
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_of_others)

BOOST_AUTO_TEST_CASE(holds_no_proxys_password_after_the_engine_has_gone)
{
    const auto sent = credentials_canary(); // as the proxy sees it
    leaves_nothing(*sent, [&] {
        asio::io_context io;
        asio::ip::tcp::acceptor proxy(io, {asio::ip::address_v4::loopback(), 0});
        usher::engine_options how;
        {
            std::string url;
            url.reserve(400);
            url.append("http://user:");
            auto bytes = behind_base64(*sent);
            char digits[4];
            // "user:" and one more make a multiple of three, so that the canary's base64 stands by itself.
            url.append("x");
            for (const char c : bytes) {
                std::snprintf(digits, sizeof digits, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
                url.append(digits);
            }
            url.append("@127.0.0.1:" + std::to_string(proxy.local_endpoint().port()));
            how.proxy = usher::secret(url);
            wipe(url);
            wipe(bytes);
        }
        BOOST_TEST(sent->copies() == 0U);
        std::size_t inside = 0;
        usher::engine engine(io.get_executor(), how);
        asio::co_spawn(io, forbid(proxy, *sent, inside), asio::detached);
        const usher::clerk::client clerk(engine, usher::secret("sk_test_somebody"),
                                         captured::options("https://api.example/v1"));
        std::string told;
        asio::co_spawn(io, clerk.users().count(),
                       [&](std::exception_ptr, auto done) { told = done.error().message(); });
        io.run();
        BOOST_TEST(told.find("refused the tunnel: 407") != std::string::npos, told);
        BOOST_TEST(inside >= 3U);
    });
}

BOOST_AUTO_TEST_CASE(holds_no_proxys_password_as_it_was_given_after_the_engine_has_gone)
{
    const canary hidden;
    leaves_nothing(hidden, [&] {
        asio::io_context io;
        usher::engine_options how;
        hidden.reveal([&](std::string_view text) {
            std::string url;
            url.reserve(200);
            url.append("http://user:").append(text).append("@127.0.0.1:1");
            how.proxy = usher::secret(url);
            wipe(url);
        });
        const usher::engine engine(io.get_executor(), how);
        BOOST_TEST(hidden.copies() >= 3U);
    });
}

BOOST_AUTO_TEST_CASE(holds_no_webhook_secret_after_its_verifier_has_gone)
{
    namespace webhook = usher::webhook;
    const canary hidden;                         // as text
    const auto key = std::make_unique<canary>(); // as bytes
    const auto uses = [](const canary& secret, bool as_bytes) {
        leaves_nothing(secret, [&] {
            std::optional<webhook::verifier> verifier;
            std::optional<webhook::signed_headers> made;
            const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
            const std::string body = "{}";
            secret.reveal([&](std::string_view text) {
                std::string whole;
                whole.reserve(200);
                whole.append("whsec_");
                if (as_bytes) {
                    std::array<unsigned char, canary::size * 2> encoded{};
                    const auto size =
                        EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                        static_cast<int>(text.size()));
                    whole.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size));
                } else {
                    whole.append(text);
                }
                const usher::secret given(whole);
                wipe(whole);
                verifier.emplace(webhook::provider::clerk, given);
                made.emplace(webhook::sign(given, "msg_1", now, body));
            });
            BOOST_TEST(verifier->verify(made->of(webhook::provider::clerk), body).has_value());
            BOOST_TEST(!verifier->verify(made->of(webhook::provider::clerk), "[]").has_value());
            if (as_bytes)
                BOOST_TEST(secret.copies() >= 3U); // the verifier's
        });
    };
    uses(hidden, false);
    uses(*key, true);
}

BOOST_AUTO_TEST_SUITE_END()
