// Why a call failed, and what to do about it.
#ifndef USHER_ERROR_HPP
#define USHER_ERROR_HPP

#include <boost/json/object.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher {

/// What went wrong, in one word.
enum class error_kind : std::uint8_t {
    none,            ///< no error
    invalid_request, ///< refused by this library: a member is missing, out of its bounds, or can't be sent
    overloaded,      ///< refused by this library: too many calls wait already
    unavailable,     ///< refused by this library: the service has failed too often lately to be asked now
    timeout,         ///< a time limit ended: `error::stage` says which
    cancelled,       ///< the caller cancelled
    resolve,         ///< the host name could not be resolved
    connect,         ///< no address of the host accepted a connection, or a proxy made none (`error::code`: its status)
    tls,             ///< the TLS handshake failed, or the certificate was refused
    connection,      ///< an established connection broke
    protocol,        ///< the answer is not HTTP as RFC 9112 has it, or passes a limit
    service,         ///< the service answered with an error status
    decode,          ///< the answer's JSON is not what the API document says
    credentials      ///< no token could be had: `error::cause` says why
};

/// How far the last attempt came.
enum class call_stage : std::uint8_t {
    prepare,
    credentials, ///< waiting for a token
    admission,
    pool,
    resolve,
    connect,
    proxy, ///< asking a proxy for a tunnel
    handshake,
    write,
    first_byte,
    body,
    backoff
};

/// Whether the request may have taken effect.
enum class call_outcome : std::uint8_t {
    not_sent, ///< no byte of it left, or the service refused it: it did not take effect
    unknown,  ///< it was sent in part or whole and no answer came: it may have taken effect
    answered  ///< the service answered; its status says what happened
};

/// Why no further attempt was made.
enum class stop_reason : std::uint8_t {
    not_retryable,  ///< an attempt more would end the same way
    not_repeatable, ///< the request may have taken effect and repeating it might do it twice
    max_attempts,   ///< the policy's number of attempts is used up
    deadline,       ///< the next attempt would begin after the deadline
    retry_budget,   ///< too many attempts of this instance's calls have failed lately
    cancelled
};

class error;

/// One entry of Clerk's error list, or Scalekit's or OAuth's one error. Texts are the service's own.
struct service_error {
    service_error() = default;
    std::string code; ///< Scalekit: the `error_code` of its details, or the gRPC code as text
    std::string message;
    std::string long_message;
    boost::json::object meta; ///< Scalekit: its `details`, whole
};

/// Everything known of a failure; `error` shares it.
struct error_details {
    error_details() = default;
    error_kind kind = error_kind::none;
    call_stage stage = call_stage::prepare;
    call_outcome outcome = call_outcome::not_sent;
    stop_reason stopped = stop_reason::not_retryable;
    int status = 0;
    int attempts = 0;
    std::string operation;             ///< operationId
    std::string text;                  ///< what happened, in one line; no secret, no query string
    boost::system::error_code code;    ///< the cause below, if there was one
    std::vector<service_error> errors; ///< the service's own, in its order
    std::optional<int> rpc_code;       ///< Scalekit: the gRPC code of its error, such as 6 for ALREADY_EXISTS
    std::string trace_id;              ///< the service's name for this request
    std::optional<std::chrono::seconds> retry_after;
    std::string body;                   ///< an error answer that was not the service's JSON; cut to 2 KiB
    std::shared_ptr<const error> cause; ///< why there was no token, or why it could not be found out what happened
};

/// The error of a call. Cheap to copy: copies share one immutable block.
/// *Thread safety*: reading is safe from any thread.
class error {
public:
    /// No error.
    error() noexcept = default;
    explicit error(error_details details);

    error_kind kind() const noexcept;
    /// How far the last attempt came; for a timeout, which limit ended.
    call_stage stage() const noexcept;
    /// Whether the request may have taken effect.
    call_outcome outcome() const noexcept;
    /// Why no further attempt was made.
    stop_reason stopped() const noexcept;
    /// The HTTP status, or 0 when there was no answer.
    int status() const noexcept;
    /// Attempts made, 0 when none was.
    int attempts() const noexcept;
    /// The operation's id in the API document.
    std::string_view operation() const noexcept;
    /// The service's own errors, in its order.
    const std::vector<service_error>& errors() const noexcept;
    /// True if one of the service's errors has this code.
    bool has_code(std::string_view code) const noexcept;
    /// Scalekit: the gRPC code of its error.
    std::optional<int> rpc_code() const noexcept;
    /// For an error of kind `credentials`: why no token could be had. For one of unknown outcome: why the look-up that
    /// should have told the outcome failed, if there was one. Else null. *Lifetime*: this error's.
    const error* cause() const noexcept;
    /// The service's name for this request, for its support.
    std::string_view trace_id() const noexcept;
    /// How long the service asked to wait.
    std::optional<std::chrono::seconds> retry_after() const noexcept;
    /// The cause below (system, OpenSSL, resolver), if there was one.
    boost::system::error_code code() const noexcept;
    /// Everything at once.
    const error_details& details() const noexcept;
    /// One line for a person: operation, what happened, at which stage, attempts. No secret, no query string.
    std::string message() const;

    /// The same call may succeed later: timeouts, connection failures, 408, 425, 429, 5xx, a locked resource, a token
    /// that could not be fetched for one of these reasons.
    bool is_retryable() const noexcept;
    bool is_timeout() const noexcept;
    bool is_cancelled() const noexcept;
    bool is_rate_limited() const noexcept;
    bool is_not_found() const noexcept;
    /// A record with this identifier is there already.
    bool is_already_exists() const noexcept;
    /// The credentials were refused: by the service (401), or by the endpoint that issues tokens.
    bool is_unauthorized() const noexcept;
    /// The credentials do not allow this (403).
    bool is_forbidden() const noexcept;
    /// The request was refused for its content, by this library or by the service (400, 422).
    bool is_invalid() const noexcept;
    /// The request may have taken effect: look before you send it again.
    bool is_outcome_unknown() const noexcept;
    /// True if there is an error.
    explicit operator bool() const noexcept { return details_ != nullptr; }

private:
    std::shared_ptr<const error_details> details_;
};

/// Thrown by `result::value()`.
class call_failed : public std::exception {
public:
    explicit call_failed(usher::error error);
    const char* what() const noexcept override { return text_.c_str(); }
    const usher::error& error() const noexcept { return error_; }

private:
    usher::error error_;
    std::string text_;
};

std::string_view to_string(error_kind kind) noexcept;
std::string_view to_string(call_stage stage) noexcept;
std::string_view to_string(call_outcome outcome) noexcept;
std::string_view to_string(stop_reason reason) noexcept;

} // namespace usher

#endif
