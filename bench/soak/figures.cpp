#include "soak/figures.hpp"

#include <cstdio>

namespace soak {

void tally::on_attempt(const usher::attempt_event& event) noexcept
{
    attempts += event.was_admitted() ? 1 : 0;
    sent += event.bytes_sent != 0 ? 1 : 0;
    answered += event.status != 0 ? 1 : 0;
    refused += event.status == 429 ? 1 : 0;
    retries += event.will_retry ? 1 : 0;
    bytes_sent += event.bytes_sent;
    bytes_received += event.bytes_received;
}

void tally::on_call(const usher::call_event& event) noexcept
{
    ++calls;
    if (event.failure == nullptr)
        ++values;
    else
        ++failures[static_cast<std::size_t>(event.failure->kind()) % failures.size()];
}

void verdicts::check(bool holds, const std::string& what)
{
    ++checked_;
    broken_ += holds ? 0 : 1;
    std::printf("%s %s\n", holds ? "kept:  " : "BROKEN:", what.c_str());
}

namespace {

std::string pair(const char* what, std::uint64_t left, const char* relation, std::uint64_t right)
{
    return std::string(what) + ": " + std::to_string(left) + ' ' + relation + ' ' + std::to_string(right);
}

} // namespace

void check_figures(verdicts& into, const usher::engine_counters& engine, const tally& seen,
                   const service_figures& served)
{
    into.check(engine.in_flight == 0, "no call is in flight");
    into.check(engine.calls == engine.answers + engine.errors,
               pair("calls = answers + errors", engine.calls, "=", engine.answers + engine.errors));
    into.check(seen.calls == engine.calls, pair("the observer's calls = the engine's", seen.calls, "=", engine.calls));
    into.check(seen.values == engine.answers, pair("… answers", seen.values, "=", engine.answers));
    into.check(seen.attempts == engine.attempts, pair("… attempts", seen.attempts, "=", engine.attempts));
    into.check(seen.retries == engine.retries, pair("… retries", seen.retries, "=", engine.retries));
    into.check(seen.refused == engine.rate_limited, pair("… answers with 429", seen.refused, "=", engine.rate_limited));
    into.check(seen.bytes_sent == engine.bytes_sent, pair("… bytes sent", seen.bytes_sent, "=", engine.bytes_sent));
    into.check(seen.bytes_received == engine.bytes_received,
               pair("… bytes received", seen.bytes_received, "=", engine.bytes_received));
    into.check(seen.answered <= served.requests,
               pair("answers <= requests that the service saw", seen.answered, "<=", served.requests));
    into.check(served.requests <= seen.sent, pair("requests that the service saw <= requests of which a byte left",
                                                  served.requests, "<=", seen.sent));
    into.check(engine.connections == engine.idle_connections,
               pair("connections = idle connections", engine.connections, "=", engine.idle_connections));
}

} // namespace soak
