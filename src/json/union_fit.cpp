#include "json/union_fit.hpp"

#include <usher/time.hpp>

#include <algorithm>
#include <cmath>

namespace usher::detail {
namespace {

namespace json = boost::json;

bool is_whole(const json::value& value)
{
    return value.is_int64() || (value.is_double() && value.get_double() == std::floor(value.get_double()));
}

bool text_allowed(const json::value& value, const bounds* limits)
{
    if (limits == nullptr || limits->values.empty())
        return true;
    return std::ranges::find(limits->values, std::string_view(value.get_string())) != limits->values.end();
}

int when(bool fits)
{
    return fits ? 0 : no_fit;
}

int fit_of_object(const type_info& type, const json::object& object)
{
    int known = 0;
    for (const member_info& member : type.members) {
        const json::value* value = object.if_contains(member.name);
        const bool required = (member.flags & member_required) != 0;
        if (value == nullptr) {
            if (required)
                return no_fit;
            continue;
        }
        if (value->is_null()) {
            if (required && (member.flags & member_nullable) == 0)
                return no_fit;
            ++known;
            continue;
        }
        const type_info* bare = member.type;
        while (bare->what >= kind::optional)
            bare = bare->element;
        if (fit_of(*bare, *value, member.limits) == no_fit)
            return no_fit;
        // A text that the enumeration does not know may be a new one, or belong to another alternative.
        if (bare->what == kind::enumeration &&
            std::ranges::find(bare->names, std::string_view(value->get_string())) == bare->names.end())
            continue;
        ++known;
    }
    return std::min(known, 0x7fff);
}

} // namespace

int fit_of(const type_info& type, const json::value& value, const bounds* limits)
{
    switch (type.what) {
    case kind::boolean:
        return when(value.is_bool() && (limits == nullptr || limits->fixed_boolean < 0 ||
                                        value.get_bool() == (limits->fixed_boolean != 0)));
    case kind::int32:
        return when(is_whole(value));
    case kind::int64:
    case kind::int64_text:
    case kind::unix_milliseconds:
    case kind::unix_seconds:
        return when(is_whole(value) || value.is_string());
    case kind::number:
        return when(value.is_number());
    case kind::string:
        return when(value.is_string() && text_allowed(value, limits));
    case kind::enumeration:
        return when(value.is_string());
    case kind::instant:
    case kind::instant_short:
        return when(value.is_string() && parse_rfc3339(value.get_string()).has_value());
    case kind::date:
        return when(value.is_string() && parse_date(value.get_string()).has_value());
    case kind::object:
        return value.is_object() ? fit_of_object(type, value.get_object()) : no_fit;
    case kind::map:
        return when(value.is_object() && std::ranges::all_of(value.get_object(), [&](const auto& entry) {
                        return fit_of(*type.element, entry.value()) != no_fit;
                    }));
    case kind::array:
        return when(value.is_array() && std::ranges::all_of(value.get_array(), [&](const json::value& element) {
                        return fit_of(*type.element, element) != no_fit;
                    }));
    case kind::json_object:
        return when(value.is_object());
    case kind::json_value:
    case kind::one_of:
        return 0;
    case kind::upload:
        return no_fit;
    case kind::optional:
    case kind::field:
        return value.is_null() ? 0 : fit_of(*type.element, value, limits);
    case kind::box:
        return fit_of(*type.element, value, limits);
    }
    return no_fit;
}

} // namespace usher::detail
