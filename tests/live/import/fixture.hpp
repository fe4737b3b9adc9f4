// The command, a sandbox to import into, and a folder for its files.
#ifndef USHER_TESTS_IMPORT_FIXTURE_HPP
#define USHER_TESTS_IMPORT_FIXTURE_HPP

#include "live/cli/process.hpp"
#include "temporary_folder.hpp"

#include <usher/sandbox.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::tests {

class import_fixture {
public:
    explicit import_fixture(sandbox::options options = sandbox::options());
    import_fixture(const import_fixture&) = delete;
    import_fixture& operator=(const import_fixture&) = delete;

    std::string path(std::string_view name) const;
    /// Writes a file and returns its path.
    std::string write(std::string_view name, std::string_view text) const;
    std::string read(std::string_view name) const;
    /// The lines of a file of NDJSON.
    std::vector<boost::json::object> lines(std::string_view name) const;

    /// `usher import` into the sandbox, at full speed, with failures in `failures.ndjson`, and further words.
    std::vector<std::string> command(std::string_view format, const std::string& file,
                                     const std::vector<std::string>& more = {}) const;
    process_options options(const std::string& key = "sk_test_000000000000000000000000000000000000") const;
    process_end import(std::string_view format, const std::string& file,
                       const std::vector<std::string>& more = {}) const;
    /// `usher VERB JOB` with further words, and `--json` for what it prints.
    process_end job(const std::string& verb, const std::string& job, const std::vector<std::string>& more = {}) const;
    /// What `usher status --json` says.
    boost::json::object status(const std::string& job) const;
    /// Waits until so many users are there. False: that took too long.
    bool wait_for_users(std::size_t count) const;
    /// The answer of a call as JSON.
    boost::json::value call(const std::string& operation, const std::string& params) const;

    sandbox::server service;

private:
    temporary_folder folder_;
};

/// The summary that `--json` prints last.
boost::json::object summary_of(const process_end& ended);
std::int64_t number(const boost::json::object& summary, std::string_view name);
/// The last line of standard output, whatever it is.
boost::json::object last_line(const process_end& ended);
bool says(const process_end& ended, std::string_view text);
/// One user of an Auth0 export, verified.
std::string auth0_user(std::size_t number);
std::string auth0_users(std::size_t count);

} // namespace usher::tests

#endif
