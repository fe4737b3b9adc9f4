// Parameters in the request target and in header fields.
#ifndef USHER_JSON_QUERY_HPP
#define USHER_JSON_QUERY_HPP

#include <usher/detail/type_table.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace usher::detail {

/// Appends the query members that are present: `?a=b&c=d`, or `&…` when the target has a query already. Arrays
/// are `a=1&a=2`, or `a=1,2` when not exploded; empty ones are left out, as are nulls, which a query can't say.
void encode_query(const type_info& params, const void* object, std::string& target);

/// Calls `add(name, text)` for each header member that is present.
void encode_header_members(const type_info& params, const void* object,
                           const std::function<void(std::string_view name, std::string_view text)>& add);

/// Appends `text` with everything but the unreserved characters of RFC 3986 percent-encoded.
void percent_encode(std::string_view text, std::string& out);

} // namespace usher::detail

#endif
