// Where a Redis is, and who asks.
#ifndef USHER_SRC_REDIS_ADDRESS_HPP
#define USHER_SRC_REDIS_ADDRESS_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace usher::redis {

struct address {
    std::string host; ///< without brackets
    std::uint16_t port = 6379;
    std::string user;
    std::string password;
    std::uint32_t database = 0;
};

/// *Errors*: `std::invalid_argument` that says what is wrong, and repeats neither name nor password.
address parse_address(std::string_view url);

} // namespace usher::redis

#endif
