// Which proxy an origin is reached through.
//
// Invariants. No text of an error holds any part of a proxy's address: a password may stand anywhere in one that is
// malformed. Plain http origins, which are loopback ones, are never reached through a proxy.
#ifndef USHER_CORE_PROXY_HPP
#define USHER_CORE_PROXY_HPP

#include <usher/options.hpp>
#include <usher/secret.hpp>

#include "core/base_url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace usher::detail {

struct proxy_address {
    bool tls = false;
    std::string host; ///< lower case, without brackets
    std::uint16_t port = 80;
    secret authorization; ///< what Proxy-Authorization says; empty: nothing

    /// Host and port, for messages.
    std::string name() const;
    /// Tells it from every other proxy, and from itself with other credentials. Holds a digest of those.
    std::string key() const;
};

/// `[http://|https://][user[:password]@]host[:port][/]`, the port 80 or 443 unless it is given; user and password are
/// percent-decoded. *Errors*: `std::invalid_argument` that begins with `where` and repeats nothing of the text.
proxy_address parse_proxy(std::string_view text, std::string_view where);

/// Hosts that are reached without a proxy.
class proxy_exceptions {
public:
    proxy_exceptions() = default;
    /// Entries are separated by commas or blanks. A name stands for itself and everything below it, one with a leading
    /// dot (or `*.`) only for the latter. *Errors*: `std::invalid_argument` that begins with `where`.
    proxy_exceptions(std::string_view list, std::string_view where);
    /// The same for a list that is written for others as well: what is no entry is left out.
    static proxy_exceptions of_environment(std::string_view list);

    bool covers(std::string_view host, std::uint16_t port) const;

private:
    struct entry {
        entry() = default;
        std::string name; ///< empty: every host, or those of the network
        bool below_only = false;
        bool is_network = false;
        boost::asio::ip::address network;
        unsigned prefix = 0;    ///< leading bits of the network that count
        std::uint16_t port = 0; ///< 0: any
    };
    static bool parse_entry(std::string_view text, entry& made);
    int add(std::string_view list);
    static bool matches(const entry& one, std::string_view host, const boost::asio::ip::address* address);

    std::vector<entry> entries_;
};

/// What an engine's options, and the environment where they leave it to that, say of proxies.
class proxy_choice {
public:
    /// The value of an environment variable; null if it is not set.
    using environment = const char* (*)(const char* variable);
    static const char* system_environment(const char* variable);

    /// *Errors*: as `parse_proxy`, naming the option or the variable, and for `no_proxy` as `proxy_exceptions`.
    proxy_choice(const engine_options& options, environment read);

    /// Null: it is reached directly.
    std::shared_ptr<const proxy_address> for_origin(const base_url& url) const;

private:
    std::shared_ptr<const proxy_address> proxy_;
    proxy_exceptions exceptions_;
    bool is_from_environment_ = false;
};

/// Codes whose value is the status that a proxy refused a tunnel with.
const boost::system::error_category& proxy_status_category() noexcept;
/// True for a refusal that would be the same again: what a proxy forbids or does not understand, rather than what it
/// could not do just now.
bool is_permanent_refusal(const boost::system::error_code& code) noexcept;

} // namespace usher::detail

#endif
