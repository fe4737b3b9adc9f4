// usher merge and usher report: from journals to a file.
#include "cli/commands.hpp"
#include "cli/job_settings.hpp"
#include "cli/line_file.hpp"
#include "cli/outputs.hpp"

#include <usher/bulk/report.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>

namespace usher::cli {

namespace {

/// All of them have ended well only if each did.
void join(run_facts& whole, const run_facts& one)
{
    if (whole.state == run_state::finished)
        whole.state = one.state;
    whole.begun = std::min(whole.begun, one.begun);
    whole.ended = std::max(whole.ended, one.ended);
}

/// What the parts kept for themselves, for all of them together: from here on the job is one.
job_settings settings_of_whole(const std::vector<std::string>& parts)
{
    std::optional<job_settings> whole;
    for (const auto& path : parts) {
        const bulk::journal_reader reader(path);
        job_settings one;
        try {
            one = settings_in(reader);
        } catch (const std::runtime_error& problem) {
            throw std::runtime_error(path + ": " + problem.what());
        }
        if (!whole)
            whole = one;
        join(whole->last, one.last);
        join(whole->reading, one.reading);
    }
    whole->part = part_arguments();
    for (auto* run : {&whole->last, &whole->reading})
        if (run->state == run_state::running)
            run->state = run_state::stopped;
    return *std::move(whole);
}

void write_settings(const std::string& job, const job_settings& settings)
{
    boost::asio::io_context io(1);
    bulk::journal_options how;
    how.how = bulk::journal_options::file::reopen;
    const auto book = bulk::open_journal(io.get_executor(), job, how);
    book->set_setting("part", settings.part_json());
    std::exception_ptr trouble;
    boost::asio::co_spawn(io, book->flush(), [&](std::exception_ptr thrown) { trouble = thrown; });
    io.run();
    if (trouble)
        std::rethrow_exception(trouble);
}

} // namespace

exit_status run_merge(const merge_arguments& arguments)
{
    if (std::filesystem::exists(arguments.to)) {
        std::fprintf(stderr, "usher: %s is there already: name another file for the whole\n", arguments.to.c_str());
        return bad_usage;
    }
    for (auto part = arguments.parts.begin(); part != arguments.parts.end(); ++part)
        if (std::any_of(arguments.parts.begin(), part, [&](const auto& one) { return is_same_file(one, *part); })) {
            std::fprintf(stderr, "usher: %s is named twice\n", part->c_str());
            return bad_usage;
        }
    const auto settings = settings_of_whole(arguments.parts);
    bulk::merge_journals(arguments.parts, arguments.to);
    write_settings(arguments.to, settings);
    std::fprintf(stderr, "%s: made of %zu parts; usher status %s tells more\n", arguments.to.c_str(),
                 arguments.parts.size(), shell_word(arguments.to).c_str());
    return done;
}

exit_status run_report(const report_arguments& arguments)
{
    const bulk::journal_reader reader(arguments.job);
    try {
        // A journal that no command began has a page as well.
        const auto settings = reader.setting("job") ? settings_in(reader) : job_settings();
        check_outputs({{"--html", arguments.html}}, settings, arguments.job, settings.last.mended);
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
        return bad_usage;
    }
    const auto page = bulk::report_html(reader);
    if (arguments.html == "-")
        return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() && std::fflush(stdout) == 0
                   ? done
                   : could_not_run;
    // It names people: for its owner alone, until they share it.
    line_file file(arguments.html);
    file.begin();
    file.write(page);
    return done;
}

} // namespace usher::cli
