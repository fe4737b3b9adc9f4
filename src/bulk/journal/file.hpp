// A journal's file: made, recognised, locked.
//
// Tables: record (one row each, written when it begins and once when it ends), step (those beyond a record's first),
// letter, note, sample, setting; name (hash of kind and source id → number) with `named`, the last number that it
// knows. `name` is filled in sorted runs of many records, since filling it record by record would touch a page of its
// own for each of them: see names.hpp.
#ifndef USHER_BULK_JOURNAL_FILE_HPP
#define USHER_BULK_JOURNAL_FILE_HPP

#include "bulk/journal/sqlite.hpp"

#include <usher/bulk/journal.hpp>

#include <memory>
#include <string>

namespace usher::bulk::detail {

/// Held as long as a process works on a journal; the system lets go of it however the process ends.
class file_lock {
public:
    /// *Errors*: `std::runtime_error`: another one has it, or the file beside the journal can't be written.
    explicit file_lock(const std::string& journal);
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;
    ~file_lock();

    static bool is_held(const std::string& journal);

private:
    int descriptor_;
};

/// Opens the file for writing, and makes it a journal if it is empty and may be made. The caller has its lock.
std::unique_ptr<database> open_to_write(const std::string& path);
/// *Errors*: not there, no journal, of a newer version.
std::unique_ptr<database> open_to_read(const std::string& path);

/// *Errors*: `std::runtime_error` when that does not fit `how`.
void check_presence(const std::string& path, journal_options::file how);

} // namespace usher::bulk::detail

#endif
