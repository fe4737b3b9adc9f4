#include "sandbox/schema.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace usher::sandbox {

namespace {

const json::value* member(const json::object& of, std::string_view name)
{
    return of.if_contains(name);
}

bool truth(const json::object& of, std::string_view name)
{
    const auto* v = member(of, name);
    return v && v->is_bool() && v->get_bool();
}

std::string text_of(const json::object& of, std::string_view name)
{
    const auto* v = member(of, name);
    return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

std::optional<std::size_t> size_of(const json::object& of, std::string_view name)
{
    const auto* v = member(of, name);
    return v && v->is_number() ? std::optional(v->to_number<std::size_t>()) : std::nullopt;
}

} // namespace

const property* schema::find(std::string_view name) const
{
    for (const auto& p : properties)
        if (p.name == name)
            return &p;
    return nullptr;
}

const json::value& schema_set::follow(const json::value& source) const
{
    const auto* v = &source;
    for (int hops = 0; hops != 16; ++hops) {
        const auto* o = v->if_object();
        const auto* ref = o ? member(*o, "$ref") : nullptr;
        if (!ref || !ref->is_string())
            return *v;
        std::string_view text = ref->get_string();
        if (text.empty() || text.front() != '#')
            throw std::invalid_argument("reference out of the document: " + std::string(text));
        v = &document_.at_pointer(text.substr(1));
    }
    throw std::invalid_argument("references go round in a circle");
}

const schema* schema_set::compile(const json::value& source, const std::string& where)
{
    if (source.is_bool()) // OpenAPI 3.1: true is any value
        return &nodes_.emplace_back();
    const auto* object = source.if_object();
    if (!object)
        throw std::invalid_argument(where + ": a schema is an object");

    if (const auto* ref = member(*object, "$ref"); ref && ref->is_string()) {
        const std::string name(ref->get_string());
        const schema* target = nullptr;
        if (const auto known = by_reference_.find(name); known != by_reference_.end())
            target = known->second;
        else {
            auto& node = nodes_.emplace_back();
            by_reference_[name] = &node; // before its members: they may refer back to it
            fill(node, follow(source).as_object(), name);
            target = &node;
        }
        const bool own_null = truth(*object, "nullable"), own_read = truth(*object, "readOnly");
        if ((!own_null || target->nullable) && (!own_read || target->read_only))
            return target;
        auto& copy = nodes_.emplace_back(*target);
        copy.nullable |= own_null;
        copy.read_only |= own_read;
        return &copy;
    }
    auto& node = nodes_.emplace_back();
    fill(node, *object, where);
    return &node;
}

void schema_set::fill(schema& to, const json::object& from, const std::string& where)
{
    fill_type(to, from, where);
    to.read_only = truth(from, "readOnly");
    to.write_only = truth(from, "writeOnly");
    to.format = text_of(from, "format");
    if (const auto* values = member(from, "enum"); values && values->is_array())
        to.enumeration = values->get_array();
    if (const auto* one = member(from, "const"))
        to.enumeration = {*one};
    if (const auto* standard = member(from, "default"))
        to.standard = *standard;
    fill_bounds(to, from, where);
    if (const auto* items = member(from, "items"))
        to.items = compile(*items, where + "/items");

    if (const auto* all = member(from, "allOf"); all && all->is_array()) {
        bool every_part_nullable = true;
        std::size_t i = 0;
        for (const auto& part : all->get_array()) {
            const auto* compiled = compile(part, where + "/allOf/" + std::to_string(i++));
            every_part_nullable &= compiled->nullable;
            merge(to, *compiled);
        }
        if (!from.contains("nullable") && !from.contains("type"))
            to.nullable = every_part_nullable;
    }
    fill_object(to, from, where);
    fill_alternatives(to, from, where);
}

void schema_set::fill_type(schema& to, const json::object& from, const std::string& where)
{
    using kind = schema::kind;
    static constexpr std::array<std::pair<std::string_view, kind>, 6> names{{{"string", kind::string},
                                                                             {"integer", kind::integer},
                                                                             {"number", kind::number},
                                                                             {"boolean", kind::boolean},
                                                                             {"object", kind::object},
                                                                             {"array", kind::array}}};
    const auto set = [&](std::string_view name) {
        if (name == "null") {
            to.nullable = true;
            return;
        }
        const auto found = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == name; });
        if (found == names.end())
            throw std::invalid_argument(where + "/type: " + std::string(name) + " is unknown");
        to.type = to.type == kind::any ? found->second : kind::any;
    };
    to.nullable = truth(from, "nullable");
    if (const auto* type = member(from, "type")) {
        if (type->is_string())
            set(type->get_string());
        else
            for (const auto& one : type->as_array())
                set(one.as_string());
    } else if (from.contains("properties"))
        to.type = kind::object;
}

void schema_set::fill_object(schema& to, const json::object& from, const std::string& where)
{
    if (const auto* properties = member(from, "properties"); properties && properties->is_object())
        for (const auto& [name, value] : properties->get_object()) {
            const auto* compiled = compile(value, where + "/properties/" + std::string(name));
            if (const auto* known = to.find(name))
                const_cast<property*>(known)->of = compiled;
            else
                to.properties.push_back({std::string(name), compiled, false});
        }
    if (const auto* required = member(from, "required"); required && required->is_array())
        for (const auto& name : required->get_array())
            if (std::find(to.required.begin(), to.required.end(), std::string_view(name.as_string())) ==
                to.required.end())
                to.required.emplace_back(name.as_string());
    for (auto& p : to.properties)
        p.required = std::find(to.required.begin(), to.required.end(), p.name) != to.required.end();
    if (const auto* additional = member(from, "additionalProperties")) {
        if (additional->is_bool()) {
            to.additional_any = additional->get_bool();
            to.closed = !to.additional_any;
        } else
            to.additional = compile(*additional, where + "/additionalProperties");
    }
}

void schema_set::fill_bounds(schema& to, const json::object& from, const std::string& where)
{
    const auto bound = [&](std::string_view name, std::string_view exclusive_name, std::optional<double>& value,
                           bool& exclusive) {
        if (const auto* v = member(from, name); v && v->is_number())
            value = v->to_number<double>();
        if (const auto* x = member(from, exclusive_name)) {
            if (x->is_bool())
                exclusive = x->get_bool(); // 3.0: says how the other is meant
            else {
                value = x->to_number<double>(); // 3.1: is a bound itself
                exclusive = true;
            }
        }
    };
    bound("minimum", "exclusiveMinimum", to.minimum, to.above_minimum);
    bound("maximum", "exclusiveMaximum", to.maximum, to.below_maximum);
    to.min_length = size_of(from, "minLength");
    to.max_length = size_of(from, "maxLength");
    to.min_items = size_of(from, "minItems");
    to.max_items = size_of(from, "maxItems");
    to.regular_text = text_of(from, "pattern");
    if (!to.regular_text.empty()) {
        try {
            to.regular.emplace(to.regular_text);
        } catch (const std::invalid_argument& e) {
            throw std::invalid_argument(where + "/pattern: " + e.what());
        }
    }
}

void schema_set::fill_alternatives(schema& to, const json::object& from, const std::string& where)
{
    for (const auto* word : {"oneOf", "anyOf"}) {
        const auto* list = member(from, word);
        if (!list || !list->is_array())
            continue;
        std::size_t i = 0;
        for (const auto& one : list->get_array()) {
            const auto* object = one.if_object();
            const auto* required = object && object->size() == 1 ? member(*object, "required") : nullptr;
            if (required && required->is_array()) {
                auto& set = to.any_required.emplace_back();
                for (const auto& name : required->get_array())
                    set.emplace_back(name.as_string());
            } else if (object && text_of(*object, "type") == "null")
                to.nullable = true;
            else
                to.alternatives.push_back(compile(one, where + "/" + word + "/" + std::to_string(i)));
            ++i;
        }
    }
    const auto* discriminator = member(from, "discriminator");
    if (!discriminator || !discriminator->is_object())
        return;
    to.discriminator = text_of(discriminator->get_object(), "propertyName");
    if (const auto* mapping = member(discriminator->get_object(), "mapping"); mapping && mapping->is_object())
        for (const auto& [name, reference] : mapping->get_object())
            to.mapping[std::string(name)] = compile(json::object{{"$ref", reference}}, where + "/discriminator");
    for (const auto* one : to.alternatives) // without a mapping, each alternative's own constant tells
        if (const auto* tag = one->find(to.discriminator))
            for (const auto& value : tag->of->enumeration)
                if (value.is_string())
                    to.mapping.emplace(std::string(value.get_string()), one);
}

// What both say, as one: later members win, everything required stays required.
void schema_set::merge(schema& to, const schema& part)
{
    if (to.type == schema::kind::any)
        to.type = part.type;
    for (const auto& p : part.properties) {
        if (auto* known = const_cast<property*>(to.find(p.name)))
            *known = p;
        else
            to.properties.push_back(p);
    }
    for (const auto& name : part.required)
        if (std::find(to.required.begin(), to.required.end(), name) == to.required.end())
            to.required.push_back(name);
    to.any_required.insert(to.any_required.end(), part.any_required.begin(), part.any_required.end());
    to.alternatives.insert(to.alternatives.end(), part.alternatives.begin(), part.alternatives.end());
    to.closed |= part.closed;
    to.additional_any |= part.additional_any;
    if (part.additional)
        to.additional = part.additional;
    if (part.items)
        to.items = part.items;
    if (!part.enumeration.empty())
        to.enumeration = part.enumeration;
    if (!part.format.empty())
        to.format = part.format;
    if (part.regular) {
        to.regular = part.regular;
        to.regular_text = part.regular_text;
    }
    if (!part.discriminator.empty()) {
        to.discriminator = part.discriminator;
        to.mapping = part.mapping;
    }
}

} // namespace usher::sandbox
