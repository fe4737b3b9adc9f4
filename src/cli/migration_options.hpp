// The options of the commands that migrate.
#ifndef USHER_CLI_MIGRATION_OPTIONS_HPP
#define USHER_CLI_MIGRATION_OPTIONS_HPP

#include "cli/arguments.hpp"

#include <optional>

namespace CLI {
class App;
}

namespace usher::cli {

/// What the options of all these commands are read into.
class migration_options {
public:
    /// Adds the commands. What is added refers to this object.
    void add_to(CLI::App& app);
    /// The command that was chosen, if it is one of these. *Errors*: `CLI::ValidationError` for options that don't
    /// belong together.
    std::optional<command> chosen() const;

private:
    void add_import(CLI::App& app);
    void add_plan(CLI::App& app);
    CLI::App& add_job(CLI::App& app, const char* name, const char* help, job_arguments::action what);
    void add_jobs(CLI::App& app);
    void add_files(CLI::App& app);
    void add_export(CLI::App& app);

    import_arguments import_;
    plan_arguments plan_;
    job_arguments job_;
    status_arguments status_;
    merge_arguments merge_;
    report_arguments report_;
    export_arguments export_;
    CLI::App* import_app_ = nullptr;
    CLI::App* plan_app_ = nullptr;
    CLI::App* status_app_ = nullptr;
    CLI::App* merge_app_ = nullptr;
    CLI::App* report_app_ = nullptr;
    CLI::App* export_app_ = nullptr;
    std::vector<std::pair<CLI::App*, job_arguments::action>> job_apps_;
};

} // namespace usher::cli

#endif
