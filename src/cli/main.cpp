// usher: the command.
#include "cli/commands.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

struct run_command {
    usher::cli::exit_status operator()(const usher::cli::nothing_to_do& nothing) const { return nothing.status; }
    usher::cli::exit_status operator()(const usher::cli::import_arguments& arguments) const
    {
        return run_import(arguments);
    }
    usher::cli::exit_status operator()(const usher::cli::call_arguments& arguments) const
    {
        return run_call(arguments);
    }
    usher::cli::exit_status operator()(const usher::cli::endpoints_arguments& arguments) const
    {
        return run_endpoints(arguments);
    }
    usher::cli::exit_status operator()(const usher::cli::sandbox_arguments& arguments) const
    {
        return run_sandbox(arguments);
    }
    usher::cli::exit_status operator()(const usher::cli::token_arguments& arguments) const
    {
        return run_token(arguments);
    }
    usher::cli::exit_status operator()(const usher::cli::webhook_arguments& arguments) const
    {
        return run_webhook(arguments);
    }
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
