// The address of a service, checked once.
#ifndef USHER_CORE_BASE_URL_HPP
#define USHER_CORE_BASE_URL_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace usher::detail {

/// Where requests go. The authority of a request comes from here and from nowhere else.
struct base_url {
    bool tls = true;
    std::string host; ///< lower case, without brackets
    std::uint16_t port = 443;
    std::string authority; ///< for the Host header: brackets for IPv6, port only when it is not the scheme's own
    std::string prefix;    ///< path in front of every operation's: empty, or begins with / and does not end with it

    /// Scheme, host and port: what connections are keyed by.
    std::string origin() const;
};

/// *Errors*: `std::invalid_argument` that says what is wrong: not https (http is taken for loopback addresses and
/// `localhost` only), user information, query, fragment, no host, port 0, a path with empty or dot segments.
base_url parse_base_url(std::string_view text);

/// True for 127.0.0.0/8, ::1 and `localhost`.
bool is_loopback_host(std::string_view host);

} // namespace usher::detail

#endif
