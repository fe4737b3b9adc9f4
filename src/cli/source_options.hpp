// The options that say where records come from and what becomes of them.
#ifndef USHER_CLI_SOURCE_OPTIONS_HPP
#define USHER_CLI_SOURCE_OPTIONS_HPP

#include "cli/arguments.hpp"

namespace CLI {
class App;
}

namespace usher::cli {

/// FILE, `--from` and all that says how to read it; for a live instance where it is and by whose key.
void add_source(CLI::App& app, source_arguments& to);
/// `--to`, and how the target takes what it has in another form.
void add_target(CLI::App& app, connect_arguments& connect, target_arguments& to);
void add_part(CLI::App& app, part_arguments& to);
/// *Errors*: `CLI::ValidationError` for options of the source that don't belong together.
void check_source(const source_arguments& from);
/// … or that the target does not know.
void check_target(const connect_arguments& connect, const target_arguments& to);

} // namespace usher::cli

#endif
