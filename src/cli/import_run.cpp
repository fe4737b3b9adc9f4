#include "cli/import_run.hpp"

#include "cli/dead_letters.hpp"

#include <usher/bulk/instance.hpp>

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
    using file = bulk::journal_options::file;
    const bool is_new = options.command == "import";
    bulk::journal_options how;
    how.how = is_new && !options.begin_anew ? file::make : file::reopen;
    auto book = bulk::open_journal(std::move(executor), options.job, how);
    // Between the look at it and now somebody else may have begun it.
    if (is_new && book->setting("job"))
        throw std::runtime_error(options.job + ": another import began this journal");
    return book;
}

bulk::import_options options_of(const job_settings& settings, const run_options& options)
{
    bulk::import_options how;
    how.mapping = mapping_of(settings.source);
    how.only_begun = options.only_begun;
    how.lines_moved = options.source_changed_ok;
    how.part = settings.part.part;
    how.parts = settings.part.parts;
    how.retry_failed = options.command == "retry";
    return how;
}

std::shared_ptr<observer> both(std::shared_ptr<observer> one, std::shared_ptr<observer> other)
{
    std::vector<std::shared_ptr<observer>> all;
    all.push_back(std::move(one));
    all.push_back(std::move(other));
    return std::make_shared<observers>(std::move(all));
}

} // namespace

import_run::import_run(asio::io_context& io, job_settings settings, run_options options)
    : settings_(std::move(settings)),
      options_(std::move(options)),
      watch_(std::make_shared<bulk::run_watch>()),
      answers_(std::make_shared<answer_watch>()),
      link_(io.get_executor(), settings_.connect, both(watch_, answers_)),
      target_(link_.make_target(settings_.target, settings_.part.part)),
      source_(open_source(io.get_executor(), settings_, options_)),
      samples_(*watch_),
      runner_(io, options_.json),
      failures_(options_.failures),
      notes_(options_.notes),
      begun_(std::chrono::steady_clock::now())
{
    auto how = options_of(settings_, options_);
    how.concurrency = settings_.concurrency > 0 ? settings_.concurrency : concurrency_for(link_.quota_per_second());
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
        undo_waits_ = options_.only_begun && (run.command == "undo" || run.undo_waits);
        run = run_facts();
        run.begun = wall_clock();
    }
    run.undo_waits = undo_waits_;
    run.mended = options_.mended;
    run.command = options_.only_begun ? "resume --only-begun" : options_.command;
    run.state = state;
    run.reason = reason;
    run.ended = wall_clock();
    if (options_.command != "retry" && !options_.only_begun)
        settings_.reading = run;
    journal_->set_setting("part", settings_.part_json());
}

asio::awaitable<exit_status> import_run::run()
{
    if (options_.command != "import") {
        // Before it is written down that this run began.
        auto same = co_await bulk::check_instance(*target_, journal_->setting(bulk::instance_setting));
        if (!same) {
            runner_.clear();
            const bool is_other = bulk::is_other_instance(same.error());
            const auto text = is_other ? elsewhere_text(settings_, options_.job, same.error())
                                       : "usher: " + same.error().message() + "\n";
            std::fputs(text.c_str(), stderr);
            co_return is_other ? bad_usage : could_not_run;
        }
    }
    auto end = bulk::import_end::stopped;
    std::string trouble;
    try {
        if (options_.command == "import") {
            settings_.fingerprint = source_.records().fingerprint();
            journal_->set_setting("job", settings_.job_json());
        }
        write_down(run_state::running);
        co_await journal_->flush();
        begun_ = std::chrono::steady_clock::now();
        samples_.begin();
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
            finish(bulk::import_end::stopped, stop_kind::by_failure);
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
    const bool all_there = finish(end) && is_whole;
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
    for (const auto* ending : {"", "-wal", "-shm", "-lock"})
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
    seen.trouble = answers_->trouble(now);
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

} // namespace usher::cli
