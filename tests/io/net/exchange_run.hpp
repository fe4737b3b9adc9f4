// One exchange on a fake stream, from its first byte to its report.
#ifndef USHER_TESTS_IO_NET_EXCHANGE_RUN_HPP
#define USHER_TESTS_IO_NET_EXCHANGE_RUN_HPP

#include "io/fake_stream.hpp"
#include "net/exchange.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

namespace usher::tests {

using namespace usher::detail;

struct text_sink final : answer_sink {
    void begin(const response_head& head) override { status = head.status; }
    void body(std::string_view piece) override { text += piece; }
    int status = 0;
    std::string text;
};

struct memory_source final : body_source {
    explicit memory_source(std::string bytes) : text(std::move(bytes)) {}
    std::uint64_t size() const noexcept override { return text.size(); }
    bool rewind() override
    {
        at = 0;
        return true;
    }
    std::size_t read(char* data, std::size_t size) override
    {
        const auto got = text.copy(data, size, at);
        at += got;
        return got;
    }
    std::string text;
    std::size_t at = 0;
};

inline exchange_limits wide_limits()
{
    exchange_limits limits{};
    limits.max_header = 4096;
    limits.max_body = 1 << 20;
    limits.first_byte = std::chrono::seconds(30);
    limits.end = std::chrono::steady_clock::now() + std::chrono::hours(1);
    return limits;
}

struct run {
    exchange_report report;
    int status = 0;
    std::string text;
    std::string written;
    std::size_t operations = 0;
    bool would_block = false; ///< it asked to wait for bytes that will never come
};

inline wire_request get_request()
{
    wire_request request;
    request.method = "GET";
    request.target = "/v1/users/u";
    request.client_block = "Host: h\r\n";
    return request;
}

inline run exchange_over(fake_wire wire, const wire_request& request, const exchange_limits& limits = wide_limits())
{
    boost::asio::io_context io;
    auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
    connection on(std::make_unique<fake_stream>(wire), std::chrono::steady_clock::now());
    run result;
    {
        text_sink sink;
        exchange_machine machine(on, *deadlines, request, sink, limits);
        auto state = io_state::ready;
        for (int turn = 0; turn < 100'000; ++turn) {
            const auto before = wire.operations;
            state = machine.advance();
            if (state == io_state::ready || state == io_state::failed)
                break;
            if (wire.operations == before + 1 && turn > 2 && !wire.pause_between)
                break; // one fruitless read: nothing more will come
        }
        result.would_block = state != io_state::ready && state != io_state::failed;
        result.report = machine.report();
        result.status = sink.status;
        result.text = sink.text;
    }
    BOOST_TEST(deadlines->size() == 0U);
    result.written = wire.written;
    result.operations = wire.operations;
    return result;
}

inline run answered_with(std::string text, const exchange_limits& limits = wide_limits())
{
    return exchange_over(answering(std::move(text)), get_request(), limits);
}

inline const std::string plain_answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

} // namespace usher::tests

#endif
