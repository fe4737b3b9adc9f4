// The whole simulation: everything that can meet a scheduler, drawn from a seed.
#ifndef USHER_TESTS_SCHEDULE_SCENARIO_HPP
#define USHER_TESTS_SCHEDULE_SCENARIO_HPP

#include "instance.hpp"
#include "network.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace schedule_tests {

struct scenario {
    explicit scenario(std::uint64_t seed);

    std::uint64_t seed;
    nested_limits limits;
    way path;
    std::chrono::milliseconds length{};
    std::chrono::seconds timeout{30};
    bool is_unknown = false; ///< the instance's limit, to the client
    bool charges_refused = false;
    bool restarts = false;
    double dropped = 0;
    // Work.
    std::uint32_t tenants = 1;
    std::uint32_t depth = 0; ///< of each user's work that never ends; 0: it comes by chance
    double load = 0;         ///< by chance: of the quota
    double cancelled = 0;
    std::chrono::milliseconds patience{};
    bool has_bulk = false;
    bool has_block = false;

    /// Nothing that happens can earn a refusal, but for the endpoint that is blocked.
    bool is_calm() const { return path.every == path.every.zero() && !restarts && !is_unknown; }
    std::string text() const;
};

struct scenario_result {
    std::uint64_t sent = 0;
    std::uint64_t refused = 0; ///< but for the blocked endpoint
    std::uint64_t blocked = 0;
    std::uint64_t given_up = 0; ///< declined, expired or cancelled
    std::uint64_t trace = 0;
    std::string broken; ///< empty: every promise was kept
};

scenario_result run(const scenario& what);

} // namespace schedule_tests

#endif
