// Proxies that refuse, break off, fall silent or talk nonsense.
#include "tunnelled.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

/// What ends late is the tunnel, or what is behind it.
call_options tunnel_within(std::chrono::milliseconds time)
{
    call_options how;
    how.timeouts.emplace();
    how.timeouts->connect = time;
    return how;
}

call_options handshake_within(std::chrono::milliseconds time)
{
    call_options how;
    how.timeouts.emplace();
    how.timeouts->handshake = time;
    return how;
}

void not_tunnelled(const count_result& done, const std::string& words, error_kind kind = error_kind::connect)
{
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().kind() == kind));
    BOOST_TEST((done.error().stage() == call_stage::proxy));
    BOOST_TEST((done.error().outcome() == call_outcome::not_sent));
    BOOST_TEST(done.error().message().find(words) != std::string::npos, done.error().message());
    BOOST_TEST(done.error().message().find("canary") == std::string::npos);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_proxy_that, tunnelled)

BOOST_AUTO_TEST_CASE(forbids_is_not_asked_again)
{
    begin();
    for (const int status : {400, 401, 403, 404, 405, 407, 501}) {
        proxy->act = [status](int) {
            return proxy_act("HTTP/1.1 " + std::to_string(status) + " canary\r\nContent-Length: 6\r\n\r\ncanary");
        };
        proxy->connections = 0;
        const engine on(io.get_executor(), through("user:canary"));
        const auto done = call(client(on, quick()));
        not_tunnelled(done, "the proxy " + proxy->address() + " refused the tunnel: " + std::to_string(status));
        BOOST_TEST(done.error().attempts() == 1);
        BOOST_TEST((done.error().stopped() == stop_reason::not_retryable));
        BOOST_TEST(proxy->connections == 1);
    }
    BOOST_TEST(origin->connections == 0);
}

BOOST_AUTO_TEST_CASE(cannot_just_now_is_asked_again_for_any_method)
{
    begin();
    for (const int status : {500, 502, 503, 504, 429}) {
        proxy->heads.clear();
        proxy->act = [status](int number) {
            return number < 3 ? proxy_act("HTTP/1.1 " + std::to_string(status) + " x\r\n\r\n") : proxy_act();
        };
        const engine on(io.get_executor(), through());
        const auto done = call(client(on, quick()));
        BOOST_TEST(!done.has_error(), (done ? std::string() : done.error().message()));
        BOOST_TEST(proxy->heads.size() == 3U);
    }
    // A creation too: nothing of it was sent.
    proxy->heads.clear();
    const engine on(io.get_executor(), through());
    const auto clerk = client(on, quick());
    std::optional<error> failed;
    const clerk::create_user_params ada;
    boost::asio::co_spawn(io, clerk.users().create(ada), [&](std::exception_ptr, const result<clerk::user>& done) {
        failed = done ? error() : done.error(); // the origin's answer is no user
    });
    while (!failed)
        io.run_one();
    BOOST_TEST(proxy->heads.size() == 3U);
    BOOST_TEST_REQUIRE(!origin->heads.empty());
    BOOST_TEST(origin->heads.back().starts_with("POST "));
}

BOOST_AUTO_TEST_CASE(grants_and_then_talks_nonsense_is_found_out_by_tls)
{
    begin();
    proxy->act = [](int) {
        proxy_act act;
        act.joins = false;
        return act;
    };
    // In a piece of its own, so that it is no part of the head.
    for (const std::string garbage : {"garbage garbage garbage", "HTTP/1.1 200 OK\r\n\r\n"}) {
        proxy->act = [garbage](int) {
            proxy_act act("HTTP/1.1 200 OK\r\n\r\n" + garbage);
            act.joins = false;
            return act;
        };
        const engine on(io.get_executor(), through());
        const auto done = call(client(on), tunnel_within(5s));
        not_tunnelled(done, "sent bytes ahead of the tunnel's");
        BOOST_TEST(proxy->through.empty());
    }
}

BOOST_AUTO_TEST_CASE(leads_to_something_else_is_found_out_by_tls)
{
    // The tunnel ends at the proxy itself, which speaks no TLS.
    begin();
    connect_proxy blind(io, proxy->port());
    auto options = trusting(root.pem());
    options.proxy = secret(blind.url());
    const engine on(io.get_executor(), options);
    const auto done = call(client(on), handshake_within(100ms));
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().stage() == call_stage::handshake));
    BOOST_TEST((done.error().outcome() == call_outcome::not_sent));
    blind.stop();
}

BOOST_AUTO_TEST_CASE(is_silent_at_any_stage_is_left_in_time)
{
    begin();
    const std::string whole = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: x\r\n\r\n";
    const engine on(io.get_executor(), through());
    for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
        proxy->act = [&, cut](int) {
            proxy_act act(whole.substr(0, cut));
            act.joins = false;
            return act;
        };
        const auto begun = std::chrono::steady_clock::now();
        // Connecting to the proxy has the same limit, and takes no time unless the machine stands still.
        const auto done = call(client(on), tunnel_within(100ms));
        not_tunnelled(done, "the proxy " + proxy->address() + " made no tunnel in time", error_kind::timeout);
        BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s));
    }
    // Behind the tunnel's beginning it is the handshake that ends.
    proxy->act = [&](int) {
        proxy_act act(whole);
        act.joins = false;
        return act;
    };
    const auto done = call(client(on), handshake_within(20ms));
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().kind() == error_kind::timeout));
    BOOST_TEST((done.error().stage() == call_stage::handshake));
    settle();
    BOOST_TEST(on.counters().connections == 0U);
}

BOOST_AUTO_TEST_CASE(is_silent_in_its_own_handshake_is_left_in_time)
{
    // A plain server that waits for a head never answers a ClientHello.
    begin();
    auto options = trusting(root.pem());
    options.proxy = secret("https://" + proxy->address());
    const engine on(io.get_executor(), options);
    const auto done = call(client(on), handshake_within(20ms));
    not_tunnelled(done, "the proxy " + proxy->address() + ": the TLS handshake did not end in time",
                  error_kind::timeout);
}

BOOST_AUTO_TEST_CASE(breaks_off_at_any_byte_gives_an_error_and_the_next_try_goes_through)
{
    begin();
    const std::string whole = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n";
    int cases = 0;
    for (std::size_t cut = 0; cut <= whole.size(); ++cut)
        for (const bool resets : {false, true}) {
            const engine on(io.get_executor(), through());
            proxy->heads.clear();
            proxy->act = [&, cut, resets](int number) {
                proxy_act act;
                if (number == 1) {
                    act.says = whole.substr(0, cut);
                    act.closes = true;
                    act.resets = resets;
                }
                return act;
            };
            if (cut % 8 == 0) {
                const auto once = call(client(on));
                BOOST_TEST_REQUIRE(once.has_error());
                BOOST_TEST((once.error().outcome() == call_outcome::not_sent));
                proxy->heads.clear();
            }
            const auto done = call(client(on, quick()));
            BOOST_TEST(!done.has_error(), cut << (done ? std::string() : done.error().message()));
            BOOST_TEST(proxy->heads.size() == 2U, cut);
            ++cases;
        }
    BOOST_TEST_MESSAGE(cases << " cuts");
    BOOST_TEST(origin->requests == cases);
}

BOOST_AUTO_TEST_CASE(answers_with_too_long_a_head_is_left)
{
    begin();
    proxy->act = [](int) {
        proxy_act act("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'));
        act.joins = false;
        return act;
    };
    const engine on(io.get_executor(), through());
    not_tunnelled(call(client(on), tunnel_within(5s)), "answered with more than 16384 bytes of header");
}

BOOST_AUTO_TEST_CASE(is_no_proxy_is_told_from_one)
{
    begin();
    for (const std::string says : {"SSH-2.0-OpenSSH_9.2\r\n", "220 mail.example ESMTP\r\n", "HTTP/2 200\r\n\r\n"}) {
        proxy->act = [says](int) {
            proxy_act act(says);
            act.joins = false;
            return act;
        };
        const engine on(io.get_executor(), through());
        not_tunnelled(call(client(on), tunnel_within(5s)), "did not answer in HTTP");
    }
}

BOOST_AUTO_TEST_CASE(does_not_listen_is_named)
{
    begin();
    const engine on(io.get_executor(), through("user:canary"));
    const auto address = proxy->address();
    proxy->stop();
    settle();
    const auto done = call(client(on));
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().kind() == error_kind::connect));
    BOOST_TEST(done.error().message().find("no address of the proxy " + address + " accepted") != std::string::npos);
    BOOST_TEST(done.error().message().find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_being_asked_when_the_caller_cancels_is_left_at_once)
{
    begin();
    proxy->act = [](int) {
        proxy_act act("HTTP/1.1 1");
        act.joins = false;
        return act;
    };
    const engine on(io.get_executor(), through());
    boost::asio::cancellation_signal stop;
    std::vector<count_result> done;
    boost::asio::co_spawn(io, one(client(on), call_options(), &done),
                          boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    while (proxy->heads.empty())
        io.run_one();
    settle();
    stop.emit(boost::asio::cancellation_type::terminal);
    settle();
    BOOST_TEST_REQUIRE(done.size() == 1U);
    BOOST_TEST_REQUIRE(done.front().has_error());
    BOOST_TEST(done.front().error().is_cancelled());
    BOOST_TEST(on.counters().connections == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
