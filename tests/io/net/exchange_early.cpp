// Answers that come too soon, and more of them than were asked for.
#include "io/net/exchange_run.hpp"

using namespace usher;
using namespace usher::detail;
using namespace usher::tests;

BOOST_AUTO_TEST_SUITE(exchange_early)

BOOST_AUTO_TEST_CASE(an_answer_that_comes_before_the_request_is_whole_is_taken_and_ends_the_connection)
{
    const std::string body(300'000, 'b');
    auto request = get_request();
    request.method = "POST";
    request.body = body;
    const std::string refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nhello";
    for (const bool resets : {false, true})
        for (const std::size_t at_once : {1UL, 40UL, 1000UL}) {
            auto wire = answering("HTTP/1.1 100 Continue\r\n\r\n" + refusal);
            wire.is_early = true;
            wire.takes = 100'000;
            wire.refuses_more = resets;
            wire.read_at_once = at_once;
            const auto done = exchange_over(wire, request);
            BOOST_TEST((done.report.failure == error_kind::none), done.report.text);
            BOOST_TEST((done.report.reached == progress::answered));
            BOOST_TEST(!done.report.reusable);
            BOOST_TEST(done.report.bytes_sent == 100'000U);
            BOOST_TEST(done.status == 413);
            BOOST_TEST(done.text == "hello");
        }
}

BOOST_AUTO_TEST_CASE(what_comes_before_the_request_is_whole_and_is_no_answer_does_not_end_the_writing)
{
    const std::string body(300'000, 'b');
    auto request = get_request();
    request.method = "POST";
    request.body = body;
    auto wire = answering("HTTP/1.1 100 Continue\r\n\r\n" + plain_answer.substr(0, 10));
    wire.is_early = true;
    wire.pause_between = true;
    wire.write_at_once = 5000;
    const auto half = exchange_over(wire, request);
    BOOST_TEST(half.would_block);
    BOOST_TEST((half.report.reached == progress::sent));
    BOOST_TEST(half.written.ends_with("\r\n\r\n" + body));

    wire.takes = 100'000;
    BOOST_TEST(exchange_over(wire, request).would_block);
    wire.end_after_input = true;
    const auto ended = exchange_over(wire, request);
    BOOST_TEST((ended.report.failure == error_kind::connection));
    BOOST_TEST((ended.report.reached == progress::partly_sent));
    wire.end_after_input = false;
    wire.refuses_more = true;
    const auto reset = exchange_over(wire, request);
    BOOST_TEST((reset.report.failure == error_kind::connection));
    BOOST_TEST((reset.report.reached == progress::partly_sent));
    BOOST_TEST((reset.report.code == boost::asio::error::connection_reset));
}

BOOST_AUTO_TEST_CASE(of_two_answers_on_a_used_connection_neither_is_taken)
{
    for (const std::uint64_t before : {0U, 1U}) {
        boost::asio::io_context io;
        auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
        auto wire = answering(plain_answer + plain_answer);
        connection on(std::make_unique<fake_stream>(wire), std::chrono::steady_clock::now());
        on.exchanges = before;
        text_sink sink;
        const auto request = get_request();
        exchange_machine machine(on, *deadlines, request, sink, wide_limits());
        BOOST_TEST((machine.advance() == io_state::want_read));
        BOOST_TEST((machine.advance() == (before == 0 ? io_state::ready : io_state::failed)));
        BOOST_TEST(!machine.report().reusable);
        if (before == 0)
            continue;
        BOOST_TEST((machine.report().failure == error_kind::connection));
        BOOST_TEST((machine.report().reached == progress::answering));
    }
}

BOOST_AUTO_TEST_CASE(a_body_where_none_may_be_is_no_second_answer)
{
    boost::asio::io_context io;
    auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
    auto wire = answering("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}");
    connection on(std::make_unique<fake_stream>(wire), std::chrono::steady_clock::now());
    on.exchanges = 1;
    text_sink sink;
    const auto request = get_request();
    exchange_machine machine(on, *deadlines, request, sink, wide_limits());
    BOOST_TEST((machine.advance() == io_state::want_read));
    BOOST_TEST((machine.advance() == io_state::ready));
    BOOST_TEST(!machine.report().reusable);
    BOOST_TEST(sink.status == 204);
}

BOOST_AUTO_TEST_SUITE_END()
