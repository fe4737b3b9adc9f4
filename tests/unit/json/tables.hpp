// Type tables by hand, for types that the tests make up.
#ifndef USHER_TESTS_JSON_TABLES_HPP
#define USHER_TESTS_JSON_TABLES_HPP

#include <usher/detail/type_ops.hpp>
#include <usher/open_enum.hpp>
#include <usher/time.hpp>
#include <usher/upload.hpp>

#include <boost/json/object.hpp>

#include <cstddef>

// Structs with members in other than one class are not of standard layout; offsetof works on them all the same.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace usher_tests {

using namespace usher;
using namespace usher::detail;

/// `table<T>::value` describes T. Structs and unions specialise it.
template <class T>
struct table {
    static const type_info value;
};

template <class T>
constexpr type_info plain(kind what, std::string_view name)
{
    return {what, name, sizeof(T), {}, {}, {}, {}, nullptr, nullptr, nullptr, nullptr};
}

template <class T, class Element>
constexpr type_info holding(kind what, std::string_view name)
{
    return {what, name, sizeof(T), {}, {}, {}, {}, &table<Element>::value, &ops_of<T>::table, nullptr, nullptr};
}

template <class T>
struct table<std::vector<T>> {
    static constexpr const type_info value = holding<std::vector<T>, T>(kind::array, "array");
};
template <class T>
struct table<std::map<std::string, T, std::less<>>> {
    static constexpr const type_info value = holding<std::map<std::string, T, std::less<>>, T>(kind::map, "map");
};
template <class T>
struct table<std::optional<T>> {
    static constexpr const type_info value = holding<std::optional<T>, T>(kind::optional, "optional");
};
template <class T>
struct table<field<T>> {
    static constexpr const type_info value = holding<field<T>, T>(kind::field, "field");
};
template <class T>
struct table<box<T>> {
    static constexpr const type_info value = holding<box<T>, T>(kind::box, "box");
};

#define USHER_PLAIN(type, what)                                                                                        \
    template <>                                                                                                        \
    struct table<type> {                                                                                               \
        static constexpr const type_info value = plain<type>(what, #type);                                             \
    }
USHER_PLAIN(bool, kind::boolean);
USHER_PLAIN(std::int32_t, kind::int32);
USHER_PLAIN(std::int64_t, kind::int64);
USHER_PLAIN(double, kind::number);
USHER_PLAIN(std::string, kind::string);
USHER_PLAIN(unix_milliseconds, kind::unix_milliseconds);
USHER_PLAIN(unix_seconds, kind::unix_seconds);
USHER_PLAIN(instant, kind::instant);
USHER_PLAIN(date, kind::date);
USHER_PLAIN(boost::json::value, kind::json_value);
USHER_PLAIN(boost::json::object, kind::json_object);
USHER_PLAIN(upload, kind::upload);
#undef USHER_PLAIN

template <class E>
struct table<open_enum<E>> {
    static const type_info value;
};
template <class E>
const type_info table<open_enum<E>>::value{
    kind::enumeration, "enum", sizeof(open_enum<E>), {}, usher_enum_names(E{}), {}, {}, nullptr, nullptr,
    nullptr,           nullptr};

/// A member whose type is found by the compiler.
#define USHER_MEMBER(type, member, flags)                                                                              \
    member_info                                                                                                        \
    {                                                                                                                  \
#member, offsetof(type, member), &table < decltype(type::member)> ::value, nullptr, nullptr, place::body,      \
            flags                                                                                                      \
    }

template <class T, std::size_t N>
constexpr type_info object_of(std::string_view name, const member_info (&members)[N])
{
    return {kind::object, name, sizeof(T), members, {}, {}, {}, nullptr, nullptr, create_object<T>, destroy_object<T>};
}

template <class T, std::size_t N>
constexpr type_info union_of(std::string_view name, std::string_view discriminator, const choice_info (&choices)[N])
{
    return {kind::one_of,  name,    sizeof(T),         {},      {},     choices,
            discriminator, nullptr, &ops_of<T>::table, nullptr, nullptr};
}

} // namespace usher_tests

#endif
