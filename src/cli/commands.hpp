// The commands. Each runs to its end and returns the exit status.
#ifndef USHER_CLI_COMMANDS_HPP
#define USHER_CLI_COMMANDS_HPP

#include "cli/arguments.hpp"

namespace usher::cli {

exit_status run_import(const import_arguments& arguments);
exit_status run_plan(const plan_arguments& arguments);
exit_status run_job(const job_arguments& arguments);
exit_status run_status(const status_arguments& arguments);
exit_status run_merge(const merge_arguments& arguments);
exit_status run_report(const report_arguments& arguments);
exit_status run_export(const export_arguments& arguments);
exit_status run_call(const call_arguments& arguments);
exit_status run_endpoints(const endpoints_arguments& arguments);
exit_status run_sandbox(const sandbox_arguments& arguments);
exit_status run_token(const token_arguments& arguments);
exit_status run_webhook(const webhook_arguments& arguments);

} // namespace usher::cli

#endif
