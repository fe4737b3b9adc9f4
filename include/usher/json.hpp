// Generated types to and from JSON text.
#ifndef USHER_JSON_HPP
#define USHER_JSON_HPP

#include <usher/result.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace usher {

namespace detail {
struct type_info;
}

/// Encodes a generated type as JSON.
/// Decodes one: *Errors*: `decode`, naming the JSON pointer, what was expected and what was found.
namespace json {
std::string encode(const detail::type_info& type, const void* object);
result<void> decode(const detail::type_info& type, void* object, std::string_view text);
} // namespace json

namespace detail {

/// A generated type: its table is found by its namespace.
template <class T>
concept described = std::is_same_v<decltype(usher_type(std::declval<const T*>())), const type_info&>;

} // namespace detail

/// `to_json(user)`: a generated object as JSON text.
template <detail::described T>
std::string to_json(const T& object)
{
    return json::encode(usher_type(&object), &object);
}

/// `from_json<clerk::user>(text)`. *Errors*: `decode`, see above. Unknown members are skipped.
template <detail::described T>
result<T> from_json(std::string_view text)
{
    T object;
    auto done = json::decode(usher_type(&object), &object, text);
    if (!done)
        return done.error();
    return object;
}

} // namespace usher

#endif
