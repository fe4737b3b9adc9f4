#include "core/host_text.hpp"
#include "core/proxy.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace usher::detail {

namespace asio = boost::asio;

namespace {

constexpr std::string_view blanks = " \t\r\n,";

std::string_view without_end_dot(std::string_view name)
{
    return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

// An IPv4 address that is written as an IPv6 one is the same host.
asio::ip::address plain(const asio::ip::address& address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

template <class Bytes>
bool same_bits(const Bytes& a, const Bytes& b, unsigned bits)
{
    for (std::size_t i = 0; i < a.size() && bits > 0; ++i) {
        const unsigned here = std::min(bits, 8U);
        const auto mask = static_cast<unsigned char>(0xff00U >> here);
        if ((a[i] & mask) != (b[i] & mask))
            return false;
        bits -= here;
    }
    return true;
}

bool is_in(const asio::ip::address& address, const asio::ip::address& network, unsigned prefix)
{
    if (address.is_v4() != network.is_v4())
        return false;
    return address.is_v4() ? same_bits(address.to_v4().to_bytes(), network.to_v4().to_bytes(), prefix)
                           : same_bits(address.to_v6().to_bytes(), network.to_v6().to_bytes(), prefix);
}

bool is_name(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(),
                       [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
                       }) &&
           text.find("..") == std::string_view::npos && text.front() != '.';
}

} // namespace

bool proxy_exceptions::parse_entry(std::string_view text, entry& made)
{
    std::string whole(text);
    std::transform(whole.begin(), whole.end(), whole.begin(), lower);
    std::string_view host = whole;
    // The port. An IPv6 address without brackets has no room for one.
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        if (end == host.npos)
            return false;
        const auto rest = host.substr(end + 1);
        if (!rest.empty() && (rest.front() != ':' || !parse_port(rest.substr(1), made.port)))
            return false;
        host = host.substr(1, end - 1);
        if (host.find(':') == host.npos)
            return false;
    } else if (const auto colon = host.find(':'); colon != host.npos && host.find(':', colon + 1) == host.npos) {
        if (!parse_port(host.substr(colon + 1), made.port))
            return false;
        host = host.substr(0, colon);
    }
    if (host == "*")
        return true;

    const auto slash = host.find('/');
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(host.substr(0, slash), ec);
    if (!ec) {
        made.is_network = true;
        made.network = plain(address);
        made.prefix = made.network.is_v4() ? 32 : 128;
        if (slash == host.npos)
            return true;
        const auto bits = host.substr(slash + 1);
        const auto most = address.is_v4() ? 32U : 128U;
        const auto [end, wrong] = std::from_chars(bits.data(), bits.data() + bits.size(), made.prefix);
        const bool is_mapped = address.is_v6() && made.network.is_v4();
        if (wrong != std::errc() || end != bits.data() + bits.size() || made.prefix > most ||
            (is_mapped && made.prefix < 96))
            return false;
        made.prefix -= is_mapped ? 96 : 0;
        return true;
    }
    if (host.starts_with("*."))
        host.remove_prefix(1);
    if (host.starts_with('.')) {
        made.below_only = true;
        host.remove_prefix(1);
    }
    host = without_end_dot(host);
    made.name = host;
    return is_name(host);
}

// The number of the first that is no entry, from 1; 0 when all are.
int proxy_exceptions::add(std::string_view list)
{
    int first_wrong = 0;
    for (int number = 1;; ++number) {
        list.remove_prefix(std::min(list.find_first_not_of(blanks), list.size()));
        if (list.empty())
            return first_wrong;
        const auto text = list.substr(0, list.find_first_of(blanks));
        list.remove_prefix(text.size());
        entry made;
        if (parse_entry(text, made))
            entries_.push_back(std::move(made));
        else if (first_wrong == 0)
            first_wrong = number;
    }
}

proxy_exceptions::proxy_exceptions(std::string_view list, std::string_view where)
{
    if (const int wrong = add(list); wrong != 0)
        throw std::invalid_argument(std::string(where) + ": entry " + std::to_string(wrong) +
                                    " is no host name, address or network, with or without a port");
}

proxy_exceptions proxy_exceptions::of_environment(std::string_view list)
{
    proxy_exceptions made;
    made.add(list);
    return made;
}

bool proxy_exceptions::matches(const entry& one, std::string_view host, const asio::ip::address* address)
{
    if (one.is_network)
        return address != nullptr && is_in(*address, one.network, one.prefix);
    if (one.name.empty())
        return true;
    if (address != nullptr || !host.ends_with(one.name))
        return false;
    const auto before = host.size() - one.name.size();
    return before == 0 ? !one.below_only : host[before - 1] == '.';
}

bool proxy_exceptions::covers(std::string_view host, std::uint16_t port) const
{
    boost::system::error_code ec;
    const auto address = plain(asio::ip::make_address(host, ec));
    host = without_end_dot(host);
    return std::any_of(entries_.begin(), entries_.end(), [&](const entry& one) {
        return (one.port == 0 || one.port == port) && matches(one, host, ec ? nullptr : &address);
    });
}

} // namespace usher::detail
