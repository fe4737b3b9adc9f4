#include "bulk/journal/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace usher::bulk::detail {
namespace {

constexpr std::int64_t application = 0x75736872; // "ushr"
constexpr std::int64_t version = 1;

constexpr const char* schema = R"(
BEGIN IMMEDIATE;
CREATE TABLE record(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, source_id TEXT NOT NULL, target_id TEXT NOT NULL,
    line INTEGER NOT NULL, state INTEGER NOT NULL, made INTEGER NOT NULL, steps_done INTEGER NOT NULL,
    in_doubt INTEGER NOT NULL, begun INTEGER NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE step(number INTEGER NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    made INTEGER NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY(number, step)) WITHOUT ROWID;
CREATE TABLE letter(place INTEGER PRIMARY KEY, number INTEGER NOT NULL, line INTEGER NOT NULL, step TEXT NOT NULL,
    code TEXT NOT NULL, text TEXT NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE note(id INTEGER PRIMARY KEY, field TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
    example TEXT NOT NULL);
CREATE TABLE sample(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE name(hash INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(hash, number)) WITHOUT ROWID;
CREATE TABLE named(up_to INTEGER NOT NULL);
INSERT INTO named VALUES(0);
PRAGMA application_id = 1970497650;
PRAGMA user_version = 1;
COMMIT;
)";
static_assert(application == 1970497650 && version == 1);

std::string lock_path(const std::string& journal)
{
    return journal + "-lock";
}

[[noreturn]] void fail(const std::string& path, const std::string& why)
{
    throw std::runtime_error(path + ": " + why);
}

/// Whether it is a journal already; false: it is empty.
bool is_journal(database& file)
{
    const auto mark = file.number("PRAGMA application_id");
    if (mark == 0 && file.number("SELECT count(*) FROM sqlite_master") == 0)
        return false;
    if (mark != application)
        file.fail("this is no journal, but a database of another program");
    if (const auto found = file.number("PRAGMA user_version"); found != version)
        file.fail("this journal has format " + std::to_string(found) + "; this program knows up to " +
                  std::to_string(version));
    return true;
}

std::string holder(int descriptor)
{
    std::array<char, 32> text{};
    const auto size = ::pread(descriptor, text.data(), text.size(), 0);
    std::string number;
    for (ssize_t at = 0;
         at < size && text[static_cast<std::size_t>(at)] >= '0' && text[static_cast<std::size_t>(at)] <= '9'; ++at)
        number += text[static_cast<std::size_t>(at)];
    return number.empty() ? "another process" : "process " + number;
}

} // namespace

// flock rather than fcntl: SQLite's own locks are fcntl's, of which a process loses all as soon as it closes any
// descriptor of the file, and which don't tell two journals in one process apart.
file_lock::file_lock(const std::string& journal)
    : descriptor_(::open(lock_path(journal).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
{
    if (descriptor_ < 0)
        fail(journal, "the journal can't be locked: " + std::generic_category().message(errno));
    // Who asks whether it is held holds it for a moment.
    for (int attempt = 0; ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        const int why = errno;
        if (why == EINTR)
            continue;
        if (why == EWOULDBLOCK && attempt < 10) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            continue;
        }
        const auto who = holder(descriptor_);
        ::close(descriptor_);
        if (why == EWOULDBLOCK)
            fail(journal, "the journal is in use by " + who);
        fail(journal, "the journal can't be locked: " + std::generic_category().message(why));
    }
    // For the message above alone: a disk without room for it is found out about soon enough.
    const auto self = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor_, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(descriptor_, self.data(), self.size(), 0);
}

file_lock::~file_lock()
{
    [[maybe_unused]] const int emptied = ::ftruncate(descriptor_, 0);
    ::close(descriptor_);
}

bool file_lock::is_held(const std::string& journal)
{
    const int descriptor = ::open(lock_path(journal).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return held;
}

void check_presence(const std::string& path, journal_options::file how)
{
    std::error_code trouble;
    const bool present = std::filesystem::exists(path, trouble);
    if (trouble)
        fail(path, "the journal can't be opened: " + trouble.message());
    if (present && how == journal_options::file::make)
        fail(path, "there is a journal already");
    if (!present && how == journal_options::file::reopen)
        fail(path, "there is no such journal");
}

std::unique_ptr<database> open_to_write(const std::string& path)
{
    auto file = std::make_unique<database>(path, database::access::write);
    file->run("PRAGMA temp_store = MEMORY");
    const bool is_old = is_journal(*file);
    if (file->text("PRAGMA journal_mode = WAL") != "wal")
        file->fail("this file system can't hold a journal: it has no shared memory");
    file->run("PRAGMA synchronous = FULL");
    file->run("PRAGMA cache_size = -1024");
    file->run("PRAGMA wal_autocheckpoint = 1000");
    file->run("PRAGMA journal_size_limit = 8388608");
    if (!is_old)
        file->run(schema);
    return file;
}

std::unique_ptr<database> open_to_read(const std::string& path)
{
    check_presence(path, journal_options::file::reopen);
    // Readers tell each other where they are by a file beside the journal. Where there is none and can be none, nobody
    // writes either; a log that is there has to be read with it.
    std::error_code ignored;
    const bool is_frozen = ::access(path.c_str(), W_OK) != 0 && !std::filesystem::exists(path + "-wal", ignored) &&
                           !std::filesystem::exists(path + "-shm", ignored);
    auto file = std::make_unique<database>(path, is_frozen ? database::access::frozen : database::access::read);
    file->run("PRAGMA cache_size = -512");
    if (!is_journal(*file))
        file->fail("this is no journal: the file is empty");
    return file;
}

} // namespace usher::bulk::detail
