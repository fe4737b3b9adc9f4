// The bytes of a source: a file of any size, or standard input.
#ifndef USHER_BULK_INPUT_HPP
#define USHER_BULK_INPUT_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace usher::bulk {

/// A file, read where it is needed; or a pipe, waited for without holding up anything else.
/// *Thread safety*: none. *Lifetime*: it must outlive its reads.
class input {
public:
    /// Opens a file; `-` is standard input. *Errors*: `std::system_error` that names the file.
    input(boost::asio::any_io_executor executor, const std::string& path);
    ~input();
    input(const input&) = delete;
    input& operator=(const input&) = delete;

    /// How many bytes there are; nothing when that is not known (a pipe).
    std::optional<std::uint64_t> size() const noexcept;
    /// Reads up to `size` bytes; 0: there are no more, or reading was cancelled. *Errors*: throws
    /// `boost::system::system_error`.
    boost::asio::awaitable<std::size_t> read(char* data, std::size_t size);
    /// Ends a read that waits; later ones return 0.
    void cancel();

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

} // namespace usher::bulk

#endif
