#include "cli/commands.hpp"
#include "cli/export_file.hpp"
#include "cli/outputs.hpp"
#include "cli/quota_options.hpp"
#include "cli/services.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"

#include <usher/bulk/live.hpp>
#include <usher/clerk/client.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace usher::cli {

namespace {

struct export_counts {
    export_counts() = default;
    std::uint64_t records() const noexcept { return users + organizations; }
    std::uint64_t users = 0;
    std::uint64_t organizations = 0;
    std::uint64_t memberships = 0;
    /// By field and reason.
    std::map<std::pair<std::string, std::string>, std::uint64_t> not_exported;
};

void count(export_counts& to, const boost::json::object& record)
{
    const auto* kind = record.if_contains("kind");
    (kind && *kind == "organization" ? to.organizations : to.users) += 1;
    if (const auto* memberships = record.if_contains("memberships"))
        to.memberships += memberships->as_array().size();
    if (const auto* lost = record.if_contains("not_exported"))
        for (const auto& each : lost->as_array()) {
            const auto& fields = each.as_object();
            to.not_exported[{std::string(fields.at("field").as_string()),
                             std::string(fields.at("reason").as_string())}] += 1;
        }
}

class export_run {
public:
    explicit export_run(const export_arguments& arguments)
        : arguments_(arguments),
          engine_(io_.get_executor(), engine_options_for(arguments.connect, io_.get_executor())),
          source_(open_source()),
          file_(arguments.file),
          signals_(io_, SIGINT, SIGTERM),
          tick_(io_)
    {
    }

    exit_status run()
    {
        asio::co_spawn(io_, copy(), [this](std::exception_ptr trouble) {
            trouble_ = trouble;
            signals_.cancel();
            ended_ = true;
            tick_.cancel();
        });
        signals_.async_wait([this](boost::system::error_code failed, int) {
            if (failed)
                return;
            stopped_ = true;
            source_->cancel();
            signals_.clear(); // the next one ends the process
        });
        asio::co_spawn(io_, show_progress(), asio::detached);
        io_.run();
        status_.clear();
        report();
        if (trouble_)
            return could_not_run;
        return stopped_ ? some_failed : done;
    }

private:
    std::unique_ptr<bulk::source> open_source()
    {
        client_options options;
        options.quota = quota_for(arguments_.connect);
        auto parts = parts_for(engine_, arguments_.connect, options);
        bulk::live_options what;
        what.organizations = arguments_.organizations;
        what.users = arguments_.users;
        what.memberships = arguments_.memberships;
        if (arguments_.connect.service == "scalekit")
            return bulk::open_scalekit(io_.get_executor(), scalekit::client(engine_, parts.who, parts.options), what);
        return bulk::open_clerk(io_.get_executor(), clerk::client(engine_, parts.who, parts.options), what);
    }

    asio::awaitable<void> copy()
    {
        for (;;) {
            auto record = co_await source_->next();
            if (!record)
                break;
            count(counts_, record->fields);
            file_.write_line(boost::json::serialize(record->fields));
        }
        if (!stopped_)
            file_.finish();
    }

    asio::awaitable<void> show_progress()
    {
        const bool redraws = shows_progress() && !arguments_.json;
        const auto pause = redraws ? 250ms : arguments_.json ? 1000ms : 10'000ms;
        while (!ended_) {
            tick_.expires_after(pause);
            auto waited = co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable));
            (void)waited;
            if (ended_)
                break;
            if (arguments_.json)
                print(event("progress"));
            else if (redraws)
                status_.draw(progress_text().substr(0, terminal_width() - 1));
            else
                std::fprintf(stderr, "%s\n", progress_text().c_str());
        }
    }

    std::chrono::milliseconds elapsed() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
    }

    std::string progress_text() const
    {
        std::string text = clock_text(std::chrono::duration_cast<std::chrono::seconds>(elapsed())) + "  ";
        const auto total = source_->size();
        if (total && *total != 0) {
            const auto part = std::min<std::uint64_t>(100, counts_.records() * 100 / *total);
            text += std::to_string(part) + " %  ";
        }
        return text + grouped(counts_.organizations) + " organizations  " + grouped(counts_.users) + " users  " +
               grouped(counts_.memberships) + " memberships";
    }

    boost::json::object event(const char* name) const
    {
        boost::json::object out;
        out["event"] = name;
        out["seconds"] = static_cast<double>(elapsed().count()) / 1000;
        if (const auto total = source_->size())
            out["expected"] = *total;
        out["records"] = counts_.records();
        out["organizations"] = counts_.organizations;
        out["users"] = counts_.users;
        out["memberships"] = counts_.memberships;
        return out;
    }

    static void print(const boost::json::object& line)
    {
        std::fprintf(stderr, "%s\n", boost::json::serialize(line).c_str());
    }

    std::string trouble_text() const
    {
        try {
            if (trouble_)
                std::rethrow_exception(trouble_);
        } catch (const std::exception& trouble) {
            return trouble.what();
        }
        return {};
    }

    void report()
    {
        if (arguments_.json)
            report_json();
        else
            report_text();
    }

    void report_json() const
    {
        auto out = event("summary");
        out["service"] = arguments_.connect.service;
        out["complete"] = !stopped_ && !trouble_;
        if (!file_.place().empty())
            out["file"] = file_.place();
        if (trouble_)
            out["error"] = trouble_text();
        boost::json::array lost;
        for (const auto& [what, times] : counts_.not_exported) {
            boost::json::object one;
            one["field"] = what.first;
            one["reason"] = what.second;
            one["records"] = times;
            lost.push_back(std::move(one));
        }
        out["not_exported"] = std::move(lost);
        print(out);
    }

    void report_text() const
    {
        if (trouble_)
            std::fprintf(stderr, "usher: %s\n", trouble_text().c_str());
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed());
        std::fprintf(stderr, "%s organizations, %s users, %s memberships in %s\n",
                     grouped(counts_.organizations).c_str(), grouped(counts_.users).c_str(),
                     grouped(counts_.memberships).c_str(), clock_text(seconds).c_str());
        const bool complete = !stopped_ && !trouble_;
        if (!complete)
            std::fprintf(stderr, "%s is not complete: %s\n",
                         file_.place().empty() ? "The output" : file_.place().c_str(),
                         stopped_ ? "the export was stopped" : "the export failed");
        else if (!file_.place().empty())
            std::fprintf(stderr, "Written to %s\n", file_.place().c_str());
        if (!counts_.not_exported.empty())
            std::fputs("Not exported\n", stderr);
        for (const auto& [what, times] : counts_.not_exported)
            std::fprintf(stderr, "  %s (%s): %s\n", what.first.c_str(), grouped(times).c_str(), what.second.c_str());
    }

    const export_arguments& arguments_;
    asio::io_context io_{1};
    engine engine_;
    std::unique_ptr<bulk::source> source_;
    export_file file_;
    asio::signal_set signals_;
    asio::steady_timer tick_;
    status_line status_;
    export_counts counts_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::exception_ptr trouble_;
    bool stopped_ = false;
    bool ended_ = false;
};

} // namespace

exit_status run_export(const export_arguments& arguments)
{
    try {
        check_output(arguments.file, arguments.connect);
        export_run run(arguments);
        return run.run();
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
        return bad_usage;
    }
}

} // namespace usher::cli
