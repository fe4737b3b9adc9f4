// Bytes as the answer of a service: how they are cut makes no difference, and nothing but the answer is taken.
#include "cut_stream.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "net/connection.hpp"
#include "net/exchange.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/string.hpp>

namespace usher::fuzz {
namespace {

using namespace usher::detail;

struct text_sink final : answer_sink {
    void begin(const response_head& head) override
    {
        promise(text.empty() && begun == 0, "an answer begins once, before its body");
        promise(head.status >= 200, "an interim answer is no answer");
        ++begun;
    }
    void body(std::string_view piece) override
    {
        promise(begun == 1, "a body comes after its head");
        text += piece;
    }
    int begun = 0;
    std::string text;
};

struct settings {
    std::size_t max_header;
    std::uint64_t max_body;
    bool ends;
    std::size_t buffer;
};

struct outcome {
    bool is_ready = false;
    bool is_waiting = false;
    bool is_clean = false;    ///< another request may follow
    std::size_t consumed = 0; ///< bytes of the stream that the answer is made of
    std::string text;         ///< everything of it
    std::string body;
    response_head head;
};

std::string text_of(const response_head& head)
{
    std::string text = std::to_string(head.status);
    for (const auto* one : {&head.retry_after, &head.date, &head.trace_id, &head.rate.policy, &head.rate.limit,
                            &head.rate.triple_limit, &head.rate.triple_remaining, &head.rate.triple_reset})
        text.append("|").append(*one);
    text += head.keep_alive_timeout ? std::to_string(head.keep_alive_timeout->count()) : "-";
    for (const auto& [name, value] : head.headers)
        text.append("|").append(name).append(":").append(value);
    return text;
}

outcome exchanged(std::string_view bytes, const settings& with, std::uint8_t seed)
{
    static boost::asio::io_context io;
    static const auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
    static const wire_request request = [] {
        wire_request get;
        get.method = "GET";
        get.target = "/";
        return get;
    }();

    auto own = std::make_unique<cut_stream>(bytes, with.ends, seed);
    auto& source = *own;
    const auto now = std::chrono::steady_clock::now();
    connection on(std::move(own), now);
    on.input.resize(with.buffer);
    text_sink sink;
    outcome made;
    {
        const exchange_limits limits{with.max_header, with.max_body, std::chrono::hours(1), now + std::chrono::hours(1),
                                     true};
        exchange_machine machine(on, *deadlines, request, sink, limits);
        auto state = machine.advance();
        for (int silent = 0; silent < 2 && state == io_state::want_read; ++silent)
            state = machine.advance();
        const auto& report = machine.report();
        made.is_ready = state == io_state::ready;
        made.is_waiting = state == io_state::want_read;
        promise(made.is_ready || made.is_waiting || state == io_state::failed, "an exchange waits for what it needs");
        promise(!made.is_ready || report.reached == progress::answered, "what is ready is answered");
        promise(report.bytes_received == source.given, "every byte that came is counted");
        made.consumed = source.given - (on.input_end - on.input_begin);
        // What can't become an answer any more is noticed sooner in longer pieces.
        made.text = made.is_ready ? "ready" : "none";
        made.is_clean = made.is_ready && report.reusable && on.is_quiet();
    }
    if (made.is_ready) {
        promise(sink.begun == 1, "an answer that is whole was begun");
        made.head = on.reader.head();
        made.body = std::move(sink.text);
        made.text += text_of(made.head) + "|" + std::to_string(made.consumed) + "|" + made.body;
    }
    io.restart();
    io.poll();
    return made;
}

std::size_t count_of(const response_head& head, const char* name)
{
    return static_cast<std::size_t>(std::count_if(head.headers.begin(), head.headers.end(), [&](const auto& one) {
        return boost::beast::iequals(one.first, name);
    }));
}

/// A proxy may have joined several fields to a list, of which all members are to be the same (RFC 9112, 6.3).
bool tells_length(std::string_view field, std::size_t size)
{
    for (;;) {
        const auto comma = field.find(',');
        auto one = field.substr(0, comma);
        one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
        one.remove_suffix(one.size() - std::min(one.find_last_not_of(" \t") + 1, one.size()));
        one.remove_prefix(std::min(one.find_first_not_of('0'), one.empty() ? 0 : one.size() - 1));
        if (one != std::to_string(size))
            return false;
        if (comma == field.npos)
            return true;
        field.remove_prefix(comma + 1);
    }
}

/// What is true of an answer that was taken, by RFC 9112.
void look_at(const outcome& whole, const settings& with)
{
    const auto& head = whole.head;
    promise(whole.body.size() <= with.max_body, "a body keeps to its limit");
    promise(count_of(head, "content-length") == 0 || count_of(head, "transfer-encoding") == 0,
            "an answer with two framings is refused");
    std::size_t header_bytes = 0;
    for (const auto& [name, value] : head.headers) {
        header_bytes += name.size() + value.size() + 3;
        promise(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a field is one line");
        if (!boost::beast::iequals(name, "content-length") || head.status == 204 || head.status == 304)
            continue;
        promise(tells_length(value, whole.body.size()), "a body has the length that was told");
    }
    promise(header_bytes <= with.max_header, "a header block keeps to its limit");
    promise((head.status != 204 && head.status != 304) || whole.body.empty(), "204 and 304 have no body");
}

} // namespace

void answer(std::string_view bytes)
{
    constexpr std::size_t headers[] = {8192, 128, 40, 1024};
    constexpr std::uint64_t bodies[] = {1U << 20U, 0, 10, 100};
    constexpr std::size_t buffers[] = {1024, 1, 16, 300};
    input from(bytes);
    const auto how = from.byte();
    const auto seed = from.byte();
    const settings with{headers[how & 3U], bodies[how >> 2U & 3U], (how & 16U) != 0, buffers[how >> 5U & 3U]};
    const auto stream = from.rest();

    const auto whole = exchanged(stream, with, 255);
    const auto other = exchanged(stream, with, seed);
    promise_same(whole.text, other.text, "an answer does not depend on how it is cut");
    promise(whole.is_clean == other.is_clean, "nor does what becomes of the connection");
    if (!whole.is_ready)
        return;
    look_at(whole, with);
    promise(!whole.is_clean || whole.consumed == stream.size(), "a connection is used again only if nothing is left");
    if (with.ends)
        return;
    const auto own = stream.substr(0, whole.consumed);
    promise_same(exchanged(own, with, 255).text, whole.text, "an answer is whole without what follows it");
    promise(exchanged(own.substr(0, own.size() - 1), with, 255).is_waiting, "an answer ends with its last byte");
    const auto two = std::string(own) + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond";
    const auto first = exchanged(two, with, seed);
    promise_same(first.text, whole.text, "nothing of a second answer is taken into the first");
    promise(!first.is_clean, "a connection with a second answer is not used again");
}

} // namespace usher::fuzz
