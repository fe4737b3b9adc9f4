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

credentials scalekit_credentials(const engine& engine, const connect_arguments& connect, const std::string& base_url)
{
    oauth_client client;
    client.client_id = from_environment("SCALEKIT_CLIENT_ID");
    client.client_secret = secret(from_environment("SCALEKIT_CLIENT_SECRET"));
    const bool has_client = !client.client_id.empty() && !client.client_secret.empty();
    if (!connect.key_env.empty() || (!has_client && !from_environment("SCALEKIT_ACCESS_TOKEN").empty()))
        return key_for(connect);
    if (!has_client)
        throw std::invalid_argument(
            "no credentials: set SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, or SCALEKIT_ACCESS_TOKEN");
    client.token_url = base_url + "/oauth/token";
    return client_credentials(engine, std::move(client));
}

} // namespace

basic_client client_for(const engine& engine, const connect_arguments& connect, client_options options)
{
    const auto& service = service_named(connect.service);
    options.base_url = connect.base_url;
    if (service.name == "scalekit") {
        if (options.base_url.empty())
            options.base_url = from_environment("SCALEKIT_ENVIRONMENT_URL");
        while (options.base_url.ends_with('/'))
            options.base_url.pop_back();
        if (options.base_url.empty())
            throw std::invalid_argument("no address: set SCALEKIT_ENVIRONMENT_URL, or give --base-url");
        return {engine, service.info(), scalekit_credentials(engine, connect, options.base_url), options};
    }
    if (const auto machine = from_environment("CLERK_MACHINE_SECRET_KEY"); service.name == "clerk" && !machine.empty())
        options.machine_key = secret(machine);
    return {engine, service.info(), key_for(connect), options};
}

secret key_for(const connect_arguments& connect)
{
    const std::string variable = connect.key_env.empty() ? service_named(connect.service).key_env : connect.key_env;
    const auto value = from_environment(variable);
    if (value.empty())
        throw std::invalid_argument("no key: set " + variable + ", or name another variable with --key-env");
    return secret(value);
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
