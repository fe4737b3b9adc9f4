// What is read out of the fields of an answer's head.
#ifndef USHER_NET_RESPONSE_FIELDS_HPP
#define USHER_NET_RESPONSE_FIELDS_HPP

#include "net/response.hpp"

namespace usher::detail {

/// The timeout that a Keep-Alive field tells, if it makes sense.
std::optional<std::chrono::seconds> keep_alive_timeout_of(std::string_view keep_alive);

/// Takes in a field if it is one of those about limits.
void take_rate(rate_fields& rate, std::string_view field, std::string_view value);

} // namespace usher::detail

#endif
