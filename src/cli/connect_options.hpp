// The options that several commands share: where to call, as whom, and how fast.
#ifndef USHER_CLI_CONNECT_OPTIONS_HPP
#define USHER_CLI_CONNECT_OPTIONS_HPP

#include "cli/arguments.hpp"

#include <chrono>
#include <string>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace usher::cli {

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help);
/// `--base-url`, `--ca-file` and `--key-env`.
void add_connect(CLI::App& app, connect_arguments& connect);
/// `--quota`, `--quota-state` and `--budget`. Returns the first.
CLI::Option* add_quota(CLI::App& app, connect_arguments& connect);
/// The same, and `--limit` with `--window`.
void add_pace(CLI::App& app, connect_arguments& connect);

} // namespace usher::cli

#endif
