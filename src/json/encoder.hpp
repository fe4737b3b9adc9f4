// Generated types as JSON text.
#ifndef USHER_JSON_ENCODER_HPP
#define USHER_JSON_ENCODER_HPP

#include <usher/detail/type_table.hpp>

#include <string>

namespace boost::json {
class value;
}

namespace usher::detail {

/// Deepest nesting that is written; no API comes near it, and it keeps the stack bounded.
inline constexpr std::size_t deepest_encoding = 1000;

/// Appends `object` as JSON. Absent fields and empty optionals are left out; an empty optional that the document
/// calls required and nullable is written as null. Numbers are the shortest text that reads back the same.
/// What `check` refuses is written as well as JSON can: no finite number becomes null, text passes byte by byte.
/// *Errors*: throws `std::length_error` beyond `deepest_encoding` levels.
void encode(const type_info& type, const void* object, std::string& out);

/// Appends the members that belong to `where` as one object, or the member that is the whole body by itself.
/// Members that are read-only are never sent, here and further in. Returns whether there was any; when there was
/// none, an empty object is appended. *Errors*: as `encode`.
bool encode_members(const type_info& type, const void* object, place where, std::string& out);

/// Appends a scalar as it stands in a query or header: no quotes, times in the form they have in JSON. What is no
/// scalar is appended as JSON.
void append_text(const type_info& type, const void* object, std::string& out);

} // namespace usher::detail

#endif
