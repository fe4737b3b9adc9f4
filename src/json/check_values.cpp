#include "json/check_values.hpp"

#include "json/numbers.hpp"
#include "json/pattern.hpp"
#include "json/text.hpp"

#include <algorithm>
#include <cmath>

namespace usher::detail {
namespace {

std::string counted(std::uint64_t count, std::string_view what)
{
    std::string text = std::to_string(count);
    text += ' ';
    text += what;
    if (count != 1)
        text += 's';
    return text;
}

std::string compared(std::string_view shown, std::string_view relation, double bound, std::string_view source)
{
    std::string text(shown);
    text += relation;
    append_double(bound, text);
    text += source;
    return text;
}

} // namespace

namespace {

/// Wide on purpose: what these refuse no service takes, and what is stranger than that is the service's to judge.
bool has_format(std::string_view text, text_format format)
{
    const auto is_graphic = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; };
    const auto is_alphabetic = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    switch (format) {
    case text_format::email: {
        const auto at = text.rfind('@');
        return at != std::string_view::npos && at != 0 && at + 1 != text.size() &&
               std::ranges::all_of(text, is_graphic);
    }
    case text_format::uri: {
        const auto scheme = text.substr(0, text.find(':'));
        return scheme.size() < text.size() && !scheme.empty() && is_alphabetic(scheme.front()) &&
               std::ranges::all_of(
                   scheme,
                   [&](char c) { return is_alphabetic(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; }) &&
               std::ranges::all_of(text, is_graphic);
    }
    case text_format::uuid: {
        constexpr std::string_view form = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
        return std::ranges::equal(text, form, [&](char c, char wanted) {
            return wanted == '-' ? c == '-' : is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        });
    }
    case text_format::any:
        break;
    }
    return true;
}

std::string_view name_of(text_format format)
{
    return format == text_format::email ? "an email address" : format == text_format::uri ? "a URI" : "a UUID";
}

} // namespace

std::string check_number(double value, std::string_view shown, const bounds& limits)
{
    if (limits.has_minimum && value < limits.minimum)
        return compared(shown, " is below the minimum ", limits.minimum, {});
    if (limits.has_minimum && limits.exclusive_minimum && value <= limits.minimum)
        return compared(shown, " is not above ", limits.minimum, " (exclusiveMinimum)");
    if (limits.has_maximum && value > limits.maximum)
        return compared(shown, " is above the maximum ", limits.maximum, {});
    if (limits.has_maximum && limits.exclusive_maximum && value >= limits.maximum)
        return compared(shown, " is not below ", limits.maximum, " (exclusiveMaximum)");
    // Decimal fractions are none in binary: a multiple is one up to rounding.
    if (limits.multiple_of != 0 && std::fabs(std::remainder(value, limits.multiple_of)) > limits.multiple_of * 1e-9)
        return compared(shown, " is no multiple of ", limits.multiple_of, " (multipleOf)");
    return {};
}

std::string check_text(std::string_view value, const bounds* limits)
{
    if (!is_utf8(value))
        return std::string(not_utf8);
    if (limits == nullptr)
        return {};
    if (limits->min_length != 0 || limits->max_length != no_bounds.max_length) {
        const std::size_t length = count_code_points(value);
        if (length < limits->min_length)
            return "shorter than " + counted(limits->min_length, "character") + " (minLength)";
        if (length > limits->max_length)
            return "longer than " + counted(limits->max_length, "character") + " (maxLength)";
    }
    if (!limits->values.empty())
        return check_enumeration(value, limits->values);
    if (limits->pattern != nullptr && !matches_pattern(limits->pattern, value))
        return "does not match " + std::string(limits->pattern) + " (pattern)";
    if (!has_format(value, limits->format))
        return "not " + std::string(name_of(limits->format)) + " (format)";
    return {};
}

std::string check_boolean(bool value, const bounds& limits)
{
    if (limits.fixed_boolean < 0 || value == (limits.fixed_boolean != 0))
        return {};
    return value ? "has to be false (enum)" : "has to be true (enum)";
}

std::string check_count(std::size_t elements, const bounds& limits)
{
    if (elements < limits.min_length)
        return "fewer than " + counted(limits.min_length, "element") + " (minItems)";
    if (elements > limits.max_length)
        return "more than " + counted(limits.max_length, "element") + " (maxItems)";
    return {};
}

std::string check_enumeration(std::string_view text, std::span<const std::string_view> names)
{
    if (std::ranges::find(names, text) != names.end())
        return {};
    return "not " + list_of(names) + " (enum)";
}

std::string check_tree(const boost::json::object& object, std::size_t levels)
{
    if (levels == 0)
        return std::string(too_deep);
    for (const auto& entry : object) {
        if (!is_utf8(entry.key()))
            return std::string(not_utf8);
        if (auto wrong = check_tree(entry.value(), levels - 1); !wrong.empty())
            return wrong;
    }
    return {};
}

std::string check_tree(const boost::json::value& value, std::size_t levels)
{
    if (value.is_object())
        return check_tree(value.get_object(), levels);
    if (value.is_string() && !is_utf8(value.get_string()))
        return std::string(not_utf8);
    if (value.is_double() && !std::isfinite(value.get_double()))
        return std::string(not_finite);
    if (!value.is_array())
        return {};
    if (levels == 0)
        return std::string(too_deep);
    for (const auto& element : value.get_array())
        if (auto wrong = check_tree(element, levels - 1); !wrong.empty())
            return wrong;
    return {};
}

std::string list_of(std::span<const std::string_view> texts)
{
    constexpr std::size_t most = 12;
    std::string list;
    for (std::size_t i = 0; i != texts.size() && i != most; ++i) {
        if (i != 0)
            list += i + 1 == texts.size() ? " or " : ", ";
        append_quoted(texts[i], list);
    }
    if (texts.size() > most)
        list += ", … (" + std::to_string(texts.size()) + " values)";
    return list;
}

} // namespace usher::detail
