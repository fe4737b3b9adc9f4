// One limit of a whole instance, as the pacer takes it.
#ifndef USHER_SRC_SCHEDULE_SINGLE_LIMIT_HPP
#define USHER_SRC_SCHEDULE_SINGLE_LIMIT_HPP

#include <usher/quota.hpp>

namespace usher::schedule {

struct single_limit {
    single_limit() = default;
    single_limit(std::uint32_t requests_, std::chrono::milliseconds window_) : requests(requests_), window(window_) {}
    explicit single_limit(const quota& from)
        : requests(0),
          burst(from.burst),
          in_flight(from.in_flight),
          least_spread(from.least_spread),
          most_spread(from.most_spread)
    {
        for (const auto& rule : from.rules)
            if (rule.key == quota_key::instance && rule.amount == quota_amount::known) {
                requests = rule.requests;
                window = rule.window;
                break;
            }
    }
    static single_limit clerk_production() { return {1000, std::chrono::seconds(10)}; }
    static single_limit clerk_development() { return {100, std::chrono::seconds(10)}; }
    static single_limit unlimited() { return {0, std::chrono::seconds(1)}; }
    bool is_unlimited() const noexcept { return requests == 0; }

    std::uint32_t requests = 1000;
    std::chrono::milliseconds window{10'000};
    std::uint32_t burst = 5;
    std::uint32_t in_flight = 0;
    std::chrono::milliseconds least_spread{20};
    std::chrono::milliseconds most_spread{400};
};

} // namespace usher::schedule

#endif
