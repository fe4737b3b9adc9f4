// A run of a job that writes records to its target: an import, its resumption, or a retry of what failed.
#ifndef USHER_CLI_IMPORT_RUN_HPP
#define USHER_CLI_IMPORT_RUN_HPP

#include "cli/answer_watch.hpp"
#include "cli/job_parts.hpp"
#include "cli/job_settings.hpp"
#include "cli/job_status.hpp"
#include "cli/line_file.hpp"
#include "cli/run_samples.hpp"
#include "cli/work.hpp"

#include <usher/bulk/import.hpp>

#include <memory>
#include <optional>
#include <string>

namespace usher::cli {

struct run_options {
    run_options() = default;
    std::string command; ///< `import`, `resume` or `retry`
    std::string job;     ///< the journal
    std::string failures;
    std::string notes;
    std::string mended;             ///< of a retry: the corrected failures; empty: those in the journal
    bool begin_anew = false;        ///< of an import: the journal is there, and no import ever began
    bool source_changed_ok = false; ///< of a resumption
    bool only_begun = false;        ///< of a resumption: finish what was begun and take nothing else
    bool json = false;
};

class import_run final : public work, public bulk::import_listener {
public:
    /// Opens source and journal: for an import it is made, else it has to be there.
    /// *Errors*: `std::invalid_argument` for an address, key or option that can't be used, `std::runtime_error` for a
    /// file that can't be opened, or is another than it was.
    import_run(boost::asio::io_context& io, job_settings settings, run_options options);

    exit_status run_all();

private:
    boost::asio::awaitable<exit_status> run() override;
    progress look() override;
    std::uint64_t requests() override { return link_.usage().admitted; }
    void each_second() override;
    bool stop() override;
    exit_status abandon() override;

    void on_failure(const bulk::source_record& record, const bulk::import_failure& failure) override;
    void on_note(const bulk::source_record& record, const std::string& source_id, const bulk::note& what) override;

    void check_source() const;
    void write_down(run_state state, const std::string& reason = {});
    /// Says how it went; true when nothing is left to do that this command is there for.
    bool finish(bulk::import_end end, stop_kind kind = stop_kind::in_order);
    void discard_unused();
    /// What the journal has now; nothing: it can't be read.
    std::optional<job_status> look_at_journal() const;
    std::string command_to_go_on(const job_status& now) const;

    job_settings settings_;
    run_options options_;
    std::shared_ptr<bulk::run_watch> watch_;
    std::shared_ptr<answer_watch> answers_;
    service_link link_;
    std::unique_ptr<bulk::target> target_;
    job_source source_;
    std::unique_ptr<bulk::journal> journal_;
    std::optional<bulk::importer> importer_;
    run_samples samples_;
    work_runner runner_;
    line_file failures_;
    line_file notes_;
    note_counts note_counts_;
    std::chrono::steady_clock::time_point begun_;
    std::optional<std::chrono::steady_clock::duration> took_;
    std::uint64_t shown_failures_ = 0;
    bool stopping_ = false;
    bool undo_waits_ = false;
};

} // namespace usher::cli

#endif
