// What is done with a job that exists, once its settings are read.
#ifndef USHER_CLI_JOB_COMMANDS_HPP
#define USHER_CLI_JOB_COMMANDS_HPP

#include "cli/arguments.hpp"
#include "cli/job_settings.hpp"

namespace usher::cli {

/// Resume and retry. *Errors*: `std::invalid_argument` for wrong usage, `std::runtime_error` for what can't run.
exit_status run_again(const job_arguments& arguments, job_settings settings);
exit_status run_verify(const job_arguments& arguments, job_settings settings);
exit_status run_undo(const job_arguments& arguments, job_settings settings);

} // namespace usher::cli

#endif
