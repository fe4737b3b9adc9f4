#include "conform.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace sandbox_test {

namespace {

const json::value* member(const json::object& o, std::string_view name)
{
    return o.if_contains(name);
}

bool flag(const json::object& o, std::string_view name)
{
    const auto* v = member(o, name);
    return v && v->is_bool() && v->get_bool();
}

std::string type_of(const json::object& schema)
{
    const auto* t = member(schema, "type");
    return t && t->is_string() ? std::string(t->get_string()) : schema.contains("properties") ? "object" : "";
}

bool has_type(const json::value& v, const std::string& type)
{
    if (type == "string")
        return v.is_string();
    if (type == "integer")
        return v.is_int64() || v.is_uint64();
    if (type == "number")
        return v.is_number();
    if (type == "boolean")
        return v.is_bool();
    if (type == "object")
        return v.is_object();
    if (type == "array")
        return v.is_array();
    return true;
}

} // namespace

document::document(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    root_ = json::parse(text.str(), {}, {.max_depth = 128});
}

const json::object& document::resolve(const json::value& schema) const
{
    const auto* at = &schema;
    while (const auto* ref = member(at->as_object(), "$ref")) {
        const auto text = std::string(ref->as_string());
        at = &root_.at_pointer(text.substr(1));
    }
    return at->as_object();
}

json::object document::members(const json::object& schema) const
{
    json::object out;
    if (const auto* all = member(schema, "allOf"))
        for (const auto& part : all->as_array())
            for (const auto& [name, value] : members(resolve(part)))
                out[name] = value;
    if (const auto* own = member(schema, "properties"))
        for (const auto& [name, value] : own->as_object())
            out[name] = value;
    return out;
}

std::vector<std::string> document::required(const json::object& schema) const
{
    std::vector<std::string> out;
    if (const auto* all = member(schema, "allOf"))
        for (const auto& part : all->as_array())
            for (auto& name : required(resolve(part)))
                out.push_back(std::move(name));
    if (const auto* own = member(schema, "required"))
        for (const auto& name : own->as_array())
            out.emplace_back(name.as_string());
    return out;
}

std::string document::mismatch(const json::value& value, const json::value& source, bool tolerant,
                               const std::string& where) const
{
    const auto& schema = resolve(source);
    if (value.is_null()) {
        bool may = flag(schema, "nullable") ||
                   (type_of(schema).empty() && !schema.contains("allOf") && !schema.contains("oneOf"));
        if (const auto* all = member(schema, "allOf"); all && !schema.contains("nullable") && !schema.contains("type"))
            for (const auto& part : all->as_array())
                may |= flag(resolve(part), "nullable");
        return may ? "" : where + ": null";
    }
    if (!has_type(value, type_of(schema)))
        return where + ": not " + type_of(schema);
    for (const auto* word : {"oneOf", "anyOf"})
        if (const auto* list = member(schema, word)) {
            std::string why;
            const bool fits = std::any_of(list->as_array().begin(), list->as_array().end(), [&](const auto& one) {
                why = mismatch(value, one, tolerant, where);
                return why.empty();
            });
            const bool unheard = tolerant && list->as_array().size() > 1 && value.is_object() &&
                                 value.get_object().contains("not_yet_documented");
            if (!fits && !unheard)
                return why + " (no alternative fits)";
        }
    if (const auto* values = member(schema, "enum"))
        if (std::find(values->as_array().begin(), values->as_array().end(), value) == values->as_array().end() &&
            !(tolerant && values->as_array().size() > 1))
            return where + ": not in the enumeration";
    if (value.is_string()) {
        const std::string text(value.get_string());
        if (const auto* p = member(schema, "pattern");
            p && !std::regex_search(text, std::regex(std::string(p->as_string()))))
            return where + ": \"" + text + "\" does not match";
        if (const auto* n = member(schema, "minLength"); n && text.size() < n->to_number<std::size_t>())
            return where + ": too short";
        if (const auto* n = member(schema, "maxLength"); n && text.size() > n->to_number<std::size_t>())
            return where + ": too long";
    }
    if (value.is_number()) {
        if (const auto* n = member(schema, "minimum"); n && value.to_number<double>() < n->to_number<double>())
            return where + ": too small";
        if (const auto* n = member(schema, "maximum"); n && value.to_number<double>() > n->to_number<double>())
            return where + ": too large";
    }
    if (const auto* items = member(schema, "items"); items && value.is_array())
        for (std::size_t i = 0; i != value.get_array().size(); ++i)
            if (auto why = mismatch(value.get_array()[i], *items, tolerant, where + "/" + std::to_string(i));
                !why.empty())
                return why;
    return value.is_object() ? mismatch_object(value.get_object(), schema, tolerant, where) : "";
}

std::string document::mismatch_object(const json::object& value, const json::object& schema, bool tolerant,
                                      const std::string& where) const
{
    for (const auto& name : required(schema))
        if (!value.contains(name))
            return where + "/" + name + ": missing";
    const auto known = members(schema);
    const auto* additional = member(schema, "additionalProperties");
    for (const auto& [name, one] : value) {
        const auto at = where + "/" + std::string(name);
        if (const auto* of = known.if_contains(name)) {
            if (auto why = mismatch(one, *of, tolerant, at); !why.empty())
                return why;
        } else if (additional && additional->is_object()) {
            if (auto why = mismatch(one, *additional, tolerant, at); !why.empty())
                return why;
        } else if (additional && !additional->as_bool() && !tolerant)
            return at + ": unknown";
    }
    return "";
}

std::string document::lack(const json::value& value, const json::value& source, wanted what,
                           const std::string& where) const
{
    const auto& schema = resolve(source);
    if (what == wanted::nulls && flag(schema, "nullable"))
        return value.is_null() ? "" : where + ": not null";
    if (schema.contains("oneOf") || (schema.contains("anyOf") && !schema.contains("properties")) || value.is_null())
        return what == wanted::full && value.is_null() ? where + ": null" : "";
    if (const auto* items = member(schema, "items"); items && value.is_array()) {
        if (what != wanted::required && value.get_array().size() != 2)
            return where + ": not two elements";
        for (const auto& one : value.get_array())
            if (auto why = lack(one, *items, what, where + "/0"); !why.empty())
                return why;
    }
    if (!value.is_object())
        return "";
    const auto needed = required(schema);
    std::vector<std::string> alternative; // anyOf of required members: the first set counts
    if (const auto* any = member(schema, "anyOf"))
        for (const auto& one : any->as_array())
            for (const auto& name : one.as_object().at("required").as_array())
                alternative.emplace_back(name.as_string());
    for (const auto& [key, of] : members(schema)) {
        const std::string name(key);
        const auto* one = value.get_object().if_contains(name);
        const std::string at = where + "/" + name;
        const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), name) != list.end(); };
        if (!one && what != wanted::required)
            return at + ": not set";
        if (one && what == wanted::required && !in(needed) && !in(alternative) && name != "object")
            return at + ": set though not required";
        if (one)
            if (auto why = lack(*one, of, what, at); !why.empty())
                return why;
    }
    return "";
}

} // namespace sandbox_test
