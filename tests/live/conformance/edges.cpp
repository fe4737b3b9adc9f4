#include "edge_list.hpp"

#include <algorithm>

namespace conformance {

namespace {

class edge_maker : edge_list {
public:
    explicit edge_maker(const json::object& root) : root_(root) {}

    std::vector<edge> make(const json::object& item, const json::object& operation, const sample& with)
    {
        made.clear();
        for (const json::object* holder : {&item, &operation})
            if (const json::value* list = holder->if_contains("parameters"))
                for (const json::value& each : list->as_array())
                    parameter(follow(each.as_object()), with);
        if (const json::value* body = operation.if_contains("requestBody"))
            add_body(follow(body->as_object()), with);
        return std::move(made);
    }

private:
    const json::object& follow(const json::object& from) const
    {
        const json::object* found = &from;
        for (;;) {
            const json::value* all = found->if_contains("allOf");
            if (const json::value* reference = found->if_contains("$ref"))
                found = &pointed(std::string(reference->as_string()));
            else if (all && all->as_array().size() == 1)
                found = &all->as_array().front().as_object();
            else
                return *found;
        }
    }

    const json::object& pointed(const std::string& reference) const
    {
        const json::object* at = &root_;
        for (std::size_t begin = 2; begin <= reference.size();) {
            const std::size_t end = std::min(reference.find('/', begin), reference.size());
            at = &at->at(reference.substr(begin, end - begin)).as_object();
            begin = end + 1;
        }
        return *at;
    }

    void parameter(const json::object& own, const sample& with)
    {
        const std::string name(own.at("name").as_string());
        const bool grouped = !with.params.contains(name);
        const std::string at = (grouped ? "/query/" : "/") + name;
        const json::object& schema = follow(own.at("schema").as_object());
        if (own.at("in") == "path") {
            for (const char* segment : {"", ".", ".."})
                mistyped(at, segment, "no segment of a path");
            mistyped(at, json::object(), "no text");
            texts(schema, at, with.params.at(name), true);
            return;
        }
        const json::value* required = own.if_contains("required");
        if (required && required->as_bool())
            add(at, std::nullopt, false, true, "required");
        in_query_ = true;
        if (own.at("in") != "header")
            value(own.at("schema").as_object(), at, grouped ? with.params.at("query").at(name) : with.params.at(name));
        else
            mistyped(at, "a\r\nb: c", "two lines");
        in_query_ = false;
    }

    void add_body(const json::object& body, const sample& with)
    {
        const std::size_t before = made.size();
        add_members_of_body(body, with);
        // A body that may be left out is, when its only member is taken away.
        if (flag(body, "required") || !with.body.is_object() || with.body.as_object().size() != 1)
            return;
        for (std::size_t i = before; i < made.size(); ++i)
            made[i].sendable = made[i].sendable && made[i].value;
    }

    void add_members_of_body(const json::object& body, const sample& with)
    {
        const std::size_t before = made.size();
        const json::object& content = body.at("content").as_object();
        const json::value* media = content.if_contains("application/json");
        if (!media)
            return;
        const json::object& schema = follow(media->as_object().at("schema").as_object());
        if (!schema.contains("properties"))
            value(schema, "/body", with.body);
        else
            members(schema, "", with.body.as_object());
        // What the query has as well stands in the body's group.
        for (const auto& each : with.query)
            for (std::size_t i = before; i < made.size(); ++i)
                if (!with.params.contains(each.first) && made[i].name == each.first)
                    made[i].pointer.insert(0, "/body");
    }

    void members(const json::object& schema, const std::string& at, const json::object& sample)
    {
        const auto& properties = schema.at("properties").as_object();
        for (const auto& each : sample) {
            const json::value* own = properties.if_contains(each.key());
            if (!own)
                continue;
            const std::string inner = at + "/" + std::string(each.key());
            value(own->as_object(), inner, each.value());
            if (const json::value* needed = schema.if_contains("required"))
                for (const json::value& name : needed->as_array())
                    if (name.as_string() == each.key())
                        add(inner, std::nullopt, false, true, "required");
        }
        if (const json::value* sets = schema.if_contains("anyOf"))
            one_of(sets->as_array(), at);
        if (!flag(schema, "additionalProperties"))
            mistyped(at + "/nobody_knows_this", 1, "unknown");
    }

    /// Sets of members of which one has to be there.
    void one_of(const json::array& sets, const std::string& at)
    {
        std::vector<std::string> names;
        for (const json::value& set : sets)
            for (const json::value& name : set.as_object().at("required").as_array())
                names.emplace_back(name.as_string());
        add(at + "/" + names.front(), std::nullopt, false, true, "none of those that stand for each other");
        made.back().without.assign(names.begin() + 1, names.end());
    }

    void value(const json::object& reference, const std::string& at, const json::value& sample)
    {
        const json::object& schema = follow(reference);
        const bool nullable = flag(schema, "nullable") || flag(reference, "nullable");
        if (!in_query_ && schema.contains("type")) {
            if (nullable)
                good(at, nullptr, "null");
            else
                mistyped(at, nullptr, "null");
        }
        const json::value* type = schema.if_contains("type");
        if (schema.contains("allOf") || (!type && !schema.contains("properties")))
            return;
        if (schema.contains("properties")) {
            mistyped(at, "text", "no object");
            members(schema, at, sample.as_object());
        } else if (*type == "string") {
            texts(schema, at, sample, false);
        } else if (*type == "boolean") {
            mistyped(at, "true", "a text");
            if (!schema.contains("enum"))
                for (const bool each : {false, true})
                    good(at, each, "boolean");
        } else if (*type == "integer" || *type == "number") {
            numbers(schema, at);
        } else if (*type == "array") {
            elements(schema, at, sample.as_array());
        } else {
            mistyped(at, json::array(), "no object");
        }
    }

    void elements(const json::object& schema, const std::string& at, const json::array& sample)
    {
        mistyped(at, 1, "no array");
        const auto many = [&](std::size_t count) { return json::array(count, sample.front()); };
        const json::value* least = schema.if_contains("minItems");
        const json::value* most = schema.if_contains("maxItems");
        const std::size_t low = least ? least->to_number<std::size_t>() : 0;
        if (low > 0) {
            good(at, many(low), "minItems");
            bad(at, many(low - 1), "fewer than minItems");
        } else if (!in_query_) {
            good(at, json::array(), "no elements");
        }
        if (most) {
            good(at, many(most->to_number<std::size_t>()), "maxItems");
            bad(at, many(most->to_number<std::size_t>() + 1), "more than maxItems");
        }
        value(schema.at("items").as_object(), at + "/0", sample.front());
    }

    const json::object& root_;
    bool in_query_ = false;
};

} // namespace

std::vector<std::vector<edge>> make_edges(const json::value& document, const std::vector<sample>& samples)
{
    const json::object& root = document.as_object();
    edge_maker own(root);
    std::vector<std::vector<edge>> all;
    for (const auto& path : root.at("paths").as_object())
        for (const auto& each : path.value().as_object())
            if (each.key() != "parameters")
                all.push_back(own.make(path.value().as_object(), each.value().as_object(), samples.at(all.size())));
    return all;
}

json::object with_edge(const json::object& params, const edge& at)
{
    json::value changed = params;
    const std::size_t last = at.pointer.rfind('/');
    const std::string parent = at.pointer.substr(0, last);
    const std::string name = at.pointer.substr(last + 1);
    json::value& holder = parent.empty() ? changed : changed.at_pointer(parent);
    if (holder.is_array())
        holder.as_array().at(std::stoul(name)) = at.value.value();
    else if (at.value)
        holder.as_object()[name] = *at.value;
    else
        holder.as_object().erase(name);
    for (const std::string& each : at.without)
        holder.as_object().erase(each);
    return changed.as_object();
}

} // namespace conformance
