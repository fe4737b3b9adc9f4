// The order in which addresses are tried, and when: RFC 8305.
//
// Invariants. The first attempt begins at once, the next one 250 ms after the one before it, or as soon as the youngest
// has failed, whatever became of those before it. Time is an argument and nothing here waits: `race` does that.
#ifndef USHER_NET_RACE_PLAN_HPP
#define USHER_NET_RACE_PLAN_HPP

#include "net/deadline.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <vector>

namespace usher::detail {

class race_plan {
public:
    static constexpr std::chrono::milliseconds stagger{250};

    race_plan(std::size_t addresses, time_point now) noexcept : addresses_(addresses), next_at_(now) {}

    /// True if an attempt has to begin now: it is that of the address `begun() - 1` then.
    bool begin_one(time_point now) noexcept;
    void failed(std::size_t attempt) noexcept;

    std::size_t begun() const noexcept { return begun_; }
    /// Every address was tried and failed.
    bool is_lost() const noexcept { return failed_ == addresses_; }
    /// When to ask again, unless an attempt ends before.
    time_point next_at() const noexcept { return begun_ < addresses_ ? next_at_ : time_point::max(); }

private:
    std::size_t addresses_;
    std::size_t begun_ = 0;
    std::size_t failed_ = 0;
    time_point next_at_;
};

/// The resolver's order, which is that of RFC 6724, with the families in turn from the first one on (RFC 8305 §4).
std::vector<boost::asio::ip::tcp::endpoint> in_turn(const std::vector<boost::asio::ip::tcp::endpoint>& found);

} // namespace usher::detail

#endif
