// What the server speaks.
#include "named.hpp"

#include <boost/asio/write.hpp>

using namespace usher;
using namespace usher::tests;
namespace asio = boost::asio;

namespace {

// RSA, for the ciphers of old; made once, as that takes a while.
const identity& rsa_root()
{
    static const identity made = [] {
        certificate_text text;
        text.common_name = "usher test root of RSA";
        text.rsa_bits = 2048;
        text.is_authority = true;
        text.usage = "critical,keyCertSign,cRLSign";
        text.purpose.clear();
        return make_identity(text);
    }();
    return made;
}

const identity& rsa_server()
{
    static const identity made = [] {
        certificate_text text("DNS:api.example.com");
        text.rsa_bits = 2048;
        return make_identity(text, &rsa_root());
    }();
    return made;
}

struct speaking : named {
    speaking() { root = rsa_root(); }
    tls_server_options server(std::function<void(SSL_CTX*)> set_up)
    {
        tls_server_options options;
        options.self = rsa_server();
        options.set_up = std::move(set_up);
        return options;
    }
    seen call_with(std::function<void(SSL_CTX*)> set_up)
    {
        return call_to("api.example.com", server(std::move(set_up)));
    }
    static std::function<void(SSL_CTX*)> version(int only)
    {
        return [only](SSL_CTX* context) {
            SSL_CTX_set_min_proto_version(context, only);
            SSL_CTX_set_max_proto_version(context, only);
            SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
        };
    }
    static std::function<void(SSL_CTX*)> ciphers(const char* list)
    {
        return [list](SSL_CTX* context) {
            SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
            BOOST_TEST_REQUIRE(SSL_CTX_set_cipher_list(context, list) == 1);
        };
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_server_that_speaks, speaking)

BOOST_AUTO_TEST_CASE(tls_1_2_or_1_3_is_accepted)
{
    accepted(call_with(version(TLS1_2_VERSION)));
    accepted(call_with(version(TLS1_3_VERSION)));
}

BOOST_AUTO_TEST_CASE(only_older_versions_is_refused)
{
    for (const int old : {TLS1_VERSION, TLS1_1_VERSION})
        refused(call_with(version(old)), "the server speaks no TLS version from 1.2 on");
}

BOOST_AUTO_TEST_CASE(only_ciphers_that_protect_nothing_is_refused)
{
    accepted(call_with(ciphers("ECDHE-RSA-AES128-GCM-SHA256")));
    for (const auto* weak : {"eNULL:@SECLEVEL=0", "aNULL:@SECLEVEL=0", "NULL-SHA256:@SECLEVEL=0"})
        refused(call_with(ciphers(weak)), "the server offers no cipher suite that is strong enough");
}

BOOST_AUTO_TEST_CASE(keys_that_are_too_short_to_agree_with_is_refused)
{
    const auto done = call_with([](SSL_CTX* context) {
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(context, "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0");
        SSL_CTX_set_dh_auto(context, 2); // a prime of 1024 bits
    });
    refused(done, "the server's key is too short");
}

BOOST_AUTO_TEST_CASE(no_tls_at_all_is_refused)
{
    for (const std::string says :
         {"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"}) {
        asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
        std::optional<asio::ip::tcp::socket> peer;
        acceptor.async_accept([&](boost::system::error_code ec, asio::ip::tcp::socket socket) {
            BOOST_TEST(!ec);
            peer.emplace(std::move(socket));
            asio::write(*peer, asio::buffer(says));
        });
        auto options = trusting(root.pem());
        const engine on(io.get_executor(), options);
        const auto done = call(client_of(on, "https://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port())));
        BOOST_TEST_REQUIRE(!done);
        BOOST_TEST(done.error().message().find("what answered does not speak TLS") != std::string::npos,
                   done.error().message());
        BOOST_TEST((done.error().kind() == error_kind::tls));
        BOOST_TEST(done.error().attempts() == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
