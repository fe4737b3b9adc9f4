// Who waits, and whose turn it is: flows in two lanes, tenants by weight, earliest deadlines first.
//
// Vocabulary. A flow is *ready* as long as nobody knows better; whoever takes it and finds it held up parks it. A
// *parking* is woken when what holds up its flows may be over, interactive flows first.
// Invariants. Between the lanes, as long as both have ready flows: 10 % of the starts are interactive's reserve and the
// rest is shared evenly, so of 20 starts 11 are interactive and 9 bulk; interactive goes first within that, so an
// interactive call that comes alone passes all of bulk, and neither lane waits for one that is empty. Within a lane:
// start-time fair queueing between the tenants that have ready flows, by weight (Goyal, Vin and Cheng): as fair as
// deficit round robin, without turns of a whole weight at once. Within a tenant: the earliest deadline. A flow that is
// held up costs the others nothing, and saves nothing up. Every step is O(log n). Flows are kept for later: nothing is
// allocated in steady state.
#ifndef USHER_SRC_SCHEDULE_LINE_HPP
#define USHER_SRC_SCHEDULE_LINE_HPP

#include "schedule/deadline_counts.hpp"
#include "schedule/flow.hpp"

#include <memory>
#include <vector>

namespace usher::schedule {

class line {
public:
    line() = default;
    line(const line&) = delete;
    line& operator=(const line&) = delete;
    ~line();

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::size_t waiting(std::uint16_t tenant) const noexcept;
    void set_weight(std::uint16_t tenant, std::uint32_t weight);

    /// The flow that an entry like this belongs to; null when nobody waits in it.
    flow* find(const demand& what) noexcept;
    /// A flow that is not there yet; the caller fills in its buckets and calls `push` for its first entry.
    flow& add_flow(const demand& what);
    void push(flow& to, waiting_entry& entry, time_point now);
    /// Leaves its flow. True: that was the last of it, and the flow has to be dropped.
    bool remove(waiting_entry& entry) noexcept;
    /// Out of the line with an empty flow.
    void drop(flow& one) noexcept;

    /// Whose turn it is among the ready; null: nobody's. `bulk_has_room`: bulk may start at all.
    flow* pick(bool bulk_has_room) noexcept;
    /// The first of `one`, which `pick` returned, starts: it leaves, and the turn goes on. True as in `remove`.
    bool start(flow& one) noexcept;
    bool has_ready(lane priority) const noexcept { return !lanes_[index(priority)].active.empty(); }

    /// `one` is held up by what `place` stands for, until `wake` or until somebody says otherwise.
    void park(flow& one, parking& place, time_point wake) noexcept;
    /// What holds up this parking changed.
    void set_wake(parking& place, time_point wake) noexcept;
    /// The parking that is due first, if one is; take up to some of its flows with `wake`.
    parking* due(time_point now) noexcept;
    void wake(parking& place, std::size_t most) noexcept;
    /// `time_point::max()`: none is waited for by time.
    time_point next_wake() const noexcept;

    /// Ready entries that would start before one that comes now with this deadline, at least.
    std::size_t ahead_of(const demand& what, time_point deadline, time_point now) const noexcept;

private:
    using ready_flows =
        boost::intrusive::set<flow, boost::intrusive::base_hook<flow_ready_hook>,
                              boost::intrusive::compare<flow_earlier>, boost::intrusive::constant_time_size<false>>;
    using turn_hook = boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;

    struct turn : turn_hook { // one tenant in one lane
        ready_flows ready;
        std::size_t ready_entries = 0;
        std::uint32_t weight = 1;
        std::uint64_t tag = 0; ///< what it has had, by its weight: whoever has had least is next
        bool is_active = false;
        std::unique_ptr<deadline_counts> deadlines; ///< of its ready flows and of those that are held up
    };
    struct had_less {
        bool operator()(const turn& a, const turn& b) const noexcept { return a.tag < b.tag; }
    };
    struct one_lane {
        boost::intrusive::multiset<turn, boost::intrusive::compare<had_less>> active;
        std::uint64_t served = 0; ///< tag of the last that had a turn: whoever comes back begins there
        std::vector<std::unique_ptr<turn>> tenants;
        std::size_t ready_entries = 0;
        std::uint64_t active_weight = 0;
    };
    struct flow_key {
        std::uint64_t hash;
        const demand* what;
    };
    struct flow_key_of {
        using type = flow_key;
        flow_key operator()(const flow& one) const noexcept { return {one.hash, &one.what}; }
    };
    struct flow_key_less {
        bool operator()(const flow_key& a, const flow_key& b) const noexcept;
    };
    using known_flows =
        boost::intrusive::set<flow, boost::intrusive::base_hook<flow_known_hook>,
                              boost::intrusive::key_of_value<flow_key_of>, boost::intrusive::compare<flow_key_less>>;

    static constexpr int interactive_parts = 11;
    static constexpr int bulk_parts = 9;
    static constexpr std::uint64_t whole_turn = 1U << 24;
    static constexpr std::size_t most_spare = 256;

    static std::uint64_t hash_of(const demand& what) noexcept;
    static std::size_t index(lane priority) noexcept { return static_cast<std::size_t>(priority); }
    turn& turn_of(const flow& one);
    void set_ready(flow& one) noexcept;
    /// `keeps_turn`: it is about to be ready again.
    void unset_ready(flow& one, bool keeps_turn) noexcept;

    std::array<one_lane, 2> lanes_;
    known_flows flows_;
    std::vector<std::unique_ptr<flow>> spare_;
    boost::intrusive::multiset<parking, boost::intrusive::compare<parking::sooner>,
                               boost::intrusive::constant_time_size<false>>
        wakes_;
    std::vector<std::size_t> waiting_; // by tenant
    std::size_t size_ = 0;
    std::uint64_t numbers_ = 0;
    int owed_ = 0; // to bulk: every interactive start adds bulk's parts, every bulk start takes interactive's
};

} // namespace usher::schedule

#endif
