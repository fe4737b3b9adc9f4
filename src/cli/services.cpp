#include "cli/services.hpp"

#include <usher/clerk/operations.hpp>
#include <usher/clerk_platform/operations.hpp>
#include <usher/scalekit/operations.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace usher::cli {

const std::array<known_service, 3>& known_services() noexcept
{
    static constexpr std::array<known_service, 3> services = {{
        {"clerk", "CLERK_SECRET_KEY", clerk::service},
        {"clerk-platform", "CLERK_PLATFORM_TOKEN", clerk_platform::service},
        {"scalekit", "SCALEKIT_ACCESS_TOKEN", scalekit::service},
    }};
    return services;
}

const known_service& service_named(std::string_view name)
{
    for (const auto& each : known_services())
        if (each.name == name)
            return each;
    throw std::invalid_argument("no service is called \"" + std::string(name) + "\"");
}

namespace {

/// Empty: not set, or empty.
std::string_view from_environment(const std::string& variable)
{
    const char* value = std::getenv(variable.c_str());
    return value == nullptr ? std::string_view() : std::string_view(value);
}

/// One of the usual variables. Who reads from one instance and writes to another of the same service has two of each.
std::string_view usual_variable(const connect_arguments& connect, const std::string& name)
{
    const auto of_source = connect.is_source ? from_environment(name + "_SOURCE") : std::string_view();
    return of_source.empty() ? from_environment(name) : of_source;
}

std::string option_of(const connect_arguments& connect, std::string_view name)
{
    return (connect.is_source ? "--from-" : "--") + std::string(name);
}

credentials scalekit_credentials(const engine& engine, const connect_arguments& connect, const std::string& base_url)
{
    oauth_client client;
    client.client_id = usual_variable(connect, "SCALEKIT_CLIENT_ID");
    client.client_secret = secret(usual_variable(connect, "SCALEKIT_CLIENT_SECRET"));
    const bool has_client = !client.client_id.empty() && !client.client_secret.empty();
    if (!connect.key_env.empty() || (!has_client && !usual_variable(connect, "SCALEKIT_ACCESS_TOKEN").empty()))
        return key_for(connect);
    if (!has_client)
        throw std::invalid_argument(
            "no credentials: set SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, or SCALEKIT_ACCESS_TOKEN");
    client.token_url = base_url + "/oauth/token";
    return client_credentials(engine, std::move(client));
}

} // namespace

std::string base_url_of(const connect_arguments& connect)
{
    std::string url = connect.base_url;
    if (url.empty() && connect.service == "scalekit")
        url = usual_variable(connect, "SCALEKIT_ENVIRONMENT_URL");
    if (connect.service == "scalekit")
        while (url.ends_with('/'))
            url.pop_back();
    return url;
}

client_parts parts_for(const engine& engine, const connect_arguments& connect, client_options options)
{
    options.base_url = base_url_of(connect);
    if (connect.service == "scalekit") {
        if (options.base_url.empty())
            throw std::invalid_argument("no address: set SCALEKIT_ENVIRONMENT_URL, or give " +
                                        option_of(connect, "base-url"));
        auto who = scalekit_credentials(engine, connect, options.base_url);
        return {std::move(who), std::move(options)};
    }
    if (const auto machine = from_environment("CLERK_MACHINE_SECRET_KEY");
        connect.service == "clerk" && !machine.empty())
        options.machine_key = secret(machine);
    return {key_for(connect), std::move(options)};
}

basic_client client_for(const engine& engine, const connect_arguments& connect, client_options options)
{
    auto parts = parts_for(engine, connect, std::move(options));
    return {engine, service_named(connect.service).info(), std::move(parts.who), std::move(parts.options)};
}

secret key_for(const connect_arguments& connect)
{
    const std::string usual = service_named(connect.service).key_env;
    const auto value = connect.key_env.empty() ? usual_variable(connect, usual) : from_environment(connect.key_env);
    if (value.empty())
        throw std::invalid_argument("no key: set " + (connect.key_env.empty() ? usual : connect.key_env) +
                                    ", or name another variable with " + option_of(connect, "key-env"));
    return secret(value);
}

bool has_key(const connect_arguments& connect)
{
    const auto is_set = [&](const char* name) { return !usual_variable(connect, name).empty(); };
    if (!connect.key_env.empty() || is_set(service_named(connect.service).key_env))
        return true;
    return connect.service == "scalekit" && is_set("SCALEKIT_CLIENT_ID") && is_set("SCALEKIT_CLIENT_SECRET");
}

bool is_production(const connect_arguments& connect)
{
    const auto url = base_url_of(connect);
    if (is_loopback(url))
        return false;
    if (connect.service != "scalekit")
        return key_for(connect).reveal().starts_with("sk_live_");
    std::string_view host = url;
    if (const auto scheme = host.find("://"); scheme != std::string_view::npos)
        host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find_first_of(":/?#"));
    return !host.ends_with(".scalekit.dev");
}

bool is_loopback(std::string_view base_url) noexcept
{
    const auto scheme = base_url.find("://");
    if (scheme == std::string_view::npos)
        return false;
    auto host = base_url.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    // Whatever stands before an @ is not the host; such addresses are refused later on.
    if (host.find('@') != std::string_view::npos)
        return false;
    if (host.starts_with("[::1]"))
        return host.size() == 5 || host[5] == ':';
    host = host.substr(0, host.find(':'));
    if (host == "localhost")
        return true;
    if (!host.starts_with("127."))
        return false;
    return host.find_first_not_of("0123456789.") == std::string_view::npos;
}

} // namespace usher::cli
