// Hosts and ports as they stand in addresses.
#ifndef USHER_CORE_HOST_TEXT_HPP
#define USHER_CORE_HOST_TEXT_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace usher::detail {

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
/// ASCII case does not matter.
bool same_text(std::string_view a, std::string_view b) noexcept;
/// An IPv6 address in brackets, everything else as it is.
std::string bracketed(const std::string& host);
/// A number from 1 to 65535 and nothing else.
bool parse_port(std::string_view text, std::uint16_t& port) noexcept;
/// `host[:port]`, an IPv6 address in brackets; the host comes out in lower case and without them, and the port stays as
/// it is if none is given. Null, or what is wrong.
const char* parse_host_port(std::string_view text, std::string& host, std::uint16_t& port);
/// Overwrites what a string holds, the room behind its end included, and empties it.
void wipe(std::string& text) noexcept;

} // namespace usher::detail

#endif
