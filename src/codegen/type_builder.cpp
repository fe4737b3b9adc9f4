#include "type_builder.hpp"

#include <algorithm>

namespace usher::codegen {

namespace {

/// The name of a component at the end of its pointer.
std::string component_name(const std::string& pointer)
{
    std::string name;
    const std::string step = pointer.substr(pointer.rfind('/') + 1);
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] == '~' && i + 1 < step.size())
            name += step[++i] == '1' ? '/' : '~';
        else
            name += step[i];
    }
    return name;
}

} // namespace

type_builder::type_builder(const document& doc, const words& own_words, model& target, name_scope& names)
    : document_(doc), words_(own_words), model_(target), names_(names)
{
}

void type_builder::build_components()
{
    const node root = document_.root();
    const auto components = root.find("components");
    const auto schemas = components ? components->find("schemas") : std::nullopt;
    if (!schemas)
        return;
    // All names first, so that a named schema never has to give way to an inline one.
    for (const auto& entry : schemas->object()) {
        const std::string name = names_.take(std::string_view(entry.key().data(), entry.key().size()));
        const std::string pointer = schemas->at(entry.key()).pointer();
        components_[pointer] = {name, entry.key(), new_unit(name, false), pointer, false};
    }
    for (const auto& entry : schemas->object())
        build_component(schemas->at(entry.key()));
}

built type_builder::build_component(const node& target)
{
    const auto found = done_.find(target.pointer());
    if (found != done_.end())
        return found->second;
    if (!under_way_.insert(target.pointer()).second)
        target.refuse("a schema that holds itself with no object in between");
    auto known = components_.find(target.pointer());
    if (known == components_.end()) {
        // A reference to somewhere else than components/schemas: named from the last step of its pointer.
        const std::string last = component_name(target.pointer());
        const std::string name = names_.take(last);
        known = components_.emplace(target.pointer(), spot{name, last, new_unit(name, false), target.pointer(), false})
                    .first;
    }
    spot where = known->second;
    where.nullable = read_schema(target).nullable;
    const built result = build(target, where);
    under_way_.erase(target.pointer());
    done_[target.pointer()] = result;
    return result;
}

built type_builder::build_response(const node& from, const spot& where)
{
    const auto found = done_.find(from.pointer());
    if (found != done_.end())
        return found->second;
    const built result = build(from, where);
    done_[from.pointer()] = result;
    return result;
}

built type_builder::build(const node& from, const spot& where)
{
    const schema own = read_schema(from);
    built result;
    switch (own.how) {
    case composition::reference: {
        std::string pointer;
        const node target = document_.follow(from, &pointer);
        result = build_component(target);
        break;
    }
    case composition::all_of:
        if (own.parts.size() == 1 && !own.properties && own.required.empty())
            result = build(own.parts.front(), where);
        else
            result = build_struct(from, where);
        break;
    case composition::union_of:
        result = own.parts.size() == 1 ? build(own.parts.front(), where) : build_union(own, from, where);
        break;
    case composition::none:
        result = build_plain(own, from, where);
        break;
    }
    if (own.how != composition::none && own.own.any())
        result.own = own.own;
    result.use.nullable = result.use.nullable || own.nullable;
    result.deprecated = result.deprecated || own.deprecated;
    result.read_only = result.read_only || own.read_only;
    if (!own.standard.empty())
        result.standard = own.standard;
    return result;
}

built type_builder::build_plain(const schema& own, const node& from, const spot& where)
{
    std::string name = own.types.empty() ? std::string() : own.types.front();
    if (own.types.size() == 2 && own.types[0] != own.types[1] &&
        (own.types[0] == "number" || own.types[1] == "number") &&
        (own.types[0] == "integer" || own.types[1] == "integer"))
        name = "number";
    else if (own.types.size() > 1)
        name = "any";
    else if (name.empty() && (own.properties || own.additional))
        name = "object";
    else if (name.empty() && own.items)
        name = "array";
    else if (name.empty() && !own.texts.empty())
        name = "string";

    built result;
    result.own = own.own;
    if (name == "string")
        return build_text(own, from, where);
    if (name == "object")
        return build_object(own, from, where);
    if (name == "boolean") {
        result.use.base = scalar(kind::boolean);
    } else if (name == "number") {
        result.use.base = scalar(kind::number);
    } else if (name == "integer") {
        result.use.base = scalar(own.format == "int32" ? kind::int32 : kind::int64);
        if (own.format == "unix-time")
            result.use.base = scalar(kind::unix_seconds);
    } else if (name == "array") {
        model_.types.emplace_back();
        type& array = model_.types.back();
        array.what = kind::array;
        array.pointer = from.pointer();
        array.element.base = scalar(kind::json_value);
        result.use.base = &array;
        if (own.items) {
            const built element = build(*own.items, where.child("item"));
            array.element = element.use;
            result.element = element.own;
        }
    } else {
        result.use.base = scalar(kind::json_value);
        result.own = {};
    }
    return result;
}

built type_builder::build_text(const schema& own, const node& from, const spot& where)
{
    built result;
    result.own = own.own;
    kind what = kind::string;
    if (own.format == "date-time")
        what = kind::instant;
    else if (own.format == "date")
        what = kind::date;
    else if (own.format == "binary")
        what = kind::upload;
    else if (own.format == "int64" || own.format == "uint64")
        what = kind::int64_text;

    if (what != kind::string) {
        result.own.pattern.reset();
        result.use.base = scalar(what);
    } else if (own.texts.size() < 2) {
        for (const node& text : own.texts)
            result.own.values.push_back(text.text());
        result.use.base = scalar(what);
    } else {
        type* target = create(kind::enumeration, where, from);
        name_scope names({"unknown"});
        std::set<std::string> seen;
        for (const node& text : own.texts)
            if (seen.insert(text.text()).second)
                target->values.push_back({names.take(text.text()), text.text()});
        if (target->values.size() > 0xfffe)
            from.refuse("an enumeration with more than 65534 values");
        result.use.base = target;
        result.own = {};
    }
    return result;
}

built type_builder::build_object(const schema& own, const node& from, const spot& where)
{
    built result;
    const bool named_members = own.properties && !own.properties->object().empty();
    if (words_.is_free_form(where.owner) && !where.component.empty()) {
        result.use.base = scalar(kind::json_object);
    } else if (named_members) {
        if (own.additional && own.additional->is_object() && !own.additional->object().empty())
            own.additional->refuse(
                "a schema for members beside the named ones (`free_form` in the words file makes it any object)");
        return build_struct(from, where);
    } else if (own.additional && own.additional->is_object() && !own.additional->object().empty()) {
        model_.types.emplace_back();
        type& map = model_.types.back();
        map.what = kind::map;
        map.pointer = from.pointer();
        result.use.base = &map;
        map.element = build(*own.additional, where.child("value")).use;
    } else {
        result.use.base = scalar(kind::json_object);
    }
    return result;
}

built type_builder::build_struct(const node& from, const spot& where)
{
    const object_parts parts = collect(from, where.owner);
    if (parts.members.empty()) {
        built free_form;
        free_form.use.base = scalar(kind::json_object);
        return free_form;
    }
    type* target = create(kind::object, where, from);
    target->any_of_required = parts.any_of_required;
    name_scope names;
    for (const auto& part : parts.members) {
        member& own = add_member(*target, names, part, where, place::body);
        own.required = parts.required.count(part.wire) != 0;
    }
    built result;
    result.use.base = target;
    return result;
}

member& type_builder::add_member(type& target, name_scope& names, const object_parts::part& from, const spot& where,
                                 place put)
{
    spot inner = where.child(snake_case(from.wire));
    inner.owner = from.owner;
    const built value = build(from.where, inner);
    member own;
    own.wire = from.wire;
    own.name = names.take(from.wire);
    own.use = value.use;
    own.own = value.own;
    own.element = value.element;
    own.deprecated = value.deprecated;
    own.read_only = value.read_only;
    own.standard = value.standard;
    own.where = put;
    apply_words(own, where.owner, from.owner);
    target.members.push_back(std::move(own));
    return target.members.back();
}

void type_builder::apply_words(member& target, const std::string& own, const std::string& declared)
{
    const kind what = target.use.base->what;
    const bool number = what == kind::int32 || what == kind::int64 || what == kind::int64_text || what == kind::number;
    kind wanted = what;
    switch (words_.unit({own, declared}, target.wire)) {
    case unit_of_time::none:
        return;
    case unit_of_time::milliseconds:
        wanted = number ? kind::unix_milliseconds : what;
        break;
    case unit_of_time::seconds:
        wanted = number ? kind::unix_seconds : what;
        break;
    case unit_of_time::rfc3339:
        wanted = what == kind::string ? kind::instant : what;
        break;
    }
    if (wanted != what) {
        target.use.base = scalar(wanted);
        target.own = {};
    }
}

} // namespace usher::codegen
