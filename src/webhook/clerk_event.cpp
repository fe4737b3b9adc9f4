// Clerk's envelope.
#include <usher/clerk/events.hpp>
#include <usher/detail/type_ops.hpp>

#include <boost/json/serialize.hpp>

#include <cstddef>

// Only members of the standard library keep it from standard layout.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace usher::clerk::events {

namespace {

using usher::detail::kind;
using usher::detail::member_info;
using usher::detail::ops_of;
using usher::detail::place;
using usher::detail::type_info;

template <class T>
constexpr type_info plain(kind what, std::string_view name)
{
    return {what, name, sizeof(T), {}, {}, {}, {}, nullptr, nullptr, nullptr, nullptr};
}

template <class T>
constexpr type_info field_of(const type_info& element)
{
    return {kind::field, "field",  sizeof(field<T>),         {},      {},     {},
            {},          &element, &ops_of<field<T>>::table, nullptr, nullptr};
}

constexpr type_info text = plain<std::string>(kind::string, "string");
constexpr type_info any = plain<boost::json::value>(kind::json_value, "json_value");
constexpr type_info time = plain<unix_milliseconds>(kind::unix_milliseconds, "unix_milliseconds");
constexpr type_info object = plain<boost::json::object>(kind::json_object, "json_object");
constexpr type_info text_field = field_of<std::string>(text);
constexpr type_info time_field = field_of<unix_milliseconds>(time);
constexpr type_info object_field = field_of<boost::json::object>(object);

constexpr member_info members[] = {
    {"type", offsetof(event, type), &text, nullptr, nullptr, place::body, usher::detail::member_required},
    {"object", offsetof(event, object), &text, nullptr, nullptr, place::body, usher::detail::member_required},
    {"data", offsetof(event, data), &any, nullptr, nullptr, place::body, usher::detail::member_required},
    {"timestamp", offsetof(event, timestamp), &time_field, nullptr, nullptr, place::body, 0},
    {"instance_id", offsetof(event, instance_id), &text_field, nullptr, nullptr, place::body, 0},
    {"event_attributes", offsetof(event, event_attributes), &object_field, nullptr, nullptr, place::body, 0}};

constexpr type_info whole{kind::object, "event", sizeof(event), members, {},     {},
                          {},           nullptr, nullptr,       nullptr, nullptr};

} // namespace

const type_info& usher_type(const event*) noexcept
{
    return whole;
}

bool event::is_about(std::string_view kind) const noexcept
{
    return type.size() > kind.size() && type.starts_with(kind) && type[kind.size()] == '.';
}

std::string event::data_text() const
{
    return boost::json::serialize(data);
}

} // namespace usher::clerk::events
