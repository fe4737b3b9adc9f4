#include "cli/commands.hpp"
#include "cli/job_commands.hpp"

#include <cstdio>
#include <stdexcept>

namespace usher::cli {

exit_status run_job(const job_arguments& arguments)
{
    try {
        auto settings = [&] {
            const bulk::journal_reader reader(arguments.job);
            try {
                return settings_in(reader);
            } catch (const std::runtime_error& problem) {
                throw std::runtime_error(arguments.job + ": " + problem.what());
            }
        }();
        override_with(settings, arguments);
        switch (arguments.what) {
        case job_arguments::action::resume:
        case job_arguments::action::retry:
            return run_again(arguments, std::move(settings));
        case job_arguments::action::verify:
            return run_verify(arguments, std::move(settings));
        case job_arguments::action::undo:
            return run_undo(arguments, std::move(settings));
        }
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
    }
    return bad_usage;
}

} // namespace usher::cli
