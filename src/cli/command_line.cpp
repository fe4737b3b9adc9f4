#include "cli/arguments.hpp"
#include "cli/connect_options.hpp"
#include "cli/help.hpp"
#include "cli/migration_options.hpp"
#include "cli/text.hpp"
#include "cli/token_options.hpp"
#include "cli/webhook_options.hpp"

#include <usher/sandbox.hpp>

#include <CLI/CLI.hpp>

namespace usher::cli {

namespace {

const std::vector<std::string> service_names = {"clerk", "clerk-platform", "scalekit"};

void add_call(CLI::App& app, call_arguments& to)
{
    app.footer(call_help);
    app.add_option("operation", to.operation, "The operation's id, see usher endpoints")
        ->required()
        ->type_name("OPERATION_ID");
    app.add_option("--params", to.params, "Parameters by name in one JSON object, or @FILE, or @- for standard input")
        ->type_name("JSON");
    app.add_option("--service", to.connect.service, "clerk, clerk-platform or scalekit")
        ->check(CLI::IsMember(service_names).description(""))
        ->type_name("NAME")
        ->capture_default_str();
    add_connect(app, to.connect);
    add_quota(app, to.connect);
    add_duration(app, "--deadline", to.deadline, "The whole call: waiting, all attempts, backoff");
    app.add_flag("--compact", to.compact, "Print the answer on one line");
    app.add_flag("--trace", to.trace, "Print where the call's time went, step by step, on standard error");
    app.add_flag("--json", to.json, "Print errors as JSON too");
}

void add_endpoints(CLI::App& app, endpoints_arguments& to)
{
    app.footer(endpoints_help);
    app.add_option("--service", to.service, "One service only: clerk, clerk-platform or scalekit")
        ->check(CLI::IsMember(service_names).description(""))
        ->type_name("NAME");
    app.add_flag("--json", to.json, "One JSON object a line");
}

void add_sandbox(CLI::App& app, sandbox_arguments& to)
{
    app.footer(sandbox_help + std::string("\n") + std::string(sandbox::option_help()));
    const auto forward = [&](const std::string& name, const std::string& option, const std::string& type,
                             const std::string& help) {
        const auto keep = [&to, option](const std::string& value) { to.options.emplace_back(option, value); };
        return app.add_option_function<std::string>(name, keep, help)->type_name(type)->trigger_on_parse();
    };
    forward("--service", "services", "NAMES", "clerk, clerk-platform, scalekit, separated by commas, or all [clerk]");
    forward("--address", "address", "ADDRESS", "Where to listen [127.0.0.1]");
    forward("--port", "port", "PORT", "0: any free one [0]");
    forward("--latency", "latency", "TIME", "Mean round trip [0ms]");
    forward("--jitter", "jitter", "TIME", "Its spread to both sides [0ms]");
    auto* limit =
        app.add_option("--limit", to.limit, "Enforce limits: N requests of an instance in --window, or by_key")
            ->type_name("N");
    app.add_option("--window", to.window, "The window of --limit")
        ->needs(limit)
        ->type_name("TIME")
        ->capture_default_str();
    forward("--listing-lag", "listing_lag", "TIME", "Listings do not show what is younger [0ms]");
    forward("--seed", "seed", "N", "Of everything that is made up [1]");
    forward("--key", "keys", "KEYS", "The keys that are accepted [any well formed one]");
    forward("--fault", "fault", "FAULT", "Something that goes wrong on purpose; may be repeated");
    app.add_flag_callback(
        "--plain", [&to] { to.options.emplace_back("tls", "false"); }, "http instead of https");
    app.add_option("--set", to.settings, "Any other option, see below; may be repeated")->type_name("NAME=VALUE");
    app.add_option("--ca-file", to.ca_file, "Write the certificate authority here before the address is printed")
        ->type_name("OUT");
    app.add_option("--report", to.report, "Write the counters here, as JSON, when it ends")->type_name("OUT");
}

} // namespace

command parse_command_line(int count, const char* const* texts)
{
    CLI::App app("usher calls, migrates between and imitates the management APIs of identity providers.", "usher");
    app.footer(main_help);
    app.set_version_flag("--version", std::string("usher ") + USHER_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);

    migration_options migration;
    call_arguments call;
    endpoints_arguments endpoints;
    sandbox_arguments sandbox;
    webhook_arguments webhook;
    token_arguments token;
    migration.add_to(app);
    auto* call_app = app.add_subcommand("call", "Call one operation and print its answer");
    auto* endpoints_app = app.add_subcommand("endpoints", "List every operation");
    auto* sandbox_app = app.add_subcommand("sandbox", "Run a server that behaves like the service");
    add_call(*call_app, call);
    add_endpoints(*endpoints_app, endpoints);
    add_sandbox(*sandbox_app, sandbox);
    auto* webhook_app = add_webhook(app, webhook);
    auto* token_app = add_token(app, token);

    try {
        app.parse(count, texts);
        if (auto chosen = migration.chosen())
            return *std::move(chosen);
    } catch (const CLI::ParseError& problem) {
        nothing_to_do nothing;
        nothing.status = app.exit(problem) == 0 ? done : bad_usage;
        return nothing;
    }
    if (*call_app)
        return call;
    if (*endpoints_app)
        return endpoints;
    if (*webhook_app)
        return webhook;
    if (*token_app)
        return token;
    return sandbox;
}

} // namespace usher::cli
