// A stream that gives what the test says and fails at the operation that the test names.
#ifndef USHER_TESTS_FAKE_STREAM_HPP
#define USHER_TESTS_FAKE_STREAM_HPP

#include "net/stream.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace usher::tests {

/// What is shared by a fake stream and the test that watches it.
struct fake_wire {
    std::string to_read; ///< what the peer sends
    std::string written; ///< what the peer got
    std::size_t read_at_once = std::numeric_limits<std::size_t>::max();
    std::size_t write_at_once = std::numeric_limits<std::size_t>::max();
    bool pause_between = false; ///< every other try of a direction has to be waited for
    std::size_t fail_at = std::numeric_limits<std::size_t>::max(); ///< number of the operation that fails, from 0
    boost::system::error_code fail_with = boost::asio::error::connection_reset;
    bool end_after_input = false;                                ///< orderly end behind to_read, instead of silence
    bool is_early = false;                                       ///< the peer answers before it has the whole request
    std::size_t takes = std::numeric_limits<std::size_t>::max(); ///< bytes that the peer takes before it reads no more
    bool refuses_more = false; ///< … and resets then, instead of making the writer wait
    std::size_t operations = 0;
    int waits = 0;
    bool cancelled = false;
    bool closed = false;
};

/// A wire whose peer sends this text.
inline fake_wire answering(std::string text)
{
    fake_wire wire;
    wire.to_read = std::move(text);
    return wire;
}

/// Bytes of the first request in a text, 0 while it is not whole.
inline std::size_t size_of_request(std::string_view text)
{
    const auto head = text.find("\r\n\r\n");
    if (head == std::string_view::npos)
        return 0;
    constexpr std::string_view name = "Content-Length: ";
    const auto length = text.substr(0, head).find(name);
    const auto body =
        length == std::string_view::npos ? 0 : std::strtoull(text.data() + length + name.size(), nullptr, 10);
    const auto size = head + 4 + body;
    return text.size() < size ? 0 : size;
}

class fake_stream final : public detail::stream {
public:
    explicit fake_stream(fake_wire& wire) : wire_(wire) {}
    ~fake_stream() override { wire_.closed = true; }

    detail::io_result read_some(char* data, std::size_t size) noexcept override
    {
        if (const auto early = gate(detail::io_state::want_read); early.state != detail::io_state::ready)
            return early;
        if (!wire_.is_early && size_of_request(wire_.written) == 0)
            return {detail::io_state::want_read, 0, {}};
        const auto bytes = std::min({size, wire_.read_at_once, wire_.to_read.size() - read_});
        if (bytes == 0)
            return wire_.end_after_input ? detail::io_result{detail::io_state::closed, 0, boost::asio::error::eof}
                                         : detail::io_result{detail::io_state::want_read, 0, {}};
        wire_.to_read.copy(data, bytes, read_);
        read_ += bytes;
        return {detail::io_state::ready, bytes, {}};
    }

    detail::io_result write_some(const char* data, std::size_t size) noexcept override
    {
        if (const auto early = gate(detail::io_state::want_write); early.state != detail::io_state::ready)
            return early;
        const auto bytes = std::min({size, wire_.write_at_once, wire_.takes - wire_.written.size()});
        if (bytes == 0 && wire_.refuses_more)
            return {detail::io_state::failed, 0, boost::asio::error::connection_reset};
        if (bytes == 0)
            return {detail::io_state::want_write, 0, {}};
        wire_.written.append(data, bytes);
        return {detail::io_state::ready, bytes, {}};
    }

    boost::asio::awaitable<boost::system::error_code> wait(detail::io_state) override
    {
        ++wire_.waits;
        co_return boost::system::error_code();
    }

    void cancel() noexcept override { wire_.cancelled = true; }
    void close() noexcept override { wire_.closed = true; }

private:
    detail::io_result gate(detail::io_state wanted) noexcept
    {
        if (wire_.operations++ == wire_.fail_at)
            return {detail::io_state::failed, 0, wire_.fail_with};
        auto& paused = wanted == detail::io_state::want_read ? read_paused_ : write_paused_;
        if (wire_.pause_between && (paused = !paused))
            return {wanted, 0, {}};
        return {};
    }

    fake_wire& wire_;
    std::size_t read_ = 0;
    bool read_paused_ = false;
    bool write_paused_ = false;
};

} // namespace usher::tests

#endif
