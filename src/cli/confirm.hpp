// Asking before something is written to real people's accounts.
#ifndef USHER_CLI_CONFIRM_HPP
#define USHER_CLI_CONFIRM_HPP

#include "cli/arguments.hpp"

#include <string>

namespace usher::cli {

/// True when the instance is none of production, or somebody said yes: with `--yes`, or asked now.
/// `what`: "import auth0 users.json into it". Says what is missing when nobody can be asked.
bool may_write(const connect_arguments& to, bool yes, bool input_is_taken, const std::string& what);

} // namespace usher::cli

#endif
