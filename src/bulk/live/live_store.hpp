// What a live source remembers while it reads: which items it has seen, and the memberships until their user comes.
//
// A file that has no name, with a bounded cache in memory: nothing of it is left when the process ends, however it
// ends.
#ifndef USHER_BULK_LIVE_STORE_HPP
#define USHER_BULK_LIVE_STORE_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace usher::bulk {

struct kept_membership {
    kept_membership() = default;
    std::string id;
    std::string user;
    std::string organization;
    std::int64_t began = 0; ///< milliseconds
    std::string body;       ///< as it goes into the record
};

/// *Errors*: `std::runtime_error` when the file can't be made or written. *Thread safety*: none.
class live_store {
public:
    live_store();
    ~live_store();
    live_store(const live_store&) = delete;
    live_store& operator=(const live_store&) = delete;

    bool knows_organization(std::string_view id);
    void add_organization(std::string_view id);

    bool knows_membership(std::string_view id);
    void add_membership(const kept_membership& what);
    /// The bodies of a user's memberships, in the order in which they began; of known organizations alone, if told so.
    std::vector<std::string> memberships_of(std::string_view user, bool of_known_organizations);

    bool knows_user(std::string_view id);
    void add_user(std::string_view id, std::int64_t created_at);
    /// Forgets users that were created before this.
    void forget_users(std::int64_t created_before);

private:
    class statement;
    struct statements;

    sqlite3* file_ = nullptr;
    std::unique_ptr<statements> prepared_;
};

} // namespace usher::bulk

#endif
