// All who wait with the same draws, lane and tenant.
#ifndef USHER_SRC_SCHEDULE_FLOW_HPP
#define USHER_SRC_SCHEDULE_FLOW_HPP

#include "schedule/waiting_entry.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace usher::schedule {

class parking;
class pooled_bucket;

using flow_ready_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<class ready_tag>,
                                                        boost::intrusive::link_mode<boost::intrusive::normal_link>>;
using flow_known_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<class known_tag>,
                                                        boost::intrusive::link_mode<boost::intrusive::normal_link>>;
using flow_parked_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<class parked_tag>,
                                                          boost::intrusive::link_mode<boost::intrusive::normal_link>>;

/// Its first is the one with the earliest deadline, and of those the one that came first. Either ready, in its
/// tenant's order, or parked with what holds it up.
class flow : public flow_known_hook, public flow_ready_hook, public flow_parked_hook {
public:
    struct earlier {
        bool operator()(const waiting_entry& a, const waiting_entry& b) const noexcept
        {
            return a.deadline_ != b.deadline_ ? a.deadline_ < b.deadline_ : a.number_ < b.number_;
        }
    };
    using entries = boost::intrusive::set<waiting_entry, boost::intrusive::compare<earlier>,
                                          boost::intrusive::constant_time_size<true>>;

    waiting_entry& first() noexcept { return *waiting.begin(); }
    const waiting_entry& first() const noexcept { return *waiting.begin(); }

    demand what;
    std::uint64_t hash = 0;                          ///< of `what`
    std::array<std::uint32_t, most_draws> buckets{}; ///< of its draws, in their order
    entries waiting;
    parking* parked = nullptr; ///< null while it is ready
    flow_holds holds;
};

struct flow_earlier {
    bool operator()(const flow& a, const flow& b) const noexcept { return flow::earlier()(a.first(), b.first()); }
};

/// Flows held up by one bucket, or by one endpoint's freeze, and when that may be over.
class parking : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>> {
public:
    using flows = boost::intrusive::list<flow, boost::intrusive::base_hook<flow_parked_hook>>;

    bool empty() const noexcept { return held[0].empty() && held[1].empty(); }
    struct sooner {
        bool operator()(const parking& a, const parking& b) const noexcept { return a.wake < b.wake; }
    };

    std::array<flows, 2> held;       ///< by lane
    pooled_bucket* bucket = nullptr; ///< null: the freeze of `endpoint`
    std::uint16_t endpoint = 0;
    time_point wake = time_point::max();
    bool is_set = false; ///< it is among those that are looked at by time
};

} // namespace usher::schedule

#endif
