// How many requests a service allows: limits as data.
#ifndef USHER_QUOTA_HPP
#define USHER_QUOTA_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher {

/// What a rule counts by.
enum class quota_key : std::uint8_t {
    instance, ///< all requests that match, together
    endpoint, ///< each operation on its own
    entity    ///< each record that the path names, such as a user
};

/// What is known of a limit.
enum class quota_amount : std::uint8_t {
    known,
    unknown,  ///< it is learned while requests are sent: approached from below, found by its refusals
    unlimited ///< what matches draws on no limit at all, whatever other rules say
};

/// One limit: of which requests, counted by what, how many in which time.
struct quota_rule {
    quota_rule() = default;
    /// Of the whole instance.
    quota_rule(std::string name_, std::uint32_t requests_, std::chrono::milliseconds window_)
        : name(std::move(name_)), requests(requests_), window(window_)
    {
    }

    /// Shown in figures and errors. Unique within a quota.
    std::string name;

    // A request matches when it matches one of each of these three that is not empty.
    std::vector<std::string> operations; ///< ids of the API document
    std::vector<std::string> methods;    ///< upper case
    /// Path templates without the base address: `/users/{user_id}/metadata`. What is in braces stands for any
    /// parameter, `*` for any one segment, `**` at the end for any number of them.
    std::vector<std::string> paths;

    quota_key key = quota_key::instance;
    /// For `quota_key::entity`: the path parameters that name the record, all of them when this is empty.
    std::vector<std::string> entity;

    quota_amount amount = quota_amount::known;
    /// Requests per window; where the amount is unknown, a first guess or 0.
    std::uint32_t requests = 0;
    std::chrono::milliseconds window{10'000};
    /// Requests that may leave at once after a rest. Not set: the quota's `burst` for a rule of the whole instance,
    /// else all of `requests`. A bucket that is refused although it had room halves its own.
    std::optional<std::uint32_t> burst;

    friend bool operator==(const quota_rule&, const quota_rule&) = default;
};

/// The limits of one instance, and how they are used.
///
/// A request draws on every rule that it matches at once, or waits and draws on none. Requests of an instance leave
/// evenly at (requests − burst) / (window + spread), where spread is how much the way to the service varies; it is
/// measured while running. Beside that, each limit has a log: no window of the service, whatever its phase, ever holds
/// more requests than the limit.
struct quota {
    /// No limit: requests leave at once. A 429 still freezes its endpoint.
    quota() = default;
    /// One limit of the whole instance.
    quota(std::uint32_t requests, std::chrono::milliseconds window)
    {
        rules.emplace_back("instance", requests, window);
    }

    /// Clerk's documented limits with 1000 requests per 10 s for the instance (`sk_live_`): per hour for invitations,
    /// per 10 s for changes of one user, organization or membership.
    static quota clerk_production();
    /// The same with 100 requests per 10 s (`sk_test_`).
    static quota clerk_development();
    /// The same with an instance limit of your own.
    static quota clerk(std::uint32_t requests, std::chrono::milliseconds window);
    /// One limit of the whole instance that is to be learned (Scalekit, Clerk Platform).
    static quota unknown(std::chrono::milliseconds window = std::chrono::minutes(1));
    static quota unlimited() { return quota(); }

    /// Reads what `to_json` writes; members that are left out have their defaults, `window` and the spreads are texts
    /// such as `"10s"`, `"1h"` or `"150ms"`. *Errors*: `std::invalid_argument` that names the place, such as
    /// `rules[2].window`.
    static quota from_json(std::string_view text);
    std::string to_json() const;

    /// True when no rule has an amount.
    bool is_unlimited() const noexcept;

    std::vector<quota_rule> rules;
    /// Requests of the instance that may leave at once after a start or an idle time, at least 1. At most a fiftieth of
    /// a rule's requests is used: what is set aside for bursts is lost to the pace.
    std::uint32_t burst = 5;
    /// Requests in flight at most, which bounds the clump after a stall of the network. 0: adapted, from a twelfth of
    /// the instance's requests, between 8 and 32, up to what the rate needs at the round trips that are measured.
    std::uint32_t in_flight = 0;
    std::chrono::milliseconds least_spread{20};
    std::chrono::milliseconds most_spread{400};
    /// After a start, or an idle time of a window, the pace begins at a half and is whole again after this; 0: at once.
    std::chrono::milliseconds slow_start{2'000};

    friend bool operator==(const quota&, const quota&) = default;
};

} // namespace usher

#endif
