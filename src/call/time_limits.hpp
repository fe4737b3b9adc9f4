// Limits of time as options give them, made safe to count with.
#ifndef USHER_CALL_TIME_LIMITS_HPP
#define USHER_CALL_TIME_LIMITS_HPP

#include <usher/options.hpp>

#include <algorithm>

namespace usher::detail {

/// Whoever asks for more means "no limit"; ten years can be added to any time of the clock.
inline constexpr std::chrono::milliseconds longest_wait = std::chrono::hours(24 * 3650);

constexpr std::chrono::milliseconds bounded(std::chrono::milliseconds wait)
{
    return std::min(wait, longest_wait);
}

/// What is wrong with the timeouts, or null. Cuts those that are longer than any clock counts.
const char* make_safe(phase_timeouts& timeouts);
/// The same for a policy.
const char* make_safe(retry_policy& policy);

} // namespace usher::detail

#endif
