#include "core/base_url.hpp"

#include "core/http_text.hpp"
#include "core/utf8.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace usher::detail {

namespace {

[[noreturn]] void refuse(std::string_view text, const char* why)
{
    // Neither what may be a password (before an @), nor a query, nor a key given by mistake is repeated.
    // A password may itself have a ? or a #, if somebody forgot to encode it.
    const auto at = text.rfind('@');
    const auto rest = text.substr(at == std::string_view::npos ? 0 : at);
    auto shown = (at == std::string_view::npos ? "" : "…") + std::string(rest.substr(0, rest.find_first_of("?#")));
    if (!text.starts_with("https://") && !text.starts_with("http://"))
        shown = "…";
    throw std::invalid_argument("base address \"" + one_line(shown) + "\": " + why);
}

bool is_host_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_path_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~!$&'()*+,;=:@%").find(c) != std::string_view::npos;
}

// Names that a resolver takes: labels of 63 characters at most, 253 in all (RFC 1035 §2.3.4), none of them empty.
bool is_host_name(std::string_view host)
{
    constexpr std::size_t longest_label = 63;
    constexpr std::size_t longest = 253;
    if (host.size() > longest || !std::all_of(host.begin(), host.end(), is_host_character))
        return false;
    for (bool more = true; more;) {
        const auto dot = std::min(host.find('.'), host.size());
        more = dot != host.size();
        if (dot == 0 || dot > longest_label)
            return false;
        host.remove_prefix(std::min(dot + 1, host.size()));
    }
    return true;
}

// A segment as whoever decodes it on the way sees it, so that none is another path to them. False: a % is no escape.
bool is_safe_segment(std::string_view segment)
{
    std::string decoded;
    for (auto rest = segment; !rest.empty();) {
        const auto escaped = escaped_byte(rest);
        if (!escaped && rest.front() == '%')
            return false;
        decoded += escaped.value_or(rest.front());
        rest.remove_prefix(escaped ? escape_size : 1);
    }
    return is_path_segment(decoded) && decoded.find_first_of("/\\") == std::string::npos;
}

void parse_prefix(std::string_view text, std::string_view path, base_url& url)
{
    if (path.ends_with('/'))
        path.remove_suffix(1);
    for (auto rest = path; !rest.empty();) {
        rest.remove_prefix(1);
        const auto segment = rest.substr(0, rest.find('/'));
        if (segment.empty() || segment == "." || segment == "..")
            refuse(text, "its path has an empty or a dot segment");
        if (!std::all_of(segment.begin(), segment.end(), is_path_character))
            refuse(text, "its path has a character that no URL may have");
        if (!is_safe_segment(segment))
            refuse(text, "its path has a percent sign that hides a dot segment, a slash or a control character, or no "
                         "character");
        rest.remove_prefix(segment.size());
    }
    url.prefix = path;
}

} // namespace

std::string base_url::origin() const
{
    return (tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

bool is_loopback_host(std::string_view host)
{
    if (host == "localhost")
        return true;
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(host, ec);
    return !ec && address.is_loopback();
}

base_url parse_base_url(std::string_view text)
{
    base_url url;
    auto rest = text;
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
        url.tls = false;
        url.port = 80;
    } else {
        refuse(text, "it has to begin with https://");
    }
    if (rest.find_first_of("?#") != std::string_view::npos)
        refuse(text, "a query or fragment has no place in it");
    const auto slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    if (authority.find('@') != std::string_view::npos)
        refuse(text, "user information has no place in it");

    std::string_view port;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos)
            refuse(text, "its host has no closing bracket");
        url.host = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
        boost::system::error_code ec;
        boost::asio::ip::make_address_v6(url.host, ec);
        if (ec || url.host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos)
            refuse(text, "its host is no IPv6 address");
        if (!port.empty() && port.front() != ':')
            refuse(text, "something stands between its host and its port");
    } else {
        const auto colon = std::min(authority.find(':'), authority.size());
        url.host = authority.substr(0, colon);
        port = authority.substr(colon);
        std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (!is_host_name(url.host))
            refuse(text,
                   "its host is empty, too long, or has an empty label or a character that no host name may have");
    }
    const auto own_port = url.port;
    if (!port.empty()) {
        port.remove_prefix(1);
        const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (ec != std::errc() || end != port.data() + port.size() || url.port == 0)
            refuse(text, "its port is no number from 1 to 65535");
    }
    url.authority = url.host.find(':') == std::string::npos ? url.host : '[' + url.host + ']';
    if (url.port != own_port)
        url.authority += ':' + std::to_string(url.port);
    if (!url.tls && !is_loopback_host(url.host))
        refuse(text, "http is for loopback addresses only; use https");
    parse_prefix(text, rest.substr(slash), url);
    return url;
}

} // namespace usher::detail
