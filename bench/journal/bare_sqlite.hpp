// The same rows written with SQLite and nothing around it, in one thread: what the journal's work costs at least, and
// what an index on kind and source id, filled as records come, would cost.
#ifndef USHER_BENCH_BARE_SQLITE_HPP
#define USHER_BENCH_BARE_SQLITE_HPP

#include <string>

/// Inserts `records` rows and updates each of them a hundred rows later; so many of both share a commit.
void write_bare(const std::string& path, int records, int per_commit, bool is_indexed);

#endif
