// What a sandbox has seen, in words and in JSON.
#ifndef USHER_CLI_SANDBOX_REPORT_HPP
#define USHER_CLI_SANDBOX_REPORT_HPP

#include <usher/sandbox.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace usher::cli {

/// The longest stretch of traffic without a second's pause, from two seconds after its beginning on: by then a client
/// has found its pace.
struct steady_traffic {
    steady_traffic() = default;
    double seconds = 0; ///< 0: there was no such stretch
    std::uint64_t requests = 0;

    double per_second() const noexcept { return seconds > 0 ? static_cast<double>(requests) / seconds : 0; }
};

/// `arrivals`: requests in each 100 ms.
steady_traffic find_steady(std::span<const std::uint32_t> arrivals) noexcept;

std::string sandbox_text(const sandbox::counters& seen);
boost::json::object sandbox_json(const sandbox::counters& seen);

} // namespace usher::cli

#endif
