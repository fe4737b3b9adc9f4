// The connections of one origin: which one a call gets, and who waits.
//
// Vocabulary. A connection is *idle* (in here), *leased* (with a call) or *connecting* (a call is setting it up). A
// *waiter* is a call that could have neither.
// Invariants. idle + leased + connecting never passes the origin's cap, and connecting never passes its own. Idle
// connections go out last in, first out, so that the surplus ages and goes; waiters are served first in, first out.
// While somebody waits, nothing is idle. Lifecycle. Time is an argument and nothing here waits: the pool does that.
#ifndef USHER_POOL_ORIGIN_HPP
#define USHER_POOL_ORIGIN_HPP

#include "net/connection.hpp"
#include "net/dial.hpp"

#include <boost/intrusive/list.hpp>

#include <cstdint>
#include <deque>

namespace usher::detail {

struct origin_limits {
    std::size_t connections = 64;
    std::size_t connecting = 16;
    std::size_t waiting = 100'000;
    std::chrono::milliseconds idle_time{60'000};
};

/// A call that waits. Whoever serves it sets one of the two and wakes it.
class pool_waiter : public boost::intrusive::list_base_hook<> {
public:
    pool_waiter() = default;
    pool_waiter(const pool_waiter&) = delete;
    pool_waiter& operator=(const pool_waiter&) = delete;
    virtual ~pool_waiter() = default;
    virtual void wake() noexcept = 0;

    std::unique_ptr<connection> given; ///< counted as leased already
    bool may_connect = false;          ///< counted as connecting already
    std::uint64_t number = 0;          ///< in the order in which they came
};

class origin_state {
public:
    explicit origin_state(const origin_limits& limits) : limits_(limits) {}

    /// An idle connection that is young and quiet, counted as leased; those that are not are closed on the way.
    std::unique_ptr<connection> take_idle(time_point now);
    /// True if one more may be set up, were it for this origin alone.
    bool may_connect() const noexcept;
    void begin_connecting() noexcept { ++connecting_; }
    void connect_failed() noexcept { --connecting_; }
    void connect_done() noexcept
    {
        --connecting_;
        ++leased_;
    }
    /// A leased connection turned out unusable: its place is one for a new one now. False: too many are being set up
    /// already; it stays leased.
    bool replace_leased() noexcept
    {
        if (connecting_ >= limits_.connecting)
            return false;
        --leased_;
        ++connecting_;
        return true;
    }
    /// A leased connection comes back: to the first waiter, or among the idle. Null: it was closed.
    void come_back(std::unique_ptr<connection> back, time_point now, time_point idle_until);
    /// Lets the first waiter set up a connection. False: nobody waits or the caps forbid it.
    bool let_connect();

    bool is_waiting_full() const noexcept { return waiters_.size() >= limits_.waiting; }
    void add_waiter(pool_waiter& waiter);
    /// Puts a waiter that was served with a connection of no use where it was: in front of all that came after it.
    void add_again(pool_waiter& waiter);
    /// A waiter that leaves unserved, or served and cancelled at once: what it was given goes on.
    void leave(pool_waiter& waiter, time_point now);

    /// Closes idle connections that are past their time; those longest unused come first.
    void close_expired(time_point now);
    void close_idle() { idle_.clear(); }
    /// Closes the connection that has been idle for longest. False: there is none.
    bool close_oldest();

    std::size_t idle() const noexcept { return idle_.size(); }
    std::size_t leased() const noexcept { return leased_; }
    std::size_t connecting() const noexcept { return connecting_; }
    std::size_t total() const noexcept { return idle_.size() + leased_ + connecting_; }
    bool has_waiters() const noexcept { return !waiters_.empty(); }
    std::size_t waiting() const noexcept { return waiters_.size(); }

private:
    using waiter_list = boost::intrusive::list<pool_waiter>;

    origin_limits limits_;
    std::deque<std::unique_ptr<connection>> idle_; ///< longest unused first
    waiter_list waiters_;
    std::uint64_t waiters_so_far_ = 0;
    std::size_t leased_ = 0;
    std::size_t connecting_ = 0;
};

} // namespace usher::detail

#endif
