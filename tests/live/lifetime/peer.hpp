// A server that moves only when a test lets it take a turn, so that a call can be stopped between any two steps.
#ifndef USHER_TESTS_LIVE_LIFETIME_PEER_HPP
#define USHER_TESTS_LIVE_LIFETIME_PEER_HPP

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <deque>
#include <functional>
#include <list>
#include <string>

namespace usher::tests {

/// What becomes of a request: pieces that are written one a turn; those from `held` on wait for `release`.
struct reply {
    reply() = default;
    std::deque<std::string> pieces;
    std::size_t held = static_cast<std::size_t>(-1);
};

/// A whole answer in one piece, or in as many as it has bytes to cut at.
reply answer_of(int status, const std::string& body, const std::string& headers = "");
/// The same; its first piece goes, the rest is held.
reply half_of(int status, const std::string& body);
/// All of it is held.
reply silence();
/// `{"object":"total_count",…}`, which `GET /users/count` takes.
std::string count_body();

class peer {
public:
    using act = std::function<reply(const std::string& head, int number)>;

    /// `backlog`: how many connections the system makes before they are accepted.
    explicit peer(int backlog = 128);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Accepts, reads, writes: as far as that goes without waiting, one piece for each connection.
    void turn();
    /// Everything that is held goes, and nothing is held any more.
    void release();

    act acts;
    bool accepts = true;
    bool reads = true;
    int begun = 0; ///< requests of which something came
    int whole = 0; ///< … and that came to their end

private:
    struct link {
        explicit link(boost::asio::ip::tcp::socket accepted) : socket(std::move(accepted)) {}
        boost::asio::ip::tcp::socket socket;
        std::string input;
        std::size_t body_left = 0;
        bool in_body = false;
        bool is_counted = false;
        bool is_closed = false;
        reply out;
    };

    void read(link& from);
    void take(link& from);
    void write(link& to);

    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::list<link> links_;
    bool is_released_ = false;
};

} // namespace usher::tests

#endif
