// A job as one page of HTML.
#ifndef USHER_BULK_REPORT_HPP
#define USHER_BULK_REPORT_HPP

#include <usher/bulk/journal_reader.hpp>
#include <usher/observer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace usher::bulk {

/// Figures about one second or so of a run.
struct run_sample {
    run_sample() = default;
    std::chrono::milliseconds span{0}; ///< what it covers, ending at the sample's time
    std::uint64_t sent = 0;            ///< attempts
    std::uint64_t refused = 0;         ///< answered with 429
    std::uint64_t failed = 0;          ///< attempts without an answer, or with 5xx
    std::uint64_t created = 0;         ///< records, in this span
    std::uint64_t already_there = 0;
    std::uint64_t buried = 0; ///< records that became dead letters
    std::uint64_t in_flight = 0;
    double limit_per_second = 0; ///< 0: none known
    /// Attempts by the time to their answer: below 1 ms, 2 ms, 4 ms, …, the last one for all that took longer.
    std::array<std::uint32_t, 16> latency{};
};

std::string to_json(const run_sample& sample);
/// *Errors*: `std::runtime_error` for what `to_json` did not write.
run_sample parse_run_sample(std::string_view json);

/// Counts a client's attempts between two samples. Give it to the client as its watcher.
class run_watch final : public observer {
public:
    void on_attempt(const attempt_event& event) noexcept override;
    /// What was counted since the last time: `span`, `sent`, `refused`, `failed`, `latency`.
    run_sample take(std::chrono::milliseconds span);

private:
    run_sample counted_;
};

/// One self-contained page: the rate against the limit over time, outcomes, latency, errors by kind with an example,
/// what was not carried over; light and dark, no script, nothing from elsewhere.
std::string report_html(const journal_reader& job);

} // namespace usher::bulk

#endif
