// SQLite as a journal uses it: handles that close themselves, and errors that name the file.
#ifndef USHER_BULK_JOURNAL_SQLITE_HPP
#define USHER_BULK_JOURNAL_SQLITE_HPP

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace usher::bulk::detail {

class database {
public:
    /// `frozen`: nobody writes it, and nothing can be written beside it (a read-only folder).
    enum class access : std::uint8_t { read, write, frozen };

    /// A file that `write` makes is for its owner alone. *Errors*: `std::runtime_error`, as all of these functions.
    database(std::string path, access how);
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    void run(const char* sql);
    std::int64_t number(const char* sql);
    std::string text(const char* sql);
    bool is_in_transaction() const noexcept { return sqlite3_get_autocommit(handle_.get()) == 0; }
    /// Throws what went wrong last, as a sentence about this file.
    [[noreturn]] void fail() const;
    [[noreturn]] void fail(std::string_view why) const;

    sqlite3* handle() const noexcept { return handle_.get(); }
    const std::string& path() const noexcept { return path_; }

private:
    struct closer {
        void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    };
    std::string path_;
    std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement. Texts that are bound have to live until it was stepped. *Lifetime*: the database outlives it.
class statement {
public:
    statement(const database& of, const char* sql);

    statement& bind(int place, std::int64_t value);
    statement& bind(int place, std::uint64_t value) { return bind(place, static_cast<std::int64_t>(value)); }
    statement& bind(int place, std::string_view value);
    /// Whether there is a row.
    bool step();
    /// For statements without rows: does it, and is ready for the next time.
    void run();
    void reset() noexcept { sqlite3_reset(handle_.get()); }

    std::int64_t number(int column) const noexcept { return sqlite3_column_int64(handle_.get(), column); }
    std::uint64_t count(int column) const noexcept { return static_cast<std::uint64_t>(number(column)); }
    std::string text(int column) const;
    const database& of() const noexcept { return *of_; }

private:
    struct closer {
        void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
    };
    const database* of_;
    std::unique_ptr<sqlite3_stmt, closer> handle_;
};

/// A statement that is reset when it goes out of sight, so that it holds no read transaction.
class reading {
public:
    explicit reading(statement& of) noexcept : of_(of) {}
    reading(const reading&) = delete;
    reading& operator=(const reading&) = delete;
    ~reading() { of_.reset(); }

private:
    statement& of_;
};

} // namespace usher::bulk::detail

#endif
