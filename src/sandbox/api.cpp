#include "sandbox/api.hpp"

#include <array>
#include <stdexcept>

namespace usher::sandbox {

namespace {

constexpr std::array<std::string_view, 6> methods{"get", "post", "put", "patch", "delete", "head"};

std::string upper(std::string_view text)
{
    std::string out(text);
    for (auto& c : out)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return out;
}

} // namespace

const parameter* operation::find(std::string_view name, parameter::place in) const
{
    for (const auto& p : parameters)
        if (p.in == in && p.name == name)
            return &p;
    return nullptr;
}

api::api(service of, std::string_view document)
    : document_(json::parse(document, {}, {.max_depth = 128})), schemas_(document_)
{
    const auto& root = document_.as_object();
    bool open_by_default = true;
    if (const auto* security = root.if_contains("security"); security && security->is_array())
        open_by_default = security->get_array().empty();

    for (const auto& [path, item] : root.at("paths").as_object())
        for (const auto method : methods) {
            const auto* source = item.as_object().if_contains(method);
            if (!source)
                continue;
            const auto& o = source->as_object();
            auto made = std::make_unique<operation>();
            const std::string where = "/paths/" + std::string(path) + "/" + std::string(method);
            made->id = std::string(o.at("operationId").as_string());
            made->method = upper(method);
            made->path = std::string(path);
            made->of = of;
            made->open = open_by_default;
            if (const auto* security = o.if_contains("security"); security && security->is_array())
                made->open = security->get_array().empty();
            for (const auto* holder : {&item.as_object(), &o})
                if (const auto* list = holder->if_contains("parameters"); list && list->is_array())
                    for (const auto& p : list->get_array())
                        read_parameter(*made, p, where + "/parameters");
            if (const auto* body = o.if_contains("requestBody"))
                read_body(*made, *body, where + "/requestBody");
            read_answer(*made, o.at("responses").as_object(), where + "/responses");
            operations_.push_back(std::move(made));
        }
    classify(operations_);
}

void api::read_parameter(operation& to, const json::value& from, const std::string& where)
{
    const auto& p = schemas_.follow(from).as_object();
    parameter made;
    made.name = std::string(p.at("name").as_string());
    const std::string_view in = p.at("in").as_string();
    if (in == "path")
        made.in = parameter::place::path;
    else if (in == "query")
        made.in = parameter::place::query;
    else if (in == "header")
        made.in = parameter::place::header;
    else
        throw std::invalid_argument(where + ": a parameter in " + std::string(in) + " is not understood");
    const auto flag = [&](std::string_view name, bool standard) {
        const auto* v = p.if_contains(name);
        return v && v->is_bool() ? v->get_bool() : standard;
    };
    made.required = made.in == parameter::place::path || flag("required", false);
    made.explode = flag("explode", true);
    made.allow_empty = flag("allowEmptyValue", false);
    made.of = schemas_.compile(p.at("schema"), where + "/" + made.name);
    to.parameters.push_back(std::move(made));
}

void api::read_body(operation& to, const json::value& from, const std::string& where)
{
    const auto& body = schemas_.follow(from).as_object();
    to.has_body = true;
    if (const auto* required = body.if_contains("required"); required && required->is_bool())
        to.body_required = required->get_bool();
    for (const auto& [type, media] : body.at("content").as_object()) {
        const auto& source = media.as_object().at("schema");
        if (type == "application/json")
            to.body = schemas_.compile(source, where + "/json");
        else if (type == "multipart/form-data")
            to.multipart = schemas_.compile(source, where + "/multipart");
        else if (type == "application/octet-stream")
            to.octets = true;
        else
            throw std::invalid_argument(where + ": a body of " + std::string(type) + " is not understood");
    }
}

// The first answer that means success is the one that is given.
void api::read_answer(operation& to, const json::object& responses, const std::string& where)
{
    for (const auto& [code, source] : responses) {
        if (code.size() != 3 || code.front() != '2')
            continue;
        to.status = (code[1] - '0') * 10 + (code[2] - '0') + 200;
        const auto& answer = schemas_.follow(source).as_object();
        if (const auto* content = answer.if_contains("content"); content && content->is_object())
            if (const auto* media = content->get_object().if_contains("application/json"))
                if (const auto* s = media->as_object().if_contains("schema"))
                    to.answer = schemas_.compile(*s, where + "/" + std::string(code));
        return;
    }
    throw std::invalid_argument(where + ": no answer that means success");
}

} // namespace usher::sandbox
