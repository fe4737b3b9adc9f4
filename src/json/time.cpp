#include <usher/time.hpp>

#include <cstdint>

namespace usher {
namespace {

using namespace std::chrono;

constexpr std::int64_t billion = 1'000'000'000;

/// Reads from the front of a text; every function returns false, or a negative number, where it does not match.
class reader {
public:
    explicit reader(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) noexcept
    {
        if (rest_.size() < digits)
            return -1;
        int value = 0;
        for (std::size_t i = 0; i != digits; ++i) {
            const char c = rest_[i];
            if (c < '0' || c > '9')
                return -1;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }

    bool one_of(std::string_view characters) noexcept
    {
        if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos)
            return false;
        last_ = rest_.front();
        rest_.remove_prefix(1);
        return true;
    }

    std::optional<date> day() noexcept
    {
        const int y = number(4);
        const bool first = y >= 0 && one_of("-");
        const int m = first ? number(2) : -1;
        const bool second = m >= 0 && one_of("-");
        const int d = second ? number(2) : -1;
        if (d < 0)
            return std::nullopt;
        const date found = year(y) / month(static_cast<unsigned>(m)) / std::chrono::day(static_cast<unsigned>(d));
        return found.ok() ? std::optional(found) : std::nullopt;
    }

    /// Nothing when there is a point without one to nine digits behind it.
    std::optional<nanoseconds> fraction() noexcept
    {
        if (!one_of("."))
            return nanoseconds(0);
        std::int64_t value = 0;
        std::size_t digits = 0;
        for (int digit = number(1); digit >= 0; digit = number(1)) {
            if (++digits > 9)
                return std::nullopt;
            value = value * 10 + digit;
        }
        if (digits == 0)
            return std::nullopt;
        for (; digits < 9; ++digits)
            value *= 10;
        return nanoseconds(value);
    }

    char last() const noexcept { return last_; }
    bool done() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
    char last_ = 0;
};

void append_digits(std::string& out, std::int64_t value, std::size_t digits)
{
    out.append(digits, '0');
    for (std::size_t i = out.size(); digits != 0; --digits, value /= 10)
        out[--i] = static_cast<char>('0' + value % 10);
}

} // namespace

std::optional<instant> parse_rfc3339(std::string_view text) noexcept
{
    reader in(text);
    const auto day = in.day();
    if (!day || !in.one_of("Tt"))
        return std::nullopt;
    const int h = in.number(2);
    if (h < 0 || h > 23 || !in.one_of(":"))
        return std::nullopt;
    const int m = in.number(2);
    if (m < 0 || m > 59 || !in.one_of(":"))
        return std::nullopt;
    const int s = in.number(2);
    if (s < 0 || s > 60)
        return std::nullopt;
    const auto fraction = in.fraction();
    if (!fraction || !in.one_of("Zz+-"))
        return std::nullopt;
    minutes offset{0};
    if (in.last() == '+' || in.last() == '-') {
        const int sign = in.last() == '+' ? 1 : -1;
        const int hours_off = in.number(2);
        if (hours_off < 0 || hours_off > 23 || !in.one_of(":"))
            return std::nullopt;
        const int minutes_off = in.number(2);
        if (minutes_off < 0 || minutes_off > 59)
            return std::nullopt;
        offset = minutes(sign * (hours_off * 60 + minutes_off));
    }
    if (!in.done())
        return std::nullopt;
    const sys_seconds minute = sys_days(*day) + hours(h) + minutes(m) - offset;
    // RFC 3339, 5.7: a leap second is inserted at 23:59:60 UTC, at the end of a month.
    if (s == 60) {
        const date after(floor<days>(minute + minutes(1)));
        if (minute + minutes(1) != sys_days(after) || after.day() != std::chrono::day(1))
            return std::nullopt;
    }
    const std::int64_t whole = (minute + seconds(s)).time_since_epoch().count();
    // Put together towards zero, so that the first and the last instant there are do not overflow on the way.
    constexpr std::int64_t most = INT64_MAX / billion;
    const std::int64_t part = fraction->count();
    if (whole > most || (whole == most && part > INT64_MAX % billion))
        return std::nullopt;
    if (whole < -most - 1 || (whole == -most - 1 && part < billion + INT64_MIN % billion))
        return std::nullopt;
    return instant(nanoseconds(whole < 0 ? (whole + 1) * billion + (part - billion) : whole * billion + part));
}

std::string format_rfc3339(instant time)
{
    // On counts: the beginning of the first day that has instants is none itself.
    const std::int64_t count = time.time_since_epoch().count();
    const std::int64_t fraction = (count % billion + billion) % billion;
    const sys_seconds second{seconds(count / billion - (count % billion < 0 ? 1 : 0))};
    const auto day = floor<days>(second);
    const auto whole = (second - day).count();
    std::string out = format_date(date(day));
    out += 'T';
    append_digits(out, whole / 3600, 2);
    out += ':';
    append_digits(out, whole / 60 % 60, 2);
    out += ':';
    append_digits(out, whole % 60, 2);
    if (fraction != 0) {
        out += '.';
        if (fraction % 1'000'000 == 0)
            append_digits(out, fraction / 1'000'000, 3);
        else if (fraction % 1000 == 0)
            append_digits(out, fraction / 1000, 6);
        else
            append_digits(out, fraction, 9);
    }
    out += 'Z';
    return out;
}

std::optional<date> parse_date(std::string_view text) noexcept
{
    reader in(text);
    const auto day = in.day();
    return in.done() ? day : std::nullopt;
}

std::string format_date(date day)
{
    std::string out;
    append_digits(out, static_cast<int>(day.year()), 4);
    out += '-';
    append_digits(out, static_cast<unsigned>(day.month()), 2);
    out += '-';
    append_digits(out, static_cast<unsigned>(day.day()), 2);
    return out;
}

} // namespace usher
