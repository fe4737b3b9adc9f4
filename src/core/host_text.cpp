#include "core/host_text.hpp"

#include <boost/asio/ip/address_v6.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace usher::detail {

bool same_text(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string bracketed(const std::string& host)
{
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

bool parse_port(std::string_view text, std::uint16_t& port) noexcept
{
    std::uint16_t number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc() || end != text.data() + text.size() || number == 0)
        return false;
    port = number;
    return true;
}

const char* parse_host_port(std::string_view text, std::string& host, std::uint16_t& port)
{
    auto rest = std::string_view();
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos)
            return "its host has no closing bracket";
        host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
        boost::system::error_code ec;
        boost::asio::ip::make_address_v6(host, ec);
        if (ec || host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos)
            return "its host is no IPv6 address";
        if (!rest.empty() && rest.front() != ':')
            return "something stands between its host and its port";
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        host = text.substr(0, colon);
        rest = text.substr(colon);
        if (host.empty() || host.front() == '.' ||
            host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") !=
                std::string::npos)
            return "its host is empty or has a character that no host name may have";
    }
    std::transform(host.begin(), host.end(), host.begin(), lower);
    if (!rest.empty() && !parse_port(rest.substr(1), port))
        return "its port is no number from 1 to 65535";
    return nullptr;
}

void wipe(std::string& text) noexcept
{
    OPENSSL_cleanse(text.data(), text.capacity());
    text.clear();
}

} // namespace usher::detail
