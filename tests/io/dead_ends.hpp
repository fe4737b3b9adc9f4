// Addresses of loopback where nobody answers, and one where somebody does.
#ifndef USHER_TESTS_IO_DEAD_ENDS_HPP
#define USHER_TESTS_IO_DEAD_ENDS_HPP

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <list>
#include <optional>

#include <poll.h>
#include <sys/socket.h>

namespace usher::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

inline tcp::endpoint local(std::uint16_t port = 0)
{
    return {asio::ip::address_v4::loopback(), port};
}

struct listener {
    listener() : acceptor(io, local()) {}
    tcp::endpoint address() const { return acceptor.local_endpoint(); }
    asio::io_context io;
    tcp::acceptor acceptor;
};

// A port where nobody listens: connecting is refused at once. It is held, so that nobody else gets it.
struct refusing {
    refusing() : socket(io, tcp::v4()) { socket.bind(local()); }
    tcp::endpoint address() const { return socket.local_endpoint(); }
    asio::io_context io;
    tcp::socket socket;
};

// Where connecting is neither taken nor refused: a queue of one that is full.
struct black_hole {
    black_hole() : own(std::in_place), acceptor(*own, tcp::v4()) { fill(); }
    // For who accepts later.
    explicit black_hole(asio::io_context& io) : acceptor(io, tcp::v4()) { fill(); }
    tcp::endpoint address() const { return acceptor.local_endpoint(); }

    std::optional<asio::io_context> own;
    tcp::acceptor acceptor;
    std::list<tcp::socket> queued;

private:
    void fill()
    {
        acceptor.bind(local());
        acceptor.listen(0);
        // Full when a connection does not come through within 100 ms.
        for (bool is_full = false; !is_full && queued.size() < 16;) {
            queued.emplace_back(acceptor.get_executor(), tcp::v4());
            queued.back().non_blocking(true);
            // Asio's connect waits even then.
            const auto to = acceptor.local_endpoint();
            ::connect(queued.back().native_handle(), to.data(), static_cast<socklen_t>(to.size()));
            pollfd one{queued.back().native_handle(), POLLOUT, 0};
            is_full = poll(&one, 1, 100) == 0;
        }
        BOOST_TEST_REQUIRE(queued.size() < 16U);
    }
};

} // namespace usher::tests

#endif
