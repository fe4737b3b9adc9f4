// A trace as lines for a person.
#include <usher/trace.hpp>

#include "call/watch_text.hpp"

#include <array>
#include <cstdio>
#include <ostream>

namespace usher {

namespace {

using detail::duration_text;
using std::chrono::nanoseconds;

std::string what_of(call_phase phase, wait_reason held, const std::string& held_by, bool was_asked_for)
{
    switch (phase) {
    case call_phase::breaker:
        return "held back, as the service has failed too often";
    case call_phase::token:
        return "waited for a token";
    case call_phase::admission:
        return "waited for " + detail::held_text(held, held_by);
    case call_phase::pool:
        return "waited for a connection to get free";
    case call_phase::resolve:
        return "looked up the host's addresses";
    case call_phase::connect:
        return "connected";
    case call_phase::handshake:
        return "TLS handshake";
    case call_phase::write:
        return "sent the request";
    case call_phase::first_byte:
        return "waited for the answer to begin";
    case call_phase::body:
        return "received the answer";
    case call_phase::backoff:
        return was_asked_for ? "waited to try again, as the service asked" : "waited to try again";
    case call_phase::look_up:
        return "looked whether it took effect";
    }
    return "";
}

} // namespace

std::string slow_phase::to_string() const
{
    auto text = duration_text(duration) + ": " + what_of(phase, held, held_by, was_asked_for);
    if (times > 1)
        text += ", " + std::to_string(times) + " times";
    return text;
}

namespace {

void add_line(std::string& text, nanoseconds at, int depth, const std::string& line)
{
    std::array<char, 32> time{};
    std::snprintf(time.data(), time.size(), "%7.3f  ", static_cast<double>(at.count()) / 1e9);
    text.append(time.data()).append(static_cast<std::size_t>(depth) * 2, ' ').append(line).append("\n");
}

std::string end_of(const trace_attempt& one)
{
    auto text = one.is_hedge ? std::string("second request") : "attempt " + std::to_string(one.number);
    if (!one.was_admitted)
        text = "not sent";
    else if (one.is_needless)
        return text + " needless: another one was answered first";
    else
        text += " ended";
    text += ": " + one.text;
    if (one.retry_after)
        text += ", Retry-After " + std::to_string(one.retry_after->count()) + " s";
    if (one.will_retry)
        return text + "; again";
    if (one.failure != error_kind::none)
        if (const auto why = detail::stop_text(one.stopped); !why.empty())
            text.append("; ").append(why);
    return text;
}

/// Of the steps that belong together, one line: a new connection's, and an exchange's.
std::string line_of(const std::vector<trace_step>& steps, std::size_t& i, const trace_attempt& of)
{
    const auto& first = steps[i];
    const auto in = [&](call_phase from, call_phase to) {
        return i < steps.size() && steps[i].attempt == first.attempt && steps[i].phase >= from && steps[i].phase <= to;
    };
    std::string text;
    const auto add = [&](const char* name) {
        text.append(text.empty() ? "" : ", ").append(name).append(" ").append(duration_text(steps[i++].duration));
    };
    if (in(call_phase::resolve, call_phase::handshake)) {
        while (in(call_phase::resolve, call_phase::handshake))
            add(steps[i].phase == call_phase::resolve   ? "resolve"
                : steps[i].phase == call_phase::connect ? "connect"
                : of.resumed_session                    ? "TLS (session resumed)"
                                                        : "TLS");
        return "new connection: " + text;
    }
    if (in(call_phase::write, call_phase::body)) {
        while (in(call_phase::write, call_phase::body))
            add(steps[i].phase == call_phase::write        ? "sent in"
                : steps[i].phase == call_phase::first_byte ? "first byte after"
                                                           : "rest in");
        return "exchange: " + text + " (" + std::to_string(of.bytes_sent) + " bytes sent, " +
               std::to_string(of.bytes_received) + " received" + (of.reused_connection ? ", connection reused)" : ")");
    }
    ++i;
    return what_of(first.phase, first.held, first.held_by, first.was_asked_for) + " " + duration_text(first.duration);
}

} // namespace

std::string call_trace::to_string() const
{
    std::string text = "call " + std::to_string(number_) + "  " + operation_ + ' ' + method_ + ' ' + path_ + "  ";
    if (!is_over_)
        text += "under way";
    else
        text += duration_text(duration_) + ", " + std::to_string(requests_) +
                (requests_ == 1 ? " attempt, " : " attempts, ") +
                (status_ != 0 ? "HTTP " + std::to_string(status_) : std::string("no answer")) +
                (failure_ != error_kind::none && failure_ != error_kind::service
                     ? ", " + std::string(usher::to_string(failure_))
                     : std::string()) +
                (is_reconciled_ ? ", found out that it took effect" : "");
    text += '\n';
    std::size_t next = 0;
    for (std::size_t place = 0; place != attempts_.size(); ++place) {
        const auto& one = attempts_[place];
        add_line(text, one.begin, 0,
                 one.is_hedge ? "second request beside it" : "attempt " + std::to_string(one.number));
        while (next < steps_.size() && steps_[next].attempt == static_cast<int>(place) &&
               steps_[next].phase < call_phase::backoff) {
            const auto at = steps_[next].begin;
            const bool is_short =
                steps_[next].phase < call_phase::resolve && steps_[next].duration < std::chrono::microseconds(500);
            const auto line = line_of(steps_, next, one);
            if (!is_short)
                add_line(text, at, 1, line);
        }
        add_line(text, one.end, 0, end_of(one));
        while (next < steps_.size() && steps_[next].attempt == static_cast<int>(place)) {
            const auto at = steps_[next].begin;
            add_line(text, at, 0, line_of(steps_, next, one));
        }
    }
    if (const auto most = slowest())
        text += "slowest: " + most->to_string() + '\n';
    return text;
}

std::ostream& operator<<(std::ostream& out, const call_trace& trace)
{
    return out << trace.to_string();
}

} // namespace usher
