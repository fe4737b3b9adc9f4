#include "cli/import_run.hpp"

#include "cli/dead_letters.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <cinttypes>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

/// What a run reads: a retry reads the records that failed.
source_arguments source_of(const job_settings& settings, const run_options& options, const dead_letters& letters)
{
    auto from = settings.source;
    if (options.command != "retry")
        return from;
    from.format = bulk::source_format::failures;
    from.joined.clear();
    from.file = options.mended.empty() ? letters.path() : options.mended;
    return from;
}

job_source open_source(asio::any_io_executor executor, const job_settings& settings, const run_options& options)
{
    const auto is_inner = options.command == "retry" && options.mended.empty();
    const dead_letters letters(is_inner ? options.job : std::string());
    return {std::move(executor), source_of(settings, options, letters)};
}

std::unique_ptr<bulk::journal> open_book(asio::any_io_executor executor, const run_options& options)
{
    bulk::journal_options how;
    how.how = options.command == "import" ? bulk::journal_options::file::make : bulk::journal_options::file::reopen;
    return bulk::open_journal(std::move(executor), options.job, how);
}

bulk::import_options options_of(const job_settings& settings, const run_options& options)
{
    bulk::import_options how;
    how.mapping = mapping_of(settings.source);
    how.concurrency = settings.concurrency;
    how.part = settings.part.part;
    how.parts = settings.part.parts;
    how.retry_failed = options.command == "retry";
    return how;
}

} // namespace

import_run::import_run(asio::io_context& io, job_settings settings, run_options options)
    : settings_(std::move(settings)),
      options_(std::move(options)),
      watch_(std::make_shared<bulk::run_watch>()),
      link_(io.get_executor(), settings_.connect, watch_),
      target_(link_.make_target(settings_.target, settings_.part.part)),
      source_(open_source(io.get_executor(), settings_, options_)),
      samples_(*watch_),
      runner_(io, options_.json),
      failures_(options_.failures),
      notes_(options_.notes),
      begun_(std::chrono::steady_clock::now())
{
    const auto how = options_of(settings_, options_);
    check_source();
    journal_ = open_book(io.get_executor(), options_);
    importer_.emplace(io.get_executor(), source_.records(), *target_, *journal_, *this, how);
}

void import_run::check_source() const
{
    if (options_.command != "resume" || options_.source_changed_ok || settings_.fingerprint.empty())
        return;
    if (source_.records().fingerprint() != settings_.fingerprint)
        throw std::runtime_error(source_text(settings_) +
                                 " is another than it was when the import began; --source-changed-ok goes on with it");
}

exit_status import_run::run_all()
{
    return runner_.run(*this);
}

void import_run::write_down(run_state state, const std::string& reason)
{
    auto& run = settings_.last;
    if (state == run_state::running) {
        run = run_facts();
        run.begun = wall_clock();
    }
    run.command = options_.command;
    run.state = state;
    run.reason = reason;
    run.ended = wall_clock();
    journal_->set_setting("part", settings_.part_json());
}

asio::awaitable<exit_status> import_run::run()
{
    if (options_.command == "import") {
        settings_.fingerprint = source_.records().fingerprint();
        journal_->set_setting("job", settings_.job_json());
    }
    write_down(run_state::running);
    co_await journal_->flush();
    begun_ = std::chrono::steady_clock::now();
    samples_.begin();
    auto end = bulk::import_end::stopped;
    std::string trouble;
    try {
        end = co_await importer_->run();
    } catch (const std::exception& problem) {
        trouble = problem.what();
    }
    took_ = std::chrono::steady_clock::now() - begun_;
    samples_.take(*journal_, importer_->counters(), link_.quota_per_second());
    const bool is_whole = end == bulk::import_end::finished;
    const bool gave_up = end == bulk::import_end::given_up;
    if (!trouble.empty())
        write_down(run_state::failed, trouble);
    else if (gave_up)
        write_down(run_state::given_up, importer_->reason().message());
    else
        write_down(is_whole ? run_state::finished : run_state::stopped);
    const auto& counters = importer_->counters();
    if (!trouble.empty()) {
        // A journal on a full disk can't take this down either.
        runner_.clear();
        std::fprintf(stderr, "usher: %s\n", trouble.c_str());
        if (counters.records > 0)
            finish(bulk::import_end::stopped);
        discard_unused();
        co_return could_not_run;
    }
    co_await journal_->flush();
    if (gave_up && counters.records == 0) {
        runner_.clear();
        std::fprintf(stderr, "usher: %s\n", importer_->reason().message().c_str());
        discard_unused();
        co_return could_not_run;
    }
    finish(end);
    const bool all_there = is_whole && counters.failed == 0 && counters.left_open == 0;
    const bool nothing_done = gave_up && counters.created == 0;
    discard_unused();
    co_return all_there ? done : nothing_done ? could_not_run : some_failed;
}

/// A journal in which nothing happened would only stand in the way of the next attempt.
void import_run::discard_unused()
{
    if (options_.command != "import" || importer_->counters().records > 0)
        return;
    const bool is_empty_source = settings_.last.state == run_state::finished;
    journal_.reset();
    if (is_empty_source)
        return;
    std::error_code ignored;
    for (const auto* ending : {"", "-wal", "-shm"})
        std::filesystem::remove(options_.job + ending, ignored);
}

progress import_run::look()
{
    const auto now = std::chrono::steady_clock::now();
    progress seen;
    seen.counters = importer_->counters();
    seen.source_size = source_.records().size();
    seen.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(took_.value_or(now - begun_));
    seen.quota_per_second = link_.quota_per_second();
    seen.refused = link_.usage().refused;
    return seen;
}

void import_run::each_second()
{
    samples_.take(*journal_, importer_->counters(), link_.quota_per_second());
}

bool import_run::stop()
{
    importer_->stop();
    stopping_ = true;
    return importer_->counters().records > 0;
}

exit_status import_run::abandon()
{
    if (importer_->counters().records > 0) {
        std::fprintf(stderr,
                     "Stopped at once: of %" PRIu64 " records it is not known whether they arrived; "
                     "a resumption finds out\n",
                     importer_->counters().in_flight);
        write_down(run_state::stopped);
        finish(bulk::import_end::stopped);
    }
    discard_unused();
    // What it was told so far goes to disk.
    journal_.reset();
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

std::string import_run::command_to_go_on(bulk::import_end end) const
{
    const auto& counters = importer_->counters();
    const auto job = shell_word(options_.job);
    if (end != bulk::import_end::finished || counters.left_open > 0) {
        if (options_.command == "import" && counters.records == 0)
            return {};
        return "usher " + std::string(options_.command == "retry" ? "retry " : "resume ") + job +
               (settings_.source.file == "-" ? " with the same input" : "");
    }
    return counters.failed > 0 ? "usher retry " + job : std::string();
}

void import_run::finish(bulk::import_end end)
{
    runner_.clear();
    const auto& counters = importer_->counters();
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
    summary.job = options_.job;
    summary.requests = link_.usage().admitted;
    summary.notes = note_counts_;
    summary.failures_file = counters.failed > 0 ? failures_.path() : std::string();
    if (end == bulk::import_end::given_up)
        summary.reason = importer_->reason().message();
    summary.next_command = command_to_go_on(end);
    if (summary.next_command.starts_with("usher retry") && counters.failed > 0)
        summary.hint =
            "   (usher status " + shell_word(options_.job) + " --failures FILE writes them down to be mended)";
    std::fputs(summary_text(summary).c_str(), stderr);
    if (!options_.json)
        return;
    std::puts(boost::json::serialize(summary_json(summary)).c_str());
    std::fflush(stdout);
}

} // namespace usher::cli
