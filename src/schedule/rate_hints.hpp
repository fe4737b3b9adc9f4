// What an answer's headers say of the service's limit: the IETF draft's fields, and the triples before it.
#ifndef USHER_SRC_SCHEDULE_RATE_HINTS_HPP
#define USHER_SRC_SCHEDULE_RATE_HINTS_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace usher::schedule {

/// The tightest of the limits that were told. Each part may be missing.
struct rate_hint {
    rate_hint() = default;
    std::optional<std::uint32_t> quota;             ///< requests per window
    std::optional<std::chrono::seconds> window;     ///< as the policy says
    std::optional<std::uint32_t> remaining;         ///< requests left …
    std::optional<std::chrono::milliseconds> reset; ///< … until then, from now on

    friend bool operator==(const rate_hint&, const rate_hint&) = default;
};

/// Header values as they came; empty ones were not there.
struct rate_headers {
    rate_headers() = default;
    std::string_view policy;           ///< RateLimit-Policy
    std::string_view limit;            ///< RateLimit
    std::string_view triple_limit;     ///< RateLimit-Limit or X-RateLimit-Limit
    std::string_view triple_remaining; ///< … -Remaining
    std::string_view triple_reset;     ///< … -Reset: a delta in s, or an epoch in s or ms, told apart by magnitude
};

/// Reads RFC 9651 lists (`"p";q=100;w=10`, `"p";r=50;t=30`), the draft's older `limit=100, remaining=50, reset=30`, and
/// triples, in this order of preference. What is malformed is as if it were not there; nothing when nothing is left.
/// `now` is the service's own time where its Date is known.
std::optional<rate_hint> parse_rate_hint(const rate_headers& headers,
                                         std::chrono::system_clock::time_point now) noexcept;

} // namespace usher::schedule

#endif
