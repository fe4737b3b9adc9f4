// usher import, resume and retry: what is checked before anything runs.
#include "cli/commands.hpp"
#include "cli/confirm.hpp"
#include "cli/import_run.hpp"
#include "cli/job_commands.hpp"

#include <usher/bulk/journal_reader.hpp>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

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

void check_outputs(const job_settings& settings, const run_options& options)
{
    const std::string* outputs[] = {&options.failures, &options.notes, &options.job};
    const std::string* inputs[] = {&settings.source.file, &settings.source.joined, &options.mended};
    for (const auto* output : outputs)
        for (const auto* input : inputs)
            if (!output->empty() && !input->empty() && is_same_file(*output, *input))
                throw std::invalid_argument(*output + " is the source: name another file to write to");
    if (!options.notes.empty() && options.notes == options.failures)
        throw std::invalid_argument("--notes and --failures are the same file");
    for (const auto* output : {&options.failures, &options.notes})
        if (!output->empty() && (*output == options.job || is_same_file(*output, options.job)))
            throw std::invalid_argument(*output + " is the journal: name another file to write to");
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
    if (std::filesystem::exists(options.job))
        throw std::invalid_argument(options.job + " is there already: usher resume " + shell_word(options.job) +
                                    " goes on with it, --job FILE begins another");
    check_outputs(settings, options);
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
    if (is_retry)
        options.mended = arguments.file;
    check_outputs(settings, options);
    if (is_retry && options.mended.empty() && bulk::journal_reader(arguments.job).totals().dead_letters == 0) {
        std::fprintf(stderr, "usher: nothing of %s has failed\n", arguments.job.c_str());
        return done;
    }
    const bool reads_input = settings.source.file == "-" || options.mended == "-";
    if (!may_write(settings.connect, arguments.yes, reads_input, options.command + " " + arguments.job + " there"))
        return bad_usage;
    return start(std::move(settings), std::move(options));
}

} // namespace usher::cli
