#include "schema.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace usher::codegen {

namespace {

/// Keywords that change nothing in C++: texts for people, and rules that the service alone checks.
constexpr std::string_view without_effect[] = {
    "title",           "description",      "example",       "examples",      "externalDocs", "xml", "writeOnly",
    "contentEncoding", "contentMediaType", "minProperties", "maxProperties", "$comment",     "$id", "$schema"};

constexpr std::string_view with_effect[] = {"$ref",
                                            "allOf",
                                            "oneOf",
                                            "anyOf",
                                            "type",
                                            "format",
                                            "nullable",
                                            "deprecated",
                                            "readOnly",
                                            "default",
                                            "enum",
                                            "const",
                                            "properties",
                                            "items",
                                            "additionalProperties",
                                            "required",
                                            "discriminator",
                                            "minimum",
                                            "maximum",
                                            "exclusiveMinimum",
                                            "exclusiveMaximum",
                                            "minLength",
                                            "maxLength",
                                            "minItems",
                                            "maxItems",
                                            "pattern",
                                            "multipleOf",
                                            "uniqueItems"};

template <std::size_t Size>
bool is_in(std::string_view key, const std::string_view (&list)[Size])
{
    return std::find(std::begin(list), std::end(list), key) != std::end(list);
}

void check_keywords(const node& from)
{
    for (const auto& entry : from.object()) {
        const std::string_view key(entry.key().data(), entry.key().size());
        if (!is_in(key, with_effect) && !is_in(key, without_effect) && key.rfind("x-", 0) != 0)
            from.at(key).refuse("a keyword that is not understood");
    }
}

void read_type(const node& from, schema& own)
{
    const auto add = [&](const node& name) {
        const std::string text = name.text();
        static constexpr std::string_view known[] = {"string", "integer", "number", "boolean", "object", "array"};
        if (text == "null")
            own.nullable = true;
        else if (is_in(text, known))
            own.types.push_back(text);
        else
            name.refuse("a type that is not understood (" + text + ")");
    };
    const auto type = from.find("type");
    if (!type)
        return;
    if (!type->value().is_array())
        return add(*type);
    for (std::size_t i = 0; i < type->array().size(); ++i)
        add(type->at(i));
}

std::uint32_t read_length(const node& from)
{
    const double value = from.number();
    if (value < 0 || value > 4294967295.0)
        from.refuse("a length out of range");
    return static_cast<std::uint32_t>(value);
}

/// 3.0 has `exclusiveMinimum: true` beside `minimum`, 3.1 has the number itself.
void read_exclusive(const node& from, std::string_view key, std::optional<double>& bound, bool& exclusive)
{
    const auto found = from.find(key);
    if (!found)
        return;
    if (found->value().is_bool()) {
        exclusive = found->boolean() && bound;
    } else {
        bound = found->number();
        exclusive = true;
    }
}

void read_limits(const node& from, limits& own)
{
    if (const auto found = from.find("minimum"))
        own.minimum = found->number();
    if (const auto found = from.find("maximum"))
        own.maximum = found->number();
    read_exclusive(from, "exclusiveMinimum", own.minimum, own.exclusive_minimum);
    read_exclusive(from, "exclusiveMaximum", own.maximum, own.exclusive_maximum);
    for (const auto key : {"minLength", "minItems"})
        if (const auto found = from.find(key))
            own.min_length = read_length(*found);
    for (const auto key : {"maxLength", "maxItems"})
        if (const auto found = from.find(key))
            own.max_length = read_length(*found);
    if (const auto found = from.find("pattern"))
        own.pattern = found->text();
    if (const auto found = from.find("multipleOf")) {
        own.multiple_of = found->number();
        if (!(own.multiple_of > 0))
            found->refuse("a multiple of nothing");
    }
    own.unique = from.flag("uniqueItems");
    const std::string format = from.text_or("format", "");
    if (format == "email" || format == "uri" || format == "uuid")
        own.format = format;
}

void read_enum(const node& from, schema& own)
{
    std::vector<node> values;
    if (const auto list = from.find("enum"))
        for (std::size_t i = 0; i < list->array().size(); ++i)
            values.push_back(list->at(i));
    if (const auto constant = from.find("const"))
        values.assign(1, *constant);

    int booleans[2] = {0, 0};
    for (const node& value : values) {
        if (value.value().is_null()) {
            own.nullable = true;
        } else if (value.value().is_string()) {
            own.texts.push_back(value);
        } else if (value.value().is_bool()) {
            ++booleans[value.boolean() ? 1 : 0];
        } else if (value.value().is_number()) {
            // Numbers become a range: near enough to catch a slip before it is sent.
            own.own.minimum = std::min(own.own.minimum.value_or(value.number()), value.number());
            own.own.maximum = std::max(own.own.maximum.value_or(value.number()), value.number());
        } else {
            value.refuse("a value of an enumeration that is no text, number or boolean");
        }
    }
    if ((booleans[0] == 0) != (booleans[1] == 0))
        own.own.fixed_boolean = booleans[1] != 0 ? 1 : 0;
}

bool is_null_schema(const node& part)
{
    if (!part.is_object() || part.has("$ref"))
        return false;
    const schema own = read_schema(part);
    return own.nullable && own.types.empty() && own.how == composition::none && own.texts.empty() &&
           (part.has("type") || part.has("enum") || part.has("const"));
}

std::vector<std::string> read_texts(const node& list)
{
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < list.array().size(); ++i)
        texts.push_back(list.at(i).text());
    return texts;
}

void compose(schema& own, composition how, const node& where)
{
    if (own.how != composition::none)
        where.refuse("two of $ref, allOf, oneOf and anyOf in one schema");
    own.how = how;
}

void read_union(const node& list, schema& own)
{
    bool only_required = !list.array().empty();
    for (std::size_t i = 0; i < list.array().size(); ++i) {
        const node part = list.at(i);
        only_required = only_required && part.is_object() && part.object().size() == 1 && part.has("required");
    }
    if (only_required) {
        for (std::size_t i = 0; i < list.array().size(); ++i)
            own.any_of_required.push_back(read_texts(list.at(i).at("required")));
        return;
    }
    compose(own, composition::union_of, list);
    for (std::size_t i = 0; i < list.array().size(); ++i) {
        if (is_null_schema(list.at(i)))
            own.nullable = true;
        else
            own.parts.push_back(list.at(i));
    }
    if (own.parts.empty())
        list.refuse("a union without alternatives");
}

} // namespace

schema read_schema(const node& from)
{
    schema own;
    if (from.value().is_bool()) {
        if (!from.boolean())
            from.refuse("a schema that allows nothing");
        return own;
    }
    check_keywords(from);
    read_type(from, own);
    own.nullable = own.nullable || from.flag("nullable");
    own.format = from.text_or("format", "");
    own.deprecated = from.flag("deprecated");
    own.read_only = from.flag("readOnly");
    if (const auto found = from.find("default"))
        own.standard = json::serialize(found->value());
    read_limits(from, own.own);
    read_enum(from, own);

    own.properties = from.find("properties");
    own.items = from.find("items");
    own.additional = from.find("additionalProperties");
    own.says_additional = own.additional.has_value();
    if (own.additional && own.additional->value().is_bool() && !own.additional->boolean())
        own.additional.reset();
    if (const auto found = from.find("required"))
        own.required = read_texts(*found);
    own.discriminator = from.find("discriminator");

    if (from.has("$ref")) {
        compose(own, composition::reference, from.at("$ref"));
        own.parts.push_back(from);
        if (own.properties || own.items || !own.required.empty())
            from.refuse("keywords beside $ref that would change the schema it names");
    }
    if (const auto list = from.find("allOf")) {
        compose(own, composition::all_of, *list);
        for (std::size_t i = 0; i < list->array().size(); ++i)
            own.parts.push_back(list->at(i));
        if (own.parts.empty())
            list->refuse("allOf without parts");
    }
    for (const auto key : {"oneOf", "anyOf"})
        if (const auto list = from.find(key))
            read_union(*list, own);
    if (own.how == composition::union_of && (own.properties || own.items))
        from.refuse("a union that has members of its own");
    return own;
}

} // namespace usher::codegen
