#include "net/tunnel.hpp"
#include "io/fake_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>

using namespace usher;
using namespace usher::detail;
using namespace usher::tests;

namespace {

struct asked {
    io_state state = io_state::want_read;
    boost::system::error_code code;
    std::string text;
    std::string written;
    std::size_t operations = 0;
};

asked ask(fake_wire wire, const char* proxy = "http://proxy.example:3128",
          const char* origin = "https://api.example.com")
{
    const auto address = parse_proxy(proxy, "x");
    const auto url = parse_base_url(origin);
    fake_stream on(wire);
    tunnel machine(on, address, url);
    asked result;
    for (int turn = 0; turn < 100'000; ++turn) {
        const auto before = wire.operations;
        result.state = machine.advance();
        if (result.state == io_state::ready || result.state == io_state::failed)
            break;
        if (wire.operations == before + 1 && turn > 2 && !wire.pause_between)
            break; // one fruitless read: nothing more will come
    }
    result.code = machine.code();
    result.text = machine.text();
    result.written = wire.written;
    result.operations = wire.operations;
    return result;
}

asked answered_with(std::string text)
{
    return ask(answering(std::move(text)));
}

const std::string yes = "HTTP/1.1 200 Connection established\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(a_tunnel)

BOOST_AUTO_TEST_CASE(is_asked_for_with_the_origins_host_and_port)
{
    const auto direct = ask(answering(yes));
    BOOST_TEST((direct.state == io_state::ready));
    BOOST_TEST(direct.written == "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n");
    BOOST_TEST(ask(answering(yes), "http://p", "https://[2001:db8::1]:8443/v1").written ==
               "CONNECT [2001:db8::1]:8443 HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(carries_the_proxys_credentials)
{
    BOOST_TEST(ask(answering(yes), "http://aladdin:opensesame@p").written ==
               "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n"
               "Proxy-Authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(is_there_after_any_2xx_whatever_its_fields_say)
{
    for (const auto* head :
         {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 Connection established\r\n\r\n", "HTTP/1.1 200\r\n\r\n",
          "HTTP/1.1 200 \r\n\r\n", "HTTP/1.1 299 Odd\r\nContent-Length: 5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n",
          "HTTP/1.1 204 No Content\r\nVia: 1.1 x\r\nX: \r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.1 102 P\r\nA: b\r\n\r\nHTTP/1.1 103 E\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"}) {
        const auto done = answered_with(head);
        BOOST_TEST((done.state == io_state::ready), head << " " << done.text);
    }
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size_in_either_direction_give_the_same)
{
    for (const std::size_t at_once : {1UL, 2UL, 3UL, 7UL, 64UL, 4096UL})
        for (const bool pauses : {false, true}) {
            auto wire = answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: 1.1 proxy\r\n\r\n");
            wire.read_at_once = wire.write_at_once = at_once;
            wire.pause_between = pauses;
            const auto done = ask(wire, "http://a:b@p");
            BOOST_TEST((done.state == io_state::ready), at_once);
            BOOST_TEST(done.written.ends_with("\r\nProxy-Authorization: Basic YTpi\r\n\r\n"), at_once);
        }
}

BOOST_AUTO_TEST_CASE(is_refused_in_the_standards_words_and_none_of_the_proxys)
{
    const std::pair<const char*, const char*> samples[] = {
        {"HTTP/1.1 407 canary\r\nProxy-Authenticate: Basic realm=\"canary\"\r\nContent-Length: 6\r\n\r\ncanary",
         "the proxy proxy.example:3128 refused the tunnel: 407 Proxy Authentication Required"},
        {"HTTP/1.1 403 canary\r\n\r\n", "the proxy proxy.example:3128 refused the tunnel: 403 Forbidden"},
        {"HTTP/1.1 502 \r\n\r\n", "the proxy proxy.example:3128 refused the tunnel: 502 Bad Gateway"},
        {"HTTP/1.1 555 canary\r\n\r\n", "the proxy proxy.example:3128 refused the tunnel: 555"},
        {"HTTP/1.1 302 Found\r\nLocation: http://canary\r\n\r\n",
         "the proxy proxy.example:3128 refused the tunnel: 302 Found"},
    };
    for (const auto& [answer, text] : samples) {
        const auto done = answered_with(answer);
        BOOST_TEST((done.state == io_state::failed));
        BOOST_TEST(done.text == text);
        BOOST_TEST((done.code.category() == proxy_status_category()));
    }
}

BOOST_AUTO_TEST_CASE(only_what_the_proxy_could_not_do_just_now_is_tried_again)
{
    for (const int status : {408, 425, 429, 500, 502, 503, 504, 520})
        BOOST_TEST(!is_permanent_refusal({status, proxy_status_category()}), status);
    for (const int status : {300, 302, 400, 401, 403, 404, 405, 407, 501, 505, 511})
        BOOST_TEST(is_permanent_refusal({status, proxy_status_category()}), status);
    BOOST_TEST(!is_permanent_refusal({407, boost::system::generic_category()}));
}

BOOST_AUTO_TEST_CASE(does_not_begin_with_bytes_of_the_proxys)
{
    for (const std::size_t at_once : {4096UL, 40UL}) {
        auto wire = answering(yes + "x");
        wire.read_at_once = at_once;
        const auto done = ask(wire);
        BOOST_TEST((done.state == io_state::failed), at_once);
        BOOST_TEST(done.text == "the proxy proxy.example:3128 sent bytes ahead of the tunnel's");
    }
}

BOOST_AUTO_TEST_CASE(is_not_made_of_what_is_no_http)
{
    for (const auto* bad : {"S",
                            "SSH-2.0-OpenSSH_9.2\r\n",
                            "\x15\x03\x01",
                            "HTTP/2 200\r\n\r\n",
                            "HTTP/1.1\r\n\r\n",
                            "HTTP/1.1 20\r\n\r\n",
                            "HTTP/1.1 2000 OK\r\n\r\n",
                            "HTTP/1.1 2x0 OK\r\n\r\n",
                            "HTTP/1.1  200 OK\r\n\r\n",
                            "HTTP/1.x 200 OK\r\n\r\n",
                            "HTTP/1.1 099 OK\r\n\r\n",
                            "HTTP/1.1 600 OK\r\n\r\n",
                            "HTTP/1.1 101 Switching\r\n\r\n",
                            "\r\nHTTP/1.1 200 OK\r\n\r\n",
                            " HTTP/1.1 200 OK\r\n\r\n",
                            "http/1.1 200 OK\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
                            "HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n",
                            "HTTP/1.1 200 OK\r\rA: b\r\n\r\n"}) {
        const auto done = answered_with(bad);
        BOOST_TEST((done.state == io_state::failed), bad);
        BOOST_TEST(done.text == "the proxy proxy.example:3128 did not answer in HTTP", bad);
    }
    const auto with_zero = answered_with(std::string("HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", 25));
    BOOST_TEST((with_zero.state == io_state::failed));
}

BOOST_AUTO_TEST_CASE(limits_hold_to_the_byte)
{
    const auto of_size = [](std::size_t size) {
        const std::string begin = "HTTP/1.1 200 OK\r\nA: ";
        return begin + std::string(size - begin.size() - 4, 'x') + "\r\n\r\n";
    };
    BOOST_TEST((answered_with(of_size(tunnel::most_head)).state == io_state::ready));
    const auto over = answered_with(of_size(tunnel::most_head + 1));
    BOOST_TEST((over.state == io_state::failed));
    BOOST_TEST(over.text == "the proxy proxy.example:3128 answered with more than 16384 bytes of header");
    // Interim answers count too: they can't go on for ever.
    std::string interim;
    while (interim.size() <= tunnel::most_head)
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    BOOST_TEST((answered_with(interim + yes).state == io_state::failed));
}

BOOST_AUTO_TEST_CASE(cut_at_any_byte_is_none)
{
    const std::string whole = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: 1.1 proxy\r\n\r\n";
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        auto wire = answering(whole.substr(0, cut));
        BOOST_TEST((ask(wire).state == io_state::want_read), cut);
        wire.end_after_input = true;
        const auto ended = ask(wire);
        BOOST_TEST((ended.state == io_state::failed), cut);
        BOOST_TEST(ended.text == "the proxy proxy.example:3128 closed the connection instead of making a tunnel", cut);
    }
}

BOOST_AUTO_TEST_CASE(a_failure_at_any_operation_is_told)
{
    auto wire = answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: 1.1 proxy\r\n\r\n");
    wire.read_at_once = 5;
    wire.write_at_once = 6;
    const auto whole = ask(wire, "http://a:canary@proxy.example:3128");
    BOOST_TEST_REQUIRE((whole.state == io_state::ready));
    BOOST_TEST_REQUIRE(whole.operations > 20U);
    for (std::size_t n = 0; n < whole.operations; ++n) {
        auto failing = wire;
        failing.fail_at = n;
        const auto done = ask(failing, "http://a:canary@proxy.example:3128");
        BOOST_TEST((done.state == io_state::failed), n);
        BOOST_TEST((done.code == boost::asio::error::connection_reset), n);
        BOOST_TEST(done.text == "the connection to the proxy proxy.example:3128 broke before there was a tunnel", n);
    }
}

BOOST_AUTO_TEST_CASE(is_driven_to_its_end_or_to_its_deadline)
{
    const auto address = parse_proxy("http://proxy.example:3128", "x");
    const auto url = parse_base_url("https://api.example.com");
    const auto drive_over = [&](fake_wire wire, std::chrono::milliseconds time) {
        boost::asio::io_context io;
        auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
        fake_stream on(wire);
        tunnel machine(on, address, url);
        std::optional<opened> ended;
        boost::asio::co_spawn(io, drive(deadlines, on, machine, std::chrono::steady_clock::now() + time),
                              [&](std::exception_ptr thrown, const opened& result) {
                                  BOOST_TEST(!thrown);
                                  ended = result;
                              });
        io.run();
        BOOST_TEST(deadlines->size() == 0U);
        BOOST_TEST_REQUIRE(ended.has_value());
        return *ended;
    };
    using namespace std::chrono_literals;
    auto slow = answering(yes);
    slow.pause_between = true;
    slow.read_at_once = 1;
    BOOST_TEST(drive_over(slow, 1h).done);
    BOOST_TEST(drive_over(answering("HTTP/1.1 407 x\r\n\r\n"), 1h).failed_itself);
    // A proxy that goes on and on with nothing is not waited for any longer than one that says nothing.
    const auto late = drive_over(answering("HTTP/1.1 200 OK\r\n"), 5ms);
    BOOST_TEST(!late.done);
    BOOST_TEST((late.error == boost::asio::error::timed_out));
}

BOOST_AUTO_TEST_SUITE_END()
