#include "bulk/source/joined_rows.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace usher::bulk {

namespace {

struct closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
};

using connection = std::unique_ptr<sqlite3, closer>;
using statement = std::unique_ptr<sqlite3_stmt, closer>;

} // namespace

struct joined_rows::database {
    database()
    {
        sqlite3* handle = nullptr;
        // An empty name is a private file in the temporary folder, and never memory alone.
        const int result = sqlite3_open_v2("", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
        file.reset(handle);
        check(result);
        run("PRAGMA temp_store=FILE; PRAGMA cache_size=-4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE row (id INTEGER PRIMARY KEY, key TEXT, line INTEGER, value TEXT); BEGIN");
        insert = prepare("INSERT INTO row VALUES (?, ?, ?, ?)");
    }

    void check(int result) const
    {
        if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE)
            throw std::runtime_error(std::string("the temporary file of a joined file can't be used: ") +
                                     (file ? sqlite3_errmsg(file.get()) : sqlite3_errstr(result)));
    }
    void run(const char* sql) const { check(sqlite3_exec(file.get(), sql, nullptr, nullptr, nullptr)); }
    statement prepare(const char* sql) const
    {
        sqlite3_stmt* handle = nullptr;
        check(sqlite3_prepare_v2(file.get(), sql, -1, &handle, nullptr));
        return statement(handle);
    }
    void bind(const statement& to, int place, std::string_view text) const
    {
        check(sqlite3_bind_text64(to.get(), place, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                                  SQLITE_UTF8));
    }
    bool step(const statement& which) const
    {
        const int result = sqlite3_step(which.get());
        check(result);
        return result == SQLITE_ROW;
    }

    connection file;
    statement insert;
    statement select;
    statement line_of;
};

joined_rows::joined_rows() : rows_(std::make_unique<database>()) {}

joined_rows::~joined_rows() = default;

void joined_rows::add(std::string_view key, std::uint64_t line, std::string_view value)
{
    const auto& insert = rows_->insert;
    rows_->check(sqlite3_bind_int64(insert.get(), 1, static_cast<sqlite3_int64>(size_ + 1)));
    rows_->bind(insert, 2, key);
    rows_->check(sqlite3_bind_int64(insert.get(), 3, static_cast<sqlite3_int64>(line)));
    rows_->bind(insert, 4, value);
    rows_->step(insert);
    sqlite3_reset(insert.get());
    ++size_;
}

void joined_rows::seal()
{
    rows_->run("CREATE INDEX key_of_row ON row (key)");
    rows_->run("COMMIT");
    rows_->select = rows_->prepare("SELECT id, line, value FROM row WHERE key = ? ORDER BY id");
    rows_->line_of = rows_->prepare("SELECT line FROM row WHERE id = ?");
    used_.resize(size_);
}

std::vector<joined_row> joined_rows::find(std::string_view key)
{
    std::vector<joined_row> found;
    const auto& select = rows_->select;
    rows_->bind(select, 1, key);
    while (rows_->step(select)) {
        const auto index = static_cast<std::size_t>(sqlite3_column_int64(select.get(), 0) - 1);
        auto& row = found.emplace_back();
        row.line = static_cast<std::uint64_t>(sqlite3_column_int64(select.get(), 1));
        row.value.assign(reinterpret_cast<const char*>(sqlite3_column_text(select.get(), 2)),
                         static_cast<std::size_t>(sqlite3_column_bytes(select.get(), 2)));
        used_count_ += used_[index] ? 0U : 1U;
        used_[index] = true;
    }
    sqlite3_reset(select.get());
    return found;
}

std::optional<std::uint64_t> joined_rows::first_unused_line()
{
    const auto first = std::find(used_.begin(), used_.end(), false);
    if (first == used_.end())
        return std::nullopt;
    const auto& line_of = rows_->line_of;
    rows_->check(sqlite3_bind_int64(line_of.get(), 1, (first - used_.begin()) + 1));
    std::optional<std::uint64_t> line;
    if (rows_->step(line_of))
        line = static_cast<std::uint64_t>(sqlite3_column_int64(line_of.get(), 0));
    sqlite3_reset(line_of.get());
    return line;
}

} // namespace usher::bulk
