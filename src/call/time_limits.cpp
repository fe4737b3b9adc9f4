#include "call/time_limits.hpp"

namespace usher::detail {

const char* make_safe(phase_timeouts& timeouts)
{
    for (auto* wait : {&timeouts.pool, &timeouts.connect, &timeouts.handshake, &timeouts.first_byte, &timeouts.whole}) {
        if (*wait <= std::chrono::milliseconds(0))
            return "timeouts: every limit of time has to be above zero";
        *wait = bounded(*wait);
    }
    return nullptr;
}

const char* make_safe(retry_policy& policy)
{
    const auto zero = std::chrono::milliseconds(0);
    if (policy.max_attempts < 1)
        return "retry: max_attempts has to be at least 1";
    if (policy.initial_backoff < zero || policy.max_backoff < zero || policy.max_elapsed < zero)
        return "retry: a time is below zero";
    if (!(policy.multiplier >= 1.0 && policy.multiplier <= 1000.0))
        return "retry: multiplier has to be from 1 to 1000";
    for (auto* wait : {&policy.initial_backoff, &policy.max_backoff, &policy.max_elapsed})
        *wait = bounded(*wait);
    return nullptr;
}

} // namespace usher::detail
