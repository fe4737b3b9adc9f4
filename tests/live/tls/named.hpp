// Calls to a server under any name: a proxy in the test leads every name to it.
#ifndef USHER_TESTS_LIVE_TLS_NAMED_HPP
#define USHER_TESTS_LIVE_TLS_NAMED_HPP

#include "live/connect_proxy.hpp"
#include "live/counting_users.hpp"
#include "live/tls_server.hpp"
#include "temporary_folder.hpp"

namespace usher::tests {

struct named : counting_users {
    /// One call, and what the server saw of it.
    struct seen {
        seen() = default;
        std::optional<error> failed; ///< nothing: it was answered
        std::size_t bytes = 0;       ///< of the request, at the server
        int connections = 0;
    };

    seen call_to(const std::string& host, tls_server_options how, engine_options options = engine_options())
    {
        tls_server server(io, std::move(how));
        connect_proxy proxy(io, server.port());
        options.proxy = secret(proxy.url());
        options.proxy_from_environment = false;
        if (options.ca_pem.empty())
            options.ca_pem = root.pem();
        seen result;
        {
            const engine on(io.get_executor(), options);
            const auto done = call(client_of(on, "https://" + host));
            if (!done)
                result.failed = done.error();
            settle();
        }
        result.bytes = server.bytes;
        result.connections = proxy.connections;
        server.stop();
        proxy.stop();
        settle();
        return result;
    }

    seen call_to(const std::string& host, const identity& self, std::vector<identity> chain = {},
                 const engine_options& options = engine_options())
    {
        tls_server_options how;
        how.self = self;
        how.chain = std::move(chain);
        return call_to(host, std::move(how), options);
    }

    static void accepted(const seen& what)
    {
        BOOST_TEST(!what.failed, (what.failed ? what.failed->message() : std::string()));
        BOOST_TEST(what.bytes > 0U);
    }

    /// Refused once and for all, with these words, before a byte of the request left.
    static void refused(const seen& what, const std::string& words)
    {
        BOOST_TEST_REQUIRE(what.failed.has_value());
        BOOST_TEST(what.failed->message().find(words) != std::string::npos, what.failed->message());
        BOOST_TEST((what.failed->kind() == error_kind::tls));
        BOOST_TEST((what.failed->stage() == call_stage::handshake));
        BOOST_TEST((what.failed->outcome() == call_outcome::not_sent));
        BOOST_TEST((what.failed->stopped() == stop_reason::not_retryable));
        BOOST_TEST(what.failed->attempts() == 1);
        BOOST_TEST(what.connections == 1);
        BOOST_TEST(what.bytes == 0U);
    }

    identity root = make_authority("root");
};

} // namespace usher::tests

#endif
