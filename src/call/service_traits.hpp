// What the API documents do not say of their services.
#ifndef USHER_CALL_SERVICE_TRAITS_HPP
#define USHER_CALL_SERVICE_TRAITS_HPP

#include <usher/quota.hpp>
#include <usher/secret.hpp>

#include <string_view>

namespace usher::detail {

struct service_traits {
    std::string_view version_header; ///< empty: the service has none
    std::string_view version;
};

service_traits traits_of(std::string_view service) noexcept;

/// The documented limits of the instance that a key belongs to, by the key's prefix; to be learned where the service
/// has limits that it does not publish. Unlimited for other services, and for Clerk keys without one of its prefixes.
quota quota_of(std::string_view service, const secret& key);

} // namespace usher::detail

#endif
