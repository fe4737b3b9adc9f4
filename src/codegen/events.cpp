#include "events.hpp"

#include "cpp_types.hpp"
#include "emit.hpp"
#include "event_shapes.hpp"
#include "layout.hpp"
#include "naming.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <functional>
#include <set>

namespace usher::codegen {

namespace {

bool is_time(std::string_view text)
{
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() <= form.size() || text.back() != 'Z')
        return false;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    const std::string_view rest = text.substr(form.size(), text.size() - form.size() - 1);
    return rest.empty() ||
           (rest.size() > 1 && rest[0] == '.' && rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

bool is_called_like_a_time(std::string_view name)
{
    return name.ends_with("_at") || name.ends_with("_time");
}

class builder {
public:
    builder(const node& examples, model& target) : examples_(examples), shapes_(examples), model_(target) {}

    void run()
    {
        if (examples_.object().empty())
            examples_.refuse("there is no example of any event");
        model_.units.emplace_back();
        home_ = &model_.units.back();
        home_->name = "events";
        home_->is_group = true;
        type& all = create(kind::one_of, "event");
        all.comment = "Any of the events, or the JSON of one that is newer than this library.";
        for (const event_shape& shape : shapes_.all())
            types_[&shape] = &create(kind::object, shape.name);
        for (const event_shape& shape : shapes_.all())
            add_shape(shape);
        for (const auto& entry : examples_.object())
            all.alternatives.push_back({&add_event(entry.key()), {entry.key()}});
        all.discriminator = "type";
        lay_out(model_);
    }

private:
    type& create(kind what, const std::string& name)
    {
        model_.types.emplace_back();
        type& made = model_.types.back();
        made.what = what;
        if (what == kind::object || what == kind::one_of) {
            made.name = names_.take(name);
            made.home = home_;
            made.in_event = true;
            home_->types.push_back(&made);
        }
        return made;
    }

    void add_shape(const event_shape& shape)
    {
        type& target = *types_.at(&shape);
        target.owner = shape.owner;
        target.comment = cat(shape.is_data ? "What events say about an object `" : "Part of `", shape.owner, "`.");
        add_members(target, shape.samples, {});
    }

    type& add_event(const std::string& name)
    {
        std::vector<node> events;
        for (const auto& entry : examples_.object())
            events.push_back(examples_.at(entry.key()));
        type& target = create(kind::object, name);
        target.owner = name;
        target.comment = cat("The event `", name, "`.");
        add_members(target, events, name);
        return target;
    }

    /// With the name of an event, its `type` is fixed and its `data` is its own.
    void add_members(type& target, const std::vector<node>& samples, const std::string& event)
    {
        std::vector<std::string> order;
        for (const node& sample : samples)
            for (const auto& entry : sample.object())
                if (std::find(order.begin(), order.end(), std::string_view(entry.key())) == order.end())
                    order.push_back(entry.key());
        name_scope names;
        for (const std::string& wire : order) {
            std::vector<node> values;
            for (const node& sample : samples)
                if (auto value = sample.find(wire))
                    values.push_back(*value);
            const bool own_data = !event.empty() && wire == "data";
            member own;
            own.wire = wire;
            own.name = names.take(wire);
            own.required = values.size() == samples.size();
            own.use = type_of(own_data ? std::vector<node>{examples_.at(event).at(wire)} : values, wire);
            if (!event.empty() && wire == "type")
                own.own.values = {event};
            target.members.push_back(std::move(own));
        }
    }

    type_use type_of(const std::vector<node>& values, std::string_view name)
    {
        std::vector<node> known;
        std::copy_if(values.begin(), values.end(), std::back_inserter(known),
                     [](const node& each) { return !each.value().is_null(); });
        return {base_of(known, name), known.size() != values.size()};
    }

    type* base_of(const std::vector<node>& values, std::string_view name)
    {
        const auto all = [&](auto holds) {
            return std::all_of(values.begin(), values.end(), [&](const node& each) { return holds(each.value()); });
        };
        if (event_shapes::has_free_keys(name) && all([](const json::value& each) { return each.is_object(); }))
            return scalar(kind::json_object);
        if (values.empty())
            return scalar(is_called_like_a_time(name) ? kind::instant_short : kind::json_value);
        if (all([](const json::value& each) { return each.is_bool(); }))
            return scalar(kind::boolean);
        if (all([](const json::value& each) { return each.is_int64(); }))
            return scalar(kind::int64);
        if (all([](const json::value& each) { return each.is_number(); }))
            return scalar(kind::number);
        if (all([](const json::value& each) { return each.is_string(); }))
            return scalar(all([](const json::value& each) { return is_time(each.get_string()); }) ? kind::instant_short
                                                                                                  : kind::string);
        if (all([](const json::value& each) { return each.is_array(); }))
            return array_of(values, name);
        if (!all([](const json::value& each) { return each.is_object(); }))
            return scalar(kind::json_value);
        const event_shape* shape = shapes_.of(values.front().value());
        return shape && all([&](const json::value& each) { return shapes_.of(each) == shape; })
                   ? types_.at(shape)
                   : scalar(kind::json_object);
    }

    type* array_of(const std::vector<node>& values, std::string_view name)
    {
        std::vector<node> elements;
        for (const node& each : values)
            for (std::size_t i = 0; i < each.array().size(); ++i)
                elements.push_back(each.at(i));
        type& made = create(kind::array, {});
        made.element = type_of(elements, name);
        return &made;
    }

    type* scalar(kind what)
    {
        type*& known = scalars_[what];
        if (!known)
            known = &create(what, {});
        return known;
    }

    const node& examples_;
    event_shapes shapes_;
    model& model_;
    unit* home_ = nullptr;
    name_scope names_;
    std::map<const event_shape*, type*> types_;
    std::map<kind, type*> scalars_;
};

} // namespace

json::value read_examples(std::string_view text)
{
    boost::system::error_code code;
    json::value examples = json::parse(json::string_view(text.data(), text.size()), code);
    if (code)
        throw refused("", "no JSON: " + code.message());
    return examples;
}

model make_events(const node& examples, const std::string& service)
{
    model made;
    made.space = service + "::events";
    made.folder = service;
    for (std::size_t at = made.folder.find("::"); at != std::string::npos; at = made.folder.find("::"))
        made.folder.replace(at, 2, "/");
    made.service = service.substr(service.rfind(':') + 1) + "_events";
    builder(examples, made).run();
    return made;
}

void add_events(const model& from, output& to)
{
    output own;
    emit_headers(from, own);
    emit_tables(from, emit_options(), own);
    for (const auto& [path, text] : own.files()) {
        if (to.files().count(path) != 0)
            throw refused("", path + " is the service's own");
        to.add(path, text);
    }
}

} // namespace usher::codegen
