#include "bulk/mapping/column_values.hpp"

#include "bulk/mapping/text.hpp"
#include "core/host_text.hpp"

#include <usher/time.hpp>

#include <charconv>
#include <limits>

namespace usher::bulk {

namespace {

using std::chrono::milliseconds;

std::optional<column_time> from_number(std::int64_t number, time_form form)
{
    constexpr std::int64_t seconds_below = 100'000'000'000;
    const bool seconds = form == time_form::seconds || (form == time_form::any && number < seconds_below);
    constexpr auto most = std::numeric_limits<std::int64_t>::max() / 1000;
    if (number < 0 || (seconds && number > most))
        return std::nullopt;
    const column_time time(milliseconds(seconds ? number * 1000 : number));
    constexpr auto end = std::chrono::sys_days(std::chrono::year(2262) / 4 / 11);
    return time < end ? std::optional(time) : std::nullopt; // as far as RFC 3339 is read
}

/// As SQL has it too, and with a T but no offset, as languages print a time that knows none.
std::optional<column_time> from_text(std::string_view text)
{
    if (const auto time = parse_time(text))
        return time;
    std::string sql(text);
    if (sql.size() < 19 || sql[10] != 'T')
        return std::nullopt;
    sql[10] = ' ';
    return parse_time(sql);
}

} // namespace

bool is_nothing(const boost::json::value& value) noexcept
{
    return value.is_null() || (value.is_string() && trimmed(value.get_string()).empty()) ||
           (value.is_array() && value.get_array().empty()) || (value.is_object() && value.get_object().empty());
}

std::optional<std::string> column_text(const boost::json::value& value)
{
    if (value.is_string())
        return std::string(trimmed(value.get_string()));
    if (value.is_int64())
        return std::to_string(value.get_int64());
    if (value.is_uint64())
        return std::to_string(value.get_uint64());
    return std::nullopt;
}

std::optional<std::int64_t> column_number(const boost::json::value& value)
{
    if (value.is_int64())
        return value.get_int64();
    if (!value.is_string())
        return std::nullopt;
    const auto text = trimmed(value.get_string());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<bool> column_flag(const boost::json::value& value)
{
    if (value.is_bool())
        return value.get_bool();
    const auto text = column_text(value);
    if (!text)
        return std::nullopt;
    for (const std::string_view yes : {"true", "t", "yes", "y", "1"})
        if (usher::detail::same_text(*text, yes))
            return true;
    for (const std::string_view no : {"false", "f", "no", "n", "0"})
        if (usher::detail::same_text(*text, no))
            return false;
    return std::nullopt;
}

std::optional<column_time> column_time_of(const boost::json::value& value, time_form form)
{
    const bool numbers = form == time_form::any || form == time_form::milliseconds || form == time_form::seconds;
    if (numbers)
        if (const auto number = column_number(value))
            return from_number(*number, form);
    const bool texts = form != time_form::milliseconds && form != time_form::seconds;
    if (!texts || !value.is_string())
        return std::nullopt;
    const auto text = trimmed(value.get_string());
    if (form != time_form::rfc3339)
        return from_text(text);
    const auto time = parse_rfc3339(text);
    return time ? std::optional(std::chrono::floor<milliseconds>(*time)) : std::nullopt;
}

std::optional<bool> column_verified(const boost::json::value& value)
{
    if (is_nothing(value))
        return false;
    if (const auto flag = column_flag(value))
        return flag;
    return column_time_of(value) ? std::optional(true) : std::nullopt;
}

void set_full_name(user_parts& parts, std::string_view field_name, std::string_view text)
{
    if (text.empty())
        return;
    if (looks_like_url(text) || looks_like_phone(text) || is_email_address(text)) {
        parts.add_note(field_name, "no name of a person");
        return;
    }
    constexpr std::string_view spaces = " \t\r\n";
    const auto space = text.find_first_of(spaces);
    const auto last = space == std::string_view::npos ? std::string_view() : trimmed(text.substr(space));
    if (last.find_first_of(spaces) != std::string_view::npos || text.find(',') != std::string_view::npos) {
        parts.add_note(field_name, "not split into first and last name");
        return;
    }
    set_name(parts.made.first_name, field_name, text.substr(0, space), parts.notes);
    set_name(parts.made.last_name, field_name, last, parts.notes);
}

} // namespace usher::bulk
