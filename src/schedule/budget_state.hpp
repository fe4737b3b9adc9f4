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

    /// `is_remote`: members may lose it, and it may be lost.
    explicit budget_state(bool is_remote = true) : is_remote_(is_remote) {}

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
        time_point woke = time_point::min(); // when the line began after a pause
        time_point one_lease_until = time_point::min();
        time_point rejoin_until = time_point::min();
        time_point cold_from = time_point::min(); // all used their static shares until then
        std::deque<counted> log;                  // sorted by time: one bucket, one window
        std::uint32_t counted_now = 0;
        std::uint64_t last_number = 0;
        std::map<member_id, mark> marks;
        time_point idle_at{};
    };
    struct instance {
        time_point born{};
        time_point seen{};
        std::map<member_id, time_point> members; // when each asked last
        std::uint32_t sharing(time_point now) const;
    };

    lease_grant paced(bucket& from, const lease_request& request, member_id who, const instance& of, time_point now);
    static bool is_waking(bucket& one, const lease_request& request, const instance& of, time_point now);
    static bool fill_hole(bucket& from, const lease_request& request, mark& last, lease_grant& grant, time_point now);
    static lease_grant unpaced(bucket& from, const lease_request& request, member_id who, time_point born,
                               time_point now);
    static void free_old(bucket& one, time_point now);
    static bool is_settling(bucket& one, const lease_request& request, lease_grant& grant, time_point now);
    static void take_back(bucket& to, std::uint32_t unused, member_id who, time_point now);
    instance& meet(std::string_view name, member_id who, time_point now);
    void forget_idle(time_point now);

    bool is_remote_;
    std::unordered_map<std::string, bucket> buckets_;
    std::map<std::string, instance, std::less<>> instances_;
    std::size_t until_sweep_ = 1024;
};

} // namespace usher::schedule

#endif
