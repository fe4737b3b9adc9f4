#include "json/numbers.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace usher::detail {
namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// The digits of a number without its point, and how far the point has to move to the right.
struct scanned {
    std::string_view whole, fraction;
    std::int64_t exponent = 0;
    bool negative = false;
};

scanned scan(std::string_view text) noexcept
{
    scanned result;
    if (text.starts_with('-')) {
        result.negative = true;
        text.remove_prefix(1);
    }
    std::size_t end = 0;
    while (end < text.size() && is_digit(text[end]))
        ++end;
    result.whole = text.substr(0, end);
    text.remove_prefix(end);
    if (text.starts_with('.')) {
        end = 1;
        while (end < text.size() && is_digit(text[end]))
            ++end;
        result.fraction = text.substr(1, end - 1);
        text.remove_prefix(end);
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+'))
            text.remove_prefix(1);
        const bool small = text.starts_with('-');
        const auto read = std::from_chars(text.data(), text.data() + text.size(), result.exponent);
        if (read.ec != std::errc())
            result.exponent = small ? -(std::int64_t{1} << 40) : std::int64_t{1} << 40;
    }
    return result;
}

} // namespace

whole_number read_whole(std::string_view text) noexcept
{
    const scanned parts = scan(text);
    std::uint64_t magnitude = 0;
    bool overflow = false;
    const auto append = [&](unsigned digit) {
        overflow = overflow || magnitude > (UINT64_MAX - digit) / 10;
        magnitude = magnitude * 10 + digit;
    };
    const std::size_t digits = parts.whole.size() + parts.fraction.size();
    const auto digit_at = [&](std::size_t index) {
        const char c = index < parts.whole.size() ? parts.whole[index] : parts.fraction[index - parts.whole.size()];
        return static_cast<unsigned>(c - '0');
    };
    bool zero = true;
    for (std::size_t i = 0; i != digits; ++i)
        zero = zero && digit_at(i) == 0;
    if (zero)
        return {};
    const std::int64_t point = static_cast<std::int64_t>(parts.whole.size()) + parts.exponent;
    for (std::size_t i = 0; i != digits; ++i) {
        if (static_cast<std::int64_t>(i) < point)
            append(digit_at(i));
        else if (digit_at(i) != 0)
            return {0, number_fault::not_whole};
    }
    for (auto i = static_cast<std::int64_t>(digits); i < point && !overflow; ++i)
        append(0);
    const std::uint64_t most = static_cast<std::uint64_t>(INT64_MAX) + (parts.negative ? 1 : 0);
    if (overflow || magnitude > most)
        return {0, number_fault::out_of_range};
    return {static_cast<std::int64_t>(parts.negative ? 0 - magnitude : magnitude), number_fault::none};
}

whole_number read_decimal(std::string_view text) noexcept
{
    whole_number result;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), result.value);
    if (read.ec == std::errc::result_out_of_range)
        result.fault = number_fault::out_of_range;
    if (read.ec == std::errc::invalid_argument || read.ptr != text.data() + text.size())
        result.fault = number_fault::malformed;
    return result;
}

bool read_double(std::string_view text, double approximation, double& value) noexcept
{
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec == std::errc())
        return true;
    if (std::fabs(approximation) > 1)
        return false;
    value = text.starts_with('-') ? -0.0 : 0.0;
    return true;
}

void append_double(double value, std::string& out)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char digits[32];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, written.ptr);
}

void append_integer(std::int64_t value, std::string& out)
{
    char digits[24];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, written.ptr);
}

void append_natural(std::uint64_t value, std::string& out)
{
    char digits[24];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, written.ptr);
}

} // namespace usher::detail
