// What members of a budget in memory were granted: pure state, the time is an argument.
//
// Vocabulary: see lease_terms.hpp. A *mark* is what a member's last lease was, by which it can return the end of it.
// Invariants. No slot of a time line is granted twice, unless it was returned; the line's head never moves back
// further than to now. Without a pace the grants that count are at most the limit.
#ifndef USHER_SRC_SCHEDULE_BUDGET_STATE_HPP
#define USHER_SRC_SCHEDULE_BUDGET_STATE_HPP

#include "schedule/lease_terms.hpp"

#include <usher/budget.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace usher::schedule {

class budget_state {
public:
    using member_id = std::uint64_t;

    lease_grant lease(const lease_request& request, member_id who, time_point now);
    void give_back(const std::string& name, std::uint32_t unused, member_id who, time_point now);
    /// It will not ask again.
    void forget(member_id who);
    std::size_t buckets() const noexcept { return buckets_.size(); }

private:
    struct slice {
        time_point begin{};
        duration interval{};
        std::uint32_t count = 0;
        time_point end() const { return begin + interval * count; }
    };
    struct counted {
        time_point free_at{};
        std::uint64_t number = 0;
        std::uint32_t count = 0;
    };
    struct mark {
        slice part;
        std::uint64_t number = 0;
    };
    struct bucket {
        time_point head = time_point::min();
        std::vector<slice> holes;
        time_point rejoin_until = time_point::min();
        std::deque<counted> log; // sorted by time: one bucket, one window
        std::uint32_t counted_now = 0;
        std::uint64_t last_number = 0;
        std::map<member_id, mark> marks;
        time_point idle_at{};
    };
    using last_seen = std::map<member_id, time_point>;

    static lease_grant paced(bucket& from, const lease_request& request, member_id who, std::uint32_t sharing,
                             time_point now);
    static bool fill_hole(bucket& from, const lease_request& request, mark& last, lease_grant& grant, time_point now);
    static lease_grant unpaced(bucket& from, const lease_request& request, member_id who, time_point now);
    static bool is_settling(bucket& one, const lease_request& request, lease_grant& grant, time_point now);
    static void take_back(bucket& to, std::uint32_t unused, member_id who, time_point now);
    std::uint32_t count_members(std::string_view instance, member_id who, time_point now);
    void forget_idle(time_point now);

    std::unordered_map<std::string, bucket> buckets_;
    std::map<std::string, last_seen, std::less<>> members_;
    std::size_t until_sweep_ = 1024;
};

} // namespace usher::schedule

#endif
