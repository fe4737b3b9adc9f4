// The bytes of a file as they were before it was compressed, if it was.
#ifndef USHER_BULK_BYTE_STREAM_HPP
#define USHER_BULK_BYTE_STREAM_HPP

#include <usher/bulk/input.hpp>

#include "bulk/source/inflater.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

/// *Thread safety*: none. *Lifetime*: it must outlive its reads.
class byte_stream {
public:
    /// *Errors*: `std::system_error` that names the file.
    byte_stream(boost::asio::any_io_executor executor, const std::string& path);

    /// The next bytes, good until the next read; none: there are no more, or reading was cancelled.
    /// *Errors*: throws `std::runtime_error` that names the file and the place. When compressed data turns out damaged,
    /// the bytes before the damage are given first.
    boost::asio::awaitable<std::string_view> read();
    void cancel();
    bool is_cancelled() const noexcept { return cancelled_; }

    /// How many bytes the file has, as it stands.
    std::optional<std::uint64_t> size() const noexcept { return file_.size(); }
    bool is_compressed() const noexcept { return unpack_.has_value(); }
    /// How much of the file went into what was read.
    std::uint64_t position() const noexcept { return unpack_ ? unpack_->position() : taken_; }
    const std::string& name() const noexcept { return name_; }

private:
    std::string name_;
    input file_;
    std::vector<char> packed_;
    std::vector<char> plain_;
    std::string_view left_;
    std::optional<inflater> unpack_;
    std::string damage_;
    std::uint64_t taken_ = 0;
    bool begun_ = false;
    bool ended_ = false;
    bool cancelled_ = false;
};

} // namespace usher::bulk

#endif
