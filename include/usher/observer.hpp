// A look at every attempt and every call.
#ifndef USHER_OBSERVER_HPP
#define USHER_OBSERVER_HPP

#include <usher/error.hpp>
#include <usher/options.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace usher {

/// What made an attempt wait for its admission.
enum class wait_reason : std::uint8_t {
    none,
    limit,       ///< one of the quota's limits: `held_by` names it
    retry_after, ///< the service had refused others and asked to come later
    in_flight    ///< as many requests as the quota allows at once were on their way
};

/// One attempt of one call, after it has ended. Texts live as long as the notification. Holds no secret.
struct attempt_event {
    attempt_event() = default;
    std::uint64_t call = 0; ///< number of the call on its engine, from 1
    std::string_view service;
    std::string_view operation; ///< operationId
    std::string_view method;
    std::string_view path; ///< the template: no id, no query
    int attempt = 1;
    int status = 0; ///< 0: no answer
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::body;
    std::string_view text;                ///< what failed, for a person
    std::string_view held_by;             ///< name of the limit that it waited for longest, if it waited for one
    wait_reason held = wait_reason::none; ///< what it waited for longest before its admission
    stop_reason stopped = stop_reason::not_retryable; ///< of one that failed and is the last: why
    bool reused_connection = false;
    bool will_retry = false;
    bool is_needless = false;                        ///< another request of the same call was answered first
    bool is_hedge = false;                           ///< the second request of a call whose first one took long
    bool resumed_session = false;                    ///< a new connection that took up an earlier TLS session
    std::chrono::nanoseconds begun{0};               ///< since the call began
    std::chrono::nanoseconds breaker{0};             ///< waited while the service was not to be asked
    std::chrono::nanoseconds credentials{0};         ///< waited for a token
    std::chrono::nanoseconds admission{0};           ///< waited for the quota
    std::chrono::nanoseconds pool{0};                ///< waited for a connection, with setting one up
    std::chrono::nanoseconds resolve{0};             ///< of `pool`: the name's addresses
    std::chrono::nanoseconds connect{0};             ///< of `pool`: TCP, and the tunnel through a proxy
    std::chrono::nanoseconds handshake{0};           ///< of `pool`: TLS
    std::chrono::nanoseconds written{0};             ///< from the start of the exchange to the last byte sent
    std::chrono::nanoseconds first_byte{0};          ///< from the start of the exchange
    std::chrono::nanoseconds exchange{0};            ///< from the first byte sent to the last received
    std::chrono::nanoseconds backoff{0};             ///< before the next attempt, when there is one
    std::optional<std::chrono::seconds> retry_after; ///< what the service asked for
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::string_view trace_id;

    /// False: the call ended, or tries again, before the quota let a request go: this is no attempt that counts.
    bool was_admitted() const noexcept
    {
        return failure == error_kind::none || (stage != call_stage::admission && stage != call_stage::credentials);
    }
};

/// A call, after it has ended. Texts live as long as the notification. Holds no secret.
struct call_event {
    call_event() = default;
    std::uint64_t call = 0; ///< number of the call on its engine, from 1
    std::string_view service;
    std::string_view operation;
    std::string_view method;
    std::string_view path; ///< the template: no id, no query
    lane priority = lane::interactive;
    int attempts = 0;        ///< requests that the quota let go, second ones beside a GET that took long among them
    bool reconciled = false; ///< its outcome was unknown, and then found out
    int status = 0;          ///< of the last answer; 0: none came
    const error* failure = nullptr;      ///< null: a value; else with the service's own texts, which may name a record
    std::chrono::nanoseconds look_up{0}; ///< spent on finding out an unknown outcome
    std::chrono::nanoseconds duration{0};
};

/// Told of every attempt and every call. *Thread safety*: called on the engine's executor, never concurrently for one
/// engine. It must not throw and must not wait.
class observer {
public:
    virtual ~observer() = default;
    virtual void on_attempt(const attempt_event& event) noexcept = 0;
    /// After the last attempt of a call. A call whose coroutine is destroyed tells nothing.
    virtual void on_call(const call_event& event) noexcept;
};

/// Several at once, told in their order.
class observers final : public observer {
public:
    /// Null ones are left out.
    explicit observers(std::vector<std::shared_ptr<observer>> all) : all_(std::move(all)) {}
    void on_attempt(const attempt_event& event) noexcept override;
    void on_call(const call_event& event) noexcept override;

private:
    std::vector<std::shared_ptr<observer>> all_;
};

/// `none`, `limit`, …
std::string_view to_string(wait_reason reason) noexcept;

/// What an engine has counted since it was made.
struct engine_counters {
    engine_counters() = default;
    std::uint64_t calls = 0;
    std::uint64_t answers = 0; ///< calls that ended with a value
    std::uint64_t errors = 0;  ///< calls that ended with an error
    std::uint64_t attempts = 0;
    std::uint64_t retries = 0;
    std::uint64_t rate_limited = 0; ///< answers with status 429
    std::uint64_t hedges = 0;       ///< second requests of GETs that took long; attempts count them too
    std::uint64_t hedges_won = 0;   ///< … whose answer came first
    std::uint64_t not_retried = 0;  ///< calls that ended because the retry budget was empty
    std::uint64_t reconciled = 0;   ///< calls whose outcome was unknown, and then found out
    std::uint64_t unavailable = 0;  ///< times that a call was held or refused because the breaker was open
    std::uint64_t connections_opened = 0;
    std::uint64_t connections_reused = 0;
    std::uint64_t tls_resumed = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::size_t connections = 0;      ///< now
    std::size_t idle_connections = 0; ///< now
    std::size_t in_flight = 0;        ///< calls that have begun and not ended
};

} // namespace usher

#endif
