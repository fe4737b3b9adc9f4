// What the command line says of limits: a file of rules, a folder where their use is remembered, a Redis that shares
// them with others.
#ifndef USHER_CLI_QUOTA_OPTIONS_HPP
#define USHER_CLI_QUOTA_OPTIONS_HPP

#include "cli/arguments.hpp"

#include <usher/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>

namespace usher::cli {

/// The limit of `--limit`, or those in the file of `--quota`, if one is given. *Errors*: `std::invalid_argument` that
/// names the file, and the place in it or the rule that does not fit the service.
std::optional<quota> quota_for(const connect_arguments& connect);
/// For an engine on `executor`. *Errors*: `std::runtime_error` for a folder of `--quota-state` that can't be used,
/// `std::invalid_argument` for an address of `--budget` that is none.
engine_options engine_options_for(const connect_arguments& connect, boost::asio::any_io_executor executor);
/// What the rules of the whole instance allow; 0: nothing that is known.
double requests_per_second(const quota& limits);

} // namespace usher::cli

#endif
