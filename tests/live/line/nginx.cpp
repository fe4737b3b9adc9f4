// The line against nginx, a server that we did not write.
#include "live/process.hpp"

#include <usher/clerk.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace asio = boost::asio;
using namespace usher;
using namespace usher::tests;

namespace {

const char* const user_body =
    R"({"id":"user_1","object":"user","username":"ada","first_name":"Ada","last_name":null,"email_addresses":[]})";

const std::string locations =
    std::string("location = /v1/users/user_1 { default_type application/json; return 200 '") + user_body +
    "'; }\nlocation /v1/users/missing { return 404; }\n"
    "location = /v1/users/broken { default_type application/json; return 200 '{\"id\":7}'; }\n"
    "location = /v1/users/limited { add_header Retry-After 3600 always; return 429; }\n"
    "location = /v1/users/moved { return 302 https://elsewhere.example/; }\n";

struct fixture {
    fixture()
    {
        ca.issue("server", "DNS:localhost,IP:127.0.0.1");
        ca.issue("other", "DNS:other.example");
    }

    std::string server(const std::string& certificate, const std::string& more = "") const
    {
        return "ssl_certificate " + ca.file(certificate + ".pem") + "; ssl_certificate_key " +
               ca.file(certificate + ".key") + ";\n" + more + "\n" + locations;
    }

    engine_options trusting(const authority& whom) const
    {
        engine_options options;
        options.ca_file = whom.ca_file();
        return options;
    }

    static clerk::client client_of(const engine& on, const std::string& base_url, int attempts = 1)
    {
        client_options options;
        options.base_url = base_url + "/v1";
        options.quota = quota::unlimited();
        options.retry.max_attempts = attempts;
        return clerk::client(on, secret("sk_test_abc"), options);
    }

    result<clerk::user> get(clerk::client& client, std::string_view id, const call_options& options = call_options())
    {
        std::optional<result<clerk::user>> done;
        asio::co_spawn(io, client.users().get(id, options),
                       [&done](std::exception_ptr failed, result<clerk::user> user) {
                           if (!failed)
                               done = std::move(user);
                       });
        io.restart();
        io.run();
        BOOST_TEST_REQUIRE(done.has_value());
        return std::move(*done);
    }

    authority ca;
    asio::io_context io{1};
};

std::string https(const nginx& server, const char* host = "localhost")
{
    return std::string("https://") + host + ":" + std::to_string(server.port());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(against_nginx, fixture)

BOOST_AUTO_TEST_CASE(a_typed_call_goes_there_and_back_and_its_connection_is_used_again)
{
    const nginx server(ca.folder(), this->server("server"), true);
    const engine engine(io.get_executor(), trusting(ca));
    auto client = client_of(engine, https(server));
    for (int i = 0; i < 5; ++i) {
        const auto user = get(client, "user_1");
        BOOST_TEST_REQUIRE(user.has_value(), (user ? "" : user.error().message()));
        BOOST_TEST(user->id == "user_1");
        BOOST_TEST(user->first_name.value() == "Ada");
        BOOST_TEST(!user->last_name.has_value());
    }
    const auto counters = engine.counters();
    BOOST_TEST(counters.connections_opened == 1U);
    BOOST_TEST(counters.connections_reused == 4U);
    BOOST_TEST(counters.calls == 5U);
    BOOST_TEST(counters.answers == 5U);
    BOOST_TEST(counters.in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(nothing_keeps_the_context_running_when_all_calls_have_ended)
{
    const nginx server(ca.folder(), this->server("server"), true);
    const engine engine(io.get_executor(), trusting(ca));
    auto client = client_of(engine, https(server));
    const auto begun = std::chrono::steady_clock::now();
    BOOST_TEST(get(client, "user_1").has_value()); // returns because io.run() does
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds(5)));
    BOOST_TEST(engine.counters().idle_connections == 1U);
}

BOOST_AUTO_TEST_CASE(certificates_are_verified_and_the_error_says_why)
{
    const nginx good(ca.folder(), this->server("server"), true);
    const nginx wrong_host(ca.folder(), this->server("other"), true);
    const authority stranger("stranger");
    struct row {
        std::string url;
        const authority& trusted;
        const char* why;
    };
    for (const auto& [url, trusted, why] :
         {row{https(good), stranger, "certificate refused: its chain does not reach an authority that is trusted"},
          row{https(wrong_host), ca, "certificate refused: it is not for localhost"},
          row{https(wrong_host, "127.0.0.1"), ca, "certificate refused: it is not for 127.0.0.1"}}) {
        const engine engine(io.get_executor(), trusting(trusted));
        auto client = client_of(engine, url);
        const auto user = get(client, "user_1");
        BOOST_TEST_REQUIRE(!user.has_value());
        BOOST_TEST((user.error().kind() == error_kind::tls));
        BOOST_TEST((user.error().outcome() == call_outcome::not_sent));
        BOOST_TEST(user.error().attempts() == 1);
        BOOST_TEST(user.error().message().find(why) != std::string::npos, user.error().message());
    }
    const engine engine(io.get_executor(), trusting(ca));
    auto by_address = client_of(engine, https(good, "127.0.0.1"));
    BOOST_TEST(get(by_address, "user_1").has_value());
}

BOOST_AUTO_TEST_CASE(a_new_connection_resumes_the_session_of_an_earlier_one)
{
    for (const auto* protocol : {"TLSv1.2", "TLSv1.3"}) {
        const nginx server(
            ca.folder(),
            this->server("server", std::string("ssl_protocols ") + protocol + "; ssl_session_cache shared:s:1m;"),
            true);
        engine engine(io.get_executor(), trusting(ca));
        auto client = client_of(engine, https(server));
        for (int i = 0; i < 4; ++i) {
            BOOST_TEST(get(client, "user_1").has_value());
            engine.close_idle();
        }
        BOOST_TEST(engine.counters().connections_opened == 4U);
        BOOST_TEST(engine.counters().tls_resumed == 3U, protocol);
    }
}

BOOST_AUTO_TEST_CASE(old_protocols_are_refused)
{
    const nginx server(ca.folder(), this->server("server", "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;"),
                       true);
    const engine engine(io.get_executor(), trusting(ca));
    auto client = client_of(engine, https(server));
    const auto user = get(client, "user_1");
    BOOST_TEST_REQUIRE(!user.has_value());
    BOOST_TEST((user.error().kind() == error_kind::tls));
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_its_idle_connections_is_not_noticed)
{
    nginx server(ca.folder(), this->server("server", "keepalive_requests 3;"), true);
    const engine engine(io.get_executor(), trusting(ca));
    auto client = client_of(engine, https(server), 2);
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(get(client, "user_1").has_value());
    BOOST_TEST(engine.counters().connections_opened == 4U);
    server.restart();
    BOOST_TEST(get(client, "user_1").has_value());
    BOOST_TEST(engine.counters().attempts == 11U); // found on checkout, so not even a second attempt
}

BOOST_AUTO_TEST_CASE(error_answers_are_told_as_they_are)
{
    const nginx server(ca.folder(), this->server("server"), true);
    const engine engine(io.get_executor(), trusting(ca));
    auto client = client_of(engine, https(server));

    const auto missing = get(client, "missing");
    BOOST_TEST_REQUIRE(!missing.has_value());
    BOOST_TEST(missing.error().is_not_found());
    BOOST_TEST(missing.error().details().body.find("<html>") != std::string::npos);
    BOOST_TEST((missing.error().outcome() == call_outcome::answered));

    const auto broken = get(client, "broken");
    BOOST_TEST_REQUIRE(!broken.has_value());
    BOOST_TEST((broken.error().kind() == error_kind::decode));
    BOOST_TEST(broken.error().message().find("/id") != std::string::npos, broken.error().message());

    const auto moved = get(client, "moved");
    BOOST_TEST_REQUIRE(!moved.has_value());
    BOOST_TEST(moved.error().status() == 302); // redirects are never followed
    BOOST_TEST(engine.counters().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(a_429_that_outlasts_the_deadline_ends_the_call_at_once)
{
    const nginx server(ca.folder(), this->server("server"), true);
    const engine engine(io.get_executor(), trusting(ca));
    auto client = client_of(engine, https(server), 5);
    const auto begun = std::chrono::steady_clock::now();
    const auto limited = get(client, "limited");
    BOOST_TEST_REQUIRE(!limited.has_value());
    BOOST_TEST(limited.error().is_rate_limited());
    BOOST_TEST((limited.error().stopped() == stop_reason::deadline));
    BOOST_TEST(limited.error().retry_after()->count() == 3600);
    BOOST_TEST(limited.error().attempts() == 1);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds(5)));
    BOOST_TEST(client.usage().refused == 1U);
}

BOOST_AUTO_TEST_CASE(the_raw_answer_is_kept_when_asked_for)
{
    const nginx server(ca.folder(), this->server("server"), true);
    const engine engine(io.get_executor(), trusting(ca));
    auto client = client_of(engine, https(server));
    raw_answer raw;
    call_options options;
    options.keep_raw = &raw;
    BOOST_TEST(get(client, "user_1", options).has_value());
    BOOST_TEST(raw.status == 200);
    BOOST_TEST(raw.body == user_body);
    BOOST_TEST(raw.headers.size() >= 3U);
}

BOOST_AUTO_TEST_SUITE_END()
