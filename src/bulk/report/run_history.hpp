// The samples of all runs of a job, on one axis of working time: what lies between two runs is left out. Samples of the
// same moment, of parts that were at work together, are added up, and the limit that they shared is counted once.
#ifndef USHER_BULK_RUN_HISTORY_HPP
#define USHER_BULK_RUN_HISTORY_HPP

#include <usher/bulk/report.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace usher::bulk {

struct run_history {
    run_history() = default;

    /// A stretch of time, of which there are at most 240 however long the job was.
    struct stretch {
        stretch() = default;
        double seconds = 0;
        double sent = 0;
        double refused = 0;
        double finished = 0; ///< records
        double limit = 0;    ///< a second
    };

    std::vector<stretch> stretches;
    std::vector<double> pauses; ///< where nobody was at work for more than 10 s, in seconds of working time
    std::uint64_t samples = 0;
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;
    std::uint64_t failed = 0;
    double allowed = 0; ///< requests that the limit had room for
    double sent_under_limit = 0;
    std::array<std::uint64_t, 16> latency{};
    journal_time first{};
    journal_time last{};
    std::chrono::milliseconds working{0};

    /// The time below which this part of the answers came, from 0 to 1: the upper end of its bucket.
    double latency_ms(double part) const noexcept;
};

run_history read_history(const journal_reader& job);

} // namespace usher::bulk

#endif
