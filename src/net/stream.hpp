// A byte stream that never blocks.
//
// Vocabulary. An operation is *tried*: it does what can be done now and says what it would have to wait for. Waiting is
// a step of its own, so whoever drives a stream is a loop of tries and waits with one suspension for each wait.
// Invariants. A try never suspends and never throws. After `failed` or `closed` nothing but `close` is called; only a
// write that failed leaves what the peer said before it to be read.
// Lifecycle. `handshake` until it is ready, then reads and writes, then `close` or destruction, which closes.
#ifndef USHER_NET_STREAM_HPP
#define USHER_NET_STREAM_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>

namespace usher::detail {

enum class io_state : std::uint8_t {
    ready,       ///< done, `bytes` were moved
    want_read,   ///< nothing was moved; try again when the socket is readable
    want_write,  ///< nothing was moved; try again when the socket is writable
    want_either, ///< of several tries together: again when the socket is readable or writable
    closed,      ///< the peer ended the stream in order
    failed       ///< `error` says why
};

struct io_result {
    io_state state = io_state::ready;
    std::size_t bytes = 0;
    boost::system::error_code error;
};

class stream {
public:
    stream() = default;
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    virtual ~stream() = default;

    virtual io_result read_some(char* data, std::size_t size) noexcept = 0;
    virtual io_result write_some(const char* data, std::size_t size) noexcept = 0;
    /// One step of whatever comes before the first byte.
    virtual io_result handshake() noexcept { return {}; }
    /// Whether the handshake took up an earlier session.
    virtual bool resumed() const noexcept { return false; }
    /// What the last failed handshake should tell a person; may be empty.
    virtual const char* failure_text() const noexcept { return ""; }

    /// The socket to wait on, when there is one: it saves `wait` a coroutine frame.
    virtual boost::asio::ip::tcp::socket* socket() noexcept { return nullptr; }
    /// Waits until the stream is worth another try. `cancel` and cancellation end it with `operation_aborted`.
    virtual boost::asio::awaitable<boost::system::error_code> wait(io_state state) = 0;
    /// Ends a wait.
    virtual void cancel() noexcept = 0;
    virtual void close() noexcept = 0;
};

/// What a socket has to wait for. One wait can't be for either: who needs that asks the stream to wait.
inline boost::asio::ip::tcp::socket::wait_type wait_type_of(io_state state)
{
    return state == io_state::want_read ? boost::asio::ip::tcp::socket::wait_read
                                        : boost::asio::ip::tcp::socket::wait_write;
}

} // namespace usher::detail

#endif
