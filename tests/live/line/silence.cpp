// Servers that do not answer: every wait has an end.
#include <usher/clerk.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <list>
#include <optional>

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace usher;
using namespace std::chrono_literals;

namespace {

// Accepts, answers a request with what it was told to say, and is silent from then on.
struct silent_server {
    silent_server(asio::io_context& io, std::string says_)
        : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), says(std::move(says_))
    {
        accept();
    }

    void accept()
    {
        acceptor.async_accept([this](boost::system::error_code ec, tcp::socket socket) {
            if (ec)
                return;
            sockets.push_back(std::move(socket));
            sockets.back().async_wait(tcp::socket::wait_read, [this, &on = sockets.back()](auto failed) {
                if (failed)
                    return;
                if (!says.empty())
                    asio::write(on, asio::buffer(says));
                if (asked)
                    asked();
            });
            accept();
        });
    }

    void stop()
    {
        boost::system::error_code ignored;
        acceptor.close(ignored);
        sockets.clear();
    }

    std::string url(const char* scheme) const
    {
        return std::string(scheme) + "://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
    }

    tcp::acceptor acceptor;
    std::string says;
    std::function<void()> asked; ///< when something of a request has come
    std::list<tcp::socket> sockets;
};

struct fixture {
    /// Without the limit that a test is about, a call waits for longer than any machine stands still.
    clerk::client client_of(const engine& on, const std::string& base_url,
                            const phase_timeouts& limits = phase_timeouts()) const
    {
        client_options options;
        options.base_url = base_url;
        options.quota = quota::unlimited();
        options.retry = retry_policy::none();
        options.timeouts = limits;
        return clerk::client(on, secret("sk_test_abc"), options);
    }

    template <class Awaitable>
    error error_of(silent_server& server, Awaitable call, asio::cancellation_slot slot = asio::cancellation_slot())
    {
        std::optional<error> failed;
        asio::co_spawn(io, std::move(call),
                       asio::bind_cancellation_slot(slot, [&](std::exception_ptr thrown, auto done) {
                           BOOST_TEST(!thrown);
                           if (!thrown && !done)
                               failed = done.error();
                           server.stop();
                       }));
        io.restart();
        io.run();
        BOOST_TEST_REQUIRE(failed.has_value());
        return *failed;
    }

    asio::io_context io{1};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(against_silence, fixture)

BOOST_AUTO_TEST_CASE(a_handshake_that_is_not_answered_ends_in_time)
{
    silent_server server(io, "");
    const engine engine(io.get_executor());
    phase_timeouts limits;
    limits.handshake = 50ms;
    const auto failed = error_of(server, client_of(engine, server.url("https"), limits).users().get("u"));
    BOOST_TEST((failed.kind() == error_kind::timeout));
    BOOST_TEST((failed.stage() == call_stage::handshake));
    BOOST_TEST((failed.outcome() == call_outcome::not_sent));
}

BOOST_AUTO_TEST_CASE(a_request_that_is_not_answered_ends_in_time)
{
    silent_server server(io, "");
    const engine engine(io.get_executor());
    phase_timeouts limits;
    limits.first_byte = 60ms;
    const auto failed = error_of(server, client_of(engine, server.url("http"), limits).users().get("u"));
    BOOST_TEST((failed.kind() == error_kind::timeout));
    BOOST_TEST((failed.stage() == call_stage::first_byte));
    BOOST_TEST(failed.is_timeout());
    BOOST_TEST((failed.outcome() == call_outcome::unknown));
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_end_ends_in_time)
{
    silent_server server(io, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    const engine engine(io.get_executor());
    phase_timeouts limits;
    limits.whole = 300ms;
    const auto failed = error_of(server, client_of(engine, server.url("http"), limits).users().get("u"));
    BOOST_TEST((failed.kind() == error_kind::timeout), failed.message());
    BOOST_TEST((failed.stage() == call_stage::body), failed.message());
    BOOST_TEST(failed.is_outcome_unknown());
}

BOOST_AUTO_TEST_CASE(the_deadline_of_the_call_ends_it_before_the_phases_do)
{
    silent_server server(io, "");
    const engine engine(io.get_executor());
    call_options options;
    options.deadline = 20ms;
    const auto begun = std::chrono::steady_clock::now();
    const auto failed = error_of(server, client_of(engine, server.url("http")).users().get("u", options));
    BOOST_TEST((failed.kind() == error_kind::timeout));
    BOOST_TEST((std::chrono::steady_clock::now() - begun >= 20ms));
}

BOOST_AUTO_TEST_CASE(a_connection_that_never_gets_free_is_waited_for_in_time)
{
    silent_server server(io, "");
    engine_options one;
    one.max_connections_per_origin = 1;
    const engine engine(io.get_executor(), one);
    auto client = client_of(engine, server.url("http"));
    asio::co_spawn(io, client.users().get("first"), [](std::exception_ptr, const result<clerk::user>&) {});
    call_options options;
    options.timeouts.emplace();
    options.timeouts->pool = 10ms;
    const auto failed = error_of(server, client.users().get("second", options));
    BOOST_TEST((failed.kind() == error_kind::timeout));
    BOOST_TEST((failed.stage() == call_stage::pool));
    BOOST_TEST((failed.outcome() == call_outcome::not_sent));
    BOOST_TEST(engine.counters().connections == 0U);
}

BOOST_AUTO_TEST_CASE(cancelling_ends_the_call_and_closes_its_connection)
{
    silent_server server(io, "");
    const engine engine(io.get_executor());
    asio::cancellation_signal stop;
    server.asked = [&stop] { stop.emit(asio::cancellation_type::terminal); };
    const auto failed = error_of(server, client_of(engine, server.url("http")).users().get("u"), stop.slot());
    BOOST_TEST(failed.is_cancelled());
    BOOST_TEST((failed.stopped() == stop_reason::cancelled));
    BOOST_TEST((failed.outcome() == call_outcome::unknown));
    BOOST_TEST(engine.counters().connections == 0U);
    BOOST_TEST(engine.counters().errors == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_a_connect_error_that_names_the_host)
{
    std::string url;
    {
        silent_server server(io, "");
        url = server.url("http");
        server.stop();
        io.restart();
        io.run();
    }
    silent_server unused(io, "");
    const engine engine(io.get_executor());
    const auto failed = error_of(unused, client_of(engine, url).users().get("u"));
    BOOST_TEST((failed.kind() == error_kind::connect));
    BOOST_TEST(failed.is_retryable());
    BOOST_TEST(failed.message().find("127.0.0.1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_awaitable_that_is_never_awaited_leaves_nothing_behind)
{
    const engine engine(io.get_executor());
    {
        auto dropped = client_of(engine, "http://127.0.0.1:1").users().get("u");
    }
    io.run();
    BOOST_TEST(engine.counters().calls == 0U);
}

BOOST_AUTO_TEST_CASE(a_context_that_goes_with_calls_in_flight_takes_them_along)
{
    auto own = std::make_unique<asio::io_context>(1);
    silent_server server(*own, "");
    std::optional<engine> engine(std::in_place, own->get_executor());
    {
        auto client = client_of(*engine, server.url("http"));
        asio::co_spawn(*own, client.users().get("u"), [](std::exception_ptr, const result<clerk::user>&) {});
    }
    own->run_for(10ms);
    BOOST_TEST(engine->counters().in_flight == 1U);
    server.stop();
    engine.reset();
    own.reset();
}

BOOST_AUTO_TEST_SUITE_END()
