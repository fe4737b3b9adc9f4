// The second file of a source: passwords that an export keeps apart from the users they belong to.
#ifndef USHER_BULK_JOINED_FILE_HPP
#define USHER_BULK_JOINED_FILE_HPP

#include "bulk/source/byte_stream.hpp"
#include "bulk/source/joined_rows.hpp"

#include <usher/bulk/record.hpp>

namespace usher::bulk {

/// Lifecycle: loaded once as a whole, then asked for every record. *Thread safety*: none.
class joined_file {
public:
    /// *Errors*: `std::system_error` that names the file, `std::invalid_argument` for a format without such a file.
    joined_file(boost::asio::any_io_executor executor, const std::string& path, source_format format);

    /// Reads all rows, unless that is done. Lets others run in between. Returns early when it is cancelled.
    /// *Errors*: throws `std::runtime_error` with the file and the line of a row that can't be read.
    boost::asio::awaitable<void> load();
    /// Gives a record what belongs to it; makes it one that can't be read when the rows contradict each other.
    void join(source_record& record);
    /// What is left over, as sentences.
    std::vector<std::string> remarks();
    void cancel() { bytes_.cancel(); }

private:
    void keep(const source_record& row);
    void keep_hash(const source_record& row);
    void keep_account(const source_record& row);
    void join_hash(source_record& record);
    void join_accounts(source_record& record);
    void contradicted(source_record& record, const std::string& why) const;
    [[noreturn]] void unreadable(const source_record& row, const std::string& why) const;

    byte_stream bytes_;
    source_format format_;
    joined_rows rows_;
    std::uint64_t without_row_ = 0;
    bool loaded_ = false;
};

} // namespace usher::bulk

#endif
