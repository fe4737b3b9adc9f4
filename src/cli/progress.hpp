// How an import looks while it runs and when it has ended: pure text from numbers.
#ifndef USHER_CLI_PROGRESS_HPP
#define USHER_CLI_PROGRESS_HPP

#include <usher/bulk/import.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace usher::cli {

/// Everything that is shown at one moment.
struct progress {
    progress() = default;
    bulk::import_counters counters;
    std::optional<std::uint64_t> source_size; ///< when that is known, in the unit of `counters.position`
    std::chrono::milliseconds elapsed{0};
    double requests_per_second = 0;     ///< over the last seconds
    double quota_per_second = 0;        ///< what the service allows; 0: unlimited
    std::uint64_t refused = 0;          ///< answers with status 429
    bool only_reads = false;            ///< nothing is created: such figures are left out
    std::optional<std::string> trouble; ///< why nothing moves, if it is known
    double part_per_second = 0;         ///< over the last seconds, of the whole; 0: not known

    /// How much of the source is finished, between 0 and 1; nothing when its size is not known.
    std::optional<double> part() const noexcept;
    /// Nothing before there is enough to tell from.
    std::optional<std::chrono::seconds> time_left() const noexcept;
    /// Of the quota, between 0 and 1.
    double share() const noexcept;
};

/// One line without its end, at most `width` columns: a bar, and as many figures as there is room for.
std::string progress_bar(const progress& now, std::size_t width);
/// One line without its end, for a log.
std::string progress_line(const progress& now);
boost::json::object progress_event(const progress& now);

/// How many of something happened lately.
class recent_rate {
public:
    using time_point = std::chrono::steady_clock::time_point;
    explicit recent_rate(std::chrono::milliseconds span) : span_(span) {}
    void add(std::uint64_t total, time_point now);
    double per_second() const noexcept;

private:
    std::chrono::milliseconds span_;
    std::deque<std::pair<time_point, std::uint64_t>> samples_;
};

/// What could not be carried over, by member and reason.
using note_counts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// What became of the records under way when a run was stopped.
enum class stop_kind : std::uint8_t {
    in_order,  ///< what was on its way was waited for
    at_once,   ///< it was not
    by_failure ///< source or journal failed
};

struct import_summary {
    import_summary() = default;
    progress last;
    bulk::import_end end = bulk::import_end::finished;
    stop_kind kind = stop_kind::in_order; ///< of a run that was stopped
    std::uint64_t failed_before = 0;      ///< records that earlier runs left as failed, and this one too
    std::uint64_t taken_back = 0;         ///< records that an undo removed: a resumption does not bring them again
    std::vector<std::string> remarks;     ///< about the source as a whole
    std::vector<std::string> advice;      ///< what to do about kinds of failures
    std::string job;
    std::uint64_t requests = 0;
    note_counts notes;
    std::string failures_file; ///< empty: there is none
    std::string reason;        ///< why it was given up
    std::string next_command;  ///< how to go on; empty: nothing is left to do
    std::string hint;          ///< said beside it
};

std::string summary_text(const import_summary& summary);
boost::json::object summary_json(const import_summary& summary);

} // namespace usher::cli

#endif
