#include "schedule/structured_field.hpp"

#include <algorithm>
#include <cstddef>

namespace usher::schedule {
namespace {

constexpr std::size_t most_digits = 15;
constexpr std::size_t most_decimal_digits = 12;
constexpr std::size_t most_fraction_digits = 3;

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

constexpr bool is_lower(char c) noexcept
{
    return c >= 'a' && c <= 'z';
}

constexpr bool is_alpha(char c) noexcept
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

constexpr bool is_in_key(char c) noexcept
{
    return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
}

constexpr bool is_in_token(char c) noexcept
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~:/";
    return is_alpha(c) || is_digit(c) || others.find(c) != others.npos;
}

constexpr bool is_in_bytes(char c) noexcept
{
    return is_alpha(c) || is_digit(c) || c == '+' || c == '/' || c == '=';
}

/// As long as its characters belong to it.
template <typename Belongs>
std::string_view run(std::string_view& from, Belongs belongs) noexcept
{
    const auto* const end = std::find_if_not(from.begin(), from.end(), belongs);
    const auto taken = from.substr(0, static_cast<std::size_t>(end - from.begin()));
    from.remove_prefix(taken.size());
    return taken;
}

} // namespace

field_cursor::field_cursor(std::string_view text) noexcept : left_(text)
{
    skip(" ");
    while (!left_.empty() && left_.back() == ' ')
        left_.remove_suffix(1);
}

bool field_cursor::take(char c) noexcept
{
    if (left_.empty() || left_.front() != c)
        return false;
    left_.remove_prefix(1);
    return true;
}

void field_cursor::skip(std::string_view blanks) noexcept
{
    left_.remove_prefix(std::min(left_.find_first_not_of(blanks), left_.size()));
}

bool field_cursor::next_member() noexcept
{
    skip(" \t");
    if (!take(','))
        return false;
    skip(" \t");
    return true;
}

bool field_cursor::key(std::string_view& name) noexcept
{
    if (left_.empty() || !(is_lower(left_.front()) || left_.front() == '*'))
        return false;
    name = run(left_, is_in_key);
    return true;
}

bool field_cursor::item(bare_item& read) noexcept
{
    read = bare_item();
    if (left_.empty())
        return false;
    const auto first = left_.front();
    if (is_digit(first) || first == '-')
        return number(read);
    if (first == '"') {
        read.kind = bare_item::type::text;
        return quoted(read.text);
    }
    if (is_alpha(first) || first == '*') {
        read.kind = bare_item::type::text;
        read.text = run(left_, is_in_token);
        return true;
    }
    left_.remove_prefix(1);
    switch (first) {
    case ':':
        return bytes();
    case '?':
        return take('0') || take('1');
    case '@': { // a date, in whole seconds
        bare_item date;
        const auto before = left_;
        return number(date) && before.substr(0, before.size() - left_.size()).find('.') == before.npos;
    }
    case '%': { // a display string
        std::string_view text;
        return quoted(text);
    }
    default:
        return false;
    }
}

bool field_cursor::number(bare_item& read) noexcept
{
    const bool negative = take('-');
    const auto digits = run(left_, is_digit);
    if (digits.empty() || digits.size() > most_digits)
        return false;
    if (take('.')) {
        const auto fraction = run(left_, is_digit);
        return digits.size() <= most_decimal_digits && !fraction.empty() && fraction.size() <= most_fraction_digits;
    }
    for (const char digit : digits)
        read.number = read.number * 10 + static_cast<std::uint64_t>(digit - '0');
    read.kind = negative && read.number != 0 ? bare_item::type::other : bare_item::type::count;
    return true;
}

bool field_cursor::quoted(std::string_view& text) noexcept
{
    if (!take('"'))
        return false;
    for (std::size_t at = 0; at < left_.size(); ++at) {
        const auto c = left_[at];
        if (c == '"') {
            text = left_.substr(0, at);
            left_.remove_prefix(at + 1);
            return true;
        }
        if (c == '\\' && (++at == left_.size() || (left_[at] != '"' && left_[at] != '\\')))
            return false;
        if (c < ' ' || c > '~')
            return false;
    }
    return false;
}

bool field_cursor::bytes() noexcept
{
    run(left_, is_in_bytes);
    return take(':');
}

} // namespace usher::schedule
