// What to do about a kind of failure, where an option is the remedy.
#ifndef USHER_CLI_ADVICE_HPP
#define USHER_CLI_ADVICE_HPP

#include "cli/job_status.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace usher::cli {

/// A sentence without its end; empty: nothing to say beyond the failure's own words.
std::string advice_for(std::string_view code);
/// About a job's failures. Its options stay as they are, so that these take another job.
std::vector<std::string> advice_for(const job_status& status);
/// About a source of which nothing could be read, `from` by its name.
std::string wrong_format_advice(std::string_view from);

} // namespace usher::cli

#endif
