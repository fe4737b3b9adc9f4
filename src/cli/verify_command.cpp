#include "cli/job_commands.hpp"
#include "cli/outputs.hpp"
#include "cli/plan_text.hpp"
#include "cli/reading_run.hpp"

#include <usher/bulk/instance.hpp>
#include <usher/bulk/verify.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

class verify_run final : public reading_run {
public:
    verify_run(asio::io_context& io, const job_arguments& arguments, const job_settings& settings)
        : reading_run(io, settings.connect, settings.target, settings.source, arguments.json),
          job_(arguments.job),
          settings_(settings),
          book_(arguments.job),
          differences_(arguments.notes, arguments.json, "--differences FILE")
    {
        if (!arguments.source_changed_ok && !settings.fingerprint.empty() &&
            source_.fingerprint() != settings.fingerprint)
            throw std::runtime_error(source_text(settings) +
                                     " is another than it was when the import began; --source-changed-ok compares it");
        options_.mapping = mapping_of(settings.source);
        options_.patience = arguments.patience;
        options_.lines_moved = arguments.source_changed_ok;
        options_.part = settings.part.part;
        options_.parts = settings.part.parts;
        if (arguments.concurrency)
            options_.concurrency = *arguments.concurrency;
    }

private:
    asio::awaitable<exit_status> run() override
    {
        std::function<void(const bulk::difference&)> found = [this](const bulk::difference& what) {
            differences_.add(runner_, difference_text(what), difference_json(what));
        };
        auto compared = co_await bulk::verify(io_.get_executor(), source_, *target_, book_, options_, found);
        if (!compared) {
            runner_.clear();
            if (bulk::is_other_instance(compared.error())) {
                std::fputs(elsewhere_text(settings_, job_, compared.error()).c_str(), stderr);
                co_return bad_usage;
            }
            std::fprintf(stderr, "usher: %s\n", compared.error().message().c_str());
            co_return could_not_run;
        }
        differences_.end();
        tell(verify_text(*compared), verify_json(*compared));
        const bool all_equal = compared->different == 0 && compared->missing == 0 && compared->unfinished == 0;
        co_return all_equal ? done : some_failed;
    }

    const std::string& job_;
    const job_settings& settings_;
    const bulk::journal_reader book_;
    bulk::verify_options options_;
    finding_list differences_;
};

} // namespace

exit_status run_verify(const job_arguments& arguments, job_settings settings)
{
    check_outputs({{"--differences", arguments.notes}}, settings, arguments.job);
    if (settings.source.format)
        check_input(settings.source.file, "usher verify " + shell_word(arguments.job));
    asio::io_context io(1);
    verify_run run(io, arguments, settings);
    return run.run_all();
}

} // namespace usher::cli
