#include "sandbox/check.hpp"

#include "sandbox/identifier.hpp"

#include <algorithm>
#include <cmath>

namespace usher::sandbox {

namespace {

constexpr std::size_t enough = 12;

using kind = schema::kind;

std::size_t characters(std::string_view utf8)
{
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// 64-bit integers travel as text in protobuf's JSON form, and as numbers in everybody else's.
bool digits(std::string_view text)
{
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.size() < 20 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string choices(const json::array& of)
{
    std::string out = "one of";
    for (const auto& v : of)
        out += (out.size() == 6 ? " " : ", ") + (v.is_string() ? std::string(v.get_string()) : json::serialize(v));
    return out;
}

bool integral(const json::value& v)
{
    return v.is_int64() || v.is_uint64() || (v.is_double() && std::floor(v.get_double()) == v.get_double());
}

std::string_view expected_type(const schema& s)
{
    switch (s.type) {
    case kind::string:
        return "a string";
    case kind::integer:
        return "an integer";
    case kind::number:
        return "a number";
    case kind::boolean:
        return "true or false";
    case kind::object:
        return "an object";
    case kind::array:
        return "an array";
    default:
        return "a value";
    }
}

bool right_type(const json::value& v, const schema& s)
{
    switch (s.type) {
    case kind::string:
        return v.is_string();
    case kind::integer:
        return integral(v);
    case kind::number:
        return v.is_number();
    case kind::boolean:
        return v.is_bool();
    case kind::object:
        return v.is_object();
    case kind::array:
        return v.is_array();
    default:
        return true;
    }
}

bool uri_like(std::string_view text)
{
    const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    return text.find(':') != std::string_view::npos && letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; });
}

void check_string(std::string_view text, const schema& s, const std::string& name, problems& found)
{
    if (s.max_length && characters(text) > *s.max_length)
        found.push_back(form::too_large(name, std::to_string(*s.max_length) + " characters"));
    else if (s.min_length && characters(text) < *s.min_length)
        found.push_back(form::wrong_format(name, "at least " + std::to_string(*s.min_length) + " characters long"));
    else if (s.regular && !s.regular->matches(text))
        found.push_back(form::wrong_format(name, "of the form " + s.regular_text));
    else if (s.format == "date-time" && !parse_rfc3339(text))
        found.push_back(form::wrong_format(name, "a time as in RFC 3339"));
    else if (s.format == "date" && !(text.size() == 10 && parse_rfc3339(std::string(text) + "T00:00:00Z")))
        found.push_back(form::wrong_format(name, "a date as in RFC 3339"));
    else if (s.format == "email" && !email_like(text))
        found.push_back(form::wrong_format(name, "an e-mail address"));
    else if (s.format == "uri" && !uri_like(text))
        found.push_back(form::wrong_format(name, "a URL"));
}

void check_number(const json::value& v, const schema& s, const std::string& name, problems& found)
{
    const auto number = v.to_number<double>();
    const auto text = [](double bound) {
        return bound == std::floor(bound) ? std::to_string(static_cast<long long>(bound)) : std::to_string(bound);
    };
    if (s.minimum && (s.above_minimum ? number <= *s.minimum : number < *s.minimum))
        found.push_back(form::wrong_value(name, (s.above_minimum ? "more than " : "at least ") + text(*s.minimum)));
    else if (s.maximum && (s.below_maximum ? number >= *s.maximum : number > *s.maximum))
        found.push_back(form::wrong_value(name, (s.below_maximum ? "less than " : "at most ") + text(*s.maximum)));
    else if (s.format == "int32" && (number < -2147483648.0 || number > 2147483647.0))
        found.push_back(form::wrong_value(name, "a 32-bit integer"));
}

void check_object(const json::object& o, const schema& s, const std::string& name, problems& found)
{
    const auto inside = [&](std::string_view member) {
        return name.empty() ? std::string(member) : name + "." + std::string(member);
    };
    for (const auto& member : s.required)
        if (!o.contains(member))
            if (const auto* p = s.find(member); !p || !p->of->read_only)
                found.push_back(form::missing(inside(member)));
    if (!s.any_required.empty()) {
        const auto there = [&](const auto& set) {
            return std::all_of(set.begin(), set.end(), [&](const auto& m) { return o.contains(m); });
        };
        if (std::none_of(s.any_required.begin(), s.any_required.end(), there))
            found.push_back(
                form::needs(inside(s.any_required.front().front()), "when nothing that stands for it is given"));
    }
    for (const auto& [member, value] : o) {
        if (found.size() >= enough)
            return;
        if (const auto* p = s.find(member))
            check(value, *p->of, inside(member), found);
        else if (s.additional)
            check(value, *s.additional, inside(member), found);
        else if (s.closed || (!s.additional_any && !s.properties.empty()))
            found.push_back(form::unknown(inside(member)));
    }
}

} // namespace

void check(const json::value& value, const schema& against, const std::string& name, problems& found)
{
    if (found.size() >= enough)
        return;
    if (value.is_null()) {
        if (!against.nullable && (against.type != kind::any || !against.alternatives.empty()))
            found.push_back(form::nil(name));
        return;
    }
    if (!right_type(value, against)) {
        if (!(against.type == kind::integer && against.format == "int64" && value.is_string() &&
              digits(value.get_string())))
            found.push_back(form::wrong_type(name, expected_type(against)));
        return;
    }
    if (!against.alternatives.empty()) {
        for (const auto* one : against.alternatives)
            if (problems quiet; check(value, *one, name, quiet), quiet.empty())
                return;
        const schema* chosen = against.alternatives.front();
        if (const auto* o = value.if_object(); o && !against.discriminator.empty())
            if (const auto* tag = o->if_contains(against.discriminator); tag && tag->is_string())
                if (const auto it = against.mapping.find(std::string_view(tag->get_string()));
                    it != against.mapping.end())
                    chosen = it->second;
        check(value, *chosen, name, found);
        return;
    }
    if (!against.enumeration.empty() &&
        std::find(against.enumeration.begin(), against.enumeration.end(), value) == against.enumeration.end()) {
        found.push_back(form::wrong_value(name, choices(against.enumeration)));
        return;
    }
    if (value.is_string())
        check_string(value.get_string(), against, name, found);
    else if (value.is_number())
        check_number(value, against, name, found);
    else if (const auto* o = value.if_object())
        check_object(*o, against, name, found);
    else if (const auto* a = value.if_array()) {
        if (against.max_items && a->size() > *against.max_items)
            found.push_back(form::too_many(name, *against.max_items));
        else if (against.min_items && a->size() < *against.min_items)
            found.push_back(form::wrong_value(name, "at least " + std::to_string(*against.min_items) + " elements"));
        else if (against.items)
            for (std::size_t i = 0; i != a->size(); ++i)
                check((*a)[i], *against.items, name + "[" + std::to_string(i) + "]", found);
    }
}

bool fits(const json::value& value, const schema& against)
{
    problems found;
    check(value, against, "value", found);
    return found.empty();
}

} // namespace usher::sandbox
