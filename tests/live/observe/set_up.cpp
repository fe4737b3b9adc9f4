// Connections that take long to set up.
#include "io/dead_ends.hpp"
#include "live/observe/fixture.hpp"

#include <usher/sandbox.hpp>

#include <boost/asio/detached.hpp>

using namespace usher;
using namespace usher::tests;

namespace {

/// Takes a connection, does nothing with it for a while, then passes everything on to a port behind it.
class late_door {
public:
    late_door(asio::io_context& io, std::uint16_t behind, std::chrono::milliseconds pause)
        : acceptor_(io, {asio::ip::address_v4::loopback(), 0}), behind_(behind), pause_(pause)
    {
        asio::co_spawn(io, accept(), asio::detached);
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    void stop()
    {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (auto& weak : open_)
            if (const auto one = weak.lock())
                one->close(ignored);
    }

private:
    using socket = asio::ip::tcp::socket;

    asio::awaitable<void> accept()
    {
        for (;;) {
            auto one = std::make_shared<socket>(co_await acceptor_.async_accept(asio::use_awaitable));
            open_.push_back(one);
            asio::co_spawn(acceptor_.get_executor(), open(one), asio::detached);
        }
    }
    asio::awaitable<void> open(std::shared_ptr<socket> outside)
    {
        asio::steady_timer pause(acceptor_.get_executor(), pause_);
        co_await pause.async_wait(asio::use_awaitable);
        auto inside = std::make_shared<socket>(acceptor_.get_executor());
        open_.push_back(inside);
        const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), behind_);
        co_await inside->async_connect(where, asio::use_awaitable);
        asio::co_spawn(acceptor_.get_executor(), pass_on(outside, inside), asio::detached);
        co_await pass_on(inside, outside);
    }
    static asio::awaitable<void> pass_on(std::shared_ptr<socket> from, std::shared_ptr<socket> to)
    {
        std::array<char, 4096> buffer{};
        for (;;) {
            const auto size = co_await from->async_read_some(asio::buffer(buffer), asio::use_awaitable);
            co_await asio::async_write(*to, asio::buffer(buffer.data(), size), asio::use_awaitable);
        }
    }

    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t behind_;
    std::chrono::milliseconds pause_;
    std::list<std::weak_ptr<socket>> open_;
};

asio::awaitable<void> answer_once(asio::ip::tcp::socket taken)
{
    std::string input;
    co_await asio::async_read_until(taken, asio::dynamic_buffer(input), "\r\n\r\n", asio::use_awaitable);
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 41\r\nConnection: close\r\n\r\n"
                               R"({"object":"total_count","total_count":17})";
    co_await asio::async_write(taken, asio::buffer(answer), asio::use_awaitable);
}

asio::awaitable<void> serve_late(asio::ip::tcp::acceptor& acceptor)
{
    asio::steady_timer pause(acceptor.get_executor(), 300ms);
    co_await pause.async_wait(asio::use_awaitable);
    for (;;) {
        auto taken = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(acceptor.get_executor(), answer_once(std::move(taken)), asio::detached);
    }
}

std::uint16_t port_of(const std::string& url)
{
    const auto begin = url.find(':', 8) + 1;
    return static_cast<std::uint16_t>(std::stoul(url.substr(begin)));
}

std::string with_port(const std::string& url, std::uint16_t port)
{
    const auto begin = url.find(':', 8) + 1;
    const auto end = std::min(url.find('/', begin), url.size());
    return url.substr(0, begin) + std::to_string(port) + url.substr(end);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(set_up, traced_fixture)

BOOST_AUTO_TEST_CASE(a_handshake_that_takes_long_is_told_and_that_it_took_up_a_session)
{
    sandbox::server served{sandbox::options()};
    late_door door(io, port_of(served.url()), 150ms);
    engine_options trusting;
    trusting.ca_pem = served.ca_pem();
    engine secure(io.get_executor(), trusting);
    client_options options;
    options.base_url = with_port(served.url(), door.port());
    options.quota = quota::unlimited();
    options.watcher = watcher;
    const clerk::client clerk(secure, secret("sk_live_usherusherusherusherusherusherusherusher"), options);
    const auto trace = traced(clerk);
    check_slowest(trace, call_phase::handshake, 145);
    BOOST_TEST(trace.to_string().find("new connection: ") != std::string::npos);
    BOOST_TEST(!trace.attempts().front().resumed_session);

    secure.close_idle();
    const auto second = traced(clerk);
    check_slowest(second, call_phase::handshake, 145);
    BOOST_TEST(second.attempts().front().resumed_session);
    BOOST_TEST(second.to_string().find("TLS (session resumed)") != std::string::npos);

    const auto third = traced(clerk);
    BOOST_TEST(third.attempts().front().reused_connection);
    BOOST_TEST(third.to_string().find("connection reused") != std::string::npos);
    check_sum(third);
    const auto& event = watcher->events.front();
    BOOST_TEST(ms(event.pool) >= ms(event.resolve) + ms(event.connect) + ms(event.handshake));
    door.stop();
}

BOOST_AUTO_TEST_CASE(an_address_that_answers_late_is_told_as_connecting)
{
    // A queue of connections that is full loses the next one's first packet; the kernel sends it again after a second.
    black_hole narrow(io);
    asio::co_spawn(io, serve_late(narrow.acceptor), asio::detached);
    client_options options;
    options.base_url = "http://127.0.0.1:" + std::to_string(narrow.address().port());
    options.quota = quota::unlimited();
    options.retry = retry_policy::none();
    const clerk::client clerk(on, secret("sk_live_usherusherusherusherusherusher"), options);
    const auto trace = traced(clerk);
    BOOST_TEST(last->has_value());
    check_slowest(trace, call_phase::connect, 250);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_none_is_told_as_resolving)
{
    client_options options;
    options.base_url = "https://nowhere.invalid";
    options.quota = quota::unlimited();
    options.retry = retry_policy::none();
    const clerk::client clerk(on, secret("sk_live_usherusherusherusherusherusher"), options);
    const auto trace = traced(clerk);
    BOOST_TEST(!*last);
    check_sum(trace);
    BOOST_TEST_REQUIRE(trace.slowest().has_value());
    BOOST_TEST(to_string(trace.slowest()->phase) == "resolve");
}

BOOST_AUTO_TEST_SUITE_END()
