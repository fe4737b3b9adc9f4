// A quota that several engines use together: leases of requests, granted by a shared budget.
#ifndef USHER_BUDGET_HPP
#define USHER_BUDGET_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace usher {

/// What an engine asks for.
struct lease_request {
    lease_request() = default;
    /// Names one bucket of one instance: the same in every engine that counts by it, and no secret. What stands before
    /// its first `:` names the instance, by which members are counted.
    std::string bucket;
    std::uint32_t wanted = 1;
    /// Requests of the last lease that were not used: they go back in the same step.
    std::uint32_t returned = 0;
    /// The limit of the whole fleet.
    std::uint32_t requests = 0;
    std::chrono::nanoseconds window{0};
    /// Between two departures of the whole fleet, and how many may leave at once. Zero: no pace, only never more than
    /// `requests` in any `window`.
    std::chrono::nanoseconds interval{0};
    std::uint32_t burst = 1;
    /// The engine uses its static share now, since it could not reach the store. When all did, none gets a lease before
    /// each had the time to come back: or those that are back and those that are not would use the limit twice.
    bool rejoins = false;
};

/// What it gets.
struct lease_grant {
    lease_grant() = default;
    /// Requests that may leave, as many as there were or fewer than `wanted`; 0: none now.
    std::uint32_t granted = 0;
    /// When the first of them may leave, and how long after each the next one.
    std::chrono::nanoseconds starts_in{0};
    std::chrono::nanoseconds interval{0};
    /// From now on; what was not used by then is void.
    std::chrono::nanoseconds valid_for{0};
    /// None were granted: when it is worth asking again.
    std::chrono::nanoseconds ask_again{0};
    /// Without a pace: requests of the window that nobody has now, as far as they may be used.
    std::uint32_t left = 0;
    /// Engines that asked lately, with this one.
    std::uint32_t members = 1;
    /// False: the shared store can't be reached. Nothing was granted.
    bool is_reachable = true;
};

/// Grants leases on quotas to engines. `engine_options::shared_budget` takes one.
///
/// A lease is a slice of the fleet's time line: its requests leave evenly, each at its own time, so that what all
/// engines send together is as even as if one had sent it. A lease that is not used runs out: an engine that dies takes
/// at most that with it. While the store can't be reached, an engine uses its static share, `requests` divided by the
/// members last seen, half of that for the first window. It sends nothing when it never reached the store, when it
/// asked nothing of it for so long that the others do not count it, and without a pace in the first window of a minute
/// or more. Members that lose the store together stay within the limit; one that its own network cuts off uses its
/// static share beside the leases of the others. A store that is new or was emptied gives little of windows of a minute
/// or more that have no pace: a twentieth at once, the rest evenly, until it has known the instance for a window.
///
/// Limits that nobody told and an engine learns from answers are not shared: each engine learns its own.
class budget {
public:
    using handler = std::function<void(const lease_grant&)>;

    virtual ~budget() = default;
    budget(const budget&) = delete;
    budget& operator=(const budget&) = delete;

    /// Asks once; `done` is called once, on the engine's executor, within a bounded time, possibly before this returns.
    virtual void lease(const lease_request& request, handler done) = 0;
    /// Returns what is left of the last lease, when nothing more is asked for.
    virtual void give_back(const std::string& bucket, std::uint32_t unused) noexcept = 0;
    /// Round trips to the store so far; 0 for a budget in memory.
    virtual std::uint64_t round_trips() const noexcept { return 0; }

protected:
    budget() = default;
};

/// A budget for engines of one process, such as those of `shards`: each gets a view of the same counts.
/// *Thread safety*: the views may be used from different threads.
class local_budget {
public:
    local_budget();
    /// For one engine.
    std::shared_ptr<budget> member() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace usher

#endif
