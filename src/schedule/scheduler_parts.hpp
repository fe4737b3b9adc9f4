// What a scheduler is made of: its parts, and the steps that its sources share.
#ifndef USHER_SRC_SCHEDULE_SCHEDULER_PARTS_HPP
#define USHER_SRC_SCHEDULE_SCHEDULER_PARTS_HPP

#include "schedule/bucket_pool.hpp"
#include "schedule/freezes.hpp"
#include "schedule/in_flight_cap.hpp"
#include "schedule/line.hpp"
#include "schedule/round_trips.hpp"
#include "schedule/scheduler.hpp"

namespace usher::schedule {

struct scheduler::parts {
    parts(std::shared_ptr<const rule_table> table, duration timeout, std::string shared_as);

    using bucket_list = std::array<std::uint32_t, most_draws>;

    /// Requests of the instance draw on its limits and take part in the order; those that draw on none of them, such as
    /// those of an unlimited endpoint, wait beside it.
    bool is_gated(const draw_list& draws) const noexcept;
    line& line_of(const draw_list& draws) noexcept { return is_gated(draws) ? gated : free; }
    /// When the instance has room for one more; `time_point::max()`: when something is answered or granted.
    time_point gate(time_point now) noexcept;
    bool bulk_has_room() const noexcept;
    /// Notes what holds up the gate now.
    void look_at_gate(time_point now) noexcept;
    /// What holds up those behind the gate now, as `look_at_gate` notes it.
    gate_holds::cause gate_cause(time_point now, std::uint16_t& rule) noexcept;
    static held_up cause_of(const parking& place) noexcept;
    held_up held(const waiting_entry& entry, time_point now) noexcept;

    bucket_list resolve(const draw_list& draws, time_point now);
    /// What holds up one with these draws, beside the gate; null: nothing does. `until`: how long, at least.
    parking* blocker(std::uint16_t endpoint, const draw_list& draws, const bucket_list& buckets, time_point now,
                     time_point& until);
    ticket admit(const demand& what, const bucket_list& buckets, time_point now);
    void wake_due(line& in, time_point now);
    void drop_flow(line& in, flow& one) noexcept;
    /// Room came or went in `one`: whoever it holds up is to look again then.
    void reschedule(pooled_bucket& one, time_point now) noexcept;
    line& line_of(const pooled_bucket& one) noexcept;
    /// The budget may have to be asked for it.
    void consider(pooled_bucket& one, time_point when) noexcept;
    void settle(ticket& pass) noexcept;
    void refused(const ticket& pass, time_point now, time_point until);
    void adapt(time_point now) noexcept;
    schedule::in_flight_cap cap_for(std::uint32_t sharers) const noexcept;
    parking& freeze_place(std::uint16_t endpoint);

    struct rule_counts {
        std::uint64_t admitted = 0;
        std::uint64_t refused = 0;
        std::size_t waiting = 0;
    };
    struct tenant_counts {
        std::string name;
        std::uint64_t admitted = 0;
        std::uint64_t refused = 0;
    };
    struct asks_sooner {
        bool operator()(const pooled_bucket& a, const pooled_bucket& b) const noexcept { return a.ask_at < b.ask_at; }
    };

    std::shared_ptr<const rule_table> rules;
    duration timeout;
    std::string shared_as;
    bucket_pool buckets;
    std::vector<std::unique_ptr<parking>> frozen; // by endpoint
    line gated;
    line free;
    gate_holds gate_held;
    freezes freeze;
    round_trips trips;
    schedule::in_flight_cap cap;
    bool is_capped;
    duration spread = first_spread;
    std::size_t in_flight = 0;
    std::size_t gated_in_flight = 0;
    bool is_unsaved = false;
    time_point spared{}; // when a limit that is learned was last not blamed for a refusal
    std::uint32_t members = 1;
    std::vector<rule_counts> by_rule;
    std::vector<tenant_counts> tenants;
    scheduler_stats counted;
    boost::intrusive::multiset<pooled_bucket, boost::intrusive::base_hook<bucket_asking_hook>,
                               boost::intrusive::compare<asks_sooner>>
        asking;
};

} // namespace usher::schedule

#endif
