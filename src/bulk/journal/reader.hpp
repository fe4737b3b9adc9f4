// The inside of a journal's reader.
#ifndef USHER_BULK_JOURNAL_READER_IMPLEMENTATION_HPP
#define USHER_BULK_JOURNAL_READER_IMPLEMENTATION_HPP

#include "bulk/journal/file.hpp"
#include "bulk/journal/lookup.hpp"
#include "bulk/journal/names.hpp"

#include <usher/bulk/journal_reader.hpp>

#include <memory>

namespace usher::bulk {
namespace detail {

/// Several questions about the same state of a journal.
class snapshot {
public:
    explicit snapshot(database& of) : of_(of) { of_.run("BEGIN"); }
    snapshot(const snapshot&) = delete;
    snapshot& operator=(const snapshot&) = delete;
    ~snapshot() { sqlite3_exec(of_.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }

private:
    database& of_;
};

} // namespace detail

struct journal_reader::implementation {
    explicit implementation(const std::string& path);
    std::optional<journal_entry> find(entity_kind kind, std::string_view source_id);
    void look_on();

    std::unique_ptr<detail::database> file;
    detail::lookup entries;
    detail::name_run tail; ///< what the table of names did not have when it was looked at
    std::uint64_t named;   ///< the last number that it had
    std::uint64_t seen;    ///< the last number that it or `tail` has
};

} // namespace usher::bulk

#endif
