#include "sandbox/check.hpp"

#include <algorithm>
#include <charconv>

namespace usher::sandbox {

namespace {

using kind = schema::kind;

// Text from a path, query, header or form field as the type that the schema wants; text that is not of that type stays
// text, and check() says so.
json::value typed(std::string_view text, const schema& as)
{
    const auto* const end = text.data() + text.size();
    if (as.type == kind::integer) {
        std::int64_t n = 0;
        const auto r = std::from_chars(text.data(), end, n);
        if (r.ec == std::errc() && r.ptr == end && !text.empty())
            return n;
    } else if (as.type == kind::number) {
        double n = 0;
        const auto r = std::from_chars(text.data(), end, n);
        if (r.ec == std::errc() && r.ptr == end && !text.empty())
            return n;
    } else if (as.type == kind::boolean) {
        if (text == "true")
            return true;
        if (text == "false")
            return false;
    }
    return json::value(json::string_view(text.data(), text.size()));
}

void read_query(const operation& of, std::string_view text, call& to, problems& found)
{
    const auto given = parse_form(text);
    if (!given) {
        found.push_back({400, "malformed_request_parameters", "malformed", "The query is badly encoded.", {}});
        return;
    }
    for (const auto& [name, value] : *given) {
        const auto* p = of.find(name, parameter::place::query);
        if (!p) {
            found.push_back(form::unknown(name));
            continue;
        }
        if (p->of->type != kind::array) {
            if (to.query.contains(name))
                found.push_back(form::duplicate(name));
            else
                to.query[name] = typed(value, *p->of);
            continue;
        }
        auto& list = to.query[name];
        if (!list.is_array())
            list.emplace_array();
        else if (!p->explode)
            found.push_back(form::duplicate(name));
        const auto& items = *p->of->items;
        std::string_view rest = value;
        for (std::size_t comma = 0; !p->explode && (comma = rest.find(',')) != std::string_view::npos;
             rest.remove_prefix(comma + 1))
            list.get_array().push_back(typed(rest.substr(0, comma), items));
        list.get_array().push_back(typed(rest, items));
    }
    for (const auto& p : of.parameters) {
        if (p.in != parameter::place::query)
            continue;
        const auto* value = to.query.if_contains(p.name);
        if (!value) {
            if (p.required)
                found.push_back(form::missing(p.name));
        } else if (!(p.allow_empty && value->is_string() && value->get_string().empty()))
            check(*value, *p.of, p.name, found);
    }
}

void read_path(const operation& of, call& to, problems& found)
{
    for (const auto& p : of.parameters) {
        if (p.in != parameter::place::path)
            continue;
        // the list may have another order than the path
        const auto place = std::min(of.path.find("{" + p.name + "}"), of.path.size());
        const auto index = static_cast<std::size_t>(
            std::count(of.path.begin(), of.path.begin() + static_cast<std::ptrdiff_t>(place), '{'));
        if (index < to.captures.size())
            check(typed(to.captures[index], *p.of), *p.of, p.name, found);
    }
}

bool media_is(std::string_view content_type, std::string_view what)
{
    const auto type = content_type.substr(0, content_type.find(';'));
    return type.substr(0, type.find_last_not_of(' ') + 1) == what;
}

void read_multipart(const request& from, const operation& of, call& to, problems& found)
{
    auto parts = parse_multipart(from.content_type, from.body);
    if (!parts) {
        found.push_back(
            {400, "malformed_request_parameters", "malformed", "The multipart body is not well formed.", {}});
        return;
    }
    json::object members;
    for (const auto& one : *parts) {
        const auto* p = of.multipart->find(one.name);
        if (!p)
            found.push_back(form::unknown(one.name));
        else if (members.contains(one.name))
            found.push_back(form::duplicate(one.name));
        else if (p->of->format == "binary" && !one.is_file)
            found.push_back(form::wrong_type(one.name, "a file"));
        else if (p->of->format == "binary" && one.content.empty())
            found.push_back(form::wrong_value(one.name, "a file that is not empty"));
        else if (p->of->format == "binary")
            members[one.name] = "";
        else
            members[one.name] = typed(one.content, *p->of);
    }
    check(members, *of.multipart, {}, found);
    to.parts = std::move(*parts);
    to.body = std::move(members);
    to.has_body = true;
}

void read_json(const request& from, const operation& of, call& to, problems& found)
{
    boost::system::error_code error;
    to.body = json::parse(from.body, error, {}, {.max_depth = 100});
    if (error) {
        found.push_back({400, "request_body_invalid", "invalid", "The body is not valid JSON.", {}});
        return;
    }
    to.has_body = true;
    if (of.body->type == kind::object && !to.body.is_object())
        found.push_back({400, "request_body_invalid", "invalid", "The body must be a JSON object.", {}});
    else if (of.body->type == kind::array && !to.body.is_array())
        found.push_back({400, "request_body_invalid", "invalid", "The body must be a JSON array.", {}});
    else
        check(to.body, *of.body, {}, found);
}

} // namespace

void check_request(const request& from, const operation& of, std::string_view query, bool strict_body, call& to,
                   problems& found)
{
    to.of = &of;
    to.if_match = from.if_match;
    read_path(of, to, found);
    if (!query.empty() || !of.parameters.empty())
        read_query(of, query, to, found);
    for (const auto& p : of.parameters)
        if (p.in == parameter::place::header && p.required && p.name == "If-Match" && from.if_match.empty())
            found.push_back(form::missing(p.name));

    if (from.body.empty()) {
        if (of.body_required)
            found.push_back(form::nothing_there());
        else if (strict_body && of.body && !of.body->required.empty())
            check(json::object(), *of.body, {}, found); // the document lets the body out, the service does not
    } else if (!of.has_body)
        found.push_back({400, "request_body_invalid", "invalid", "The request takes no body.", {}});
    else if (of.multipart && media_is(from.content_type, "multipart/form-data"))
        read_multipart(from, of, to, found);
    else if (of.octets && media_is(from.content_type, "application/octet-stream"))
        to.has_body = true;
    else if (of.body && media_is(from.content_type, "application/json"))
        read_json(from, of, to, found);
    else
        found.push_back(
            {415, "unsupported_content_type", "unsupported", "The request's Content-Type is not supported here.", {}});
}

} // namespace usher::sandbox
