#include "redis/address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace usher::redis {
namespace {

[[noreturn]] void refuse(const char* why)
{
    throw std::invalid_argument(std::string("address of Redis: ") + why);
}

template <class Number>
std::optional<Number> number(std::string_view text)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i != text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
            refuse("a % in the name or password is not followed by two hexadecimal digits");
        plain += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
        i += 2;
    }
    return plain;
}

void read_user(std::string_view text, address& to)
{
    const auto colon = text.find(':');
    to.user = decoded(text.substr(0, colon));
    if (colon != std::string_view::npos)
        to.password = decoded(text.substr(colon + 1));
    if (to.password.empty())
        refuse("there is a name without a password; a password alone is written as redis://:password@host");
}

void read_host(std::string_view text, address& to)
{
    auto port = std::string_view();
    bool has_port = false;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos)
            refuse("a [ without its ]");
        to.host = text.substr(1, end - 1);
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && rest.front() != ':')
            refuse("only a port may follow the ]");
        has_port = !rest.empty();
        port = has_port ? rest.substr(1) : rest;
    } else {
        const auto colon = text.find(':');
        to.host = text.substr(0, colon);
        has_port = colon != std::string_view::npos;
        port = has_port ? text.substr(colon + 1) : port;
    }
    if (to.host.empty())
        refuse("it names no host");
    if (std::any_of(to.host.begin(), to.host.end(), [](char c) { return c <= ' ' || c == '%' || c > '~'; }))
        refuse("its host has a character that no host may have");
    if (!has_port)
        return;
    const auto value = number<std::uint16_t>(port);
    if (!value || *value == 0)
        refuse("its port is not a number from 1 to 65535");
    to.port = *value;
}

} // namespace

address parse_address(std::string_view url)
{
    constexpr std::string_view scheme = "redis://";
    if (url.starts_with("rediss://"))
        refuse("rediss:// (TLS) is not supported; use redis:// to a Redis on a private network, or to a local tunnel");
    if (!url.starts_with(scheme))
        refuse("it does not begin with redis://");
    url.remove_prefix(scheme.size());
    if (url.find_first_of("?#") != std::string_view::npos)
        refuse("it must have neither a query nor a fragment");
    address to;
    auto authority = url.substr(0, url.find('/'));
    auto path = url.substr(authority.size());
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        read_user(authority.substr(0, at), to);
        authority.remove_prefix(at + 1);
    }
    read_host(authority, to);
    if (path.size() > 1) {
        const auto database = number<std::uint32_t>(path.substr(1));
        if (!database)
            refuse("its path is not the number of a database");
        to.database = *database;
    }
    return to;
}

} // namespace usher::redis
