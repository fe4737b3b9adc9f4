// What goes through a proxy, with the guarantees of a direct connection.
#include "tunnelled.hpp"

#include <usher/observer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace usher;
using namespace usher::tests;

BOOST_FIXTURE_TEST_SUITE(through_a_proxy, tunnelled)

BOOST_AUTO_TEST_CASE(calls_are_answered_and_the_connection_is_kept)
{
    begin();
    const engine on(io.get_executor(), through());
    const auto clerk = client(on);
    for (int i = 1; i <= 20; ++i) {
        const auto done = call(clerk);
        BOOST_TEST_REQUIRE(!done.has_error(), done.error().message());
        BOOST_TEST(done->total_count == i);
    }
    BOOST_TEST(proxy->connections == 1);
    BOOST_TEST(origin->connections == 1);
    BOOST_TEST_REQUIRE(proxy->heads.size() == 1U);
    BOOST_TEST(proxy->heads[0] == "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n");
    BOOST_TEST(on.counters().connections_reused == 19U);
}

BOOST_AUTO_TEST_CASE(the_credentials_go_to_the_proxy_alone_and_the_key_to_the_origin_alone)
{
    begin();
    const engine on(io.get_executor(), through("us%40er:can%3Aary"));
    BOOST_TEST(!call(client(on)).has_error());
    BOOST_TEST_REQUIRE(proxy->heads.size() == 1U);
    BOOST_TEST(proxy->heads[0].find("Proxy-Authorization: Basic dXNAZXI6Y2FuOmFyeQ==\r\n") != std::string::npos);
    BOOST_TEST(proxy->heads[0].find("sk_live") == std::string::npos);
    BOOST_TEST(proxy->through.find("sk_live") == std::string::npos);
    BOOST_TEST(proxy->through.find("GET ") == std::string::npos);
    BOOST_TEST_REQUIRE(origin->heads.size() == 1U);
    BOOST_TEST(origin->heads[0].find("roxy-") == std::string::npos);
    BOOST_TEST(origin->heads[0].find("dXNAZXI6Y2FuOmFyeQ") == std::string::npos);
    BOOST_TEST(origin->heads[0].find("sk_live") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed)
{
    auto options = origin_options();
    options.close_each = true;
    origin.emplace(io, options);
    begin();
    const engine on(io.get_executor(), through());
    const auto clerk = client(on);
    for (int i = 0; i < 40; ++i)
        BOOST_TEST(!call(clerk).has_error());
    BOOST_TEST(proxy->connections == 40);
    BOOST_TEST(origin->resumed >= 38);
    BOOST_TEST(origin->tickets_used_again == 0);
}

BOOST_AUTO_TEST_CASE(tls_to_the_proxy_carries_tls_to_the_origin)
{
    const auto self = make_identity(certificate_text("IP:127.0.0.1"), &root);
    begin(&self);
    const engine on(io.get_executor(), through("user:canary"));
    const auto clerk = client(on);
    for (int i = 0; i < 5; ++i) {
        const auto done = call(clerk);
        BOOST_TEST_REQUIRE(!done.has_error(), done.error().message());
    }
    BOOST_TEST(proxy->connections == 1);
    BOOST_TEST(proxy->through.find("GET ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(large_answers_of_many_calls_at_once_come_whole_through_two_layers)
{
    const auto self = make_identity(certificate_text("IP:127.0.0.1"), &root);
    begin(&self);
    auto options = through();
    options.max_connections_per_origin = 8;
    const engine on(io.get_executor(), options);
    const auto done = call(client(on), 300, call_options());
    std::set<std::int64_t> numbers;
    for (const auto& one : done) {
        BOOST_TEST_REQUIRE(!one.has_error(), one.error().message());
        numbers.insert(one->total_count);
    }
    BOOST_TEST(numbers.size() == 300U);
    BOOST_TEST(proxy->connections <= 8);
}

BOOST_AUTO_TEST_CASE(the_proxys_own_certificate_has_to_be_for_the_proxys_host)
{
    for (const auto* names : {"DNS:api.example.com", "IP:127.0.0.2"}) {
        const auto self = make_identity(certificate_text(names), &root);
        begin(&self);
        const engine on(io.get_executor(), through("user:canary"));
        const auto done = call(client(on, quick()));
        BOOST_TEST_REQUIRE(done.has_error());
        BOOST_TEST((done.error().kind() == error_kind::tls));
        BOOST_TEST((done.error().stage() == call_stage::proxy));
        BOOST_TEST((done.error().outcome() == call_outcome::not_sent));
        BOOST_TEST(done.error().attempts() == 1);
        BOOST_TEST(done.error().message().find("the proxy " + proxy->address() +
                                               ": certificate refused: it is not for 127.0.0.1") != std::string::npos,
                   done.error().message());
        BOOST_TEST(proxy->heads.empty());
    }
}

BOOST_AUTO_TEST_CASE(the_origins_certificate_has_to_be_for_the_origins_host)
{
    auto options = origin_options();
    options.self = make_identity(certificate_text("DNS:proxy.example,DNS:other.example.com,IP:127.0.0.1"), &root);
    origin.emplace(io, options);
    begin();
    const engine on(io.get_executor(), through());
    const auto done = call(client(on, quick()));
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().kind() == error_kind::tls));
    BOOST_TEST((done.error().stage() == call_stage::handshake));
    BOOST_TEST(done.error().attempts() == 1);
    BOOST_TEST(origin->bytes == 0U);
}

BOOST_AUTO_TEST_CASE(a_tunnel_is_never_shared_with_a_direct_connection_or_another_proxy)
{
    begin();
    connect_proxy second(io, origin->port());
    const auto url = "https://127.0.0.1:" + std::to_string(origin->port());
    const engine direct(io.get_executor(), trusting(root.pem()));
    const engine first_way(io.get_executor(), through());
    const engine with_user(io.get_executor(), through("user:password"));
    auto options = through();
    options.proxy = secret(second.url());
    const engine second_way(io.get_executor(), options);
    for (int i = 0; i < 3; ++i)
        for (const auto* on : {&direct, &first_way, &with_user, &second_way})
            BOOST_TEST(!call(client_of(*on, url)).has_error());
    BOOST_TEST(origin->connections == 4);
    BOOST_TEST(origin->resumed == 0);
    BOOST_TEST(proxy->connections == 2);
    BOOST_TEST(second.connections == 1);
    second.stop();
}

BOOST_AUTO_TEST_CASE(exceptions_are_reached_directly)
{
    begin();
    auto options = through();
    options.no_proxy = "example.org, 127.0.0.0/8";
    const engine on(io.get_executor(), options);
    BOOST_TEST(!call(client_of(on, origin->url())).has_error());
    BOOST_TEST(proxy->connections == 0);
    BOOST_TEST(!call(client(on)).has_error());
    BOOST_TEST(proxy->connections == 1);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_stops_the_engine_from_being_made)
{
    auto options = trusting(root.pem());
    options.proxy = secret("socks5://user:canary@proxy.example");
    BOOST_CHECK_EXCEPTION(engine(io.get_executor(), options), std::invalid_argument, [](const std::exception& e) {
        return std::string(e.what()).starts_with("engine option proxy: ") &&
               std::string(e.what()).find("canary") == std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
