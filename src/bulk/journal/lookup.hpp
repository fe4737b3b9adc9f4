// Reads entries of a journal that somebody else writes, one question at a time.
#ifndef USHER_BULK_JOURNAL_LOOKUP_HPP
#define USHER_BULK_JOURNAL_LOOKUP_HPP

#include "bulk/journal/rows.hpp"

#include <functional>
#include <optional>

namespace usher::bulk::detail {

/// Each question is a read transaction of its own, so that the write-ahead log can be emptied in between.
class lookup {
public:
    explicit lookup(database& file);

    std::optional<journal_entry> entry(std::uint64_t number);
    /// Asks `use` about each number that the table `name` has for this hash, until it says true.
    void numbers(std::uint64_t hash, const std::function<bool(std::uint64_t)>& use);

    std::uint64_t last_number();
    /// The last record that the table `name` knows.
    std::uint64_t named();
    void each_written_name(const std::function<void(std::uint64_t hash)>& use);
    /// The names of the records from there on.
    void each_name_after(std::uint64_t number,
                         const std::function<void(std::uint64_t hash, std::uint64_t number)>& use);

private:
    database& file_;
    statement entry_, numbers_, after_;
};

} // namespace usher::bulk::detail

#endif
