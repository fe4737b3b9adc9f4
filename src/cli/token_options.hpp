// The options of usher token.
#ifndef USHER_CLI_TOKEN_OPTIONS_HPP
#define USHER_CLI_TOKEN_OPTIONS_HPP

#include "cli/arguments.hpp"

namespace CLI {
class App;
}

namespace usher::cli {

/// Adds the command with `verify` and `inspect` below it. `to` is filled while the command line is read.
CLI::App* add_token(CLI::App& app, token_arguments& to);

} // namespace usher::cli

#endif
