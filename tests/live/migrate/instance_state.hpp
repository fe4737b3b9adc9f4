// What there is in an instance of Clerk, without what differs from run to run: two of these are equal exactly if two
// migrations had the same result.
#ifndef USHER_TESTS_MIGRATE_INSTANCE_STATE_HPP
#define USHER_TESTS_MIGRATE_INSTANCE_STATE_HPP

#include <usher/sandbox.hpp>

#include <string>
#include <vector>

namespace usher::tests {

/// One line for each organization, user and membership, sorted. Read with a client of its own.
std::vector<std::string> instance_state(sandbox::server& service, const std::string& key);

/// The first few lines that only one of the two has; empty: they are equal.
std::string first_differences(const std::vector<std::string>& one, const std::vector<std::string>& other);

} // namespace usher::tests

#endif
