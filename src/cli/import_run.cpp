#include "cli/import_run.hpp"

#include "cli/quota_options.hpp"
#include "cli/text.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <exception>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

quota quota_of(const import_arguments& arguments, const secret& key)
{
    if (auto given = quota_for(arguments.connect))
        return *std::move(given);
    if (arguments.limit)
        return quota::clerk(*arguments.limit, arguments.window);
    return key.reveal().starts_with("sk_live_") ? quota::clerk_production() : quota::clerk_development();
}

client_options options_of_client(const import_arguments& arguments, const quota& limits)
{
    client_options options;
    options.base_url = arguments.connect.base_url;
    options.quota = limits;
    options.user_agent = "usher-import";
    return options;
}

bulk::import_options options_of_import(const import_arguments& arguments)
{
    bulk::import_options options;
    options.format = arguments.from;
    options.concurrency = arguments.concurrency;
    options.dry_run = arguments.dry_run;
    if (arguments.public_user_metadata)
        options.mapping.user_metadata = bulk::user_metadata_target::public_metadata;
    return options;
}

std::string shell_word(const std::string& text)
{
    if (!text.empty() && text.find_first_of(" \t\n\"'\\$&;|<>()*?`#~!") == std::string::npos)
        return text;
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

} // namespace

import_run::import_run(const import_arguments& arguments, const secret& key)
    : arguments_(arguments),
      limits_(quota_of(arguments, key)),
      engine_(io_.get_executor(), engine_options_for(arguments.connect, io_.get_executor())),
      client_(engine_, key, options_of_client(arguments, limits_)),
      source_(io_.get_executor(), arguments.file),
      importer_(io_.get_executor(), client_, source_, *this, options_of_import(arguments)),
      signals_(io_, SIGINT, SIGTERM),
      tick_(io_),
      failures_(arguments.failures),
      notes_(arguments.notes),
      quota_per_second_(requests_per_second(limits_)),
      begun_(std::chrono::steady_clock::now()),
      on_terminal_(shows_progress())
{
}

exit_status import_run::run()
{
    std::exception_ptr trouble;
    wait_for_signal();
    asio::co_spawn(io_, show_progress(), [](std::exception_ptr) {});
    asio::co_spawn(io_, whole_run(), [&](std::exception_ptr thrown) {
        trouble = thrown;
        ended_ = true;
        tick_.cancel();
        signals_.cancel();
    });
    io_.run();
    status_.clear();
    if (trouble) {
        try {
            std::rethrow_exception(trouble);
        } catch (const std::exception& problem) {
            std::fprintf(stderr, "usher: %s: %s\n", arguments_.file.c_str(), problem.what());
        }
        if (importer_.counters().records > 0)
            finish(bulk::import_end::stopped);
        return could_not_run;
    }
    return status_code_;
}

asio::awaitable<void> import_run::whole_run()
{
    // One cheap call says whether address and key are right, before a thousand records fail by them.
    if (!arguments_.dry_run) {
        auto before = co_await count_users();
        if (!before) {
            status_.clear();
            std::fprintf(stderr, "usher: %s\n", before.error().message().c_str());
            co_return;
        }
        users_before_ = *before;
    }
    failures_.begin();
    notes_.begin();
    begun_ = std::chrono::steady_clock::now();
    const auto end = co_await importer_.run();
    took_ = std::chrono::steady_clock::now() - begun_;
    if (!arguments_.dry_run && end != bulk::import_end::given_up) {
        auto after = co_await count_users();
        if (after)
            users_after_ = *after;
    }
    finish(end);
    const bool all_there = end == bulk::import_end::finished && importer_.counters().failed == 0;
    const bool nothing_done = end == bulk::import_end::given_up && importer_.counters().created == 0;
    status_code_ = all_there ? done : nothing_done ? could_not_run : some_failed;
}

asio::awaitable<result<std::int64_t>> import_run::count_users()
{
    call_options calls;
    calls.deadline = std::chrono::seconds(30);
    calls.retry.emplace();
    calls.retry->max_attempts = 3;
    auto counted = co_await client_.users().count(calls);
    if (!counted)
        co_return counted.error();
    co_return static_cast<std::int64_t>(counted->total_count);
}

void import_run::wait_for_signal()
{
    signals_.async_wait([this](const boost::system::error_code& failed, int) {
        if (!failed)
            on_signal();
    });
}

void import_run::on_signal()
{
    status_.clear();
    if (++signals_seen_ == 1 && importer_.counters().records > 0) {
        std::fprintf(stderr, "Stopping: %" PRIu64 " records under way are finished first (again: stop at once)\n",
                     importer_.counters().in_flight);
        importer_.stop();
        wait_for_signal();
        return;
    }
    importer_.stop();
    std::fprintf(stderr,
                 "Stopped at once: of %" PRIu64
                 " records it is not known whether they arrived; a second run finds out\n",
                 importer_.counters().in_flight);
    finish(bulk::import_end::stopped);
    status_code_ = some_failed;
    io_.stop();
}

void import_run::on_failure(const bulk::source_record& record, const bulk::import_failure& failure)
{
    failures_.write(failure_line(record, failure));
    constexpr std::uint64_t shown_at_most = 20;
    if (!failures_.path().empty() || ++shown_failures_ > shown_at_most)
        return;
    status_.clear();
    std::fprintf(stderr, "line %" PRIu64 ": %s%s%s\n", record.line, failure.param.c_str(),
                 failure.param.empty() ? "" : ": ", failure.message.c_str());
    if (shown_failures_ == shown_at_most)
        std::fputs("(more are counted only; --failures FILE lists them all)\n", stderr);
}

void import_run::on_note(const bulk::source_record& record, const std::string& external_id, const bulk::note& what)
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
    line["external_id"] = external_id;
    line["field"] = what.field;
    line["reason"] = what.reason;
    notes_.write(boost::json::serialize(line));
}

std::string import_run::command_to_go_on(bulk::import_end end) const
{
    if (arguments_.dry_run)
        return {};
    const bool whole = end == bulk::import_end::finished;
    if (whole && importer_.counters().failed == 0)
        return {};
    if (!whole && arguments_.file == "-")
        return "the same command with the same input";
    std::string words = "usher import --from ";
    words += whole ? "failures " + shell_word(failures_.path())
                   : std::string(to_string(arguments_.from)) + " " + shell_word(arguments_.file);
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            words.append(" ").append(name).append(" ").append(shell_word(value));
    };
    add("--base-url", arguments_.connect.base_url);
    add("--ca-file", arguments_.connect.ca_file);
    add("--key-env", arguments_.connect.key_env);
    add("--quota", arguments_.connect.quota_file);
    add("--quota-state", arguments_.connect.quota_state);
    // One with a password is in the environment.
    if (arguments_.connect.budget.find('@') == std::string::npos)
        add("--budget", arguments_.connect.budget);
    if (whole)
        words += "   (once the records there are mended)";
    return words;
}

void import_run::finish(bulk::import_end end)
{
    status_.clear();
    import_summary summary;
    summary.last = look();
    summary.end = end;
    summary.dry_run = arguments_.dry_run;
    summary.requests = client_.usage().admitted;
    summary.notes = note_counts_;
    summary.failures_file = importer_.counters().failed > 0 ? failures_.path() : std::string();
    summary.users_before = users_before_;
    summary.users_after = users_after_;
    if (end == bulk::import_end::given_up)
        summary.reason = importer_.reason().message();
    summary.next_command = command_to_go_on(end);
    std::fputs(summary_text(summary).c_str(), stderr);
    if (!arguments_.json)
        return;
    std::puts(boost::json::serialize(summary_json(summary)).c_str());
    std::fflush(stdout);
}

} // namespace usher::cli
