// What a request must satisfy before it is sent.
#ifndef USHER_JSON_CHECK_HPP
#define USHER_JSON_CHECK_HPP

#include <usher/detail/type_table.hpp>

#include <optional>
#include <string>

namespace usher::detail {

/// The first place where an object breaks the API document's bounds.
struct violation {
    std::string pointer; ///< RFC 6901, in the object
    std::string text;    ///< `longer than 10 characters (maxLength)`; no text out of the object stands in it

    /// `/email_address/3: longer than 10 characters (maxLength)`.
    std::string message() const { return (pointer.empty() ? "the parameters" : pointer) + ": " + text; }
};

/// Checks an object that is to be sent: required members are there, null stands only where it may, numbers,
/// lengths and patterns are in their bounds, texts are UTF-8, enumerations hold documented values, nothing is
/// nested deeper than 64 levels. Read-only members are not looked at, since they are not sent.
/// *Thread safety*: safe from any thread.
std::optional<violation> check(const type_info& type, const void* object);

} // namespace usher::detail

#endif
