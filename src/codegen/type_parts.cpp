// Objects from their parts, and unions from their alternatives.
#include "type_builder.hpp"

#include <algorithm>

namespace usher::codegen {

type* type_builder::scalar(kind what)
{
    type*& known = scalars_[what];
    if (!known) {
        model_.types.emplace_back();
        known = &model_.types.back();
        known->what = what;
    }
    return known;
}

unit* type_builder::new_unit(const std::string& name, bool is_group)
{
    model_.units.emplace_back();
    unit& own = model_.units.back();
    own.name = name;
    own.is_group = is_group;
    return &own;
}

type* type_builder::create(kind what, const spot& where, const node& from)
{
    model_.types.emplace_back();
    type& target = model_.types.back();
    target.what = what;
    target.name = where.component.empty() ? names_.take(where.name) : where.name;
    target.owner = where.owner;
    target.pointer = from.pointer();
    target.home = where.home ? where.home : new_unit(target.name, false);
    target.home->types.push_back(&target);
    if (!where.component.empty()) {
        target.comment = words_.type(where.owner);
        // Known from now on, so that its members may hold it.
        built early;
        early.use = {&target, where.nullable};
        done_[where.component] = early;
    }
    return &target;
}

bool type_builder::is_struct(const node& from) const
{
    std::string component;
    const node target = document_.follow(from, &component);
    if (!component.empty() && words_.is_free_form(component.substr(component.rfind('/') + 1)))
        return false;
    const schema own = read_schema(target);
    if (own.how == composition::all_of)
        return std::any_of(own.parts.begin(), own.parts.end(), [&](const node& part) { return is_struct(part); }) ||
               (own.properties && !own.properties->object().empty());
    return own.how == composition::none && own.properties && !own.properties->object().empty();
}

object_parts type_builder::collect(const node& from, const std::string& owner) const
{
    object_parts parts;
    collect_into(from, owner, parts, 0);
    return parts;
}

void type_builder::collect_into(const node& from, const std::string& owner, object_parts& parts, int depth) const
{
    if (depth == 64)
        from.refuse("allOf in a circle");
    std::string component;
    const node target = document_.follow(from, &component);
    const std::string declared = component.empty() ? owner : component.substr(component.rfind('/') + 1);
    const schema own = read_schema(target);
    if (own.how == composition::union_of)
        target.refuse("a union inside allOf");
    if (own.how == composition::all_of)
        for (const node& part : own.parts)
            collect_into(part, declared, parts, depth + 1);
    if (own.how == composition::none && !own.types.empty() && own.types != std::vector<std::string>{"object"})
        target.refuse("allOf of something else than objects");

    if (own.properties)
        for (const auto& entry : own.properties->object()) {
            const std::string wire = entry.key();
            const auto known = std::find_if(parts.members.begin(), parts.members.end(),
                                            [&](const auto& part) { return part.wire == wire; });
            const object_parts::part part{wire, own.properties->at(wire), declared};
            if (known == parts.members.end())
                parts.members.push_back(part);
            else
                *known = part;
        }
    parts.required.insert(own.required.begin(), own.required.end());
    parts.any_of_required.insert(parts.any_of_required.end(), own.any_of_required.begin(), own.any_of_required.end());
}

built type_builder::build_union(const schema& own, const node& from, const spot& where)
{
    std::vector<alternative> alternatives;
    std::vector<std::string> components;
    bool objects = true;
    bool texts = true;
    for (std::size_t i = 0; i < own.parts.size(); ++i) {
        const node& part = own.parts[i];
        const std::string title = part.is_object() ? part.text_or("title", "") : std::string();
        const spot inner =
            title.empty() ? where.child("option_" + std::to_string(i + 1)) : where.child(snake_case(title));
        std::string component;
        document_.follow(part, &component);
        type* base = build(part, inner).use.base;
        objects = objects && base->what == kind::object;
        texts = texts && (base->what == kind::string || base->what == kind::enumeration);
        const bool repeated =
            std::any_of(alternatives.begin(), alternatives.end(), [&](const auto& a) { return a.base == base; });
        if (!repeated) {
            alternatives.push_back({base, {}});
            components.push_back(component);
        }
    }

    built result;
    if (!objects) {
        result.use.base = scalar(texts ? kind::string : kind::json_value);
    } else if (alternatives.size() == 1) {
        result.use.base = alternatives.front().base;
    } else {
        type* target = create(kind::one_of, where, from);
        target->alternatives = std::move(alternatives);
        unions_.push_back({target, from, own.discriminator, std::move(components)});
        result.use.base = target;
    }
    return result;
}

void type_builder::finish_unions()
{
    for (const auto& pending : unions_)
        pending.target->discriminator =
            pending.discriminator ? tag_by_discriminator(pending) : common_tag(*pending.target);
    for (const auto& pending : unions_)
        if (!pending.discriminator && !pending.target->discriminator.empty())
            for (alternative& own : pending.target->alternatives)
                for (const member& tag : own.base->members)
                    if (tag.wire == pending.target->discriminator)
                        own.tags = tag.own.values;
}

/// The discriminator's texts for each alternative: what `mapping` says, what the alternative itself documents, and,
/// when neither says anything, the name of its schema, as OpenAPI has it.
std::string type_builder::tag_by_discriminator(const pending_union& pending)
{
    const node& discriminator = *pending.discriminator;
    const std::string name = discriminator.at("propertyName").text();
    std::set<std::string> used;
    auto& alternatives = pending.target->alternatives;
    if (const auto mapping = discriminator.find("mapping"))
        for (const auto& entry : mapping->object()) {
            const node target = mapping->at(entry.key());
            std::string pointer = target.text();
            pointer = pointer.rfind("#/", 0) == 0 ? pointer.substr(1) : "/components/schemas" + pointer_step(pointer);
            const auto known = std::find(pending.components.begin(), pending.components.end(), pointer);
            if (known == pending.components.end())
                target.refuse("a mapping to a schema that is no alternative of the union");
            alternatives[static_cast<std::size_t>(known - pending.components.begin())].tags.push_back(entry.key());
            used.insert(entry.key());
        }
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
        for (const member& own : alternatives[i].base->members) {
            if (own.wire != name)
                continue;
            std::vector<std::string> texts = own.own.values;
            for (const enum_value& value : own.use.base->values)
                texts.push_back(value.text);
            for (const std::string& text : texts)
                if (used.insert(text).second)
                    alternatives[i].tags.push_back(text);
        }
        if (alternatives[i].tags.empty()) {
            const std::string& component = pending.components[i];
            if (component.empty())
                discriminator.refuse("no text of the discriminator is known for alternative " + std::to_string(i + 1));
            alternatives[i].tags.push_back(component.substr(component.rfind('/') + 1));
        }
    }
    return name;
}

/// A member that has one text in every alternative, never the same; or nothing.
std::string type_builder::common_tag(const type& target)
{
    for (const member& candidate : target.alternatives.front().base->members) {
        std::set<std::string> texts;
        for (const alternative& own : target.alternatives)
            for (const member& other : own.base->members)
                if (other.wire == candidate.wire && other.own.values.size() == 1)
                    texts.insert(other.own.values.front());
        if (texts.size() == target.alternatives.size())
            return candidate.wire;
    }
    return {};
}

} // namespace usher::codegen
