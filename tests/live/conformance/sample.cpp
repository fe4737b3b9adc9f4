#include "sample.hpp"

#include <algorithm>
#include <stdexcept>

namespace conformance {

namespace {

/// Whatever a target has to encode, and what takes two, three and four bytes. Without a comma: it joins arrays.
const char* const every_character = "t\xc3\xa9xt %/?#[]@!$&'()*+;=:<>\"{}|\\^`~ \xe2\x82\xac\xf0\x9f\x98\x80.";

class maker {
public:
    maker(const json::object& root, amount how, std::string upload) : root_(root), how_(how), upload_(std::move(upload))
    {
    }

    sample make(const std::string& path, const json::object& item, const json::object& operation)
    {
        sample made;
        made.id = std::string(operation.at("operationId").as_string());
        for (std::size_t at = 0; (at = path.find('{', at)) != std::string::npos; ++at) {
            const std::string name = path.substr(at + 1, path.find('}', at) - at - 1);
            for (const json::object* parameter : parameters(item, operation))
                if (parameter->at("in") == "path" && parameter->at("name").as_string() == name) {
                    made.path.emplace_back(value(parameter->at("schema").as_object(), name).as_string());
                    made.params[name] = made.path.back();
                }
        }
        for (const json::object* parameter : parameters(item, operation)) {
            const json::value* needed = parameter->if_contains("required");
            if (parameter->at("in") == "path" || (how_ == amount::required && !(needed && needed->as_bool())))
                continue;
            add_parameter(*parameter, made);
        }
        if (const json::value* body = operation.if_contains("requestBody"))
            add_body(body->as_object(), made);
        return made;
    }

private:
    const json::object& follow(const json::object& from) const
    {
        const json::object* found = &from;
        while (const json::value* reference = found->if_contains("$ref"))
            found = &resolve(std::string(reference->as_string()));
        return *found;
    }

    const json::object& resolve(const std::string& reference) const
    {
        const json::object* at = &root_;
        for (std::size_t begin = 2; begin <= reference.size();) {
            const std::size_t end = std::min(reference.find('/', begin), reference.size());
            at = &at->at(reference.substr(begin, end - begin)).as_object();
            begin = end + 1;
        }
        return *at;
    }

    std::vector<const json::object*> parameters(const json::object& item, const json::object& operation) const
    {
        std::vector<const json::object*> all;
        for (const json::object* holder : {&item, &operation})
            if (const json::value* list = holder->if_contains("parameters"))
                for (const json::value& each : list->as_array())
                    all.push_back(&follow(each.as_object()));
        return all;
    }

    void add_parameter(const json::object& parameter, sample& made)
    {
        const std::string name(parameter.at("name").as_string());
        made.only_ids = false;
        if (parameter.at("in") == "header") {
            made.headers.emplace_back(name, "\"tag " + std::to_string(turn_++) + '"');
            made.params[name] = made.headers.back().second;
            return;
        }
        if (const json::value* explode = parameter.if_contains("explode"); explode && !explode->as_bool())
            made.joined.push_back(name);
        made.params[name] = value(parameter.at("schema").as_object(), name);
        made.query.emplace_back(name, made.params[name]);
    }

    /// A name that the query has as well stands in a group of its own, there and here.
    static void add_member(const std::string& name, const json::value& value, sample& made)
    {
        made.only_ids = false;
        for (const auto& query : made.query)
            if (query.first == name) {
                made.params.erase(name);
                made.params["query"] = json::object{{name, query.second}};
                made.params["body"] = json::object{{name, value}};
                return;
            }
        made.params[name] = value;
    }

    void add_body(const json::object& body, sample& made)
    {
        const json::object& content = follow(body).at("content").as_object();
        const json::value* media = content.if_contains("application/json");
        if (!media) {
            media = content.if_contains("multipart/form-data");
            made.is_form = true;
        }
        const json::object& schema = follow(media->as_object().at("schema").as_object());
        made.body = value(schema, "body");
        if (made.body.is_object() && schema.contains("properties"))
            for (const auto& member : made.body.as_object())
                add_member(member.key(), member.value(), made);
        else if (!(how_ == amount::required && !schema.contains("additionalProperties") && made.body.is_object() &&
                   made.body.as_object().empty()))
            add_member("body", made.body, made);
    }

    bool is(const json::object& schema, const char* flag) const
    {
        const json::value* found = schema.if_contains(flag);
        return found && found->is_bool() && found->as_bool();
    }

    json::value value(const json::object& reference, const std::string& name)
    {
        const json::object& schema = follow(reference);
        if (how_ == amount::nulls && (is(schema, "nullable") || is(reference, "nullable")))
            return nullptr;
        if (const json::value* all = schema.if_contains("allOf"))
            return value(all->as_array().front().as_object(), name);
        if (const json::value* list = schema.if_contains("enum"))
            return list->as_array()[turn_++ % list->as_array().size()];
        const json::value* type = schema.if_contains("type");
        if (!type)
            return schema.contains("properties") ? object(schema)
                                                 : json::value(json::object{{"any", json::array{1, nullptr, "x"}}});
        if (*type == "string")
            return text(schema, name);
        if (*type == "boolean")
            return turn_++ % 2 == 0;
        if (*type == "integer" || *type == "number")
            return number(schema);
        if (*type == "array")
            return array(schema, name);
        if (*type == "object")
            return object(schema);
        throw std::runtime_error("no sample for " + name);
    }

    json::value object(const json::object& schema)
    {
        json::object made;
        const json::value* members = schema.if_contains("properties");
        if (!members) {
            const json::value* more = schema.if_contains("additionalProperties");
            const bool typed = more && more->is_object() && !more->as_object().empty();
            if (how_ == amount::required)
                return made;
            made["one"] = typed ? value(more->as_object(), "one") : json::value("1");
            made["two"] = typed ? value(more->as_object(), "two")
                                : json::value(json::array{true, nullptr, json::object{{"deep", 1.5}}});
            return made;
        }
        std::vector<std::string> needed;
        const auto need = [&](const json::value* list) {
            if (list)
                for (const json::value& each : list->as_array())
                    needed.emplace_back(each.as_string());
        };
        need(schema.if_contains("required"));
        if (const json::value* any = schema.if_contains("anyOf"))
            need(any->as_array().front().as_object().if_contains("required"));
        for (const auto& member : members->as_object()) {
            const std::string name = member.key();
            const json::object& own = member.value().as_object();
            if (is(own, "readOnly") || is(follow(own), "readOnly"))
                continue;
            if (how_ == amount::required && std::find(needed.begin(), needed.end(), name) == needed.end())
                continue;
            made[name] = value(own, name);
        }
        return made;
    }

    std::size_t size_of(const json::object& schema, const char* key, std::size_t otherwise) const
    {
        const json::value* found = schema.if_contains(key);
        return found ? static_cast<std::size_t>(found->as_int64()) : otherwise;
    }

    json::value array(const json::object& schema, const std::string& name)
    {
        json::array made;
        std::size_t size = std::max<std::size_t>(size_of(schema, "minItems", 0), how_ == amount::required ? 1 : 2);
        size = std::min(size, size_of(schema, "maxItems", size));
        for (std::size_t i = 0; i < size; ++i)
            made.push_back(value(schema.at("items").as_object(), name));
        return made;
    }

    json::value number(const json::object& schema)
    {
        const json::value* least = schema.if_contains("minimum");
        const json::value* most = schema.if_contains("maximum");
        const std::int64_t value =
            (least ? least->to_number<std::int64_t>() : 0) + 1 + static_cast<std::int64_t>(turn_++ % 3);
        return most ? std::min(value, most->to_number<std::int64_t>()) : value;
    }

    /// Texts for the few patterns that the documents have: a prefix, and a class repeated.
    static std::string of_pattern(std::string pattern)
    {
        if (pattern == "^(\\S(.*\\S)?)?$")
            return "a text";
        if (pattern.find("oauth_") != std::string::npos)
            return pattern.find("from_oauth_") != std::string::npos ? "from_oauth_google" : "oauth_google";
        std::string text;
        const auto cut = [&](std::size_t from, std::size_t size) { pattern.erase(from, size); };
        cut(0, 1);
        if (pattern.front() == '(') {
            text = pattern.substr(1, pattern.find_first_of("|)") - 1);
            cut(0, pattern.find(')') + 1);
        }
        const std::size_t repeat = pattern.find_first_of("[\\");
        text += pattern.substr(0, repeat);
        if (repeat != std::string::npos && pattern.find('{') != std::string::npos)
            text.append(static_cast<std::size_t>(std::stoi(pattern.substr(pattern.find('{') + 1))), 'a');
        return text;
    }

    json::value text(const json::object& schema, const std::string& name)
    {
        const json::value* format = schema.if_contains("format");
        if (format && *format == "binary")
            return json::value("@" + upload_);
        if (format && *format == "date")
            return "2024-02-29";
        if ((format && *format == "date-time") || (name.size() > 3 && name.compare(name.size() - 3, 3, "_at") == 0))
            return "2024-01-15T10:30:00.126079Z";
        if (format && *format == "email")
            return json::value("person" + std::to_string(turn_++) + "@example.com");
        if (format && *format == "uri")
            return "https://example.com/back";
        if (format && *format == "int64")
            return "1705314600";
        if (const json::value* pattern = schema.if_contains("pattern"))
            return json::value(of_pattern(std::string(pattern->as_string())));
        std::string made = name.find("email") != std::string::npos ? "person" + std::to_string(turn_++) + "@example.com"
                                                                   : std::to_string(turn_++) + every_character;
        made.append(size_of(schema, "minLength", 0) - std::min(made.size(), size_of(schema, "minLength", 0)), 'x');
        return json::value(cut(made, size_of(schema, "maxLength", made.size())));
    }

    static std::string cut(const std::string& text, std::size_t characters)
    {
        std::size_t end = 0;
        for (; end < text.size(); ++end)
            if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && characters-- == 0)
                break;
        return text.substr(0, end);
    }

    const json::object& root_;
    amount how_;
    std::string upload_;
    std::size_t turn_ = 0;
};

} // namespace

std::vector<sample> make_samples(const json::value& document, amount how, const std::string& upload)
{
    const json::object& root = document.as_object();
    maker own(root, how, upload);
    std::vector<sample> all;
    for (const auto& path : root.at("paths").as_object())
        for (const auto& each : path.value().as_object())
            if (each.key() != "parameters")
                all.push_back(own.make(path.key(), path.value().as_object(), each.value().as_object()));
    return all;
}

} // namespace conformance
