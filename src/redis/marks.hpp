// What a member's last leases were: it needs that to return the end of one.
#ifndef USHER_SRC_REDIS_MARKS_HPP
#define USHER_SRC_REDIS_MARKS_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

namespace usher::redis {

/// One for each bucket. There may be a bucket for each record of a service, so those that are too old to be of use are
/// forgotten when there are twice as many as there were after that was done last.
class marks {
public:
    using time_point = std::chrono::steady_clock::time_point;

    void keep(const std::string& bucket, std::string text, time_point until)
    {
        if (marks_.size() >= sweep_at_) {
            std::erase_if(marks_,
                          [now = std::chrono::steady_clock::now()](const auto& one) { return one.second.until < now; });
            sweep_at_ = std::max<std::size_t>(1024, 2 * marks_.size());
        }
        auto& one = marks_[bucket];
        one.text = std::move(text);
        one.until = until;
    }
    /// Empty if there is none.
    std::string take(const std::string& bucket)
    {
        const auto found = marks_.find(bucket);
        if (found == marks_.end())
            return {};
        auto text = std::move(found->second.text);
        marks_.erase(found);
        return text;
    }

private:
    struct mark {
        std::string text;
        time_point until;
    };
    std::unordered_map<std::string, mark> marks_;
    std::size_t sweep_at_ = 1024;
};

} // namespace usher::redis

#endif
