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

/// The documented limit of the instance that a key belongs to; unlimited where nothing is documented.
quota quota_of(std::string_view service, const secret& key);

} // namespace usher::detail

#endif
