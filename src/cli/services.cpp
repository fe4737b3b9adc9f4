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

secret key_for(const connect_arguments& connect)
{
    const std::string variable = connect.key_env.empty() ? service_named(connect.service).key_env : connect.key_env;
    const char* value = std::getenv(variable.c_str());
    if (!value || *value == '\0')
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
