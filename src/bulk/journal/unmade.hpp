// A file that a process left which was killed while it made a journal.
#ifndef USHER_BULK_JOURNAL_UNMADE_HPP
#define USHER_BULK_JOURNAL_UNMADE_HPP

#include <string>

namespace usher::bulk::detail {

/// Whether the file is there and there is nothing in it yet, not even what makes it a journal: opened for writing it
/// becomes one. *Errors*: `std::runtime_error`: it is no database, or can't be read.
bool is_unmade(const std::string& path);

} // namespace usher::bulk::detail

#endif
