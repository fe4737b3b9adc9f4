// When a request to one instance of a service may leave: pure state, the time is an argument.
//
// Vocabulary. An *instance* is what the service counts by (origin + key). A *ticket* is the permission for one attempt.
// An *endpoint* is the index of an operation. J, the *spread*, is how much the way to the service varies.
// Invariants. Tickets leave evenly at r = (N - b) / (W + J), at most b at once after a start or a rest, and at most
// `in_flight_cap` of them are unanswered. Whatever the way does, no window holds more than N arrivals (slot_log.hpp).
// `try_admit` succeeds at the time that `earliest` tells, unless something was admitted in between.
// Lifecycle of a ticket. try_admit, then exactly one of answered and unanswered.
// Everything is O(log n) or better, except a refusal (O(endpoints)); nothing is allocated in steady state.
//
// A further limit (an endpoint's, an entity's) is one more pace and log beside these: all are asked before any is drawn
// on.
#ifndef USHER_SRC_SCHEDULE_PACER_HPP
#define USHER_SRC_SCHEDULE_PACER_HPP

#include "schedule/even_pace.hpp"
#include "schedule/freezes.hpp"
#include "schedule/round_trips.hpp"
#include "schedule/slot_log.hpp"

#include "schedule/single_limit.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace usher::schedule {

/// The permission for one attempt. Settled once; a settled or default one is not valid.
class ticket {
public:
    ticket() noexcept = default;
    ticket(ticket&& other) noexcept : admitted_(other.admitted_), endpoint_(other.endpoint_), valid_(other.valid_)
    {
        other.valid_ = false;
    }
    ticket& operator=(ticket&& other) noexcept
    {
        admitted_ = other.admitted_;
        endpoint_ = other.endpoint_;
        const bool valid = other.valid_;
        other.valid_ = false;
        valid_ = valid;
        return *this;
    }

    bool valid() const noexcept { return valid_; }
    std::uint16_t endpoint() const noexcept { return endpoint_; }
    time_point admitted() const noexcept { return admitted_; }

private:
    friend class pacer;
    ticket(std::uint16_t endpoint, time_point admitted) noexcept
        : admitted_(admitted), endpoint_(endpoint), valid_(true)
    {
    }

    time_point admitted_{};
    std::uint16_t endpoint_ = 0;
    bool valid_ = false;
};

/// What of an answer matters here.
class answer_info {
public:
    answer_info() noexcept = default;
    explicit answer_info(int status_, std::optional<std::chrono::seconds> retry_after_ = std::nullopt) noexcept
        : status(status_), retry_after(retry_after_)
    {
    }

    int status = 0;
    std::optional<std::chrono::seconds> retry_after;
};

/// Counted since the start, and how things stand.
struct pacer_stats {
    std::uint64_t admitted = 0;
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;    ///< answered with 429
    std::uint64_t unanswered = 0; ///< sent, but no answer came
    std::uint64_t given_back = 0; ///< never sent
    std::size_t in_flight = 0;
    std::size_t in_flight_cap = 0; ///< 0: none
    std::size_t slots_held = 0;
    std::size_t endpoints_frozen = 0;
    duration interval{}; ///< between departures; 0: unlimited
    duration spread{};   ///< J
};

class pacer {
public:
    /// J until enough round trips were measured.
    static constexpr std::chrono::milliseconds first_spread{150};
    /// A 429 without Retry-After freezes its endpoint for this long.
    static constexpr std::chrono::seconds freeze_without_advice{1};

    /// A request without an answer may still arrive until `timeout` after its admission.
    /// The burst that is kept is the quota's, but at most a fiftieth of its requests: what is set aside for bursts is
    /// lost to the pace, and 5 of 100 requests would be too dear.
    /// *Errors*: `std::invalid_argument` when the window is not positive, or `least_spread` is negative or above
    /// `most_spread`.
    explicit pacer(const single_limit& limit, duration timeout = std::chrono::seconds(30));

    /// Draws on every limit that applies, or on none.
    std::optional<ticket> try_admit(std::uint16_t endpoint, time_point now);
    /// When to ask again, not before now; `time_point::max()`: when something is answered.
    time_point earliest(std::uint16_t endpoint, time_point now) const noexcept;

    /// An answer came, whatever its status. `sent` is when the request began to be written: round trips are measured
    /// from it.
    void answered(ticket& pass, time_point sent, time_point now, const answer_info& answer);
    /// The attempt ended without an answer. One that was not `sent`, not even in part, gives everything back.
    void unanswered(ticket& pass, time_point now, bool sent);

    bool is_frozen(std::uint16_t endpoint, time_point now) const noexcept { return freezes_.until(endpoint) > now; }
    std::size_t in_flight() const noexcept { return in_flight_; }
    /// `SIZE_MAX`: no cap.
    std::size_t in_flight_cap() const noexcept { return in_flight_cap_; }
    /// Between departures; 0: unlimited.
    duration interval() const noexcept { return pace_.interval(); }
    pacer_stats stats(time_point now) const noexcept;

private:
    void adapt() noexcept;

    single_limit limit_;
    duration timeout_;
    std::uint32_t burst_;
    duration spread_;
    even_pace pace_;
    slot_log log_;
    freezes freezes_;
    round_trips round_trips_;
    std::size_t in_flight_ = 0;
    std::size_t in_flight_cap_;
    pacer_stats counted_;
};

} // namespace usher::schedule

#endif
