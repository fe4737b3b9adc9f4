// The buckets of one instance: found by rule and key, opened when first drawn on, used again when nothing of them is
// missed.
#ifndef USHER_SRC_SCHEDULE_BUCKET_POOL_HPP
#define USHER_SRC_SCHEDULE_BUCKET_POOL_HPP

#include "schedule/bucket.hpp"
#include "schedule/flow.hpp"
#include "schedule/rule_table.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace usher::schedule {

using bucket_known_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<class bucket_known_tag>,
                                                          boost::intrusive::link_mode<boost::intrusive::normal_link>>;
using bucket_used_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<class bucket_used_tag>,
                                                          boost::intrusive::link_mode<boost::intrusive::normal_link>>;
using bucket_asking_hook = boost::intrusive::set_base_hook<boost::intrusive::tag<class bucket_asking_tag>,
                                                           boost::intrusive::link_mode<boost::intrusive::normal_link>>;

/// A bucket with its name and place, and who waits for it.
class pooled_bucket : public bucket_known_hook, public bucket_used_hook, public bucket_asking_hook {
public:
    bucket counts;
    parking place; ///< flows that it holds up
    draw name;
    std::uint32_t index = 0;
    std::uint32_t pins = 0;                ///< flows and orders that know it by its index; open tickets hold a slot
    std::size_t waiting = 0;               ///< entries that will draw on it
    time_point ask_at = time_point::max(); ///< shared: when the budget may have to be asked
    bool is_common = false;                ///< every request draws on it
    bool is_kept = false;                  ///< not a record's: there are only so many of them
};

class bucket_pool {
public:
    bucket_pool(const rule_table& rules, bool shared);
    ~bucket_pool();
    bucket_pool(const bucket_pool&) = delete;
    bucket_pool& operator=(const bucket_pool&) = delete;

    pooled_bucket& operator[](std::uint32_t index) noexcept { return *buckets_[index]; }
    bool is_common(std::uint16_t rule) const noexcept { return is_common_[rule]; }
    /// Those that every request draws on.
    const std::vector<pooled_bucket*>& common() const noexcept { return common_; }

    /// Opens it if it is not there, a record's in the place of one that was not used for longest and is idle.
    pooled_bucket& find(const draw& name, duration spread, time_point now);
    /// It is used: the others are to be taken before it.
    void touch(pooled_bucket& one) noexcept;

    /// Calls `each(bucket)` for all that are open.
    template <class Function>
    void for_each(Function each)
    {
        for (auto& one : known_)
            each(one);
    }

private:
    struct name_of {
        using type = draw;
        const draw& operator()(const pooled_bucket& one) const noexcept { return one.name; }
    };
    struct name_less {
        bool operator()(const draw& a, const draw& b) const noexcept
        {
            return a.key != b.key ? a.key < b.key : a.rule < b.rule;
        }
    };

    const rule_table& rules_;
    std::optional<time_point> born_; // when the first request came
    bool shared_;
    std::vector<bool> is_common_; // by rule
    std::vector<std::unique_ptr<pooled_bucket>> buckets_;
    std::vector<pooled_bucket*> common_;
    boost::intrusive::set<pooled_bucket, boost::intrusive::base_hook<bucket_known_hook>,
                          boost::intrusive::key_of_value<name_of>, boost::intrusive::compare<name_less>>
        known_;
    boost::intrusive::list<pooled_bucket, boost::intrusive::base_hook<bucket_used_hook>> used_; // longest ago first
};

} // namespace usher::schedule

#endif
