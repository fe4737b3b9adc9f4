// The source of the migrations that are killed: users, many with further steps, and organizations.
#ifndef USHER_TESTS_MIGRATE_PEOPLE_HPP
#define USHER_TESTS_MIGRATE_PEOPLE_HPP

#include <string>

namespace usher::tests {

struct people {
    people() = default;
    people(int users_, int organizations_) : users(users_), organizations(organizations_) {}
    int users = 0;
    int organizations = 0;
};

std::string user_id(int number);
std::string address_of(int number);
std::string organization_id(int number);
std::string organization_name(int number);
/// As lines of this library's own format.
std::string source_text(const people& all);

} // namespace usher::tests

#endif
