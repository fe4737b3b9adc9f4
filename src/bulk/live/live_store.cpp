#include "bulk/live/live_store.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace usher::bulk {

namespace {

[[noreturn]] void fail(sqlite3* file)
{
    throw std::runtime_error(std::string("the temporary file of what was read: ") +
                             (file ? sqlite3_errmsg(file) : "out of memory"));
}

// Users are known by their ids: few at a time, so that no index of their times is needed. Nothing here is ever read
// after a crash, so nothing is synced and no journal is written.
constexpr const char* schema = R"(
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -4096;
PRAGMA cache_spill = ON;
CREATE TABLE organizations (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE users (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE known (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE memberships (user TEXT NOT NULL, organization TEXT NOT NULL, began INTEGER NOT NULL, body TEXT NOT NULL,
                          PRIMARY KEY (user, organization)) WITHOUT ROWID;
BEGIN;
)";

} // namespace

class live_store::statement {
public:
    statement(sqlite3* file, const char* text) : file_(file)
    {
        if (sqlite3_prepare_v2(file, text, -1, &made_, nullptr) != SQLITE_OK)
            fail(file);
    }
    ~statement() { sqlite3_finalize(made_); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    statement& text(int place, std::string_view value)
    {
        check(sqlite3_bind_text64(made_, place, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
        return *this;
    }
    statement& number(int place, std::int64_t value)
    {
        check(sqlite3_bind_int64(made_, place, value));
        return *this;
    }
    /// True while there is a row.
    bool step()
    {
        const int came = sqlite3_step(made_);
        if (came != SQLITE_ROW && came != SQLITE_DONE)
            fail(file_);
        if (came == SQLITE_DONE)
            sqlite3_reset(made_);
        return came == SQLITE_ROW;
    }
    bool finds(std::string_view id)
    {
        const bool found = text(1, id).step();
        sqlite3_reset(made_);
        return found;
    }
    std::string column(int place)
    {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(made_, place));
        return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(made_, place))};
    }

private:
    void check(int outcome)
    {
        if (outcome != SQLITE_OK)
            fail(file_);
    }

    sqlite3* file_;
    sqlite3_stmt* made_ = nullptr;
};

struct live_store::statements {
    explicit statements(sqlite3* file)
        : knows_organization(file, "SELECT 1 FROM organizations WHERE id = ?1"),
          add_organization(file, "INSERT INTO organizations VALUES (?1)"),
          knows_membership(file, "SELECT 1 FROM known WHERE id = ?1"),
          know(file, "INSERT INTO known VALUES (?1)"),
          add_membership(file, "INSERT OR REPLACE INTO memberships VALUES (?1, ?2, ?3, ?4)"),
          all_of_user(file, "SELECT body FROM memberships WHERE user = ?1 ORDER BY began, organization"),
          known_of_user(file, "SELECT body FROM memberships WHERE user = ?1 AND organization IN organizations "
                              "ORDER BY began, organization"),
          knows_user(file, "SELECT 1 FROM users WHERE id = ?1"),
          add_user(file, "INSERT INTO users VALUES (?1, ?2)"),
          forget_users(file, "DELETE FROM users WHERE created_at < ?1")
    {
    }

    statement knows_organization;
    statement add_organization;
    statement knows_membership;
    statement know;
    statement add_membership;
    statement all_of_user;
    statement known_of_user;
    statement knows_user;
    statement add_user;
    statement forget_users;
};

live_store::live_store()
{
    // No name: a file in the folder for temporary ones that is removed before anything stands in it.
    if (sqlite3_open("", &file_) != SQLITE_OK || sqlite3_exec(file_, schema, nullptr, nullptr, nullptr) != SQLITE_OK) {
        const std::string why = file_ ? sqlite3_errmsg(file_) : "out of memory";
        sqlite3_close(file_);
        throw std::runtime_error("the temporary file of what is read can't be made: " + why);
    }
    prepared_ = std::make_unique<statements>(file_);
}

live_store::~live_store()
{
    prepared_.reset();
    sqlite3_close(file_);
}

bool live_store::knows_organization(std::string_view id)
{
    return prepared_->knows_organization.finds(id);
}

void live_store::add_organization(std::string_view id)
{
    prepared_->add_organization.text(1, id).step();
}

bool live_store::knows_membership(std::string_view id)
{
    return prepared_->knows_membership.finds(id);
}

void live_store::add_membership(const kept_membership& what)
{
    prepared_->know.text(1, what.id).step();
    // Who left and came back meanwhile has two, of which the later one counts.
    auto& add = prepared_->add_membership;
    add.text(1, what.user).text(2, what.organization).number(3, what.began).text(4, what.body).step();
}

std::vector<std::string> live_store::memberships_of(std::string_view user, bool of_known_organizations)
{
    std::vector<std::string> bodies;
    auto& ask = of_known_organizations ? prepared_->known_of_user : prepared_->all_of_user;
    ask.text(1, user);
    while (ask.step())
        bodies.push_back(ask.column(0));
    return bodies;
}

bool live_store::knows_user(std::string_view id)
{
    return prepared_->knows_user.finds(id);
}

void live_store::add_user(std::string_view id, std::int64_t created_at)
{
    prepared_->add_user.text(1, id).number(2, created_at).step();
}

void live_store::forget_users(std::int64_t created_before)
{
    prepared_->forget_users.number(1, created_before).step();
}

} // namespace usher::bulk
