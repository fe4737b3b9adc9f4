#include "cli/migration_options.hpp"

#include "cli/connect_options.hpp"
#include "cli/help.hpp"
#include "cli/source_options.hpp"

#include <CLI/CLI.hpp>

namespace usher::cli {

namespace {

CLI::Option* add_concurrency(CLI::App& app, std::optional<std::size_t>& to)
{
    return app.add_option("--concurrency", to, "Records under way at once")
        ->check(CLI::Range(1, 4096).description(""))
        ->type_name("N");
}

void add_lists(CLI::App& app, std::string& failures, std::string& notes)
{
    app.add_option("--failures", failures, "Records that fail in this run, as NDJSON; the journal has them too")
        ->type_name("FILE");
    app.add_option("--notes", notes, "Everything that could not be carried over, record by record, as NDJSON")
        ->type_name("FILE");
}

void add_yes(CLI::App& app, bool& to)
{
    app.add_flag("-y,--yes", to, "Do not ask before writing to a production instance");
}

void add_json(CLI::App& app, bool& to)
{
    app.add_flag("--json", to, "Progress events and the summary as NDJSON on standard output");
}

/// A flag that takes something away.
void add_without(CLI::App& app, const char* name, bool& what, const char* help)
{
    app.add_flag_callback(
        name, [&what] { what = false; }, help);
}

} // namespace

void migration_options::add_import(CLI::App& app)
{
    auto* own = app.add_subcommand("import", "Bring users and organizations from another provider or instance");
    import_app_ = own;
    own->footer(import_help);
    add_source(*own, import_.source);
    add_target(*own, import_.connect, import_.target);
    add_connect(*own, import_.connect);
    own->add_option("--job", import_.job,
                    "The journal, made anew: what was done, and all that is needed to resume "
                    "[FILE.usher]")
        ->type_name("JOB");
    add_lists(*own, import_.failures, import_.notes);
    add_pace(*own, import_.connect);
    add_concurrency(*own, import_.concurrency)
        ->description("Records under way at once [a quarter of the requests allowed in a second, 64 to 1024]");
    add_part(*own, import_.part);
    own->add_flag("--dry-run", import_.dry_run, "Map and check every record, send nothing: usher plan --offline");
    add_yes(*own, import_.yes);
    add_json(*own, import_.json);
}

void migration_options::add_plan(CLI::App& app)
{
    auto* own = app.add_subcommand("plan", "Say what an import would do: duplicates, misfits, calls, time");
    plan_app_ = own;
    own->footer(plan_help);
    add_source(*own, plan_.source);
    add_target(*own, plan_.connect, plan_.target);
    add_connect(*own, plan_.connect);
    add_pace(*own, plan_.connect);
    add_part(*own, plan_.part);
    own->add_option("--findings", plan_.findings, "Every record that would fail, as NDJSON")->type_name("FILE");
    add_without(*own, "--offline", plan_.ask_target, "Look at the source alone, as is done without a key");
    own->add_flag("--json", plan_.json, "Findings, progress events and the summary as NDJSON on standard output");
}

CLI::App& migration_options::add_job(CLI::App& app, const char* name, const char* help, job_arguments::action what)
{
    auto* own = app.add_subcommand(name, help);
    job_apps_.emplace_back(own, what);
    own->add_option("job", job_.job, "The job's journal")->required()->type_name("JOB");
    own->add_option("--ca-file", job_.connect.ca_file, "Instead of what the job remembers")
        ->check(CLI::Validator(CLI::ExistingFile).description(""))
        ->type_name("FILE");
    own->add_option("--key-env", job_.connect.key_env, "Instead of what the job remembers")->type_name("NAME");
    add_pace(*own, job_.connect);
    add_concurrency(*own, job_.concurrency);
    add_json(*own, job_.json);
    return *own;
}

void migration_options::add_jobs(CLI::App& app)
{
    using action = job_arguments::action;
    auto& resume = add_job(app, "resume", "Go on with an import that was stopped or killed", action::resume);
    resume.footer(resume_help);
    resume.add_option("--source", job_.file, "Where the source is now, if it was moved")->type_name("FILE");
    resume.add_flag("--source-changed-ok", job_.source_changed_ok, "Go on although the source is another than it was");
    resume.add_flag("--only-begun", job_.only_begun, "Finish what was begun and take nothing else: before an undo");
    add_lists(resume, job_.failures, job_.notes);
    add_yes(resume, job_.yes);

    auto& retry = add_job(app, "retry", "Try the records of a job again that failed", action::retry);
    retry.footer(retry_help);
    retry.add_option("--mended", job_.file, "The failures, corrected by hand (usher status JOB --failures FILE)")
        ->type_name("FILE");
    add_lists(retry, job_.failures, job_.notes);
    add_yes(retry, job_.yes);

    auto& verify = add_job(app, "verify", "Compare the source with the target, field by field", action::verify);
    verify.footer(verify_help);
    verify.add_option("--source", job_.file, "Where the source is now, if it was moved")->type_name("FILE");
    verify.add_flag("--source-changed-ok", job_.source_changed_ok,
                    "Compare although the source is another than it was");
    verify.add_option("--differences", job_.notes, "Every difference, as NDJSON")->type_name("FILE");
    add_duration(verify, "--patience", job_.patience, "How long a listing may lag");

    auto& undo = add_job(app, "undo", "Delete what a job created, and nothing else", action::undo);
    undo.footer(undo_help);
    undo.add_flag("--force", job_.force,
                  "Users who have signed in since, too; never an organization that others belong to");
    add_yes(undo, job_.yes);
}

void migration_options::add_files(CLI::App& app)
{
    status_app_ = app.add_subcommand("status", "Say how far a job is, and how to go on; also while it runs");
    status_app_->footer(status_help);
    status_app_->add_option("job", status_.job, "The job's journal")->required()->type_name("JOB");
    status_app_
        ->add_option("--ids", status_.ids, "Write which id became which: NDJSON, or CSV if the name ends in .csv")
        ->type_name("FILE");
    status_app_->add_option("--failures", status_.failures, "Write the records that failed, as NDJSON")
        ->type_name("FILE");
    status_app_->add_flag("--json", status_.json, "As one JSON object");

    merge_app_ = app.add_subcommand("merge", "Join the journals of the parts of a job into one");
    merge_app_->footer(merge_help);
    merge_app_->add_option("parts", merge_.parts, "The journals of the parts")->required()->type_name("PART...");
    merge_app_->add_option("-o,--output", merge_.to, "The journal to make")->required()->type_name("JOB");

    report_app_ = app.add_subcommand("report", "Write a job as one page with charts");
    report_app_->footer(report_help);
    report_app_->add_option("job", report_.job, "The job's journal")->required()->type_name("JOB");
    report_app_->add_option("--html", report_.html, "The page to write; - is standard output")
        ->required()
        ->type_name("FILE");
}

void migration_options::add_export(CLI::App& app)
{
    export_app_ =
        app.add_subcommand("export", "Write a live instance's organizations, users and memberships to a file");
    export_app_->footer(export_help);
    export_app_->add_option("file", export_.file, "The file to make, NDJSON; - is standard output")
        ->required()
        ->type_name("FILE");
    export_app_->add_option("--service", export_.connect.service, "clerk or scalekit")
        ->check(CLI::IsMember(std::vector<std::string>{"clerk", "scalekit"}).description(""))
        ->type_name("NAME")
        ->capture_default_str();
    add_connect(*export_app_, export_.connect);
    add_pace(*export_app_, export_.connect);
    add_without(*export_app_, "--no-organizations", export_.organizations, "Leave organizations out");
    add_without(*export_app_, "--no-users", export_.users, "Leave users out");
    add_without(*export_app_, "--no-memberships", export_.memberships, "Leave memberships out");
    export_app_->add_flag("--json", export_.json, "Progress and the summary as NDJSON on standard error");
}

void migration_options::add_to(CLI::App& app)
{
    add_import(app);
    add_plan(app);
    add_jobs(app);
    add_files(app);
    add_export(app);
}

std::optional<command> migration_options::chosen() const
{
    if (*import_app_) {
        check_source(import_.source);
        check_target(import_.connect, import_.target);
        return import_;
    }
    if (*plan_app_) {
        check_source(plan_.source);
        check_target(plan_.connect, plan_.target);
        return plan_;
    }
    for (const auto& [app, what] : job_apps_) {
        if (!*app)
            continue;
        auto job = job_;
        job.what = what;
        return job;
    }
    if (*status_app_)
        return status_;
    if (*merge_app_)
        return merge_;
    if (*report_app_)
        return report_;
    if (*export_app_)
        return export_;
    return std::nullopt;
}

} // namespace usher::cli
