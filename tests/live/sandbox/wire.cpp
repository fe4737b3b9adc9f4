#include "client.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

// HTTP and TLS: order, limits of size, resumption, an orderly end.

using namespace sandbox_test;
using namespace usher::sandbox;
using namespace std::chrono_literals;

namespace {

options plain()
{
    options how;
    how.tls = false;
    return how;
}

std::string line(const std::string& path, const std::string& more = {})
{
    return "GET /v1" + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_key\r\n" + more + "\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order)
{
    for (const auto delay : {0us, 1000us}) {
        auto how = plain();
        how.delay = latency(delay, 0us);
        const server sandbox(how);
        client http(sandbox);
        std::string all;
        for (int i = 1; i != 21; ++i)
            all += line("/users?limit=" + std::to_string(i % 2 ? i : 0));
        http.raw(all);
        for (int i = 1; i != 21; ++i)
            BOOST_TEST(http.receive().status == (i % 2 ? 200 : 422));
        BOOST_TEST(sandbox.stats().connections == 1u);
        BOOST_TEST(sandbox.stats().requests == 20u);
    }
}

BOOST_AUTO_TEST_CASE(a_request_may_arrive_a_byte_at_a_time)
{
    const server sandbox(plain());
    client http(sandbox);
    for (const char c : line("/users"))
        http.raw({&c, 1});
    BOOST_TEST(http.receive().status == 200);
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not)
{
    options how;
    how.max_body = 1000;
    const server sandbox(how);
    client http(sandbox);
    const std::string start = "{\"name\":\"a\",\"slug\":\"a\"}";
    BOOST_TEST(http.send("POST", "/organizations", start + std::string(1000 - start.size(), ' ')).status == 200);
    const auto refused = http.send("POST", "/organizations", start + std::string(1001 - start.size(), ' '));
    BOOST_TEST(refused.status == 413);
    BOOST_TEST(refused.header("connection") == "close");
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_answered_400_and_closed)
{
    const server sandbox(plain());
    client http(sandbox);
    http.raw("what is this\r\n\r\n");
    BOOST_TEST(http.receive().status == 400);
}

BOOST_AUTO_TEST_CASE(connection_close_is_obeyed)
{
    for (const bool tls : {false, true}) {
        options how;
        how.tls = tls;
        const server sandbox(how);
        client http(sandbox);
        http.raw(line("/users", "Connection: close\r\n"));
        const auto got = http.receive();
        BOOST_TEST(got.status == 200);
        BOOST_TEST(got.header("connection") == "close");
        BOOST_TEST(http.get("/users").status == 200);
        BOOST_TEST(sandbox.stats().connections == 2u);
    }
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_after_keep_alive)
{
    for (const bool tls : {false, true}) {
        options how;
        how.tls = tls;
        how.keep_alive = 50ms;
        const server sandbox(how);
        client http(sandbox);
        BOOST_TEST(http.get("/users").status == 200);
        const auto begin = std::chrono::steady_clock::now();
        BOOST_TEST(http.ended());
        BOOST_TEST((std::chrono::steady_clock::now() - begin < 5s));
    }
}

BOOST_AUTO_TEST_CASE(a_tls_session_is_resumed)
{
    const server sandbox{options()};
    client http(sandbox);
    http.resume = true;
    BOOST_TEST(http.get("/users").status == 200);
    http.disconnect();
    BOOST_TEST(http.get("/users").status == 200);
    const auto seen = sandbox.stats();
    BOOST_TEST(seen.connections == 2u);
    BOOST_TEST(seen.tls_resumed == 1u);
}

BOOST_AUTO_TEST_CASE(every_server_has_an_authority_of_its_own)
{
    const server one{options()}, other{options()}, without{plain()};
    BOOST_TEST(one.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    BOOST_TEST(one.ca_pem() != other.ca_pem());
    BOOST_TEST(without.ca_pem().empty());
    BOOST_TEST(without.url().starts_with("http://127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(latency_is_added_to_every_round_trip)
{
    auto how = plain();
    how.delay = latency(20ms, 5ms);
    const server sandbox(how);
    client http(sandbox);
    for (int i = 0; i != 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        BOOST_TEST(http.get("/users").status == 200);
        BOOST_TEST((std::chrono::steady_clock::now() - begin >= 15ms));
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_by_a_limit_is_a_429_with_retry_after)
{
    auto how = plain();
    how.quota.enabled = true;
    how.quota.instance = allowance(3, 1h);
    const server sandbox(how);
    client http(sandbox);
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(http.get("/users").status == 200);
    const auto refused = http.get("/users");
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.code() == "too_many_requests");
    const auto seconds = std::stoi(refused.header("retry-after"));
    BOOST_TEST(seconds > 3500);
    BOOST_TEST(seconds <= 3600);
    BOOST_TEST(client(sandbox, "sk_live_other").get("/users").status == 200);
    BOOST_TEST(http.get("/jwks").status == 200);
    const auto seen = sandbox.stats();
    BOOST_TEST(seen.refused == 1u);
    BOOST_TEST(seen.by_status.at(429) == 1u);
    std::uint64_t arrivals = 0;
    for (const auto n : seen.arrivals)
        arrivals += n;
    BOOST_TEST(arrivals == seen.requests);
}

BOOST_AUTO_TEST_CASE(credentials_are_never_recorded)
{
    const server sandbox(plain());
    client http(sandbox, "sk_test_canary");
    http.send("POST", "/organizations", "{\"name\":\"a\"}", {{"If-Match", "\"x\""}});
    const auto seen = sandbox.last_request();
    BOOST_TEST(seen.method == "POST");
    BOOST_TEST(seen.target == "/v1/organizations");
    BOOST_TEST(seen.body == "{\"name\":\"a\"}");
    bool matched = false;
    for (const auto& [name, value] : seen.headers) {
        BOOST_TEST(value.find("canary") == std::string::npos, name);
        matched |= name == "If-Match" && value == "\"x\"";
    }
    BOOST_TEST(matched);
}

BOOST_AUTO_TEST_CASE(it_ends_with_connections_open_and_can_be_read_afterwards)
{
    for (const bool tls : {false, true}) {
        options how;
        how.tls = tls;
        auto sandbox = std::make_unique<server>(how);
        client one(*sandbox), two(*sandbox);
        BOOST_TEST(one.get("/users").status == 200);
        two.raw("GET /v1/us");
        sandbox->stop();
        sandbox->stop();
        BOOST_TEST(sandbox->stats().requests == 1u);
        BOOST_TEST(sandbox->stats().open_connections == 0u);
        BOOST_TEST(one.ended());
        sandbox.reset();
    }
}

BOOST_AUTO_TEST_SUITE_END()
