// usher plan, and what an import does with --dry-run.
#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "cli/plan_text.hpp"
#include "cli/quota_options.hpp"
#include "cli/reading_run.hpp"
#include "cli/services.hpp"

#include <usher/bulk/plan.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

class plan_run final : public reading_run {
public:
    plan_run(asio::io_context& io, const plan_arguments& arguments, const connect_arguments& connect, bool asks,
             double requests_per_second)
        : reading_run(io, connect, arguments.target, arguments.source, arguments.json),
          findings_(arguments.findings, arguments.json, "--findings FILE"),
          from_(arguments.source.format ? to_string(*arguments.source.format) : std::string_view()),
          per_second_(requests_per_second),
          has_key_(asks || !arguments.ask_target)
    {
        options_.mapping = mapping_of(arguments.source);
        options_.ask_target = asks;
        options_.part = arguments.part.part;
        options_.parts = arguments.part.parts;
    }

private:
    asio::awaitable<exit_status> run() override
    {
        std::function<void(const bulk::plan_finding&)> found = [this](const bulk::plan_finding& what) {
            findings_.add(runner_, finding_text(what), finding_json(what));
        };
        auto planned = co_await bulk::plan(io_.get_executor(), source_, target_.get(), options_, found);
        if (!planned) {
            runner_.clear();
            std::fprintf(stderr, "usher: %s\n", planned.error().message().c_str());
            co_return could_not_run;
        }
        findings_.end();
        plan_view view;
        view.result = *planned;
        view.remarks = source_.remarks();
        view.from = from_;
        view.has_key = has_key_;
        view.asked_target = options_.ask_target;
        view.requests_per_second = per_second_ > 0 ? per_second_ : link_.quota_per_second();
        tell(plan_text(view), plan_json(view));
        co_return findings_.count() == 0 && planned->warnings.empty() ? done : some_failed;
    }

    bulk::plan_options options_;
    finding_list findings_;
    std::string from_;
    double per_second_ = 0;
    bool has_key_ = true; ///< or none is wanted
};

/// What the instance allows, as far as it is known without asking it. Clerk's production limit, where no key says that
/// it is another one.
double limit_of(const connect_arguments& connect, bool knows_key)
{
    if (const auto given = quota_for(connect))
        return requests_per_second(*given);
    return !knows_key && connect.service == "clerk" ? requests_per_second(quota::clerk_production()) : 0;
}

} // namespace

exit_status run_plan(const plan_arguments& arguments)
{
    try {
        auto read = arguments;
        read_mapping(read.source);
        job_settings files;
        files.source = read.source;
        files.connect = read.connect;
        check_outputs({{"--findings", read.findings}}, files, {});
        const bool asks = arguments.ask_target && has_key(arguments.connect);
        if (asks)
            check_apart(arguments.source, arguments.connect);
        asio::io_context io(1);
        plan_run run(io, read, asks ? arguments.connect : nowhere(arguments.connect.service), asks,
                     limit_of(arguments.connect, asks));
        return run.run_all();
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
        return bad_usage;
    }
}

} // namespace usher::cli
