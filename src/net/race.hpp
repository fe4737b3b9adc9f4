// Connects to the first of several addresses that answers.
#ifndef USHER_NET_RACE_HPP
#define USHER_NET_RACE_HPP

#include "net/deadline.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace usher::detail {

struct race_result {
    race_result() = default;
    std::optional<boost::asio::ip::tcp::socket> socket;
    boost::system::error_code error; ///< of the last address that failed, `timed_out`, or `operation_aborted`
};

/// Tries addresses in order, the next 250 ms after the one before it or as soon as that failed (RFC 8305 §5).
boost::asio::awaitable<race_result> race(boost::asio::any_io_executor executor,
                                         std::vector<boost::asio::ip::tcp::endpoint> addresses, time_point deadline);

struct lookup_result {
    lookup_result() = default;
    std::vector<boost::asio::ip::tcp::endpoint> addresses; ///< families in turn, as RFC 8305 §4 asks
    boost::system::error_code error;
};

struct lookup_state;

/// The look-up of one host that is under way: those who ask meanwhile share it, as Asio's one resolver thread would
/// make them wait behind each other.
struct lookup_slot {
    lookup_slot() = default;
    std::weak_ptr<lookup_state> under_way;
    std::uint64_t asked = 0; ///< look-ups that were begun
};

/// Resolves a host, always the same one with the same slot, which has to live as long. An address is returned as it is,
/// without asking anybody.
boost::asio::awaitable<lookup_result> find_addresses(boost::asio::any_io_executor executor, std::string host,
                                                     std::uint16_t port, time_point deadline, lookup_slot& slot);

} // namespace usher::detail

#endif
