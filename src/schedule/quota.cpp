#include <usher/quota.hpp>

#include <algorithm>

namespace usher {

quota quota::clerk(std::uint32_t requests, std::chrono::milliseconds window)
{
    return quota(requests, window);
}

quota quota::clerk_production()
{
    return clerk(1000, std::chrono::seconds(10));
}

quota quota::clerk_development()
{
    return clerk(100, std::chrono::seconds(10));
}

bool quota::is_unlimited() const noexcept
{
    return std::all_of(rules.begin(), rules.end(),
                       [](const quota_rule& rule) { return rule.amount == quota_amount::unlimited; });
}

} // namespace usher
