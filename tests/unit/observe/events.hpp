// Events as an engine would tell them.
#ifndef USHER_TESTS_UNIT_OBSERVE_EVENTS_HPP
#define USHER_TESTS_UNIT_OBSERVE_EVENTS_HPP

#include <usher/observer.hpp>

namespace usher::tests {

using namespace std::chrono_literals;

/// An answered attempt: 1 ms to write, first byte after 10 ms, whole after 12 ms.
inline attempt_event attempt_of(std::uint64_t call, int number, int status = 200)
{
    attempt_event event;
    event.call = call;
    event.service = "clerk";
    event.operation = "CreateUser";
    event.method = "POST";
    event.path = "/users";
    event.attempt = number;
    event.status = status;
    event.failure = status < 300 ? error_kind::none : error_kind::service;
    event.written = 1ms;
    event.first_byte = 10ms;
    event.exchange = 12ms;
    event.bytes_sent = 812;
    event.bytes_received = 96;
    return event;
}

inline call_event call_of(std::uint64_t number, int attempts, std::chrono::nanoseconds duration)
{
    call_event event;
    event.call = number;
    event.service = "clerk";
    event.operation = "CreateUser";
    event.method = "POST";
    event.path = "/users";
    event.attempts = attempts;
    event.status = 200;
    event.duration = duration;
    return event;
}

} // namespace usher::tests

#endif
