#include "retry/retry_after.hpp"

#include "retry/http_date.hpp"

#include <algorithm>

namespace usher::retry {
namespace {

namespace chrono = std::chrono;

/// Without the optional white space around a field value.
std::string_view trimmed(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

chrono::seconds from_digits(std::string_view digits) noexcept
{
    chrono::seconds wait{0};
    for (const char digit : digits) {
        wait = wait * 10 + chrono::seconds(digit - '0');
        if (wait >= longest_retry_after)
            return longest_retry_after;
    }
    return wait;
}

} // namespace

std::optional<chrono::seconds> parse_retry_after(std::string_view value, std::string_view date,
                                                 chrono::system_clock::time_point now) noexcept
{
    value = trimmed(value);
    if (value.empty())
        return std::nullopt;
    if (value.find_first_not_of("0123456789") == value.npos)
        return from_digits(value);

    const auto local = chrono::floor<chrono::seconds>(now);
    const auto until = parse_http_date(value, local);
    if (!until)
        return std::nullopt;
    const auto sent = parse_http_date(trimmed(date), local);
    // Whole seconds throughout: what a date can name is more than nanoseconds can count.
    // The clock rounded down is the wait rounded up.
    const auto wait = *until - sent.value_or(local);
    return std::clamp<chrono::seconds>(wait, chrono::seconds(0), longest_retry_after);
}

} // namespace usher::retry
