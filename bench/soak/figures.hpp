// What the load has counted by itself, to be held against what the engine and the sandbox say.
#ifndef USHER_BENCH_SOAK_FIGURES_HPP
#define USHER_BENCH_SOAK_FIGURES_HPP

#include <usher/observer.hpp>

#include "soak/service.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace soak {

/// Told of every attempt and every call.
class tally final : public usher::observer {
public:
    void on_attempt(const usher::attempt_event& event) noexcept override;
    void on_call(const usher::call_event& event) noexcept override;

    std::uint64_t attempts = 0;
    std::uint64_t sent = 0;     ///< of which at least a byte was written
    std::uint64_t answered = 0; ///< with a status
    std::uint64_t refused = 0;  ///< with status 429
    std::uint64_t retries = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t calls = 0;
    std::uint64_t values = 0;
    std::array<std::uint64_t, 32> failures{}; ///< calls by error_kind
};

/// The records that there should be.
struct records {
    std::vector<std::string> live;    ///< ids that nobody works with now
    std::vector<std::string> unsure;  ///< external ids of creations of which nobody knows whether they took effect
    std::vector<std::string> leaving; ///< ids of deletions of which nobody knows
    std::uint64_t created = 0;
    std::uint64_t deleted = 0;
};

/// Prints promises and remembers whether all were kept.
class verdicts {
public:
    void check(bool holds, const std::string& what);
    bool all_hold() const noexcept { return broken_ == 0; }
    int broken() const noexcept { return broken_; }
    int checked() const noexcept { return checked_; }

private:
    int checked_ = 0;
    int broken_ = 0;
};

/// Holds the engine's counters against the observer's sums and the sandbox's.
void check_figures(verdicts& into, const usher::engine_counters& engine, const tally& seen,
                   const service_figures& served);

} // namespace soak

#endif
