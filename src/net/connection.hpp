// One connection and what stays with it from call to call.
#ifndef USHER_NET_CONNECTION_HPP
#define USHER_NET_CONNECTION_HPP

#include "net/deadline.hpp"
#include "net/response.hpp"
#include "net/stream.hpp"
#include "json/decoder.hpp"

#include <memory>
#include <string>
#include <vector>

namespace usher::detail {

/// Ends a wait on a stream when its time is over.
class stream_watch final : public deadline_entry {
public:
    explicit stream_watch(stream& watched) : stream_(watched) {}
    bool expired = false;

private:
    void expire() noexcept override
    {
        expired = true;
        stream_.cancel();
    }

    stream& stream_;
};

/// A connected stream with its buffers. It is in the pool, or leased to one call; never both.
class connection {
public:
    connection(std::unique_ptr<stream> connected, time_point now) : io(std::move(connected)), watch(*io), opened(now) {}
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    /// Wiped, since requests hold credentials: here and not after each of them, so that it costs calls nothing.
    ~connection()
    {
        input_begin = input_end = 0;
        wipe();
    }

    /// True if the peer has neither sent anything nor ended the connection. Takes in late TLS tickets.
    bool is_quiet() noexcept
    {
        char byte = 0;
        return input_begin == input_end && io->read_some(&byte, 1).state == io_state::want_read;
    }

    /// Nothing of the last exchange stays in the buffers.
    void wipe() noexcept;
    /// An empty `output` that takes this many bytes without growing, which would leave a copy of it behind.
    void begin_output(std::size_t size);
    /// More room for input; in place it would leave a copy of it behind.
    void grow_input(std::size_t size);

    std::unique_ptr<stream> io;
    stream_watch watch;
    std::string output;      ///< the request as it is written
    std::vector<char> input; ///< bytes read and not yet used: [input_begin, input_end)
    std::size_t input_begin = 0;
    std::size_t input_end = 0;
    response_reader reader;
    decoder decode;
    time_point opened;
    time_point expires = time_point::max();    ///< end of its life
    time_point idle_until = time_point::max(); ///< as the server of the last answer wants it, or the pool
    std::uint64_t exchanges = 0;
};

} // namespace usher::detail

#endif
