// Parameters, bodies, answers and paging of one operation.
#include "operation_builder.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace usher::codegen {

namespace {

bool is_json(const std::string& type)
{
    const std::string plain = type.substr(0, type.find(';'));
    return plain == "application/json" || (plain.size() > 5 && plain.compare(plain.size() - 5, 5, "+json") == 0);
}

const member* find_member(const type* holder, const std::string& wire)
{
    if (holder)
        for (const member& own : holder->members)
            if (own.wire == wire)
                return &own;
    return nullptr;
}

} // namespace

void operation_builder::add_path(const entry& from, operation& own, const std::vector<node>& parameters)
{
    name_scope names({"params", "options", "state"});
    for (std::size_t begin = 0; (begin = from.path.find('{', begin)) != std::string::npos;) {
        const std::size_t end = from.path.find('}', begin);
        if (end == std::string::npos)
            from.own.refuse("a path template that is not closed");
        const std::string wire = from.path.substr(begin + 1, end - begin - 1);
        const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const node& each) {
            return each.at("in").text() == "path" && each.at("name").text() == wire;
        });
        if (found == parameters.end())
            from.own.refuse("the path has no parameter for {" + wire + "}");
        if (found->text_or("style", "simple") != "simple")
            found->at("style").refuse("a style of path parameter that is not understood");
        const schema written = read_schema(document_.follow(found->at("schema")));
        limits bounds = written.own;
        for (const node& text : written.texts)
            bounds.values.push_back(text.text());
        own.arguments.push_back({wire, names.take(wire), bounds});
        begin = end;
    }
    for (const node& each : parameters)
        if (each.at("in").text() == "path" &&
            std::none_of(own.arguments.begin(), own.arguments.end(),
                         [&](const path_argument& known) { return known.wire == each.at("name").text(); }))
            each.refuse("a path parameter that the path does not have");
}

void operation_builder::add_query(operation& own, const std::vector<node>& parameters, const spot& where,
                                  name_scope& names)
{
    for (const node& each : parameters) {
        const std::string in = each.at("in").text();
        if (in == "path")
            continue;
        const std::string wire = each.at("name").text();
        const place put = in == "header" ? place::header : place::query;
        if (in != "header" && in != "query")
            each.at("in").refuse("a parameter in a place that is not understood (" + in + ")");
        // Parameters that HTTP itself defines are the client's, as OpenAPI has it.
        if (put == place::header && (wire == "Accept" || wire == "Content-Type" || wire == "Authorization"))
            continue;
        if (each.text_or("style", put == place::query ? "form" : "simple") != (put == place::query ? "form" : "simple"))
            each.at("style").refuse("a style of parameter that is not understood");
        if (each.has("content"))
            each.at("content").refuse("a parameter that is a document of its own");

        member& made =
            types_.add_member(*params_of(own, where, each), names, {wire, each.at("schema"), own.id}, where, put);
        made.required = each.flag("required");
        made.deprecated = made.deprecated || each.flag("deprecated");
        made.exploded = each.flag("explode", put == place::query);
        const type* base = made.use.base;
        if (base->what == kind::array && put == place::query)
            base = base->element.base;
        if (base->what == kind::object || base->what == kind::map || base->what == kind::array ||
            base->what == kind::one_of || base->what == kind::json_object || base->what == kind::upload)
            each.at("schema").refuse("a parameter that is no plain value and no array of such");
    }
}

void operation_builder::add_body(const entry& from, operation& own, const spot& where, name_scope& names)
{
    const auto written = from.own.find("requestBody");
    if (!written)
        return;
    const node body = document_.follow(*written);
    const node content = body.at("content");
    own.body_required = body.flag("required");
    std::optional<node> chosen;
    for (const body_kind wanted : {body_kind::json, body_kind::multipart, body_kind::octet_stream})
        for (const auto& media : content.object()) {
            const std::string name = media.key();
            const bool fits = wanted == body_kind::json        ? is_json(name)
                              : wanted == body_kind::multipart ? name == "multipart/form-data"
                                                               : name == "application/octet-stream";
            if (fits && !chosen) {
                chosen = content.at(name);
                own.body = wanted;
            }
        }
    if (!chosen)
        content.refuse("a body in a form that is not understood");
    if (own.body == body_kind::multipart && content.has("application/octet-stream"))
        own.body = body_kind::multipart_or_octets;
    const node shape = chosen->at("schema");

    if (!types_.is_struct(shape) || own.body == body_kind::octet_stream) {
        if (own.body == body_kind::multipart || own.body == body_kind::multipart_or_octets)
            shape.refuse("a form without named parts");
        member& whole =
            types_.add_member(*params_of(own, where, body), names, {"body", shape, own.id}, where, place::body);
        whole.whole_body = true;
        // An object of which nothing is said at all is an empty message: it may be left out.
        const schema said = read_schema(document_.follow(shape));
        const bool nothing_said =
            whole.use.base->what == kind::json_object && !said.says_additional && !said.properties;
        whole.required = own.body_required && !nothing_said;
        return;
    }

    type* params = params_of(own, where, body);
    const std::size_t first = params->members.size();
    const object_parts parts = types_.collect(shape, own.id);
    // A query parameter gives way to a member of the body with the same name.
    for (const auto& part : parts.members)
        for (member& each : params->members)
            if (each.where == place::query && snake_case(each.wire) == snake_case(part.wire)) {
                names.release(each.name);
                each.name = names.take(each.wire + "_query");
            }
    if (shape.has("$ref")) {
        // The members of a schema with a name are built already: their types are shared.
        const type* shared = types_.build(shape, where).use.base;
        for (member each : shared->members) {
            each.name = names.take(each.wire);
            params->members.push_back(std::move(each));
        }
        params->any_of_required = shared->any_of_required;
    } else {
        for (const auto& part : parts.members) {
            member& each = types_.add_member(*params, names, part, where, place::body);
            each.required = parts.required.count(part.wire) != 0;
        }
        params->any_of_required = parts.any_of_required;
    }
    for (std::size_t i = first; i < params->members.size(); ++i)
        if (params->members[i].read_only)
            params->members[i].required = false;
}

void operation_builder::add_result(const entry& from, operation& own, const spot& where)
{
    const node responses = from.own.at("responses");
    std::optional<node> chosen;
    spot at = where.child("result");
    for (const auto& response : responses.object()) {
        const std::string status = response.key();
        const node written = responses.at(status);
        if (status.size() == 3 && (status[0] == '4' || status[0] == '5') && status[1] != 'X')
            own.errors.push_back(std::stoi(status));
        if (status.empty() || status[0] != '2')
            continue;
        std::string component;
        const node answer = document_.follow(written, &component);
        const auto content = answer.find("content");
        if (!content || content->object().empty())
            continue;
        std::optional<node> media;
        for (const auto& each : content->object())
            if (is_json(each.key()) && !media)
                media = content->at(each.key());
        if (!media)
            content->refuse("an answer in a form that is not understood");
        const auto shape = media->find("schema");
        if (!shape)
            media->refuse("an answer without a schema");
        if (chosen && json::serialize(chosen->value()) != json::serialize(shape->value()))
            shape->refuse("a second kind of answer, beside " + chosen->pointer());
        if (chosen)
            continue;
        chosen = shape;
        if (!component.empty() && component.rfind("/components/responses/", 0) == 0) {
            const std::string name = component.substr(component.rfind('/') + 1);
            at = {snake_case(name), name, nullptr, {}, false};
        }
    }
    std::sort(own.errors.begin(), own.errors.end());
    if (!chosen)
        return;
    own.result = (at.home ? types_.build(*chosen, at) : types_.build_response(*chosen, at)).use;
    type* base = own.result.base;
    base->is_result = true;
    if (base->is_named() && base->comment.empty()) {
        base->comment = at.home ? std::string() : words_.type(at.owner);
        if (base->comment.empty())
            base->comment = "What `" + own.group + "()." + own.name + "` answers.";
    }
}

void operation_builder::add_pages(const entry& from, operation& own)
{
    const page_words* words = words_.pages(from.id);
    if (!words)
        return;
    static const std::map<std::string, page_style> styles = {{"offset", page_style::offset},
                                                             {"token", page_style::token},
                                                             {"cursor", page_style::cursor},
                                                             {"number", page_style::number}};
    const auto style = styles.find(words->style);
    if (style == styles.end())
        throw refused("/pages" + pointer_step(from.id) + "/style",
                      "a style of paging that is not understood (words file)");
    paging pages;
    pages.style = style->second;
    pages.items = words->items;
    pages.request_member = words->request;
    pages.response_member = words->response;
    pages.order_by = words->order_by;
    const auto need = [&](bool good, const std::string& what) {
        if (!good)
            throw refused("/pages" + pointer_step(from.id), what + " (words file)");
    };
    need(find_member(own.params, pages.request_member) != nullptr, "no parameter " + pages.request_member);
    need(pages.order_by.empty() || find_member(own.params, "order_by") != nullptr, "no parameter order_by");
    for (const char* size : {"limit", "page_size"})
        if (const member* found = find_member(own.params, size)) {
            pages.size_member = size;
            pages.largest = static_cast<std::uint32_t>(found->own.maximum.value_or(0));
        }
    const type* answer = own.result.base;
    need(answer != nullptr, "the operation has no answer");
    const type* list = answer;
    if (!pages.items.empty()) {
        pages.holder = find_member(answer, pages.items);
        need(pages.holder != nullptr, "the answer has no member " + pages.items);
        list = pages.holder->use.base;
    }
    need(list->what == kind::array, "the items are no array");
    const type* holder = pages.style == page_style::token ? answer : list->element.base;
    need((pages.style != page_style::token && pages.style != page_style::cursor) ||
             find_member(holder, pages.response_member) != nullptr,
         "no member " + pages.response_member + " that leads to the next page");
    if (pages.style == page_style::token && find_member(answer, "prev_page_token") != nullptr)
        pages.previous_member = "prev_page_token";
    pages.item = list->element.base;
    pages.item_nullable = list->element.nullable;
    own.pages = pages;
}

} // namespace usher::codegen
