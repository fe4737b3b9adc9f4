#include "edge_list.hpp"

#include <cctype>
#include <cstdint>

namespace conformance {

namespace {

std::string repeated(const char* character, std::size_t times)
{
    std::string text;
    for (std::size_t i = 0; i != times; ++i)
        text += character;
    return text;
}

} // namespace

void edge_list::good(const std::string& at, json::value value, std::string why)
{
    add(at, value, true, true, std::move(why));
}

void edge_list::bad(const std::string& at, json::value value, std::string why)
{
    add(at, value, false, true, std::move(why));
}

void edge_list::add(const std::string& pointer, std::optional<json::value> value, bool valid, bool sendable,
                    std::string why)
{
    edge own;
    own.pointer = pointer;
    own.value = std::move(value);
    own.valid = valid;
    own.sendable = sendable;
    own.why = std::move(why);
    std::string rest = pointer;
    do {
        own.name = rest.substr(rest.rfind('/') + 1);
        rest.resize(rest.rfind('/'));
    } while (!own.name.empty() && std::isdigit(static_cast<unsigned char>(own.name.front())) && !rest.empty());
    made.push_back(std::move(own));
}

void edge_list::mistyped(const std::string& at, json::value value, std::string why)
{
    add(at, std::move(value), false, false, std::move(why));
}

bool edge_list::flag(const json::object& schema, const char* key)
{
    const json::value* found = schema.if_contains(key);
    return found && found->is_bool() && found->as_bool();
}

void edge_list::numbers(const json::object& schema, const std::string& at)
{
    const bool whole = schema.at("type") == "integer";
    const std::string format = schema.contains("format") ? schema.at("format").as_string().c_str() : "";
    mistyped(at, json::object(), "no number");
    mistyped(at, "x1", "no number");
    if (whole)
        mistyped(at, 1.5, "a fraction");
    bound(schema, at, "minimum", "exclusiveMinimum", -1);
    bound(schema, at, "maximum", "exclusiveMaximum", 1);
    if (!schema.contains("maximum")) {
        if (format == "int32")
            mistyped(at, 2147483648, "more than 32 bits");
        good(at,
             format == "int32" ? json::value(2147483647)
             : whole           ? json::value(INT64_MAX)
                               : json::value(1e300),
             "the largest number");
    }
    if (!schema.contains("minimum") && whole)
        good(at, format == "int32" ? json::value(INT32_MIN) : json::value(INT64_MIN), "the least number");
}

void edge_list::bound(const json::object& schema, const std::string& at, const char* key, const char* exclusive,
                      int outward)
{
    const json::value* found = schema.if_contains(key);
    if (!found)
        return;
    const bool whole = schema.at("type") == "integer";
    const auto number = found->to_number<double>();
    const auto as_json = [&](double value) {
        return whole ? json::value(static_cast<std::int64_t>(value)) : json::value(value);
    };
    const double step = whole ? 1 : 0.25;
    const bool open = flag(schema, exclusive);
    (open ? bad(at, as_json(number), exclusive) : good(at, as_json(number), key));
    (open ? good(at, as_json(number - outward * step), exclusive)
          : bad(at, as_json(number + outward * step), std::string("beyond ") + key));
}

void edge_list::texts(const json::object& schema, const std::string& at, const json::value& sample, bool in_path)
{
    const std::string format = schema.contains("format") ? schema.at("format").as_string().c_str() : "";
    if (!in_path)
        mistyped(at, json::array(), "no text");
    if (const json::value* list = schema.if_contains("enum")) {
        for (const json::value& each : list->as_array())
            good(at, each, "of the enumeration");
        bad(at, "never_heard_of", "not of the enumeration");
        return;
    }
    const bool time = at.size() > 3 && at.compare(at.size() - 3, 3, "_at") == 0;
    if (!format.empty() || time)
        return formats(format.empty() ? "date-time" : format, at);
    const json::value* least = schema.if_contains("minLength");
    const json::value* most = schema.if_contains("maxLength");
    if (const json::value* pattern = schema.if_contains("pattern")) {
        patterns(std::string(pattern->as_string()), at, std::string(sample.as_string()));
        if (least && !in_path)
            bad(at, json::value(repeated("x", least->to_number<std::size_t>() - 1)), "below minLength");
    } else if (!in_path) {
        const std::size_t low = least ? least->to_number<std::size_t>() : 0;
        good(at, json::value(repeated("\xe2\x82\xac", low)), "minLength in characters");
        if (low > 0)
            bad(at, json::value(repeated("\xe2\x82\xac", low - 1)), "below minLength");
    }
    if (most) {
        const auto high = most->to_number<std::size_t>();
        good(at, json::value(repeated("\xf0\x9f\x98\x80", high)), "maxLength in characters");
        bad(at, json::value(repeated("\xf0\x9f\x98\x80", high + 1)), "above maxLength");
    }
}

void edge_list::patterns(const std::string& pattern, const std::string& at, const std::string& sample)
{
    if (pattern == "^(\\S(.*\\S)?)?$") {
        good(at, "\xc3\xa9 \xc3\xa9", "the pattern");
        bad(at, " x", "not the pattern");
        bad(at, "x ", "not the pattern");
        return;
    }
    bad(at, json::value("!" + sample), "not the pattern");
    bad(at, json::value(sample + "!"), "not the pattern");
    bad(at, json::value(sample.substr(0, sample.size() - 1)), "not the pattern");
}

void edge_list::formats(const std::string& format, const std::string& at)
{
    if (format == "email") {
        good(at, "o'neil+x@sub.example.com", format);
        for (const char* each : {"nobody", "@example.com", "nobody@", "no body@example.com", ""})
            bad(at, each, format);
    } else if (format == "uri") {
        good(at, "https://example.com/a%20b?c=d#e", format);
        for (const char* each : {"example.com", "http://a b", "", "1ttp://x"})
            bad(at, each, format);
    } else if (format == "date") {
        good(at, "2024-02-29", format);
        for (const char* each : {"2023-02-29", "2024-2-9", "today", "2024-02-29T00:00:00Z"})
            mistyped(at, each, format);
    } else if (format == "date-time") {
        good(at, "2024-02-29T23:59:59.5+05:30", format);
        for (const char* each : {"2023-02-29T00:00:00Z", "2024-02-28", "now", "2024-02-28T25:00:00Z"})
            mistyped(at, each, format);
    } else if (format == "int64") {
        good(at, "9223372036854775807", format);
        good(at, "-9223372036854775808", format);
        for (const char* each : {"9223372036854775808", "1x", "", "0.5"})
            mistyped(at, each, format);
    }
}

} // namespace conformance
