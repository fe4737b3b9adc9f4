// A file without a name: what does not fit into memory. It is gone with its last user, however that ends.
#ifndef USHER_BULK_SCRATCH_FILE_HPP
#define USHER_BULK_SCRATCH_FILE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace usher::bulk {

/// Bytes that are added at the end and read anywhere. *Thread safety*: none.
class scratch_file {
public:
    /// `folder` empty: that of the system. *Errors*: `std::system_error` that names the folder.
    explicit scratch_file(const std::string& folder);
    ~scratch_file();
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;

    /// Adds bytes; returns where they begin. *Errors*: `std::system_error` (the disk is full).
    std::uint64_t append(std::string_view bytes);
    /// Reads what was appended, also when it was not written yet; less than asked for only at the end.
    std::size_t read(std::uint64_t at, std::span<char> to);
    std::uint64_t size() const noexcept { return written_ + pending_.size(); }

private:
    void write_out();

    int file_ = -1;
    std::uint64_t written_ = 0;
    std::string pending_;
};

} // namespace usher::bulk

#endif
