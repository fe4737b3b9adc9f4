#include "cli/connect_options.hpp"

#include "cli/text.hpp"

#include <CLI/CLI.hpp>

namespace usher::cli {

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help)
{
    const auto read = [&target](const std::vector<std::string>& texts) {
        const auto time = parse_duration(texts.back());
        if (!time)
            return false;
        target = *time;
        return true;
    };
    return app.add_option(name, read, help)
        ->type_name("TIME")
        ->default_str(std::to_string(target.count() / 1000) + "s");
}

void add_connect(CLI::App& app, connect_arguments& connect)
{
    app.add_option("--base-url", connect.base_url,
                   "Call this address instead of the service's own: https, or http to loopback")
        ->type_name("URL");
    app.add_option("--ca-file", connect.ca_file,
                   "Trust the certificate authorities in this PEM file instead of the system's")
        ->check(CLI::Validator(CLI::ExistingFile).description(""))
        ->type_name("FILE");
    app.add_option("--key-env", connect.key_env,
                   "Environment variable that holds the key (never given on the command line)")
        ->type_name("NAME");
}

CLI::Option* add_quota(CLI::App& app, connect_arguments& connect)
{
    app.add_option("--quota-state", connect.quota_state,
                   "Folder that remembers what was used of limits per minute and longer")
        ->envname("USHER_QUOTA_STATE")
        ->type_name("FOLDER");
    app.add_option("--budget", connect.budget, "Redis by which several processes work under one limit")
        ->envname("USHER_BUDGET")
        ->type_name("redis://HOST[:PORT]");
    return app.add_option("--quota", connect.quota_file, "Limits as JSON [what the service documents]")
        ->type_name("FILE");
}

void add_pace(CLI::App& app, connect_arguments& connect)
{
    auto* limit =
        app.add_option("--limit", connect.limit, "Requests that the instance allows in --window [by the kind of key]")
            ->check(CLI::Range(1U, 1'000'000U).description(""))
            ->type_name("N");
    add_duration(app, "--window", connect.window, "The window of --limit")->needs(limit);
    add_quota(app, connect)->excludes(limit);
}

} // namespace usher::cli
