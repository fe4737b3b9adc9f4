#include "bare_sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace {

void require(sqlite3* file, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE)
        return;
    std::fprintf(stderr, "bench_journal: %s\n", sqlite3_errmsg(file));
    std::exit(1);
}

void run(sqlite3* file, const char* sql)
{
    require(file, sqlite3_exec(file, sql, nullptr, nullptr, nullptr));
}

sqlite3_stmt* prepare(sqlite3* file, const char* sql)
{
    sqlite3_stmt* made = nullptr;
    require(file, sqlite3_prepare_v3(file, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr));
    return made;
}

void finish(sqlite3* file, sqlite3_stmt* what)
{
    require(file, sqlite3_step(what));
    sqlite3_reset(what);
}

} // namespace

void write_bare(const std::string& path, int records, int per_commit, bool is_indexed)
{
    sqlite3* file = nullptr;
    require(file, sqlite3_open(path.c_str(), &file));
    run(file, "PRAGMA journal_mode=WAL");
    run(file, "PRAGMA synchronous=FULL");
    run(file, "PRAGMA cache_size=-4096");
    run(file,
        "CREATE TABLE record(number INTEGER PRIMARY KEY, kind, source_id, target_id, line, state, made, steps_done, "
        "in_doubt, begun, checksum)");
    if (is_indexed)
        run(file, "CREATE UNIQUE INDEX by_name ON record(kind, source_id)");
    auto* insert = prepare(file, "INSERT INTO record VALUES(?1,1,?2,'',?1,0,0,0,1,1700000000000,4000000000)");
    auto* update =
        prepare(file, "UPDATE record SET target_id=?2, state=1, made=1, steps_done=1, in_doubt=0 WHERE number=?1");
    std::mt19937_64 random(7);
    int begun = 0;
    for (int ended = 0; ended < records;) {
        run(file, "BEGIN");
        for (int i = 0; i < per_commit && begun < records; ++i) {
            char id[40];
            const auto size = std::snprintf(id, sizeof id, "%016llx-%016llx", static_cast<unsigned long long>(random()),
                                            static_cast<unsigned long long>(random()));
            sqlite3_bind_int64(insert, 1, ++begun);
            sqlite3_bind_text(insert, 2, id, size, SQLITE_STATIC);
            finish(file, insert);
        }
        const int until = begun == records ? records : std::max(0, begun - 100);
        while (ended < until) {
            char id[40];
            const auto size = std::snprintf(id, sizeof id, "user_%027d", ++ended);
            sqlite3_bind_int64(update, 1, ended);
            sqlite3_bind_text(update, 2, id, size, SQLITE_STATIC);
            finish(file, update);
        }
        run(file, "COMMIT");
    }
    sqlite3_finalize(insert);
    sqlite3_finalize(update);
    sqlite3_close(file);
}
