// When a request to one instance of a service may leave, and who goes first: pure state, the time is an argument.
//
// Vocabulary. An *instance* is what the service counts by (origin + key). A *demand* is one attempt that wants to
// leave; it draws on several *buckets* at once (rule_table.hpp, bucket.hpp). A *ticket* is the permission. A *flow* is
// all who wait with the same draws, lane and tenant: what holds up one of them holds up all of them, and nobody else
// (line.hpp). Invariants. A ticket has drawn on all of its buckets; a denied demand on none. At most `in_flight_cap`
// tickets are open. Whatever the way does, no window of a limit holds more arrivals than it allows (slot_log.hpp).
// Lifecycle of a ticket. try_admit or next, then exactly one of answered and unanswered. Of a waiting entry: join, then
// exactly one of next (which returns it) and leave.
// Everything is O(log n) or better; nothing is allocated in steady state.
#ifndef USHER_SRC_SCHEDULE_SCHEDULER_HPP
#define USHER_SRC_SCHEDULE_SCHEDULER_HPP

#include "schedule/demand.hpp"
#include "schedule/waiting_entry.hpp"

#include <usher/budget.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::schedule {

/// Counted since the start, and how things stand.
struct scheduler_stats {
    std::uint64_t admitted = 0;
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;    ///< answered with 429
    std::uint64_t unanswered = 0; ///< sent, but no answer came
    std::uint64_t given_back = 0; ///< never sent
    std::size_t waiting = 0;
    std::size_t in_flight = 0;
    std::size_t in_flight_cap = 0; ///< 0: none
    std::size_t endpoints_frozen = 0;
    duration interval{}; ///< between departures of the instance; 0: unlimited
    duration spread{};   ///< J
};

/// How things stand with one rule, over all of its buckets.
struct rule_stats {
    std::uint64_t admitted = 0;
    std::uint64_t refused = 0; ///< answers 429 that were put down to it
    std::size_t waiting = 0;
    std::size_t buckets = 0;
    std::uint32_t requests = 0; ///< per window; as believed, where it is learned
    double utilisation = 0;     ///< of the most used bucket
    duration wait{};            ///< of the bucket that is the last to have room
};

/// What is asked of the budget.
struct lease_order {
    std::uint32_t bucket = 0;
    lease_request what;
};

class scheduler {
public:
    /// A 429 without Retry-After freezes its endpoint for this long.
    static constexpr std::chrono::seconds freeze_without_advice{1};

    /// A request without an answer may still arrive until `timeout` after its admission. `shared_as` is not empty: the
    /// limits are shared with other engines, which know them by names that begin with it.
    explicit scheduler(std::shared_ptr<const rule_table> rules, duration timeout = std::chrono::seconds(30),
                       std::string shared_as = std::string());
    ~scheduler();

    const rule_table& rules() const noexcept;
    /// The number of a tenant; 0 is the one without a name. *Errors*: `std::invalid_argument` for a weight of 0.
    std::uint16_t tenant(std::string_view name, std::uint32_t weight);

    /// Draws on every bucket of it, or on none; passes nobody who waits and may start.
    std::optional<ticket> try_admit(const demand& what, time_point now);
    /// Not before this, if nothing is given back; leans to the early side. Not before `now`.
    time_point predicted_start(const demand& what, time_point deadline, time_point now);

    void join(waiting_entry& entry, time_point now);
    /// Leaves the line without a ticket.
    void leave(waiting_entry& entry, time_point now) noexcept;
    /// Whose turn it is: out of line, with its ticket; null when nobody may start now. Call it until then. Without a
    /// valid ticket: its deadline has passed.
    waiting_entry* next(time_point now, ticket& pass);
    /// What holds up one in line longest so far, or what would hold up one that came now.
    held_up held_up_by(const waiting_entry& entry, time_point now) noexcept;
    held_up held_up_by(const demand& what, time_point now);
    /// When to call `next` again; `time_point::max()`: when something is answered, granted, or somebody comes.
    time_point next_look(time_point now);

    /// An answer came, whatever its status. `sent` is when the request began to be written: round trips are measured
    /// from it.
    void answered(ticket& pass, time_point sent, time_point now, const answer_info& answer);
    /// The attempt ended without an answer. One that was not `sent`, not even in part, gives everything back.
    /// `timed_out`: the service was given all the time that it may take.
    void unanswered(ticket& pass, time_point now, bool sent, bool timed_out = false);

    // Limits that are shared with other engines.
    /// What to ask the budget for now; call it until there is nothing. Then call `granted` once, with its answer.
    std::optional<lease_order> next_order(time_point now);
    void granted(const lease_order& order, const lease_grant& grant, time_point asked, time_point now);
    /// Calls `back(name, unused)` for every lease that nobody needs: for the end.
    void give_back_leases(time_point now, const std::function<void(const std::string&, std::uint32_t)>& back);

    // Limits with long windows, over a restart.
    /// True once after something drew on one of them: what `save` gives has to be kept before it is sent.
    bool take_unsaved() noexcept;
    /// What is used of them, as JSON. `wall` is the time of day at `now`.
    std::string save(time_point now, std::chrono::system_clock::time_point wall) const;
    /// Takes over what an earlier life has used. *Errors*: `std::runtime_error` for what `save` did not write.
    void restore(std::string_view text, time_point now, std::chrono::system_clock::time_point wall);

    std::size_t waiting() const noexcept;
    std::size_t waiting(std::uint16_t tenant) const noexcept;
    std::uint64_t admitted(std::uint16_t tenant) const noexcept;
    std::uint64_t refused(std::uint16_t tenant) const noexcept;
    std::size_t in_flight() const noexcept;
    /// `SIZE_MAX`: no cap.
    std::size_t in_flight_cap() const noexcept;
    scheduler_stats stats(time_point now);
    /// By rule, in the order of the quota.
    std::vector<rule_stats> rule_figures(time_point now);
    /// What the last window has used of the instance's limits, 0 to 1; 0 without such a limit.
    double utilisation(time_point now);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace usher::schedule

#endif
