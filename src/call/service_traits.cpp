#include "call/service_traits.hpp"

namespace usher::detail {

service_traits traits_of(std::string_view service) noexcept
{
    if (service == "clerk" || service == "clerk_platform")
        return {"Clerk-API-Version", "2025-11-10"};
    return {};
}

quota quota_of(std::string_view service, const secret& key)
{
    if (service == "scalekit" || service == "clerk_platform")
        return quota::unknown();
    if (service != "clerk")
        return quota::unlimited();
    if (key.reveal().starts_with("sk_test_"))
        return quota::clerk_development();
    if (key.reveal().starts_with("sk_live_"))
        return quota::clerk_production();
    return quota::unlimited();
}

} // namespace usher::detail
