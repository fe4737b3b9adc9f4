// One request and its answer on one connection.
//
// Vocabulary. The machine *advances*: it writes and reads as far as that goes without waiting, and says what it has to
// wait for. It tracks how far the request came, which decides whether it may be sent again. An *early* answer is final
// before the request is whole: it is taken, and the rest of the request is not sent. Where it may be a late one to the
// request before, it is taken only as a refusal.
// Invariants. After `advance` returned `ready` or `failed` it is over and the report is complete. The connection may be
// used again only if the report says so: the request was whole and every byte that came belonged to this answer.
// Lifecycle. Make it, advance until it is over or a wait was cut short (then `interrupt`), read the report.
#ifndef USHER_NET_EXCHANGE_HPP
#define USHER_NET_EXCHANGE_HPP

#include <usher/error.hpp>

#include "core/progress.hpp"
#include "net/connection.hpp"

#include <string_view>

namespace usher::detail {

/// Bytes of a body that is not in memory.
class body_source {
public:
    body_source() = default;
    body_source(const body_source&) = delete;
    body_source& operator=(const body_source&) = delete;
    virtual ~body_source() = default;
    virtual std::uint64_t size() const noexcept = 0;
    /// Back to the first byte. False when that can't be done.
    virtual bool rewind() = 0;
    /// Reads up to `size` bytes; 0 when it can't deliver what `size()` promised.
    virtual std::size_t read(char* data, std::size_t size) = 0;
};

/// The parts of a request, each checked and encoded already. Views have to live until the exchange is over.
struct wire_request {
    std::string_view method;
    std::string_view target;
    std::string_view client_block; ///< header lines of the client, each with its CRLF
    std::string_view call_block;   ///< header lines of the call
    std::string_view content_type; ///< empty: none
    std::string_view body;
    body_source* source = nullptr; ///< instead of `body`
};

struct exchange_limits {
    std::size_t max_header;
    std::uint64_t max_body;
    std::chrono::milliseconds first_byte;
    time_point end; ///< nothing of the exchange may last longer
    bool keep_headers;
};

struct exchange_report {
    exchange_report() = default;
    progress reached = progress::not_sent;
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::write;
    boost::system::error_code code;
    const char* text = "";
    bool reusable = false;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    time_point started;
    time_point all_sent;
    time_point first_byte;
    time_point ended;
};

class exchange_machine {
public:
    exchange_machine(connection& on, deadline_queue& deadlines, const wire_request& request, answer_sink& sink,
                     const exchange_limits& limits);
    exchange_machine(const exchange_machine&) = delete;
    exchange_machine& operator=(const exchange_machine&) = delete;
    ~exchange_machine();

    /// `ready`: the answer is whole. `failed`: see the report. Else: what to wait for.
    io_state advance();
    /// A wait ended with an error: a limit of time, or the caller's cancellation.
    void interrupt(const boost::system::error_code& ec);
    const exchange_report& report() const noexcept { return report_; }

private:
    io_state write();
    io_state read();
    bool make_room();
    io_state take_input();
    void begin_early();
    io_state finish();
    io_state end_of_stream(const io_result& result);
    io_state fail(error_kind kind, call_stage stage, const char* text, boost::system::error_code ec = {});
    bool refill();
    void compose_head();

    connection& on_;
    deadline_queue& deadlines_;
    const wire_request& request_;
    exchange_limits limits_;
    exchange_report report_;
    std::size_t written_ = 0;      ///< of on_.output
    std::size_t body_written_ = 0; ///< of request_.body, when it is not in on_.output
    std::uint64_t source_left_ = 0;
    bool body_apart_ = false;
    bool reading_ = false;
    bool is_early_ = false;
};

} // namespace usher::detail

#endif
