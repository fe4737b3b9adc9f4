// One connection to Redis: commands go out in order, replies come back in order.
//
// The socket is Asio's, so that every step can be bounded and cancelled, name resolution too; hiredis writes the
// commands and reads the replies. Invariants. A read is armed exactly while a reply is due, so an idle connection holds
// no work. After `close` nothing is called any more. Lifecycle. open; opened (after AUTH, SELECT and PING); any number
// of send, each of which is answered by one `replied`; ended once, or close.
#ifndef USHER_SRC_REDIS_CONNECTION_HPP
#define USHER_SRC_REDIS_CONNECTION_HPP

#include "redis/address.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct redisReader;

namespace usher::redis {

/// What a command was answered with.
struct reply {
    reply() = default;
    bool is_error = false;
    std::string text; ///< of a string, status or error
    long long number = 0;
    std::vector<reply> items;
};

using command = std::vector<std::string>;

/// Whoever uses a connection. It may close the connection, and let go of it, in each of these.
class connection_user {
public:
    virtual void opened() = 0;
    virtual void replied(const reply& answer) = 0;
    /// The connection is of no use any more.
    virtual void ended(const std::string& why) = 0;

protected:
    ~connection_user() = default;
};

class connection : public std::enable_shared_from_this<connection> {
public:
    /// `user` is called until `close`.
    connection(boost::asio::any_io_executor executor, address to, connection_user& user);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    void open();
    /// After `opened`.
    void send(const command& what);
    void close() noexcept;

private:
    using tcp = boost::asio::ip::tcp;

    void resolve();
    void connect(const tcp::resolver::results_type& where);
    void greet();
    void write();
    void read();
    void take_replies();
    void take(const reply& answer);
    void end(const std::string& why);

    tcp::resolver resolver_;
    tcp::socket socket_;
    address to_;
    connection_user* user_; // null: closed
    redisReader* reader_;
    std::string out_;     // to be written next
    std::string writing_; // being written
    std::array<char, 4096> in_{};
    std::size_t due_ = 0;           // replies
    std::size_t greetings_ = 0;     // of them: to AUTH, SELECT and PING
    bool is_password_sent_ = false; // and its answer is the next one
    bool is_writing_ = false;
    bool is_reading_ = false;
};

} // namespace usher::redis

#endif
