// A service, a source and a folder for one migration; work there that is killed; and what came of it.
#ifndef USHER_TESTS_MIGRATE_PLACE_HPP
#define USHER_TESTS_MIGRATE_PLACE_HPP

#include "live/cli/process.hpp"
#include "live/migrate/instance_state.hpp"
#include "live/migrate/people.hpp"
#include "temporary_folder.hpp"

#include <usher/sandbox.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace usher::tests {

using words = std::vector<std::string>;

inline const std::string migration_key = "sk_test_migratemigratemigratemigratemigrate";

/// A sandbox with latency and a listing that lags. At Scalekit there is an organization for those who belong to none.
class place {
public:
    place(sandbox::service of, const people& all);

    /// From now on one request in a hundred ends with a reset: before it is looked at, after it took effect, or within
    /// its answer.
    void trouble();
    process_options environment() const;
    process_end run(const words& command) const { return tests::run(command, environment()); }
    /// How long it took. *Errors*: the test ends unless the command ends with 0.
    std::chrono::steady_clock::duration run_whole(const words& command) const;
    /// What is there. Nothing is in trouble or lags any more.
    instance_state state();
    void lag();
    boost::json::value call(std::string_view operation, const boost::json::object& params) const;

    std::string source() const { return folder.file("source.ndjson"); }
    std::string journal() const { return folder.file("job.journal"); }
    std::string service_name() const { return of == sandbox::service::scalekit ? "scalekit" : "clerk"; }

    const sandbox::service of;
    const people all;
    temporary_folder folder;
    sandbox::server service;

private:
    std::string home_;
};

/// `migrate_worker VERB …` for this place.
words worker(const place& here, const std::string& verb);

/// When the next kill comes: at random, and the slower the machine the later. *Thread safety*: none.
class moments {
public:
    /// Up to a `share` of how long the undisturbed work takes.
    moments(std::chrono::steady_clock::duration whole, double share);
    std::chrono::microseconds next();
    /// 0 … count-1, with the same seed.
    std::size_t one_of(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }
    std::string seed() const { return "seed " + std::to_string(seed_); }

private:
    std::random_device::result_type seed_;
    std::mt19937 random_;
    std::chrono::microseconds longest_;
};

void wait_for(std::chrono::microseconds time);
/// The end of work that was killed at a moment, or ended before it.
process_end run_and_kill(const place& here, const words& command, moments& when);
bool was_killed(const process_end& end);

/// Kills the work at random moments until it is done or was killed often enough. Returns how often.
int kill_until_done(const place& here, const words& command, moments& when, int at_most);

/// Every record has been created by the job, once, and the journal has its id there.
void check_journal(const std::string& journal, const people& all, const instance_state& there);

} // namespace usher::tests

#endif
