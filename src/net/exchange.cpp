#include "net/exchange.hpp"

#include <algorithm>
#include <cstring>

namespace usher::detail {

using boost::system::error_code;

namespace {

constexpr std::size_t most_of_head = 128; // beside the texts that it is made of
constexpr std::size_t body_copied_up_to = 64 * 1024;
constexpr std::size_t piece = 64 * 1024;
constexpr std::size_t input_size = 32 * 1024;
// What is read in one go, so that a peer that never pauses leaves others, and limits of time, their turn.
constexpr std::size_t most_in_one_go = 1024 * 1024;
// A server that says when it closes is left this long before that.
constexpr std::chrono::seconds before_close{2};

} // namespace

exchange_machine::exchange_machine(connection& on, deadline_queue& deadlines, const wire_request& request,
                                   answer_sink& sink, const exchange_limits& limits)
    : on_(on), deadlines_(deadlines), request_(request), limits_(limits)
{
    report_.started = std::chrono::steady_clock::now();
    on_.watch.expired = false;
    deadlines_.set(on_.watch, limits_.end);
    on_.reader.start(sink, limits.max_header, limits.max_body, limits.keep_headers);
    if (on_.input.empty())
        on_.input.resize(input_size);
    compose_head();
    ++on_.exchanges;
}

exchange_machine::~exchange_machine()
{
    deadlines_.remove(on_.watch);
}

void exchange_machine::compose_head()
{
    auto& out = on_.output;
    const auto length = request_.source != nullptr ? request_.source->size() : request_.body.size();
    const auto in_output = request_.source != nullptr ? piece : std::min(request_.body.size(), body_copied_up_to);
    on_.begin_output(request_.method.size() + request_.target.size() + request_.client_block.size() +
                     request_.call_block.size() + request_.content_type.size() + most_of_head + in_output);
    out.append(request_.method).append(" ").append(request_.target).append(" HTTP/1.1\r\n");
    out.append(request_.client_block).append(request_.call_block);
    if (!request_.content_type.empty())
        out.append("Content-Type: ").append(request_.content_type).append("\r\n");
    if (length != 0 || request_.method != "GET") {
        char digits[24];
        auto* end = std::end(digits);
        auto* begin = end;
        auto rest = length;
        do {
            *--begin = static_cast<char>('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        out.append("Content-Length: ").append(begin, end).append("\r\n");
    }
    out.append("\r\n");
    if (request_.source != nullptr) {
        source_left_ = length;
    } else if (request_.body.size() <= body_copied_up_to) {
        out.append(request_.body);
    } else {
        body_apart_ = true;
    }
}

bool exchange_machine::refill()
{
    // The head has gone out; what follows of a streamed body goes through the same buffer.
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece, source_left_));
    on_.output.resize(wanted);
    const auto got = request_.source->read(on_.output.data(), wanted);
    on_.output.resize(got);
    written_ = 0;
    source_left_ -= got;
    return got != 0;
}

io_state exchange_machine::advance()
{
    if (!reading_) {
        const auto state = write();
        if (state != io_state::ready || report_.reached == progress::answered)
            return state;
        // The answer can't be there yet, unless it came early: what was just sent has to travel first.
        if (report_.bytes_received == 0)
            return io_state::want_read;
    }
    return read();
}

io_state exchange_machine::write()
{
    for (;;) {
        io_result done;
        if (written_ < on_.output.size()) {
            done = on_.io->write_some(on_.output.data() + written_, on_.output.size() - written_);
            written_ += done.bytes;
        } else if (body_apart_ && body_written_ < request_.body.size()) {
            done = on_.io->write_some(request_.body.data() + body_written_, request_.body.size() - body_written_);
            body_written_ += done.bytes;
        } else if (source_left_ > 0) {
            if (!refill())
                return fail(error_kind::invalid_request, call_stage::write,
                            "the file to upload became shorter while it was sent");
            continue;
        } else {
            break;
        }
        if (done.state == io_state::want_read)
            return done.state;
        if (done.state == io_state::want_write) {
            // A peer that takes nothing more may have answered already.
            const auto early = read();
            const bool is_over = early == io_state::ready || early == io_state::failed;
            return is_over || reading_ ? early : io_state::want_either;
        }
        if (done.state != io_state::ready) {
            // One that refuses a body and hangs up has said so before.
            if (report_.reached == progress::partly_sent && read() == io_state::ready)
                return io_state::ready;
            return fail(error_kind::connection, call_stage::write, "the connection broke while the request was written",
                        done.error);
        }
        report_.bytes_sent += done.bytes;
        report_.reached = progress::partly_sent;
    }
    report_.reached = progress::sent;
    report_.stage = call_stage::first_byte;
    report_.all_sent = std::chrono::steady_clock::now();
    reading_ = true;
    // The beginning of one will do.
    is_early_ = on_.input_begin != on_.input_end || on_.reader.head().status != 0;
    deadlines_.set(on_.watch, std::min(limits_.end, report_.all_sent + limits_.first_byte));
    return io_state::ready;
}

bool exchange_machine::make_room()
{
    if (on_.input_end < on_.input.size())
        return true;
    if (on_.input_begin > 0) {
        std::memmove(on_.input.data(), on_.input.data() + on_.input_begin, on_.input_end - on_.input_begin);
        on_.input_end -= on_.input_begin;
        on_.input_begin = 0;
        return true;
    }
    if (on_.input.size() >= limits_.max_header + input_size)
        return false;
    on_.grow_input(limits_.max_header + input_size);
    return true;
}

io_state exchange_machine::read()
{
    for (std::size_t in_this_go = 0; in_this_go < most_in_one_go;) {
        if (!make_room())
            return fail(error_kind::protocol, call_stage::body, "the header block of the answer passes the limit");
        const auto got = on_.io->read_some(on_.input.data() + on_.input_end, on_.input.size() - on_.input_end);
        if (got.state == io_state::want_read || got.state == io_state::want_write)
            return got.state;
        if (got.state != io_state::ready)
            return end_of_stream(got);
        if (report_.reached == progress::sent) {
            report_.reached = progress::answering;
            report_.stage = call_stage::body;
            report_.first_byte = std::chrono::steady_clock::now();
            deadlines_.set(on_.watch, limits_.end);
        }
        report_.bytes_received += got.bytes;
        on_.input_end += got.bytes;
        in_this_go += got.bytes;
        const auto state = take_input();
        if (state != io_state::want_read)
            return state;
    }
    // Not `want_read`: what is left may be in the stream already, where waiting for the socket would not find it.
    return io_state::want_either;
}

io_state exchange_machine::take_input()
{
    error_code ec;
    const auto used = on_.reader.put({on_.input.data() + on_.input_begin, on_.input_end - on_.input_begin}, ec);
    on_.input_begin += used;
    if (on_.input_begin == on_.input_end)
        on_.input_begin = on_.input_end = 0;
    if (ec)
        return fail(error_kind::protocol, call_stage::body,
                    response_reader::is_limit(ec) ? "the answer passes a limit" : "the answer is not valid HTTP", ec);
    if (on_.reader.head_done() && (is_early_ || !reading_)) {
        // It may be a late second answer to the request before. One that refuses is right even so: what is left of
        // this request will not be sent, or answered, any more.
        if (on_.exchanges > 1 && on_.reader.head().status < 300)
            return fail(error_kind::connection, reading_ ? call_stage::body : call_stage::write,
                        "an answer came before the request was whole, and it can't be told which request it is to");
        if (!reading_)
            begin_early();
    }
    return on_.reader.done() ? finish() : io_state::want_read;
}

void exchange_machine::begin_early()
{
    is_early_ = reading_ = true;
    report_.reached = progress::answering;
    report_.stage = call_stage::body;
    report_.all_sent = report_.first_byte = std::chrono::steady_clock::now();
}

io_state exchange_machine::end_of_stream(const io_result& result)
{
    if (!reading_)
        return fail(error_kind::connection, call_stage::write, "the connection ended while the request was written",
                    result.error);
    // An orderly end may be what marks the end of the body; a cut never is.
    if (result.state == io_state::closed && on_.reader.head_done()) {
        error_code ec;
        on_.reader.put_eof(ec);
        if (!ec && on_.reader.done())
            return finish();
    }
    const bool nothing_came = report_.reached == progress::sent;
    return fail(error_kind::connection, report_.stage,
                nothing_came ? "the connection ended before an answer came" : "the connection ended within the answer",
                result.error);
}

io_state exchange_machine::finish()
{
    const bool is_all = on_.input_begin == on_.input_end;
    // The one in front may be a late second answer to the request before.
    if (!is_all && on_.exchanges > 1 && !on_.reader.has_stray_body())
        return fail(error_kind::connection, call_stage::body,
                    "more than one answer came, and it can't be told which is the one to this request");
    report_.reached = progress::answered;
    report_.ended = std::chrono::steady_clock::now();
    report_.reusable = on_.reader.keep_alive() && is_all && !is_early_;
    const auto timeout = on_.reader.head().keep_alive_timeout;
    on_.idle_until = timeout ? report_.ended + *timeout - before_close : time_point::max();
    deadlines_.remove(on_.watch);
    return io_state::ready;
}

io_state exchange_machine::fail(error_kind kind, call_stage stage, const char* text, error_code ec)
{
    report_.failure = kind;
    report_.stage = stage;
    report_.text = text;
    report_.code = ec;
    report_.ended = std::chrono::steady_clock::now();
    deadlines_.remove(on_.watch);
    return io_state::failed;
}

void exchange_machine::interrupt(const error_code& ec)
{
    if (on_.watch.expired)
        fail(error_kind::timeout, report_.stage,
             report_.stage == call_stage::write        ? "the request could not be written in time"
             : report_.stage == call_stage::first_byte ? "no answer came in time"
                                                       : "the answer did not end in time");
    else if (ec == boost::asio::error::operation_aborted)
        fail(error_kind::cancelled, report_.stage, "cancelled by the caller", ec);
    else
        fail(error_kind::connection, report_.stage, "waiting on the connection failed", ec);
}

} // namespace usher::detail
