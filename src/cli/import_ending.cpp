// A run of a job: what is said while it goes and when it has ended.
#include "cli/advice.hpp"
#include "cli/import_run.hpp"
#include "cli/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <stdexcept>

namespace usher::cli {

exit_status import_run::abandon()
{
    if (importer_->counters().records > 0) {
        std::fprintf(stderr,
                     "Stopped at once: of %" PRIu64 " records it is not known whether they arrived; "
                     "a resumption finds out\n",
                     importer_->counters().in_flight);
        write_down(run_state::stopped);
    }
    // What it was told so far goes to disk.
    journal_.reset();
    if (importer_->counters().records > 0)
        finish(bulk::import_end::stopped, stop_kind::at_once);
    discard_unused();
    return some_failed;
}

void import_run::on_failure(const bulk::source_record& record, const bulk::import_failure& failure)
{
    failures_.write(failure_line(record, failure));
    constexpr std::uint64_t shown_at_most = 20;
    if (!failures_.path().empty() || ++shown_failures_ > shown_at_most)
        return;
    runner_.clear();
    const auto place = record.line > 0 ? "line " + std::to_string(record.line) : failure.source_id;
    std::fprintf(stderr, "%s: %s%s%s\n", place.c_str(), failure.param.c_str(), failure.param.empty() ? "" : ": ",
                 failure.message.c_str());
    if (shown_failures_ == shown_at_most)
        std::fputs("(more are counted only; usher status tells of all)\n", stderr);
}

void import_run::on_note(const bulk::source_record& record, const std::string& source_id, const bulk::note& what)
{
    // Unknown members can have any name; past some number of kinds they are counted together.
    constexpr std::size_t most_kinds = 200;
    auto kind = std::make_pair(what.field, what.reason);
    if (note_counts_.size() >= most_kinds && !note_counts_.contains(kind))
        kind.first = "other members";
    note_counts_[kind] += 1;
    if (notes_.path().empty())
        return;
    boost::json::object line;
    line["line"] = record.line;
    line["source_id"] = source_id;
    line["field"] = what.field;
    line["reason"] = what.reason;
    notes_.write(boost::json::serialize(line));
}

std::optional<job_status> import_run::look_at_journal() const
{
    job_status now;
    now.job = options_.job;
    now.settings = settings_;
    try {
        const bulk::journal_reader reader(options_.job);
        now.totals = reader.totals();
        now.failures = reader.failure_kinds();
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
    return now;
}

std::string import_run::command_to_go_on(const job_status& now) const
{
    if (options_.command == "import" && importer_->counters().records == 0)
        return {};
    auto next = now.next_command();
    return next.starts_with("usher verify") ? std::string() : next;
}

bool import_run::finish(bulk::import_end end, stop_kind kind)
{
    runner_.clear();
    const auto& counters = importer_->counters();
    const auto now = look_at_journal();
    const auto letters = now ? now->totals.dead_letters : counters.failed;
    if (counters.records > 0) {
        // What an earlier run left there is none of this one's.
        if (counters.failed == 0)
            failures_.begin();
        if (counters.notes == 0)
            notes_.begin();
    }
    import_summary summary;
    summary.last = runner_.look();
    summary.end = end;
    summary.kind = kind;
    summary.failed_before = letters - std::min(letters, counters.failed);
    summary.job = options_.job;
    summary.requests = link_.usage().admitted;
    summary.notes = note_counts_;
    summary.failures_file = counters.failed > 0 ? failures_.path() : std::string();
    const bool reads_source = options_.command != "retry" && !options_.only_begun;
    if (reads_source && end == bulk::import_end::finished)
        summary.remarks = source_.records().remarks();
    if (reads_source && now)
        summary.taken_back = now->count(bulk::record_state::removed);
    if (now && counters.failed > 0)
        summary.advice = advice_for(*now);
    if (end == bulk::import_end::given_up)
        summary.reason = importer_->reason().message();
    if (now)
        summary.next_command = command_to_go_on(*now);
    if (summary.next_command.starts_with("usher retry") && letters > 0 && end == bulk::import_end::finished)
        summary.hint =
            "   (usher status " + shell_word(options_.job) + " --failures FILE writes them down to be mended)";
    std::fputs(summary_text(summary).c_str(), stderr);
    if (options_.json) {
        std::puts(boost::json::serialize(summary_json(summary)).c_str());
        std::fflush(stdout);
    }
    if (counters.left_open > 0 || counters.failed > 0)
        return false;
    if (options_.only_begun)
        return !now || now->totals.in_doubt == 0;
    const bool any_open = options_.command != "retry" && now && now->count(bulk::record_state::open) > 0;
    return letters == 0 && !any_open && summary.taken_back == 0;
}

} // namespace usher::cli
