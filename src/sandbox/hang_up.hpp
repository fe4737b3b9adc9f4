#pragma once

#include "usher/sandbox.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <type_traits>

namespace usher::sandbox {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;

// Graceful: close_notify and FIN. Plain: FIN. Reset: RST, and what is under way is lost.
enum class ending { graceful, plain, reset };

inline ending ending_of(const fault& f)
{
    return f.reset ? ending::reset : ending::graceful;
}

// Ends a connection. `owner` holds stream and timer, and is kept until the end is over: the peer has a second to answer
// close_notify.
template <class Owner, class Stream>
void hang_up(std::shared_ptr<Owner> owner, Stream& stream, asio::steady_timer& timer, ending how)
{
    auto& socket = stream.lowest_layer();
    error_code ignored;
    if (how == ending::reset)
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
    if (how == ending::graceful) {
        if constexpr (!std::is_same_v<Stream, tcp::socket>) {
            timer.expires_after(std::chrono::seconds(1));
            timer.async_wait([owner, &socket](error_code e) {
                error_code unused;
                if (!e)
                    socket.close(unused);
            });
            stream.async_shutdown([owner, &socket, &timer](error_code) {
                error_code unused;
                timer.cancel();
                socket.shutdown(tcp::socket::shutdown_both, unused);
                socket.close(unused);
            });
            return;
        } else
            socket.shutdown(tcp::socket::shutdown_both, ignored);
    }
    socket.close(ignored);
}

} // namespace usher::sandbox
