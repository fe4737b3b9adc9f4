// How far a job is: what its journal says, as text for people and for programs.
#ifndef USHER_CLI_JOB_STATUS_HPP
#define USHER_CLI_JOB_STATUS_HPP

#include "cli/job_settings.hpp"

#include <usher/bulk/journal_reader.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace usher::cli {

struct job_status {
    job_status() = default;
    std::string job;
    job_settings settings;
    bool in_use = false;
    bulk::journal_time now{};
    bulk::journal_totals totals;
    std::vector<bulk::journal_reader::failure_kind> failures;
    std::vector<bulk::counted_note> notes;

    std::uint64_t count(bulk::record_state state) const;
    /// `running`, `finished`, `stopped`, `given_up`, `failed` or `killed`. A retry that finished makes no import
    /// finished: then it is the import's.
    std::string state() const;
    /// Whether an import or resumption came to the end of the source.
    bool is_read_to_end() const noexcept { return settings.reading.state == run_state::finished; }
    /// The command that goes on; empty: nothing is left to do.
    std::string next_command() const;
};

/// *Errors*: `std::runtime_error` that names the journal.
job_status status_of(const std::string& job);

std::string status_text(const job_status& status);
boost::json::object status_json(const job_status& status);

} // namespace usher::cli

#endif
