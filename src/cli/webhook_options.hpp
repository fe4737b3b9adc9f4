// The options of `usher webhook`.
#ifndef USHER_CLI_WEBHOOK_OPTIONS_HPP
#define USHER_CLI_WEBHOOK_OPTIONS_HPP

#include "cli/arguments.hpp"

namespace CLI {
class App;
}

namespace usher::cli {

/// Adds the command with its two parts; after parsing, `to` says which one it was.
CLI::App* add_webhook(CLI::App& app, webhook_arguments& to);

} // namespace usher::cli

#endif
