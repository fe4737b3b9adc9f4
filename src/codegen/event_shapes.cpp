#include "event_shapes.hpp"

#include "cpp_types.hpp"
#include "naming.hpp"

#include <algorithm>

namespace usher::codegen {

namespace {

bool ends_with(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string singular(const std::string& name)
{
    if (ends_with(name, "ies"))
        return name.substr(0, name.size() - 3) + "y";
    return ends_with(name, "s") && !ends_with(name, "ss") ? name.substr(0, name.size() - 1) : name;
}

bool alike(const event_shape& shape, const json::object& object)
{
    const auto common = static_cast<std::size_t>(std::count_if(object.begin(), object.end(), [&](const auto& member) {
        return shape.members.count(std::string(member.key())) != 0;
    }));
    return common * 2 >= std::min(shape.members.size(), object.size());
}

} // namespace

bool event_shapes::has_free_keys(std::string_view member)
{
    return member == "metadata" || ends_with(member, "attributes");
}

event_shapes::event_shapes(const node& examples)
{
    for (const auto& entry : examples.object()) {
        const node event = examples.at(entry.key());
        if (event.at("type").text() != std::string_view(entry.key()))
            event.at("type").refuse("not the type that the example stands under");
        const node data = event.at("data");
        if (data.object().empty())
            continue;
        const std::string object = event.at("object").text();
        const std::string name = snake_case(object);
        place(data, data.has(name) ? name + "_data" : name, object, true);
    }
    // What is inside comes after all data, which has the first right to its names. A shape may get further samples
    // while the others are looked into.
    std::map<const event_shape*, std::size_t> looked;
    for (bool more = true; more;) {
        more = false;
        for (std::size_t i = 0; i < all_.size(); ++i)
            for (std::size_t& next = looked[&all_[i]]; next < all_[i].samples.size(); more = true) {
                const node holder = all_[i].samples[next++];
                for (const auto& entry : holder.object())
                    if (!has_free_keys(entry.key()))
                        look_into(holder.at(entry.key()), snake_case(entry.key()), all_[i].name);
            }
    }
}

void event_shapes::look_into(const node& value, const std::string& name, const std::string& holder)
{
    if (value.is_object() && !value.object().empty())
        place(value, name, holder, false);
    else if (value.value().is_array())
        for (std::size_t i = 0; i < value.array().size(); ++i)
            look_into(value.at(i), singular(name), holder);
}

void event_shapes::place(const node& object, const std::string& name, const std::string& holder, bool is_data)
{
    event_shape* chosen = nullptr;
    std::string wanted = name;
    for (int number = 1; !chosen; ++number) {
        const auto known =
            std::find_if(all_.begin(), all_.end(), [&](const event_shape& each) { return each.name == wanted; });
        if (known == all_.end()) {
            all_.push_back({wanted, holder, is_data, {}, {}});
            chosen = &all_.back();
        } else if (alike(*known, object.object())) {
            chosen = &*known;
        } else {
            const std::string longer = cat(is_data ? name : cat(holder, "_", name), is_data ? "_data" : "");
            wanted = number == 1 ? longer : cat(longer, "_", std::to_string(number));
        }
    }
    chosen->samples.push_back(object);
    for (const auto& entry : object.object())
        chosen->members.insert(std::string(entry.key()));
    of_.emplace(&object.value(), chosen);
}

const event_shape* event_shapes::of(const json::value& object) const
{
    const auto known = of_.find(&object);
    return known == of_.end() ? nullptr : known->second;
}

} // namespace usher::codegen
