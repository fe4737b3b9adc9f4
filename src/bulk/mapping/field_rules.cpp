#include "bulk/mapping/field_rules.hpp"

#include "bulk/mapping/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace json = boost::json;

namespace usher::bulk::mapping_file {

void fail(const std::string& place, std::string_view what)
{
    throw std::invalid_argument("mapping file, " + (place.empty() ? std::string("at its top") : "at " + place) + ": " +
                                std::string(what));
}

std::string inside(const std::string& place, std::string_view member)
{
    std::string pointer = place + "/";
    for (const char c : member)
        pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return pointer;
}

const json::object& object_at(const json::value& value, const std::string& place)
{
    if (!value.is_object())
        fail(place, "not an object");
    return value.get_object();
}

const json::array& array_at(const json::value& value, const std::string& place)
{
    if (!value.is_array())
        fail(place, "not a list");
    return value.get_array();
}

std::string text_at(const json::value& value, const std::string& place)
{
    if (!value.is_string() || value.get_string().empty())
        fail(place, value.is_string() ? "an empty text" : "not a text");
    return std::string(value.get_string());
}

void only(const json::object& object, const std::string& place, std::initializer_list<std::string_view> known)
{
    for (const auto& member : object)
        if (member.key().empty() ||
            std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end())
            fail(inside(place, member.key()), "a member that is not known here");
}

namespace {

time_form format_at(const json::value& value, const std::string& place)
{
    const auto name = text_at(value, place);
    if (name == "ms")
        return time_form::milliseconds;
    if (name == "s")
        return time_form::seconds;
    if (name == "rfc3339")
        return time_form::rfc3339;
    if (name == "sql")
        return time_form::sql;
    fail(place, "none of ms, s, rfc3339 and sql");
}

} // namespace

value_rule rule_at(const json::value& value, const std::string& place, std::string_view more)
{
    value_rule rule;
    if (value.is_string()) {
        rule.from = text_at(value, place);
        return rule;
    }
    if (!value.is_object())
        fail(place, "neither the name of a member nor an object");
    const auto& object = value.get_object();
    only(object, place, {"from", "constant", more});
    if (const auto* from = object.if_contains("from"))
        rule.from = text_at(*from, inside(place, "from"));
    if (const auto* constant = object.if_contains("constant"))
        rule.constant = *constant;
    if (rule.from.empty() == rule.constant.is_null())
        fail(place, "needs either \"from\" or \"constant\"");
    const auto* extra = more.empty() ? nullptr : object.if_contains(more);
    if (extra && rule.from.empty())
        fail(inside(place, more), "has no meaning for a constant");
    if (extra && more == "equals") {
        if (extra->is_null() || extra->is_structured())
            fail(inside(place, more), "neither a text nor a number, true or false");
        rule.equals = *extra;
    }
    if (extra && more == "format")
        rule.format = format_at(*extra, inside(place, more));
    return rule;
}

value_rule flag_at(const json::value& value, const std::string& place)
{
    auto rule = rule_at(value, place, "equals");
    if (rule.from.empty() && !rule.constant.is_bool())
        fail(inside(place, "constant"), "neither true nor false");
    return rule;
}

value_rule hasher_at(const json::value& value, const std::string& place)
{
    const auto known = [](std::string name, const std::string& at) {
        if (!is_clerk_hasher(name))
            fail(at, "not a hasher that Clerk knows");
        return name;
    };
    value_rule rule;
    if (value.is_string()) {
        rule.constant = known(text_at(value, place), place);
        return rule;
    }
    const auto& object = object_at(value, place);
    only(object, place, {"from", "values"});
    const auto* from = object.if_contains("from");
    if (!from)
        fail(place, "needs \"from\", or is the name of a hasher");
    rule.from = text_at(*from, inside(place, "from"));
    if (const auto* names = object.if_contains("values")) {
        const auto at = inside(place, "values");
        for (const auto& [name, hasher] : object_at(*names, at))
            rule.names[std::string(name)] = known(text_at(hasher, inside(at, name)), inside(at, name));
    }
    return rule;
}

list_rule list_at(const json::value& value, const std::string& place)
{
    list_rule rule;
    if (value.is_string()) {
        rule.from = text_at(value, place);
        return rule;
    }
    const auto& object = object_at(value, place);
    only(object, place, {"from", "value", "separator", "verified"});
    const auto* from = object.if_contains("from");
    if (!from)
        fail(place, "needs \"from\"");
    rule.from = text_at(*from, inside(place, "from"));
    if (const auto* member = object.if_contains("value"))
        rule.value = text_at(*member, inside(place, "value"));
    if (const auto* separator = object.if_contains("separator"))
        rule.separator = text_at(*separator, inside(place, "separator"));
    if (!rule.value.empty() && !rule.separator.empty())
        fail(place, "\"value\" is for objects, \"separator\" for a text");
    if (const auto* verified = object.if_contains("verified")) {
        if (verified->is_bool())
            rule.verified.constant = *verified;
        else
            rule.verified = flag_at(*verified, inside(place, "verified"));
    }
    return rule;
}

} // namespace usher::bulk::mapping_file
