#include "io/net/exchange_run.hpp"

using namespace usher;
using namespace usher::detail;
using namespace usher::tests;

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE(sends_the_request_and_takes_the_answer)
{
    const auto done = answered_with(plain_answer);
    BOOST_TEST(done.written == "GET /v1/users/u HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST((done.report.failure == error_kind::none));
    BOOST_TEST((done.report.reached == progress::answered));
    BOOST_TEST(done.report.reusable);
    BOOST_TEST(done.status == 200);
    BOOST_TEST(done.text == "hello");
}

BOOST_AUTO_TEST_CASE(a_request_with_a_body_is_one_write)
{
    auto request = get_request();
    request.method = "POST";
    request.content_type = "application/json";
    request.body = "{}";
    const auto done = exchange_over(answering(plain_answer), request);
    BOOST_TEST(done.written ==
               "POST /v1/users/u HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    BOOST_TEST(done.operations == 2U); // one write, one read
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size_in_either_direction_give_the_same)
{
    memory_source source(std::string(200'000, 'x'));
    for (const std::size_t at_once : {1UL, 2UL, 7UL, 4096UL, 1UL << 20}) {
        auto wire = answering(plain_answer);
        wire.read_at_once = wire.write_at_once = at_once;
        wire.pause_between = true;
        auto request = get_request();
        request.method = "POST";
        if (at_once > 7) {
            source.rewind();
            request.source = &source;
        }
        const auto done = exchange_over(wire, request);
        BOOST_TEST(done.text == "hello");
        BOOST_TEST(done.report.bytes_sent == done.written.size());
        if (at_once > 7)
            BOOST_TEST(done.written.ends_with("Content-Length: 200000\r\n\r\n" + source.text));
    }
}

BOOST_AUTO_TEST_CASE(a_large_body_is_written_whole)
{
    const std::string body(300'000, 'b');
    auto request = get_request();
    request.method = "PUT";
    request.body = body;
    const auto done = exchange_over(answering(plain_answer), request);
    BOOST_TEST(done.written.ends_with("\r\n\r\n" + body));
}

BOOST_AUTO_TEST_CASE(a_failure_at_any_operation_is_reported_with_how_far_the_request_came)
{
    auto wire = answering(plain_answer);
    wire.read_at_once = 9;
    wire.write_at_once = 10;
    auto request = get_request();
    const auto whole = exchange_over(wire, request);
    BOOST_TEST_REQUIRE(whole.text == "hello");
    const auto writes = (whole.written.size() + 9) / 10;
    for (std::size_t n = 0; n < whole.operations; ++n) {
        auto failing = wire;
        failing.fail_at = n;
        const auto cut = exchange_over(failing, request);
        BOOST_TEST((cut.report.failure == error_kind::connection), n);
        BOOST_TEST(!cut.report.reusable, n);
        const auto expected = n == 0        ? progress::not_sent
                              : n < writes  ? progress::partly_sent
                              : n == writes ? progress::sent
                                            : progress::answering;
        BOOST_TEST((cut.report.reached == expected), n);
        BOOST_TEST((cut.report.code == boost::asio::error::connection_reset), n);
    }
}

BOOST_AUTO_TEST_CASE(an_orderly_end_within_the_answer_is_no_answer)
{
    for (std::size_t cut = 0; cut < plain_answer.size(); ++cut) {
        auto wire = answering(plain_answer.substr(0, cut));
        wire.end_after_input = true;
        const auto done = exchange_over(wire, get_request());
        BOOST_TEST((done.report.failure == error_kind::connection), cut);
        BOOST_TEST((done.report.reached == (cut == 0 ? progress::sent : progress::answering)), cut);
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_the_end_of_the_connection_ends_is_taken_when_the_end_is_orderly)
{
    auto wire = answering("HTTP/1.1 200 OK\r\n\r\nuntil the end");
    wire.end_after_input = true;
    const auto done = exchange_over(wire, get_request());
    BOOST_TEST((done.report.failure == error_kind::none));
    BOOST_TEST(done.text == "until the end");
    BOOST_TEST(!done.report.reusable);
    wire.end_after_input = false;
    wire.fail_at = 2;
    const auto cut = exchange_over(wire, get_request());
    BOOST_TEST((cut.report.failure == error_kind::connection));
}

BOOST_AUTO_TEST_CASE(bytes_behind_an_answer_end_the_connection)
{
    const auto done = answered_with(plain_answer + "HTTP/1.1 200 OK\r\n");
    BOOST_TEST(done.text == "hello");
    BOOST_TEST(!done.report.reusable);
}

BOOST_AUTO_TEST_CASE(close_is_honoured_and_keep_alive_is_the_default)
{
    BOOST_TEST(!answered_with("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").report.reusable);
    BOOST_TEST(!answered_with("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").report.reusable);
    BOOST_TEST(answered_with("HTTP/1.1 204 No Content\r\n\r\n").report.reusable);
}

BOOST_AUTO_TEST_CASE(interim_answers_are_passed_over)
{
    const auto done =
        answered_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + plain_answer);
    BOOST_TEST(done.status == 200);
    BOOST_TEST(done.text == "hello");
    BOOST_TEST(done.report.reusable);
}

BOOST_AUTO_TEST_CASE(chunks_with_trailers_are_taken)
{
    const auto done = answered_with(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n");
    BOOST_TEST(done.text == "hello");
    BOOST_TEST(done.report.reusable);
}

BOOST_AUTO_TEST_CASE(what_is_not_http_or_says_its_length_twice_is_refused)
{
    for (const auto* bad :
         {"garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
          "HTTP/2 200\r\n\r\n", "HTTP/1.1 200 OK\r\nA\x01: b\r\n\r\n"}) {
        const auto done = answered_with(bad);
        BOOST_TEST((done.report.failure == error_kind::protocol), bad);
        BOOST_TEST(!done.report.reusable, bad);
    }
}

BOOST_AUTO_TEST_CASE(limits_hold_to_the_byte)
{
    auto limits = wide_limits();
    limits.max_body = 5;
    BOOST_TEST((answered_with(plain_answer, limits).report.failure == error_kind::none));
    limits.max_body = 4;
    BOOST_TEST((answered_with(plain_answer, limits).report.failure == error_kind::protocol));

    // The limit is for the field lines with the empty line that ends them; the status line has one of its own.
    limits = wide_limits();
    limits.max_header = 2048;
    const auto with_fields = [](std::size_t size) {
        const std::string fields = "Content-Length: 0\r\nX: ";
        return "HTTP/1.1 200 OK\r\n" + fields + std::string(size - fields.size() - 4, 'x') + "\r\n\r\n";
    };
    BOOST_TEST((answered_with(with_fields(2048), limits).report.failure == error_kind::none));
    BOOST_TEST((answered_with(with_fields(2049), limits).report.failure == error_kind::protocol));
}

BOOST_AUTO_TEST_CASE(an_expired_watch_is_a_timeout_and_another_interruption_is_not)
{
    boost::asio::io_context io;
    auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
    fake_wire wire;
    connection on(std::make_unique<fake_stream>(wire), std::chrono::steady_clock::now());
    text_sink sink;
    const auto request = get_request();
    {
        exchange_machine machine(on, *deadlines, request, sink, wide_limits());
        BOOST_TEST((machine.advance() == io_state::want_read));
        machine.interrupt(boost::asio::error::operation_aborted);
        BOOST_TEST((machine.report().failure == error_kind::cancelled));
        BOOST_TEST((machine.report().reached == progress::sent));
    }
    auto soon = wide_limits();
    soon.first_byte = std::chrono::milliseconds(1);
    exchange_machine machine(on, *deadlines, request, sink, soon);
    BOOST_TEST((machine.advance() == io_state::want_read));
    io.run();
    BOOST_TEST(wire.cancelled);
    BOOST_TEST(on.watch.expired);
    machine.interrupt(boost::asio::error::operation_aborted);
    BOOST_TEST((machine.report().failure == error_kind::timeout));
    BOOST_TEST((machine.report().stage == call_stage::first_byte));
}

BOOST_AUTO_TEST_SUITE_END()
