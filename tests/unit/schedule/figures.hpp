// What the scheduler promises, measured: each function is one row of the table, for tests and for the bench.
#ifndef USHER_TESTS_SCHEDULE_FIGURES_HPP
#define USHER_TESTS_SCHEDULE_FIGURES_HPP

#include "instance.hpp"
#include "network.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace schedule_tests {

/// One run.
struct outcome {
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;
    double share = 0; ///< accepted after the first window, of what the quota allows then
    double open = 1;  ///< share of that time in which the way was open
    std::uint64_t trace = 0;
    std::string broken; ///< a promise that holds in every run; empty: all were kept
};

/// All runs of one row: each of the five ways to count, in so many phases.
struct total {
    std::uint64_t runs = 0;
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;
    std::uint64_t runs_refused = 0; ///< in which anything was refused
    double least = 2;               ///< share of the quota
    double least_open = 2;          ///< of what could be had while the way was open
    std::string worst;              ///< the run with the least share
    std::string broken;             ///< the first run that broke a promise

    void add(const outcome& one, const std::string& name);
    double refused_share() const { return static_cast<double>(refused) / static_cast<double>(sent); }
};

struct saturation {
    limit whole;
    way path;
    std::chrono::seconds length{60}; ///< after the first window
    bool restarts = false;
};

/// A client that always has work.
outcome saturate(const saturation& what, std::uint64_t seed);
total saturate_all(saturation what, std::uint64_t phases);

/// A thousand busy users with limits of their own and an endpoint that the service blocks, beside free traffic.
struct beside_blocked {
    std::uint64_t free = 0;     ///< requests that drew on the instance alone
    double share_of_rest = 0;   ///< of what the others have left
    std::uint64_t users = 0;    ///< accepted
    std::uint64_t refused = 0;  ///< but for the blocked endpoint
    std::uint64_t exceeded = 0; ///< arrivals beyond the limit of a user
    std::string broken;
};
beside_blocked run_beside_blocked(algorithm counts_by, std::uint64_t seed);

/// Invitations, 100 an hour, by a process that starts anew ten times within two hours.
struct invitations {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t exceeded = 0; ///< arrivals beyond the limit in any hour
    std::string broken;
};
invitations run_invitations(algorithm counts_by, bool remembers, std::uint64_t seed);

/// A limit that nobody told: requests per minute, which change in mid-run.
struct learning {
    double before = 0; ///< share of the limit, from 2 min after the start on
    double after = 0;  ///< and from 2 min after the change on
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;
    std::string broken;
};
learning run_learning(algorithm counts_by, std::uint32_t per_minute, double change, std::uint64_t seed);

/// Bulk work of four tenants at ten times the quota, beside interactive calls at 5 % of it.
struct lanes {
    duration interactive_p50{};
    duration interactive_p99{};
    double tenant_error = 0; ///< of the tenant that is furthest from its share, relative
    std::uint64_t expired = 0;
    std::uint64_t refused = 0;
    double share = 0;
    std::string broken;
};
lanes run_lanes(algorithm counts_by, std::uint64_t seed);

} // namespace schedule_tests

#endif
