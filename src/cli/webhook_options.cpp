#include "cli/webhook_options.hpp"

#include "cli/help.hpp"
#include "cli/text.hpp"

#include <CLI/CLI.hpp>

namespace usher::cli {

namespace {

void add_common(CLI::App& app, webhook_arguments& to)
{
    app.add_option("body", to.body, "The body as it comes over the wire, byte by byte; - is standard input")
        ->required()
        ->type_name("BODYFILE");
    app.add_option("--provider", to.provider, "clerk, scalekit, or interceptor: tells the names of the headers")
        ->check(CLI::IsMember(std::vector<std::string>{"clerk", "scalekit", "interceptor"}).description(""))
        ->type_name("NAME")
        ->capture_default_str();
    app.add_flag("--json", to.json, "The result as JSON");
}

} // namespace

CLI::App* add_webhook(CLI::App& app, webhook_arguments& to)
{
    auto* webhook = app.add_subcommand("webhook", "Verify or sign a webhook request");
    webhook->require_subcommand(1);
    webhook->footer("\nusher webhook verify --help and usher webhook sign --help say more.");

    auto* verify = webhook->add_subcommand("verify", "Say whether a request comes from the provider, and why not");
    verify->footer(webhook_verify_help);
    add_common(*verify, to);
    verify
        ->add_option("--secret-env", to.secret_envs,
                     "Environment variable that holds the secret (whsec_…); may be repeated, any may have signed")
        ->required()
        ->allow_extra_args(false)
        ->type_name("NAME");
    verify->add_option("--id", to.id, "Value of the id header")->type_name("ID");
    verify->add_option("--timestamp", to.timestamp, "Value of the timestamp header")->type_name("SECONDS");
    verify->add_option("--signature", to.signature, "Value of the signature header")->type_name("LIST");
    verify->add_option("-H,--header", to.headers, "A header as it came, with its name; may be repeated")
        ->allow_extra_args(false)
        ->type_name("'NAME: VALUE'");
    const auto read_tolerance = [&to](const std::vector<std::string>& texts) {
        const auto time = parse_duration(texts.back());
        if (time)
            to.tolerance = std::chrono::ceil<std::chrono::seconds>(*time);
        return time.has_value();
    };
    verify->add_option("--tolerance", read_tolerance, "How far the timestamp may be from now")
        ->type_name("TIME")
        ->default_str("300s");

    auto* sign = webhook->add_subcommand("sign", "Print the headers of a signed request, for tests");
    sign->footer(webhook_sign_help);
    add_common(*sign, to);
    sign->add_option("--secret-env", to.secret_envs, "Environment variable that holds the secret (whsec_…)")
        ->required()
        ->allow_extra_args(false)
        ->type_name("NAME");
    sign->add_option("--id", to.id, "Id of the delivery [made up]")->type_name("ID");
    sign->add_option("--timestamp", to.timestamp, "Seconds since 1970 [now]")->type_name("SECONDS");
    sign->callback([&to] { to.sign = true; });
    return webhook;
}

} // namespace usher::cli
