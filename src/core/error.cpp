#include "core/proxy.hpp"
#include "core/utf8.hpp"

#include <usher/result.hpp>

#include <algorithm>
#include <utility>

namespace usher {

namespace {

const error_details no_details;
// google.rpc.Code: Scalekit answers 409 for ABORTED (10) as well.
constexpr int rpc_already_exists = 6;
constexpr std::size_t most_of_a_text = 1000; // bytes of a service's own text in one line

} // namespace

error::error(error_details details) : details_(std::make_shared<const error_details>(std::move(details))) {}

const error_details& error::details() const noexcept
{
    return details_ ? *details_ : no_details;
}

error_kind error::kind() const noexcept
{
    return details().kind;
}

call_stage error::stage() const noexcept
{
    return details().stage;
}

call_outcome error::outcome() const noexcept
{
    return details().outcome;
}

stop_reason error::stopped() const noexcept
{
    return details().stopped;
}

int error::status() const noexcept
{
    return details().status;
}

int error::attempts() const noexcept
{
    return details().attempts;
}

std::string_view error::operation() const noexcept
{
    return details().operation;
}

const std::vector<service_error>& error::errors() const noexcept
{
    return details().errors;
}

bool error::has_code(std::string_view code) const noexcept
{
    const auto& list = details().errors;
    return std::any_of(list.begin(), list.end(), [code](const service_error& e) { return e.code == code; });
}

std::optional<int> error::rpc_code() const noexcept
{
    return details().rpc_code;
}

const error* error::cause() const noexcept
{
    return details().cause.get();
}

std::string_view error::trace_id() const noexcept
{
    return details().trace_id;
}

std::optional<std::chrono::seconds> error::retry_after() const noexcept
{
    return details().retry_after;
}

boost::system::error_code error::code() const noexcept
{
    return details().code;
}

std::string error::message() const
{
    const auto& d = details();
    if (d.kind == error_kind::none)
        return "no error";
    std::string text;
    if (!d.operation.empty()) {
        text += d.operation;
        text += ": ";
    }
    if (d.status != 0) {
        text += "HTTP ";
        text += std::to_string(d.status);
        text += ": ";
    }
    text += d.text.empty() ? std::string(to_string(d.kind)) : d.text;
    for (const auto& e : d.errors) {
        text += "; ";
        // The service's texts, which may repeat what a stranger has put in: one line of them, and not all of a book.
        text += detail::one_line(e.code);
        if (!e.long_message.empty() || !e.message.empty()) {
            text += ": ";
            text += detail::one_line(e.long_message.empty() ? e.message : e.long_message, most_of_a_text);
        }
    }
    if (d.code) {
        text += " (";
        text += d.code.message();
        text += ')';
    }
    if (d.attempts > 1) {
        text += "; ";
        text += std::to_string(d.attempts);
        text += " attempts, ";
        text += to_string(d.stopped);
    }
    if (d.outcome == call_outcome::unknown)
        text += "; it may have taken effect";
    if (d.outcome == call_outcome::unknown && d.cause && d.kind != error_kind::credentials)
        text += ", which could not be found out: " + d.cause->message();
    if (!d.trace_id.empty()) {
        text += "; trace ";
        text += detail::one_line(d.trace_id);
    }
    return text;
}

bool error::is_retryable() const noexcept
{
    const auto& d = details();
    switch (d.kind) {
    case error_kind::overloaded:
    case error_kind::unavailable:
    case error_kind::timeout:
    case error_kind::resolve:
    case error_kind::connection:
        return true;
    case error_kind::connect:
        return !detail::is_permanent_refusal(d.code);
    case error_kind::service:
        return d.status == 408 || d.status == 425 || d.status == 429 || d.status >= 500 || has_code("resource_locked");
    case error_kind::credentials:
        return d.cause && d.cause->is_retryable();
    default:
        return false;
    }
}

bool error::is_timeout() const noexcept
{
    return kind() == error_kind::timeout || status() == 408 || status() == 504;
}

bool error::is_cancelled() const noexcept
{
    return kind() == error_kind::cancelled;
}

bool error::is_rate_limited() const noexcept
{
    return status() == 429;
}

bool error::is_not_found() const noexcept
{
    return status() == 404;
}

bool error::is_already_exists() const noexcept
{
    if (rpc_code())
        return *rpc_code() == rpc_already_exists;
    return status() == 409 ? !has_code("resource_locked")
                           : has_code("form_identifier_exists") || has_code("form_already_exists") ||
                                 has_code("duplicate_record") || has_code("already_a_member_in_organization");
}

bool error::is_unauthorized() const noexcept
{
    if (kind() == error_kind::credentials)
        return cause() && (cause()->is_unauthorized() || cause()->has_code("invalid_client"));
    return status() == 401;
}

bool error::is_forbidden() const noexcept
{
    return status() == 403;
}

bool error::is_invalid() const noexcept
{
    return kind() == error_kind::invalid_request || status() == 400 || status() == 422;
}

bool error::is_outcome_unknown() const noexcept
{
    return outcome() == call_outcome::unknown;
}

call_failed::call_failed(usher::error error) : error_(std::move(error)), text_(error_.message()) {}

void throw_exception_from_error(const error& error, const boost::source_location&)
{
    throw call_failed(error);
}

std::string_view to_string(error_kind kind) noexcept
{
    static constexpr std::string_view texts[] = {
        "no error", "invalid request", "overloaded", "unavailable", "timeout", "cancelled",  "resolve", "connect",
        "tls",      "connection",      "protocol",   "service",     "decode",  "credentials"};
    return texts[static_cast<std::size_t>(kind)];
}

std::string_view to_string(call_stage stage) noexcept
{
    static constexpr std::string_view texts[] = {"prepare", "credentials", "admission", "pool",
                                                 "resolve", "connect",     "proxy",     "handshake",
                                                 "write",   "first byte",  "body",      "backoff"};
    return texts[static_cast<std::size_t>(stage)];
}

std::string_view to_string(call_outcome outcome) noexcept
{
    static constexpr std::string_view texts[] = {"not sent", "unknown", "answered"};
    return texts[static_cast<std::size_t>(outcome)];
}

std::string_view to_string(stop_reason reason) noexcept
{
    static constexpr std::string_view texts[] = {"would end the same way", "not safe to repeat", "no attempt left",
                                                 "deadline reached",       "retry budget empty", "cancelled"};
    return texts[static_cast<std::size_t>(reason)];
}

} // namespace usher
