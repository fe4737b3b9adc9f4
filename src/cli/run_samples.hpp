// What is kept of each second of a run, for its report.
#ifndef USHER_CLI_RUN_SAMPLES_HPP
#define USHER_CLI_RUN_SAMPLES_HPP

#include <usher/bulk/import.hpp>
#include <usher/bulk/report.hpp>

#include <chrono>

namespace usher::cli {

class run_samples {
public:
    explicit run_samples(bulk::run_watch& watch) : watch_(watch) {}

    void begin() { last_ = std::chrono::steady_clock::now(); }
    /// Adds what happened since the last time; of no time at all nothing.
    void take(bulk::journal& to, const bulk::import_counters& now, double limit_per_second);

private:
    bulk::run_watch& watch_;
    bulk::import_counters before_;
    std::chrono::steady_clock::time_point last_{};
};

bulk::journal_time wall_clock();

} // namespace usher::cli

#endif
