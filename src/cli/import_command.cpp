// usher import, resume and retry: what is checked before anything runs.
#include "bulk/journal/unmade.hpp"
#include "cli/commands.hpp"
#include "cli/confirm.hpp"
#include "cli/dead_letters.hpp"
#include "cli/import_run.hpp"
#include "cli/job_commands.hpp"
#include "cli/outputs.hpp"

#include <usher/bulk/journal_reader.hpp>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace usher::cli {

namespace {

std::string job_path(const import_arguments& arguments)
{
    if (!arguments.job.empty())
        return arguments.job;
    std::string name = arguments.source.file == "-" ? "stdin" : arguments.source.file;
    if (!arguments.source.format)
        name = arguments.source.live.service + "-to-" + arguments.connect.service;
    const auto& part = arguments.part;
    if (part.parts > 1)
        name += "." + std::to_string(part.part + 1) + "-of-" + std::to_string(part.parts);
    return name + ".usher";
}

std::vector<output_file> outputs_of(const run_options& options)
{
    return {{"--failures", options.failures}, {"--notes", options.notes}};
}

/// A journal that was made, and whose import was killed before it was written down.
bool has_not_begun(const std::string& job)
{
    try {
        if (bulk::detail::is_unmade(job))
            return true;
        const bulk::journal_reader reader(job);
        return !reader.setting("job") && reader.totals().records.empty() && reader.totals().dead_letters == 0;
    } catch (const std::runtime_error&) {
        return false;
    }
}

exit_status start(job_settings settings, run_options options)
{
    boost::asio::io_context io(1);
    import_run run(io, std::move(settings), std::move(options));
    return run.run_all();
}

exit_status import_anew(const import_arguments& arguments)
{
    auto settings = settings_of(arguments);
    run_options options;
    options.command = "import";
    options.job = job_path(arguments);
    options.failures = arguments.failures;
    options.notes = arguments.notes;
    options.json = arguments.json;
    options.begin_anew = std::filesystem::exists(options.job) && has_not_begun(options.job);
    if (!options.begin_anew && std::filesystem::exists(options.job))
        throw std::invalid_argument(options.job + " is there already: usher resume " + shell_word(options.job) +
                                    " goes on with it, --job FILE begins another");
    check_outputs(outputs_of(options), settings, options.job);
    check_apart(settings.source, settings.connect);
    read_mapping(settings.source);
    const bool reads_input = settings.source.file == "-";
    if (!may_write(settings.connect, arguments.yes, reads_input, "import " + source_text(settings) + " into it"))
        return bad_usage;
    return start(std::move(settings), std::move(options));
}

} // namespace

exit_status run_import(const import_arguments& arguments)
{
    try {
        if (arguments.dry_run) {
            plan_arguments plan;
            plan.connect = arguments.connect;
            plan.source = arguments.source;
            plan.target = arguments.target;
            plan.part = arguments.part;
            plan.findings = arguments.failures;
            plan.ask_target = false;
            plan.json = arguments.json;
            return run_plan(plan);
        }
        return import_anew(arguments);
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
        return bad_usage;
    }
}

exit_status run_again(const job_arguments& arguments, job_settings settings)
{
    const bool is_retry = arguments.what == job_arguments::action::retry;
    run_options options;
    options.command = is_retry ? "retry" : "resume";
    options.job = arguments.job;
    options.failures = arguments.failures;
    options.notes = arguments.notes;
    options.json = arguments.json;
    options.source_changed_ok = arguments.source_changed_ok;
    options.only_begun = arguments.only_begun;
    if (is_retry)
        options.mended = whole_path(arguments.file);
    check_outputs(outputs_of(options), settings, options.job, options.mended);
    const auto again = "usher " + options.command + " " + shell_word(options.job);
    if (is_retry)
        check_input(options.mended, again + " --mended -");
    else if (settings.source.format)
        check_input(settings.source.file, again);
    if (is_retry && options.mended.empty() && bulk::journal_reader(arguments.job).totals().dead_letters == 0) {
        std::fprintf(stderr, "usher: nothing of %s has failed\n", arguments.job.c_str());
        return done;
    }
    std::error_code failed;
    if (std::filesystem::is_regular_file(options.mended, failed))
        check_dead_letters(options.mended);
    const bool reads_input = is_retry ? options.mended == "-" : settings.source.format && settings.source.file == "-";
    if (!may_write(settings.connect, arguments.yes, reads_input, options.command + " " + arguments.job + " there"))
        return bad_usage;
    return start(std::move(settings), std::move(options));
}

} // namespace usher::cli
