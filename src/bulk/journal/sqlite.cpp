#include "bulk/journal/sqlite.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

namespace usher::bulk::detail {
namespace {

namespace fs = std::filesystem;

std::string reason(sqlite3* handle)
{
    const int code = sqlite3_extended_errcode(handle);
    const int system = sqlite3_system_errno(handle);
    const auto system_text = system == 0 ? std::string() : std::generic_category().message(system);
    switch (code & 0xff) {
    case SQLITE_NOTADB:
        return "this is no journal";
    case SQLITE_CORRUPT:
        return "the journal is damaged";
    case SQLITE_FULL:
        return "the journal can't be written: the disk is full";
    case SQLITE_READONLY:
        return "the journal can't be written: it or its folder is read-only";
    case SQLITE_CANTOPEN:
        return "the journal can't be opened: " + (system == 0 ? "it, or a file beside it" : system_text);
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_SHORT_READ)
            return "the journal is damaged: it ends too early";
        return "the journal can't be read or written: " + (system == 0 ? sqlite3_errmsg(handle) : system_text);
    case SQLITE_BUSY:
        return "the journal is locked by another program";
    default:
        return std::string("the journal can't be used: ") + sqlite3_errmsg(handle);
    }
}

/// Some names mean something else to SQLite.
std::string absolute_path(const std::string& path)
{
    std::error_code ignored;
    auto whole = fs::absolute(path, ignored).string();
    return whole.empty() ? path : whole;
}

std::string frozen_uri(const std::string& path)
{
    std::string uri = "file:";
    for (const char each : absolute_path(path)) {
        if (each == '%' || each == '?' || each == '#')
            uri += each == '%' ? "%25" : each == '?' ? "%3f" : "%23";
        else
            uri += each;
    }
    return uri + "?immutable=1";
}

/// A journal holds dead letters, and those whole records with digests and secrets: nobody else reads it. The files
/// beside it get its mode. One that is there is not opened: to close it again would drop this process's locks on it.
/// What fails here fails once more where it is told why.
void make_private(const std::string& path)
{
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made >= 0)
        ::close(made);
}

} // namespace

database::database(std::string path, access how) : path_(std::move(path))
{
    if (how == access::write)
        make_private(absolute_path(path_));
    const int flags = how == access::write    ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                      : how == access::frozen ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
                                              : SQLITE_OPEN_READONLY;
    const auto name = how == access::frozen ? frozen_uri(path_) : absolute_path(path_);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(opened);
    if (!opened)
        throw std::bad_alloc();
    sqlite3_extended_result_codes(opened, 1);
    if (code != SQLITE_OK)
        fail();
    sqlite3_busy_timeout(opened, 5000);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // A page that contradicts itself is refused when it is read, instead of somewhere later.
    run("PRAGMA cell_size_check = ON");
}

void database::fail() const
{
    fail(reason(handle_.get()));
}

void database::fail(std::string_view why) const
{
    throw std::runtime_error(path_ + ": " + std::string(why));
}

void database::run(const char* sql)
{
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        fail();
}

std::int64_t database::number(const char* sql)
{
    statement ask(*this, sql);
    return ask.step() ? ask.number(0) : 0;
}

std::string database::text(const char* sql)
{
    statement ask(*this, sql);
    return ask.step() ? ask.text(0) : std::string();
}

statement::statement(const database& of, const char* sql) : of_(&of)
{
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(of.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK)
        of.fail();
    handle_.reset(made);
}

statement& statement::bind(int place, std::int64_t value)
{
    if (sqlite3_bind_int64(handle_.get(), place, value) != SQLITE_OK)
        of_->fail();
    return *this;
}

statement& statement::bind(int place, std::string_view value)
{
    // A null pointer would be NULL, which is something else than an empty text.
    const char* begin = value.data() == nullptr ? "" : value.data();
    if (sqlite3_bind_text64(handle_.get(), place, begin, value.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK)
        of_->fail();
    return *this;
}

bool statement::step()
{
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        of_->fail();
    return false;
}

void statement::run()
{
    const reading guard(*this);
    step();
}

std::string statement::text(int column) const
{
    const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return begin == nullptr ? std::string() : std::string(begin, size);
}

} // namespace usher::bulk::detail
