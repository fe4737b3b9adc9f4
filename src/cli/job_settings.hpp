// What a job's journal keeps of how it was begun, so that it can be resumed without saying it again. Never a secret.
//
// Two settings hold it. `job` is what all parts of a job have in common: what it reads, where it writes and how records
// are mapped. `part` is what may differ from machine to machine: files, names of variables, limits; which part it is,
// and how its last run ended.
#ifndef USHER_CLI_JOB_SETTINGS_HPP
#define USHER_CLI_JOB_SETTINGS_HPP

#include "cli/arguments.hpp"

#include <usher/bulk/journal.hpp>
#include <usher/bulk/journal_reader.hpp>
#include <usher/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace usher::cli {

enum class run_state : std::uint8_t { running, finished, stopped, given_up, failed };

std::string_view to_string(run_state state) noexcept;

/// How a run of a job went.
struct run_facts {
    run_facts() = default;
    std::string command; ///< `import`, `resume`, `retry` or `undo`; `resume --only-begun`
    run_state state = run_state::running;
    bulk::journal_time begun{};
    bulk::journal_time ended{};
    std::string reason;      ///< why it was given up or failed
    std::string mended;      ///< of a retry: the corrected failures; empty: those in the journal
    bool undo_waits = false; ///< it looked only for what an undo has to know
};

struct job_settings {
    job_settings() = default;
    connect_arguments connect;
    source_arguments source;
    target_arguments target;
    part_arguments part;
    std::string fingerprint;     ///< of the source when the job was begun
    std::size_t concurrency = 0; ///< 0: as the limit asks for
    run_facts last;
    /// The last import or resumption, which reads the source: whether it came to the source's end no retry, look or
    /// undo after it changes.
    run_facts reading;

    std::string job_json() const;
    std::string part_json() const;
    /// *Errors*: `std::runtime_error` for what these two did not write.
    static job_settings from_json(std::string_view job, std::string_view part);
};

/// What was said for an import, with files by their whole names and without passwords.
job_settings settings_of(const import_arguments& arguments);
/// *Errors*: `std::runtime_error` for a journal that no import of this program began.
job_settings settings_in(const bulk::journal_reader& job);
/// An absolute path, for another folder tomorrow; nothing and `-` as they are.
std::string whole_path(const std::string& path);
/// What is said now comes before what the journal remembers.
void override_with(job_settings& settings, const job_arguments& arguments);

/// How many records are under way at once where nobody says it: enough to use the limit, requests per second (0: not
/// known).
std::size_t concurrency_for(double limit) noexcept;

/// `auth0 users.json` or `clerk (live)`; `clerk at http://…`.
std::string source_text(const job_settings& settings);
std::string target_text(const job_settings& settings);
/// What is said beside a command that reads the source, where that is standard input.
std::string input_hint(const job_settings& settings);
/// What to say when the key is one of another instance than the job's (`why` of `bulk::check_instance`).
std::string elsewhere_text(const job_settings& settings, const std::string& job, const error& why);
/// A word as a shell needs it.
std::string shell_word(const std::string& text);

} // namespace usher::cli

#endif
