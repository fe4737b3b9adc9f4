// TLS sessions from connection to connection, and many connections at once.
#include "live/connect_proxy.hpp"
#include "live/counting_users.hpp"
#include "live/tls_server.hpp"

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

struct resuming : counting_users {
    tls_server_options server_options(int version)
    {
        tls_server_options options;
        options.self = make_identity(certificate_text("IP:127.0.0.1"), &root);
        options.set_up = [version](SSL_CTX* context) {
            SSL_CTX_set_min_proto_version(context, version);
            SSL_CTX_set_max_proto_version(context, version);
        };
        return options;
    }

    static void all_answered(const std::vector<count_result>& done)
    {
        std::size_t answers = 0;
        for (const auto& one : done) {
            BOOST_TEST(!one.has_error(), (one ? std::string() : one.error().message()));
            answers += one ? 1 : 0;
        }
        BOOST_TEST(answers == done.size());
    }

    // 64 calls at once, again and again, to a server that closes after each answer.
    void reconnects_resume(int version)
    {
        auto how = server_options(version);
        how.close_each = true;
        tls_server server(io, how);
        {
            auto options = trusting(root.pem());
            options.max_connections_per_origin = 64;
            options.max_connecting = 64;
            const engine on(io.get_executor(), options);
            const auto clerk = client_of(on, server.url(), retry_policy::none());
            constexpr int rounds = 12;
            all_answered(call(clerk, 64, call_options()));
            settle();
            const int first = server.handshakes;
            const int resumed_first = server.resumed;
            for (int round = 0; round < rounds; ++round)
                all_answered(call(clerk, 64, call_options()));
            settle();
            const int reconnects = server.handshakes - first;
            const int resumed = server.resumed - resumed_first;
            BOOST_TEST_MESSAGE("reconnects " << reconnects << ", resumed " << resumed);
            BOOST_TEST(reconnects == 64 * rounds);
            BOOST_TEST(resumed * 100 >= reconnects * 95);
            BOOST_TEST(static_cast<int>(on.counters().tls_resumed) == server.resumed);
            if (version == TLS1_3_VERSION)
                BOOST_TEST(server.tickets_used_again == 0);
        }
        server.stop();
    }

    identity root = make_authority("root");
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sessions, resuming)

BOOST_AUTO_TEST_CASE(are_taken_up_by_reconnects_with_tls_1_3_and_no_ticket_is_used_twice)
{
    reconnects_resume(TLS1_3_VERSION);
}

BOOST_AUTO_TEST_CASE(are_taken_up_by_reconnects_with_tls_1_2)
{
    reconnects_resume(TLS1_2_VERSION);
}

BOOST_AUTO_TEST_CASE(that_come_late_are_taken_in_by_the_next_call_on_their_connection)
{
    auto how = server_options(TLS1_3_VERSION);
    how.late_tickets = true;
    tls_server server(io, how);
    {
        const engine on(io.get_executor(), trusting(root.pem()));
        const auto clerk = client_of(on, server.url(), retry_policy::none());
        BOOST_TEST(!call(clerk).has_error());
        // The tickets arrive while the connection is idle: it is not thrown away for them.
        settle();
        for (int i = 0; i < 5; ++i)
            BOOST_TEST(!call(clerk).has_error());
        BOOST_TEST(server.connections == 1);
        BOOST_TEST(on.counters().connections_opened == 1U);
        BOOST_TEST(on.counters().connections_reused == 5U);
        server.close_all();
        settle();
        BOOST_TEST(!call(clerk).has_error());
        BOOST_TEST(server.connections == 2);
        BOOST_TEST(server.resumed == 1);
        BOOST_TEST(on.counters().tls_resumed == 1U);
    }
    server.stop();
}

BOOST_AUTO_TEST_CASE(of_one_host_are_not_offered_to_another)
{
    auto how = server_options(TLS1_3_VERSION);
    how.self = make_identity(certificate_text("DNS:a.example,DNS:b.example"), &root);
    how.close_each = true;
    tls_server server(io, how);
    connect_proxy proxy(io, server.port());
    {
        auto options = trusting(root.pem());
        options.proxy = secret(proxy.url());
        const engine on(io.get_executor(), options);
        const auto a = client_of(on, "https://a.example", retry_policy::none());
        const auto b = client_of(on, "https://b.example", retry_policy::none());
        BOOST_TEST(!call(a).has_error());
        BOOST_TEST(!call(b).has_error());
        BOOST_TEST(server.resumed == 0);
        BOOST_TEST(!call(a).has_error());
        BOOST_TEST(!call(b).has_error());
        BOOST_TEST(server.resumed == 2);
    }
    server.stop();
    proxy.stop();
}

BOOST_AUTO_TEST_CASE(in_a_storm_of_calls_at_most_the_cap_is_in_setup_at_once)
{
    auto how = server_options(TLS1_3_VERSION);
    how.close_each = true;
    how.hold = true;
    tls_server server(io, how);
    {
        auto options = trusting(root.pem());
        options.max_connections_per_origin = 512;
        options.max_connections = 512;
        options.max_connecting = 16;
        const engine on(io.get_executor(), options);
        call_options patient;
        patient.deadline = 60s;
        patient.timeouts.emplace();
        patient.timeouts->pool = 60s;
        patient.timeouts->handshake = 30s;
        patient.timeouts->first_byte = 30s;
        all_answered(call(client_of(on, server.url(), retry_policy::none()), 1000, patient));
        // The server begins no handshake while connections still come: it sees all that are set up at once.
        BOOST_TEST(server.most_in_setup == 16U);
        BOOST_TEST(server.requests == 1000);
        BOOST_TEST(server.connections == 1000);
        BOOST_TEST(server.resumed >= 900);
        BOOST_TEST_MESSAGE("most in setup " << server.most_in_setup << ", resumed " << server.resumed << " of "
                                            << server.connections);
    }
    server.stop();
}

BOOST_AUTO_TEST_SUITE_END()
