// Rows that are looked up by a key, more of them than memory should hold.
//
// They stand in a temporary database that has no name: SQLite removes the file as soon as it is open. Lifecycle: rows
// are added, then sealed, then found. The index is built by sorting at the end, which reads and writes in order, where
// an index kept along the way would touch a page anywhere for every row.
#ifndef USHER_BULK_JOINED_ROWS_HPP
#define USHER_BULK_JOINED_ROWS_HPP

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

struct joined_row {
    std::uint64_t line = 0;
    std::string value;
};

/// *Errors*: `std::runtime_error`, from all of its functions, when the temporary file can't be written or read.
class joined_rows {
public:
    joined_rows();
    ~joined_rows();

    void add(std::string_view key, std::uint64_t line, std::string_view value);
    void seal();
    /// The rows of a key in the order of their lines; they count as used from now on.
    std::vector<joined_row> find(std::string_view key);

    std::uint64_t size() const noexcept { return size_; }
    std::uint64_t unused() const noexcept { return size_ - used_count_; }
    /// Where the first row stands that nobody asked for.
    std::optional<std::uint64_t> first_unused_line();

private:
    struct database;

    std::unique_ptr<database> rows_;
    std::uint64_t size_ = 0;
    std::uint64_t used_count_ = 0;
    std::vector<bool> used_; ///< a bit a row
};

} // namespace usher::bulk

#endif
