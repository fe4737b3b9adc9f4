// usher: the command.
#include "cli/commands.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

using namespace usher::cli;

struct run_command {
    exit_status operator()(const nothing_to_do& nothing) const { return nothing.status; }
    exit_status operator()(const import_arguments& arguments) const { return run_import(arguments); }
    exit_status operator()(const plan_arguments& arguments) const { return run_plan(arguments); }
    exit_status operator()(const job_arguments& arguments) const { return run_job(arguments); }
    exit_status operator()(const status_arguments& arguments) const { return run_status(arguments); }
    exit_status operator()(const merge_arguments& arguments) const { return run_merge(arguments); }
    exit_status operator()(const report_arguments& arguments) const { return run_report(arguments); }
    exit_status operator()(const export_arguments& arguments) const { return run_export(arguments); }
    exit_status operator()(const call_arguments& arguments) const { return run_call(arguments); }
    exit_status operator()(const endpoints_arguments& arguments) const { return run_endpoints(arguments); }
    exit_status operator()(const sandbox_arguments& arguments) const { return run_sandbox(arguments); }
    exit_status operator()(const webhook_arguments& arguments) const { return run_webhook(arguments); }
    exit_status operator()(const token_arguments& arguments) const { return run_token(arguments); }
};

} // namespace

int main(int count, char** texts)
{
    // A reader that goes away must not end the work: writing to it fails instead.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return std::visit(run_command(), usher::cli::parse_command_line(count, texts));
    } catch (const std::exception& trouble) {
        std::fprintf(stderr, "usher: %s\n", trouble.what());
        return usher::cli::could_not_run;
    }
}
