#include "cpp_types.hpp"

#include <algorithm>

namespace usher::codegen {

std::string shape_name(kind what)
{
    switch (what) {
    case kind::boolean:
        return "boolean";
    case kind::int32:
        return "int32";
    case kind::int64:
        return "int64";
    case kind::int64_text:
        return "int64_text";
    case kind::number:
        return "number";
    case kind::string:
        return "string";
    case kind::unix_milliseconds:
        return "unix_milliseconds";
    case kind::unix_seconds:
        return "unix_seconds";
    case kind::instant:
        return "instant";
    case kind::instant_short:
        return "instant_short";
    case kind::date:
        return "date";
    case kind::enumeration:
        return "enumeration";
    case kind::object:
        return "object";
    case kind::array:
        return "array";
    case kind::map:
        return "map";
    case kind::json_value:
        return "json_value";
    case kind::json_object:
        return "json_object";
    case kind::one_of:
        return "one_of";
    case kind::upload:
        return "upload";
    case kind::optional:
        return "optional";
    case kind::field:
        return "field";
    case kind::box:
        return "box";
    }
    return {};
}

std::string value_type(const type& base, const std::string& prefix, int circle)
{
    switch (base.what) {
    case kind::boolean:
        return "bool";
    case kind::int32:
        return "std::int32_t";
    case kind::int64:
    case kind::int64_text:
        return "std::int64_t";
    case kind::number:
        return "double";
    case kind::string:
        return "std::string";
    case kind::unix_milliseconds:
        return "usher::unix_milliseconds";
    case kind::unix_seconds:
        return "usher::unix_seconds";
    case kind::instant:
    case kind::instant_short:
        return "usher::instant";
    case kind::date:
        return "usher::date";
    case kind::enumeration:
        return cat("usher::open_enum<", prefix, base.name, ">");
    case kind::object:
    case kind::one_of:
        return cat(prefix, base.name);
    case kind::array:
        return cat("std::vector<", element_type(base.element, prefix, circle), ">");
    case kind::map: {
        std::string value = value_type(*base.element.base, prefix, circle);
        if (circle >= 0 && base.element.base->component == circle)
            value = cat("usher::box<", value, ">");
        if (base.element.nullable)
            value = cat("std::optional<", value, ">");
        return cat("std::map<std::string, ", value, ", std::less<>>");
    }
    case kind::json_value:
        return "boost::json::value";
    case kind::json_object:
        return "boost::json::object";
    case kind::upload:
        return "usher::upload";
    case kind::optional:
    case kind::field:
    case kind::box:
        break;
    }
    return {};
}

std::string element_type(const type_use& use, const std::string& prefix, int circle)
{
    const std::string value = value_type(*use.base, prefix, circle);
    return use.nullable ? cat("std::optional<", value, ">") : value;
}

wrapping wrapping_of(const type& holder, const member& own)
{
    wrapping around;
    around.box = own.boxed && own.use.base->is_named();
    around.field = holder.in_request || (holder.in_event && (!own.required || own.use.nullable));
    // A member that holds its own type has to be able to be absent, or it could never end.
    around.optional = !around.field && (!own.required || own.use.nullable || around.box);
    return around;
}

std::string member_type(const type& holder, const member& own, const std::string& prefix)
{
    const wrapping around = wrapping_of(holder, own);
    std::string text = value_type(*own.use.base, prefix, holder.component);
    if (around.box)
        text = cat("usher::box<", text, ">");
    if (around.field)
        return cat("usher::field<", text, ">");
    return around.optional ? cat("std::optional<", text, ">") : text;
}

bool needs_initializer(const type& base)
{
    return base.what == kind::boolean || base.what == kind::int32 || base.what == kind::int64 ||
           base.what == kind::int64_text || base.what == kind::number || base.what == kind::date;
}

bool declares_constructor(const type& own)
{
    return std::none_of(own.members.begin(), own.members.end(),
                        [&](const member& each) { return each.name == own.name; });
}

std::vector<const member*> constructor_members(const type& own)
{
    std::vector<const member*> required;
    if (own.is_params)
        for (const member& each : own.members)
            if (each.required)
                required.push_back(&each);
    if (required.size() > 4)
        required.clear();
    return required;
}

namespace {

void add_value_includes(const type& base, std::set<std::string>& headers)
{
    switch (base.what) {
    case kind::int32:
    case kind::int64:
    case kind::int64_text:
        headers.insert("<cstdint>");
        break;
    case kind::string:
        headers.insert("<string>");
        break;
    case kind::unix_milliseconds:
    case kind::unix_seconds:
    case kind::instant:
    case kind::instant_short:
    case kind::date:
        headers.insert("<usher/time.hpp>");
        break;
    case kind::enumeration:
        headers.insert("<usher/open_enum.hpp>");
        break;
    case kind::array:
        headers.insert("<vector>");
        break;
    case kind::map:
        headers.insert({"<functional>", "<map>", "<string>"});
        break;
    case kind::json_value:
        headers.insert("<boost/json/value.hpp>");
        break;
    case kind::json_object:
        headers.insert("<boost/json/object.hpp>");
        break;
    case kind::upload:
        headers.insert("<usher/upload.hpp>");
        break;
    default:
        break;
    }
    if (!base.is_named() && base.element.base) {
        if (base.element.nullable)
            headers.insert("<optional>");
        add_value_includes(*base.element.base, headers);
    }
}

} // namespace

void add_includes(const type& own, std::set<std::string>& headers)
{
    for (const member& each : own.members) {
        const wrapping around = wrapping_of(own, each);
        if (around.field)
            headers.insert("<usher/field.hpp>");
        if (around.optional)
            headers.insert("<optional>");
        if (each.boxed)
            headers.insert("<usher/unknown.hpp>");
        add_value_includes(*each.use.base, headers);
    }
    if (own.what == kind::enumeration)
        headers.insert({"<cstdint>", "<span>", "<string_view>"});
    if (own.what == kind::one_of)
        headers.insert({"<usher/unknown.hpp>", "<variant>"});
}

} // namespace usher::codegen
