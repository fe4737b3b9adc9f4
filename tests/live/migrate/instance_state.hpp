// What there is in an instance, without what differs from run to run: two of these are equal exactly if two migrations
// had the same result.
#ifndef USHER_TESTS_MIGRATE_INSTANCE_STATE_HPP
#define USHER_TESTS_MIGRATE_INSTANCE_STATE_HPP

#include <usher/sandbox.hpp>

#include <map>
#include <string>
#include <vector>

namespace usher::tests {

struct instance_state {
    instance_state() = default;
    std::vector<std::string> lines;                      ///< one for each organization, user and membership, sorted
    std::map<std::string, std::string> user_ids;         ///< of the source → of the instance
    std::map<std::string, std::string> organization_ids; ///< name → of the instance
};

/// Read with a client of its own.
instance_state read_instance(const sandbox::server& service, sandbox::service which, const std::string& key);

/// The first few lines that only one of the two has; empty: they are equal.
std::string first_differences(const instance_state& one, const instance_state& other);

} // namespace usher::tests

#endif
