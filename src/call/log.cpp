#include <usher/log.hpp>

#include "call/log_setting.hpp"
#include "call/watch_text.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace usher {

namespace {

using detail::duration_text;
using detail::end_text;
using detail::plain;

void to_standard_error(std::string_view line)
{
    const std::string whole = std::string(line) + '\n';
    std::fwrite(whole.data(), 1, whole.size(), stderr);
}

/// Time of day (UTC), who, which call: what every line begins with.
std::string beginning(const auto& event)
{
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto in_day = now.time_since_epoch() % std::chrono::hours(24);
    const std::chrono::hh_mm_ss time(in_day);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d.%03dZ usher: call %llu ",
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()),
                  static_cast<unsigned long long>(event.call));
    std::string line = text.data();
    line.append(plain(event.operation)).append(" ").append(event.method).append(" ").append(plain(event.path));
    return line;
}

void add_time(std::string& line, const char* what, std::chrono::nanoseconds spent)
{
    constexpr std::chrono::microseconds least{500};
    if (spent < least)
        return;
    line.append(line.empty() ? "" : ", ").append(what).append(" ").append(duration_text(spent));
}

/// Where the time of an attempt went, as far as it is worth a word.
std::string times_of(const attempt_event& event)
{
    std::string text;
    add_time(text, "held back after failures", event.breaker);
    add_time(text, "token", event.credentials);
    const auto held = event.admission > std::chrono::nanoseconds::zero()
                          ? "waited for " + detail::held_text(event.held, event.held_by)
                          : std::string();
    add_time(text, held.c_str(), event.admission);
    add_time(text, "free connection", event.pool - event.resolve - event.connect - event.handshake);
    add_time(text, "resolve", event.resolve);
    add_time(text, "connect", event.connect);
    add_time(text, event.resumed_session ? "TLS (resumed)" : "TLS", event.handshake);
    add_time(text, "first byte", event.first_byte);
    add_time(text, "whole exchange", event.exchange);
    return text;
}

} // namespace

std::optional<log_level> parse_log_level(std::string_view text) noexcept
{
    if (text == "off")
        return log_level::off;
    if (text == "info")
        return log_level::info;
    if (text == "debug")
        return log_level::debug;
    return std::nullopt;
}

log_observer::log_observer(log_level level, sink to) : level_(level), to_(to ? std::move(to) : sink(to_standard_error))
{
}

void log_observer::on_attempt(const attempt_event& event) noexcept
try {
    if (level_ < log_level::debug)
        return;
    auto line = beginning(event);
    line += event.is_hedge ? " second request: " : " attempt " + std::to_string(event.attempt) + ": ";
    if (event.is_needless)
        line += "needless, another request was answered first";
    else
        line += end_text(event.status, event.failure, event.stage, event.text);
    if (event.retry_after)
        line += ", Retry-After " + std::to_string(event.retry_after->count()) + " s";
    if (const auto times = times_of(event); !times.empty())
        line += " (" + times + ")";
    if (event.will_retry)
        line += event.backoff > std::chrono::nanoseconds::zero() ? "; again in " + duration_text(event.backoff)
                                                                 : std::string("; again at once");
    to_(line);
} catch (...) {
    // A log that fails must not make calls fail.
}

void log_observer::on_call(const call_event& event) noexcept
try {
    if (level_ == log_level::off || (level_ == log_level::info && event.failure == nullptr))
        return;
    auto line = beginning(event);
    if (event.failure == nullptr) {
        line += event.reconciled ? ": found out that it took effect" : ": done";
    } else {
        const auto& why = *event.failure;
        line += ": failed, " + end_text(why.status(), why.kind(), why.stage(), why.details().text);
        if (why.is_outcome_unknown())
            line += ", it may have taken effect";
        if (const auto stopped = detail::stop_text(why.stopped()); !stopped.empty() && event.attempts != 0)
            line.append("; ").append(stopped);
    }
    line += "; " + std::to_string(event.attempts) + (event.attempts == 1 ? " attempt, " : " attempts, ") +
            duration_text(event.duration);
    if (event.look_up > std::chrono::nanoseconds::zero())
        line += ", looked for it " + duration_text(event.look_up);
    to_(line);
} catch (...) {
    // As above.
}

namespace detail {

std::unique_ptr<observer> log_of_environment()
{
    const char* asked = std::getenv("USHER_LOG");
    if (asked == nullptr || *asked == 0)
        return nullptr;
    const auto level = parse_log_level(asked);
    if (!level)
        to_standard_error("usher: USHER_LOG=" + plain(asked) +
                          " is no level; off, info and debug are. Nothing is logged.");
    if (!level || *level == log_level::off)
        return nullptr;
    return std::make_unique<log_observer>(*level);
}

} // namespace detail

} // namespace usher
