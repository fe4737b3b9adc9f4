// Asks a proxy to make a tunnel of a connection: CONNECT, RFC 9110 §9.3.6.
//
// Vocabulary. The *head* is the proxy's answer up to its empty line. A 2xx has no body, whatever its fields say: behind
// its head the tunnel begins.
// Invariants. The origin is named by the configuration alone. The credentials go to the proxy in this one request; the
// buffers that held them are wiped before anything else is written. TLS begins with us, so that a byte behind the head
// of a 2xx is none of the origin's: it ends the connection. No text of the proxy's gets into an error.
#ifndef USHER_NET_TUNNEL_HPP
#define USHER_NET_TUNNEL_HPP

#include "core/base_url.hpp"
#include "core/proxy.hpp"
#include "net/opening.hpp"

#include <array>
#include <string>
#include <string_view>

namespace usher::detail {

class tunnel final : public opening {
public:
    /// Room for all that a proxy may say before the tunnel.
    static constexpr std::size_t most_head = 16 * 1024;

    /// `on` is connected to the proxy; it and `proxy` have to live as long.
    tunnel(stream& on, const proxy_address& proxy, const base_url& origin);
    ~tunnel() override;

    io_state advance() noexcept override;
    /// A refusal has a code of `proxy_status_category`: the status.
    boost::system::error_code code() const noexcept override { return code_; }
    std::string text() const override;

private:
    enum class ending : std::uint8_t { none, refused, broken, closed, too_long, not_http, early_bytes };

    io_state write_more() noexcept;
    io_state read_more() noexcept;
    io_state fail(ending why, boost::system::error_code code) noexcept;
    io_state take(std::string_view bytes) noexcept;
    bool end_line() noexcept;

    stream& on_;
    const proxy_address& proxy_;
    std::string output_;
    std::size_t written_ = 0;
    std::array<char, 4096> input_{};
    std::size_t taken_ = 0;             ///< bytes of all heads so far
    std::array<char, 16> line_begin_{}; ///< of the line that is being read: as much as a status line needs
    std::size_t line_size_ = 0;
    std::size_t lines_ = 0;
    bool has_colon_ = false;
    bool after_cr_ = false;
    int status_ = 0;
    ending ending_ = ending::none;
    boost::system::error_code code_;
};

} // namespace usher::detail

#endif
