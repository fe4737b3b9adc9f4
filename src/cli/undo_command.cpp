#include "cli/confirm.hpp"
#include "cli/job_commands.hpp"
#include "cli/job_parts.hpp"
#include "cli/run_samples.hpp"
#include "cli/stoppable_target.hpp"
#include "cli/text.hpp"
#include "cli/work.hpp"
#include "core/utf8.hpp"

#include <usher/bulk/instance.hpp>
#include <usher/bulk/verify.hpp>

#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

std::unique_ptr<bulk::journal> reopen(asio::any_io_executor executor, const std::string& job)
{
    bulk::journal_options how;
    how.how = bulk::journal_options::file::reopen;
    return bulk::open_journal(std::move(executor), job, how);
}

class undo_run final : public work {
public:
    undo_run(asio::io_context& io, const job_arguments& arguments, job_settings settings)
        : io_(io),
          arguments_(arguments),
          settings_(std::move(settings)),
          link_(io.get_executor(), settings_.connect),
          inner_(link_.make_target(settings_.target)),
          target_(*inner_),
          journal_(reopen(io.get_executor(), arguments.job)),
          made_(arguments.job),
          runner_(io, arguments.json)
    {
        target_.on_kept = [this](bool is_organization, const std::string& id) { tell_kept(is_organization, id); };
        options_.force = arguments.force;
        options_.concurrency =
            settings_.concurrency > 0 ? settings_.concurrency : concurrency_for(link_.quota_per_second());
    }

    exit_status run_all() { return runner_.run(*this); }

private:
    asio::awaitable<exit_status> run() override
    {
        auto same = co_await bulk::check_instance(target_, journal_->setting(bulk::instance_setting));
        if (!same && bulk::is_other_instance(same.error())) {
            runner_.clear();
            std::fputs(elsewhere_text(settings_, arguments_.job, same.error()).c_str(), stderr);
            co_return bad_usage;
        }
        auto ready = same ? result<void>() : result<void>(same.error());
        if (ready)
            ready = co_await target_.prepare();
        if (!ready) {
            runner_.clear();
            std::fprintf(stderr, "usher: %s\n", ready.error().message().c_str());
            co_return could_not_run;
        }
        count_made();
        write_down(run_state::running);
        std::function<void(const bulk::made_thing&, const error&)> failed =
            [this](const bulk::made_thing& what, const error& why) { tell_failure(what, why); };
        std::string trouble;
        bulk::undo_counters counters;
        try {
            counters = co_await bulk::undo(io_.get_executor(), target_, *journal_, made_, options_, failed);
        } catch (const stopped_by_signal&) {
        } catch (const std::exception& problem) {
            trouble = problem.what();
        }
        const bool stopped = target_.stopping;
        const auto doubtful = made_.totals().in_doubt;
        if (trouble.empty() && !stopped && counters.failed == 0 && doubtful > 0)
            doubt_ = "of " + std::to_string(doubtful) + " records it is not known whether they arrived";
        write_down(!trouble.empty()      ? run_state::failed
                   : stopped             ? run_state::stopped
                   : counters.failed > 0 ? run_state::given_up
                   : doubtful > 0        ? run_state::given_up
                                         : run_state::finished,
                   trouble + doubt_);
        if (!trouble.empty()) {
            runner_.clear();
            std::fprintf(stderr, "usher: %s: %s\n", arguments_.job.c_str(), trouble.c_str());
            co_return could_not_run;
        }
        co_await journal_->flush();
        if (stopped) {
            counters.removed = target_.gone;
            counters.failed = failures_;
            counters.in_use = target_.kept - failures_;
        }
        finish(counters, stopped, doubtful);
        co_return !stopped && counters.failed == 0 && counters.in_use == 0 && doubtful == 0 ? done : some_failed;
    }

    progress look() override
    {
        progress seen;
        seen.only_reads = true;
        seen.source_size = total_;
        seen.counters.position = target_.asked;
        seen.counters.records = target_.asked;
        seen.counters.failed = target_.kept;
        seen.counters.skipped = target_.gone;
        seen.counters.in_flight = target_.in_flight;
        seen.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
        seen.quota_per_second = link_.quota_per_second();
        seen.refused = link_.usage().refused;
        return seen;
    }
    std::uint64_t requests() override { return link_.usage().admitted; }
    bool stop() override
    {
        target_.stopping = true;
        return target_.in_flight > 0;
    }
    exit_status abandon() override
    {
        std::fprintf(stderr, "Stopped at once.\n  to go on: usher undo %s\n", shell_word(arguments_.job).c_str());
        write_down(run_state::stopped);
        journal_.reset();
        return some_failed;
    }

    void count_made()
    {
        std::uint64_t last = 0;
        made_.each_made([&](std::uint64_t number, std::uint16_t, const bulk::made_thing&) {
            total_ += number == last ? 0U : 1U;
            last = number;
            return true;
        });
    }

    void write_down(run_state state, const std::string& reason = {})
    {
        if (state == run_state::running) {
            settings_.last = run_facts();
            settings_.last.command = "undo";
            settings_.last.begun = wall_clock();
        }
        settings_.last.state = state;
        settings_.last.reason = reason;
        settings_.last.ended = wall_clock();
        journal_->set_setting("part", settings_.part_json());
    }

    void tell_failure(const bulk::made_thing& what, const error& why)
    {
        constexpr std::uint64_t shown_at_most = 20;
        if (++failures_ > shown_at_most)
            return;
        runner_.clear();
        std::fprintf(stderr, "%s %s: %s\n", std::string(to_string(what.of)).c_str(),
                     detail::one_line(what.entity_id).c_str(), why.message().c_str());
    }

    void tell_kept(bool is_organization, const std::string& id)
    {
        constexpr std::uint64_t shown_at_most = 20;
        if (arguments_.json) {
            const boost::json::object line{
                {"event", "kept"}, {"kind", is_organization ? "organization" : "user"}, {"target_id", id}};
            std::puts(boost::json::serialize(line).c_str());
        }
        if (++kept_told_ > shown_at_most)
            return;
        runner_.clear();
        std::fprintf(stderr, "%s %s is kept\n", is_organization ? "organization" : "user",
                     detail::one_line(id).c_str());
        if (kept_told_ == shown_at_most)
            std::fprintf(stderr, "(more are counted only%s)\n", arguments_.json ? "" : "; --json lists them all");
    }

    std::string kept_text() const
    {
        std::string text;
        if (target_.users_in_use > 0)
            text += grouped(target_.users_in_use) + " users kept (signed in since), ";
        if (target_.organizations_in_use > 0)
            text += grouped(target_.organizations_in_use) + " organizations kept (somebody belongs to them), ";
        return text;
    }

    void finish(const bulk::undo_counters& counters, bool stopped, std::uint64_t doubtful)
    {
        runner_.clear();
        std::string text = stopped ? "Stopped: no more was removed, what was under way was finished.\n" : "";
        text += grouped(counters.removed) + " removed, " + grouped(counters.was_gone) + " were gone, " + kept_text() +
                grouped(counters.failed) + " failed\n";
        const auto job = shell_word(arguments_.job);
        if (doubtful > 0)
            text += "  of " + grouped(doubtful) +
                    " records it is not known whether they arrived: they may be there. Find out, then undo again\n";
        std::string next;
        if (!stopped && doubtful > 0)
            next = "usher resume " + job + " --only-begun" + input_hint(settings_);
        else if (stopped || counters.failed > 0)
            next = "usher undo " + job;
        else if (target_.users_in_use > 0)
            next = "usher undo " + job + " --force";
        if (!next.empty())
            text += "  to go on: " + next + "\n";
        std::fputs(text.c_str(), stderr);
        if (!arguments_.json)
            return;
        boost::json::object json{
            {"event", "summary"},          {"end", stopped ? "stopped" : doubtful > 0 ? "in_doubt" : "finished"},
            {"removed", counters.removed}, {"was_gone", counters.was_gone},
            {"in_use", counters.in_use},   {"failed", counters.failed},
            {"in_doubt", doubtful},        {"requests", requests()}};
        std::puts(boost::json::serialize(json).c_str());
        std::fflush(stdout);
    }

    asio::io_context& io_;
    const job_arguments& arguments_;
    job_settings settings_;
    service_link link_;
    std::unique_ptr<bulk::target> inner_;
    stoppable_target target_;
    std::unique_ptr<bulk::journal> journal_;
    const bulk::journal_reader made_;
    work_runner runner_;
    bulk::undo_options options_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::uint64_t total_ = 0;
    std::uint64_t failures_ = 0;
    std::uint64_t kept_told_ = 0;
    std::string doubt_; ///< why everything that is known being gone is not the end
};

} // namespace

exit_status run_undo(const job_arguments& arguments, job_settings settings)
{
    if (!may_write(settings.connect, arguments.yes, false, "undo " + arguments.job + " there"))
        return bad_usage;
    asio::io_context io(1);
    undo_run run(io, arguments, std::move(settings));
    return run.run_all();
}

} // namespace usher::cli
