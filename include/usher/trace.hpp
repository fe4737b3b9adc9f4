// What happened in one call, step by step: where its time went.
#ifndef USHER_TRACE_HPP
#define USHER_TRACE_HPP

#include <usher/observer.hpp>

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher {

namespace detail {
class call_watch;
}

/// What a call spends its time on.
enum class call_phase : std::uint8_t {
    breaker,    ///< the service had failed too often to be asked
    token,      ///< waiting for a token
    admission,  ///< waiting for the quota
    pool,       ///< waiting for a connection to get free
    resolve,    ///< looking up the host's addresses
    connect,    ///< TCP, and the tunnel through a proxy
    handshake,  ///< TLS
    write,      ///< sending the request
    first_byte, ///< waiting for the answer to begin
    body,       ///< receiving the answer, which is decoded meanwhile
    backoff,    ///< before the next attempt
    look_up     ///< finding out whether a request of unknown outcome took effect
};

/// `breaker`, `token`, …
std::string_view to_string(call_phase phase) noexcept;

/// One stretch of time in a call.
struct trace_step {
    trace_step() = default;
    call_phase phase = call_phase::admission;
    int attempt = 0;                   ///< place among the trace's attempts
    std::chrono::nanoseconds begin{0}; ///< since the call began
    std::chrono::nanoseconds duration{0};
    wait_reason held = wait_reason::none; ///< of an admission: what it waited for longest
    std::string held_by;                  ///< … the limit's name, if it was one
    bool was_asked_for = false;           ///< of a backoff: by the service's Retry-After
};

/// One attempt in a call, after it has ended.
struct trace_attempt {
    trace_attempt() = default;
    int number = 0;                    ///< in the call, from 1
    std::chrono::nanoseconds begin{0}; ///< since the call began
    std::chrono::nanoseconds end{0};
    int status = 0; ///< 0: no answer
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::body;
    std::string text; ///< what failed, for a person
    bool reused_connection = false;
    bool resumed_session = false;
    bool has_exchange = false; ///< it came so far that something was sent
    bool is_hedge = false;
    bool is_needless = false;
    bool will_retry = false;
    bool was_admitted = true;
    stop_reason stopped = stop_reason::not_retryable;
    std::optional<std::chrono::seconds> retry_after;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
};

/// All steps of one kind together, over all attempts.
struct slow_phase {
    slow_phase() = default;
    call_phase phase = call_phase::admission;
    std::chrono::nanoseconds duration{0};
    int times = 0;
    wait_reason held = wait_reason::none;
    std::string held_by;
    bool was_asked_for = false;

    /// One line for a person, such as `310 ms: waited for the quota (limit "instance")`.
    std::string to_string() const;
};

/// The timeline of one call: a value that `call_options::trace` fills, attempt by attempt, beginning anew with each
/// call. Holds no secret, no record's id and no query: paths are templates.
///
/// It is an observer too: one that hands it the events of a call that it has chosen gets the same. *Thread safety*:
/// that of the engine while the call is under way.
class call_trace final : public observer {
public:
    call_trace() = default;

    void on_attempt(const attempt_event& event) noexcept override;
    void on_call(const call_event& event) noexcept override;

    /// Of the call on its engine, from 1; 0: nothing is known yet.
    std::uint64_t number() const noexcept { return number_; }
    const std::string& service() const noexcept { return service_; }
    const std::string& operation() const noexcept { return operation_; }
    const std::string& method() const noexcept { return method_; }
    const std::string& path() const noexcept { return path_; }
    /// False while the call is under way.
    bool is_over() const noexcept { return is_over_; }
    bool is_reconciled() const noexcept { return is_reconciled_; }
    /// What the call ended with; `none`: a value.
    error_kind failure() const noexcept { return failure_; }
    /// Of the last answer; 0: none came.
    int status() const noexcept { return status_; }
    /// Of the whole call, once it is over.
    std::chrono::nanoseconds duration() const noexcept { return duration_; }
    const std::vector<trace_attempt>& attempts() const noexcept { return attempts_; }
    /// In the order of time, none overlapping: those of a request beside which another one was answered first are left
    /// out from where the other began.
    const std::vector<trace_step>& steps() const noexcept { return steps_; }
    /// What took longest, all attempts together; nothing for a call that did nothing.
    std::optional<slow_phase> slowest() const;
    /// Lines for a person; the last one says what took longest.
    std::string to_string() const;

private:
    friend class detail::call_watch;
    void begin(const call_event& event);
    void looked_up(std::chrono::nanoseconds begin, std::chrono::nanoseconds duration);
    void add(const attempt_event& event);

    std::uint64_t number_ = 0;
    std::string service_;
    std::string operation_;
    std::string method_;
    std::string path_;
    bool is_over_ = false;
    bool is_reconciled_ = false;
    error_kind failure_ = error_kind::none;
    int status_ = 0;
    int requests_ = 0;
    std::chrono::nanoseconds duration_{0};
    std::vector<trace_attempt> attempts_;
    std::vector<trace_step> steps_;
};

std::ostream& operator<<(std::ostream& out, const call_trace& trace);

} // namespace usher

#endif
