// The services that the command knows, and how it reaches them.
#ifndef USHER_CLI_SERVICES_HPP
#define USHER_CLI_SERVICES_HPP

#include "cli/arguments.hpp"

#include <usher/client.hpp>

#include <array>
#include <string_view>

namespace usher::cli {

struct known_service {
    std::string_view name; ///< on the command line
    const char* key_env;   ///< where its key usually is
    const detail::service_info& (*info)() noexcept;
};

const std::array<known_service, 3>& known_services() noexcept;
/// *Errors*: `std::invalid_argument` for a name that is none.
const known_service& service_named(std::string_view name);

/// The key from the environment. *Errors*: `std::invalid_argument` that says which variable to set.
secret key_for(const connect_arguments& connect);
/// A client of the service, with what the command line and the environment say of its address and credentials:
/// Scalekit's client id and secret, or its access token; Clerk's machine key beside the secret key.
/// *Errors*: `std::invalid_argument` that says which variable to set.
basic_client client_for(const engine& engine, const connect_arguments& connect, client_options options);
/// True when the base address is given and a loopback one: nothing real can be hit there.
bool is_loopback(std::string_view base_url) noexcept;

} // namespace usher::cli

#endif
