// How many requests a service allows.
#ifndef USHER_QUOTA_HPP
#define USHER_QUOTA_HPP

#include <chrono>
#include <cstdint>

namespace usher {

/// The documented limit of one instance, and how it is used.
///
/// Requests leave evenly at (requests − burst) / (window + spread), where spread is how much the way to the
/// service varies; it is measured while running, between `least_spread` and `most_spread`. No window of the
/// service, whatever its phase and algorithm, then sees more than `requests`.
struct quota {
    /// Clerk's production limit.
    quota() = default;
    constexpr quota(std::uint32_t requests_, std::chrono::milliseconds window_) : requests(requests_), window(window_)
    {
    }

    /// 1000 requests per 10 s (Clerk, production instance).
    static constexpr quota clerk_production() { return {1000, std::chrono::seconds(10)}; }
    /// 100 requests per 10 s (Clerk, development instance).
    static constexpr quota clerk_development() { return {100, std::chrono::seconds(10)}; }
    /// No limit: requests leave at once. A 429 still freezes its endpoint.
    static constexpr quota unlimited() { return {0, std::chrono::seconds(1)}; }

    bool is_unlimited() const noexcept { return requests == 0; }

    /// Requests per window; 0: unlimited.
    std::uint32_t requests = 1000;
    std::chrono::milliseconds window{10'000};
    /// Requests that may leave at once after a start or an idle time, at least 1. At most a fiftieth of `requests` is
    /// used: what is set aside for bursts is lost to the pace.
    std::uint32_t burst = 5;
    /// Requests in flight at most, which bounds the clump after a stall of the network. 0: a twelfth of `requests`,
    /// between 8 and 32, or what the rate needs at the round trips that are measured.
    std::uint32_t in_flight = 0;
    std::chrono::milliseconds least_spread{20};
    std::chrono::milliseconds most_spread{400};

    friend bool operator==(const quota&, const quota&) = default;
};

} // namespace usher

#endif
