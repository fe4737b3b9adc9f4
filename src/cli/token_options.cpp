#include "cli/token_options.hpp"

#include "cli/help.hpp"
#include "cli/text.hpp"

#include <CLI/CLI.hpp>

namespace usher::cli {

namespace {

void add_common(CLI::App& app, token_arguments& to)
{
    app.add_option("token", to.token, "The token, or @FILE, or - for standard input")->required()->type_name("TOKEN");
    app.add_flag("--json", to.json, "The result as JSON");
}

void add_list(CLI::App& app, const std::string& name, std::vector<std::string>& to, const std::string& help,
              const std::string& type)
{
    app.add_option(name, to, help)->allow_extra_args(false)->type_name(type);
}

void add_keys(CLI::App& app, token_arguments& to)
{
    auto* pem = app.add_option("--pem", to.pem, "Public key or certificate")->type_name("FILE");
    auto* jwks = app.add_option("--jwks", to.jwks, "Key set")->type_name("FILE|URL");
    auto* service = app.add_option("--service", to.connect.service,
                                   "Ask this service for its keys: clerk (with its secret key) or scalekit")
                        ->check(CLI::IsMember(std::vector<std::string>{"clerk", "scalekit"}).description(""))
                        ->type_name("NAME");
    pem->excludes(jwks)->excludes(service);
    jwks->excludes(service);
    app.add_option("--base-url", to.connect.base_url, "The service's address instead of its own")->type_name("URL");
    app.add_option("--ca-file", to.connect.ca_file, "Trust the certificate authorities in this PEM file")
        ->check(CLI::Validator(CLI::ExistingFile).description(""))
        ->type_name("FILE");
    app.add_option("--key-env", to.connect.key_env, "Environment variable that holds the secret key")
        ->type_name("NAME");
}

} // namespace

CLI::App* add_token(CLI::App& app, token_arguments& to)
{
    auto* token = app.add_subcommand("token", "Verify a token, or look into one");
    token->require_subcommand(1);
    token->footer("\nusher token verify --help and usher token inspect --help say more.");

    auto* verify = token->add_subcommand("verify", "Say whom a token speaks for, or why it is refused");
    verify->footer(token_verify_help);
    add_common(*verify, to);
    to.connect.service.clear();
    add_keys(*verify, to);
    const std::vector<std::string> types = {"session", "m2m", "oauth", "api-key", "scalekit-access", "scalekit-id"};
    verify->add_option("--type", to.type, "session, m2m, oauth, api-key, scalekit-access or scalekit-id")
        ->check(CLI::IsMember(types).description(""))
        ->type_name("TYPE")
        ->capture_default_str();
    verify->add_option("--issuer", to.issuer, "iss, exactly")->type_name("URL");
    add_list(*verify, "--audience", to.audiences, "aud must name it; may be repeated, any will do", "TEXT");
    add_list(*verify, "--authorized-party", to.authorized_parties, "azp must be it; may be repeated, any will do",
             "TEXT");
    add_list(*verify, "--scope", to.scopes, "A scope that must be granted; may be repeated", "TEXT");
    verify->add_option("--nonce", to.nonce, "nonce of an ID token, exactly")->type_name("TEXT");
    const auto read_skew = [&to](const std::vector<std::string>& texts) {
        const auto time = parse_duration(texts.back());
        if (time)
            to.skew = std::chrono::ceil<std::chrono::seconds>(*time);
        return time.has_value() && to.skew <= std::chrono::seconds(300);
    };
    verify->add_option("--skew", read_skew, "How far the issuer's clock may be off, up to 5m")
        ->type_name("TIME")
        ->default_str("5s");
    verify->add_flag("--accept-pending", to.accept_pending, "Accept a session with a task left");

    auto* inspect = token->add_subcommand("inspect", "Show what a token says, without verifying it");
    inspect->footer(token_inspect_help);
    add_common(*inspect, to);
    inspect->callback([&to] { to.inspect = true; });
    return token;
}

} // namespace usher::cli
