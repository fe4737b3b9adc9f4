// Whose answer it is that comes while the request is written, and what an exchange leaves to others.
#include "io/net/exchange_run.hpp"

using namespace usher;
using namespace usher::detail;
using namespace usher::tests;

namespace {

const std::string long_body(300'000, 'b');

struct exchange_bench {
    explicit exchange_bench(fake_wire& wire, std::uint64_t before)
        : on(std::make_unique<fake_stream>(wire), std::chrono::steady_clock::now())
    {
        on.exchanges = before;
        request.method = "POST";
        request.body = long_body;
        limits.max_body = 16 << 20;
    }
    /// Until it is over, or would have to wait for more than this many turns.
    io_state advance(exchange_machine& machine, int turns = 1000)
    {
        auto state = machine.advance();
        for (int turn = 1; turn < turns && state != io_state::ready && state != io_state::failed; ++turn)
            state = machine.advance();
        return state;
    }

    boost::asio::io_context io;
    std::shared_ptr<deadline_queue> deadlines = std::make_shared<deadline_queue>(io.get_executor());
    connection on;
    text_sink sink;
    wire_request request = get_request();
    exchange_limits limits = wide_limits();
};

std::string answer_with(int status)
{
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 5\r\n\r\nhello";
}

} // namespace

BOOST_AUTO_TEST_SUITE(exchange_turns)

BOOST_AUTO_TEST_CASE(an_early_success_is_taken_only_where_no_other_request_was_before)
{
    for (const std::uint64_t before : {0U, 1U})
        for (const int status : {200, 204, 401, 413}) {
            auto wire = answering(status == 204 ? "HTTP/1.1 204 X\r\n\r\n" : answer_with(status));
            wire.is_early = true;
            wire.takes = 100'000;
            exchange_bench b(wire, before);
            exchange_machine machine(b.on, *b.deadlines, b.request, b.sink, b.limits);
            const bool is_taken = before == 0 || status >= 300;
            BOOST_TEST((b.advance(machine) == (is_taken ? io_state::ready : io_state::failed)), status);
            const auto& told = machine.report();
            BOOST_TEST(!told.reusable);
            BOOST_TEST((told.reached == (is_taken ? progress::answered : progress::partly_sent)), status);
            BOOST_TEST((told.failure == (is_taken ? error_kind::none : error_kind::connection)), told.text);
            BOOST_TEST(b.deadlines->size() == 0U);
        }
}

BOOST_AUTO_TEST_CASE(a_success_that_began_before_the_request_was_whole_is_an_early_one)
{
    for (const std::size_t cut : {5U, 16U, 20U}) // within lines and between them
        for (const std::uint64_t before : {0U, 1U}) {
            auto wire = answering(answer_with(200).substr(0, cut));
            wire.is_early = true;
            wire.pause_between = true;
            wire.write_at_once = 5000;
            exchange_bench b(wire, before);
            exchange_machine machine(b.on, *b.deadlines, b.request, b.sink, b.limits);
            b.advance(machine);
            BOOST_TEST((machine.report().reached == progress::sent));
            BOOST_TEST(wire.written.ends_with(long_body));
            wire.to_read = answer_with(200);
            BOOST_TEST((b.advance(machine) == (before == 0 ? io_state::ready : io_state::failed)));
            BOOST_TEST(!machine.report().reusable);
            if (before == 0)
                continue;
            BOOST_TEST((machine.report().failure == error_kind::connection));
            BOOST_TEST((machine.report().reached == progress::answering));
        }
}

BOOST_AUTO_TEST_CASE(a_peer_that_never_pauses_leaves_others_their_turn)
{
    constexpr std::uint64_t size = 4 << 20;
    auto wire =
        answering("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
    wire.read_at_once = 1000;
    exchange_bench b(wire, 1);
    exchange_machine machine(b.on, *b.deadlines, b.request, b.sink, b.limits);
    BOOST_TEST((machine.advance() == io_state::want_read));
    std::uint64_t got = 0;
    int turns = 0;
    // A wait for the socket to be readable would miss what TLS has taken from it already.
    while (machine.advance() == io_state::want_either) {
        ++turns;
        BOOST_TEST(machine.report().bytes_received - got <= 1'100'000U);
        got = machine.report().bytes_received;
    }
    BOOST_TEST(turns >= 3);
    BOOST_TEST((machine.report().reached == progress::answered));
    BOOST_TEST(b.sink.text.size() == size);
    BOOST_TEST(machine.report().reusable);
}

BOOST_AUTO_TEST_CASE(the_connection_remembers_how_long_the_server_keeps_it)
{
    for (const bool is_told : {true, false}) {
        auto wire = answering("HTTP/1.1 200 OK\r\n" + std::string(is_told ? "Keep-Alive: timeout=7\r\n" : "") +
                              "Content-Length: 0\r\n\r\n");
        exchange_bench b(wire, 1);
        b.on.idle_until = time_point();
        exchange_machine machine(b.on, *b.deadlines, b.request, b.sink, b.limits);
        BOOST_TEST((b.advance(machine) == io_state::ready));
        const auto expected = is_told ? machine.report().ended + std::chrono::seconds(5) : time_point::max();
        BOOST_TEST((b.on.idle_until == expected));
    }
}

BOOST_AUTO_TEST_SUITE_END()
