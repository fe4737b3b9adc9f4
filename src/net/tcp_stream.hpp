// A stream over a connected TCP socket.
#ifndef USHER_NET_TCP_STREAM_HPP
#define USHER_NET_TCP_STREAM_HPP

#include "net/stream.hpp"

namespace usher::detail {

class tcp_stream final : public stream {
public:
    /// Takes a connected socket; sets it to non-blocking and to send without delay.
    explicit tcp_stream(boost::asio::ip::tcp::socket socket);

    io_result read_some(char* data, std::size_t size) noexcept override;
    io_result write_some(const char* data, std::size_t size) noexcept override;
    boost::asio::ip::tcp::socket* socket() noexcept override { return &socket_; }
    boost::asio::awaitable<boost::system::error_code> wait(io_state state) override;
    void cancel() noexcept override;
    void close() noexcept override;

private:
    boost::asio::ip::tcp::socket socket_;
};

} // namespace usher::detail

#endif
