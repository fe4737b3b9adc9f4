// The services that the command knows, and how it reaches them.
#ifndef USHER_CLI_SERVICES_HPP
#define USHER_CLI_SERVICES_HPP

#include "cli/arguments.hpp"

#include <usher/client.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace usher::cli {

struct known_service {
    std::string_view name; ///< on the command line
    const char* key_env;   ///< where its key usually is
    const detail::service_info& (*info)() noexcept;
};

const std::array<known_service, 3>& known_services() noexcept;
/// *Errors*: `std::invalid_argument` for a name that is none.
const known_service& service_named(std::string_view name);

/// Where the service is: as given, or for Scalekit as the environment says. Empty: its own address.
std::string base_url_of(const connect_arguments& connect);
/// The key from the environment. *Errors*: `std::invalid_argument` that says which variable to set.
secret key_for(const connect_arguments& connect);
/// Whether there is any key for the service, or a variable was named that should hold one.
bool has_key(const connect_arguments& connect);
/// Who a client is and what it is made of.
struct client_parts {
    client_parts(credentials who_, client_options options_) : who(std::move(who_)), options(std::move(options_)) {}
    credentials who;
    client_options options;
};

/// For a client of the service, with what the command line and the environment say of its address and credentials:
/// Scalekit's client id and secret, or its access token; Clerk's machine key beside the secret key.
/// *Errors*: `std::invalid_argument` that says which variable to set.
client_parts parts_for(const engine& engine, const connect_arguments& connect, client_options options);
basic_client client_for(const engine& engine, const connect_arguments& connect, client_options options);
/// True when what is written there reaches real people: a production key of Clerk's; at Scalekit every environment that
/// is not one of its development addresses (`*.scalekit.dev`). Loopback never is.
/// *Errors*: those of `key_for`.
bool is_production(const connect_arguments& connect);
/// True when the base address is given and a loopback one: nothing real can be hit there.
bool is_loopback(std::string_view base_url) noexcept;

} // namespace usher::cli

#endif
