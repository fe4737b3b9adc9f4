// A service that counts.
#ifndef USHER_TESTS_LIVE_FLEET_LIMITED_HPP
#define USHER_TESTS_LIVE_FLEET_LIMITED_HPP

#include <usher/sandbox.hpp>

#include <optional>

namespace fleet_tests {

/// Without an allowance: as the key says.
inline usher::sandbox::options limited(usher::sandbox::algorithm how,
                                       std::optional<usher::sandbox::allowance> allowed = std::nullopt)
{
    usher::sandbox::options options;
    options.tls = false;
    options.record = false;
    options.quota.enabled = true;
    options.quota.how = how;
    options.quota.instance = allowed;
    return options;
}

} // namespace fleet_tests

#endif
