// What is written must not take the place of what is read.
#ifndef USHER_CLI_OUTPUTS_HPP
#define USHER_CLI_OUTPUTS_HPP

#include "cli/job_settings.hpp"

#include <string>
#include <vector>

namespace usher::cli {

/// An option and the file that it names; an empty one and `-` are none.
struct output_file {
    std::string option;
    std::string path;
};

/// Checks that nothing that `outputs` name is a file that this job reads, its journal (`job`, with the files beside
/// it), or named twice; by whatever name. `mended`: what a retry reads; empty: nothing.
/// *Errors*: `std::invalid_argument` that says what it is.
void check_outputs(const std::vector<output_file>& outputs, const job_settings& settings, const std::string& job,
                   const std::string& mended = {});
/// The same for a file that is written where there is no job.
void check_output(const std::string& path, const connect_arguments& connect);
/// Standard input can be read only once, and not from somebody who types. `instead`: what to say instead.
/// *Errors*: `std::invalid_argument`.
void check_input(const std::string& path, const std::string& instead);

} // namespace usher::cli

#endif
