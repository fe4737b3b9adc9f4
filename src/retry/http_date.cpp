#include "retry/http_date.hpp"

#include <array>
#include <cstddef>

namespace usher::retry {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 7> day_names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads from the left. Once something did not fit, everything after it fails as well.
class reader {
public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    void literal(std::string_view expected) noexcept
    {
        if (rest_.substr(0, expected.size()) != expected)
            failed_ = true;
        else
            rest_.remove_prefix(expected.size());
    }

    int digits(std::size_t count) noexcept
    {
        int value = 0;
        for (std::size_t i = 0; i != count; ++i) {
            if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9') {
                failed_ = true;
                return 0;
            }
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    /// asctime's day of the month: a space stands for a leading zero.
    int padded_day() noexcept
    {
        if (rest_.empty() || rest_.front() != ' ')
            return digits(2);
        literal(" ");
        return digits(1);
    }

    unsigned month() noexcept
    {
        for (unsigned i = 0; i != month_names.size(); ++i) {
            if (rest_.substr(0, 3) == month_names[i]) {
                rest_.remove_prefix(3);
                return i + 1;
            }
        }
        failed_ = true;
        return 0;
    }

    /// A day's whole name, or its first three letters.
    bool day_name(bool whole) noexcept
    {
        for (const auto name : day_names) {
            const auto wanted = whole ? name : name.substr(0, 3);
            if (rest_.substr(0, wanted.size()) == wanted) {
                rest_.remove_prefix(wanted.size());
                return true;
            }
        }
        return false;
    }

    bool starts_with(std::string_view text) const noexcept { return rest_.substr(0, text.size()) == text; }
    bool ended() const noexcept { return !failed_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

struct civil_time {
    int year = 0;
    unsigned month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

void read_clock(reader& in, civil_time& time) noexcept
{
    time.hour = in.digits(2);
    in.literal(":");
    time.minute = in.digits(2);
    in.literal(":");
    time.second = in.digits(2);
}

std::optional<chrono::sys_seconds> to_time(const civil_time& time) noexcept
{
    const chrono::year_month_day date(chrono::year(time.year), chrono::month(time.month),
                                      chrono::day(static_cast<unsigned>(time.day)));
    if (!date.ok() || time.hour > 23 || time.minute > 59 || time.second > 60)
        return std::nullopt;
    return chrono::sys_days(date) + chrono::hours(time.hour) + chrono::minutes(time.minute) +
           chrono::seconds(time.second);
}

std::optional<chrono::sys_seconds> read_imf_fixdate(reader in) noexcept
{
    civil_time time;
    in.literal(", ");
    time.day = in.digits(2);
    in.literal(" ");
    time.month = in.month();
    in.literal(" ");
    time.year = in.digits(4);
    in.literal(" ");
    read_clock(in, time);
    in.literal(" GMT");
    return in.ended() ? to_time(time) : std::nullopt;
}

std::optional<chrono::sys_seconds> read_rfc850(reader in, chrono::sys_seconds now) noexcept
{
    civil_time time;
    in.literal(", ");
    time.day = in.digits(2);
    in.literal("-");
    time.month = in.month();
    in.literal("-");
    const int year = in.digits(2);
    in.literal(" ");
    read_clock(in, time);
    in.literal(" GMT");
    if (!in.ended())
        return std::nullopt;
    const int this_year = static_cast<int>(chrono::year_month_day(chrono::floor<chrono::days>(now)).year());
    time.year = this_year - this_year % 100 + year;
    if (time.year > this_year + 50)
        time.year -= 100;
    else if (time.year <= this_year - 50)
        time.year += 100;
    return to_time(time);
}

std::optional<chrono::sys_seconds> read_asctime(reader in) noexcept
{
    civil_time time;
    in.literal(" ");
    time.month = in.month();
    in.literal(" ");
    time.day = in.padded_day();
    in.literal(" ");
    read_clock(in, time);
    in.literal(" ");
    time.year = in.digits(4);
    return in.ended() ? to_time(time) : std::nullopt;
}

} // namespace

std::optional<chrono::sys_seconds> parse_http_date(std::string_view text, chrono::sys_seconds now) noexcept
{
    reader in(text);
    // The whole name first: the short one is a part of it.
    if (in.day_name(true))
        return read_rfc850(in, now);
    if (!in.day_name(false))
        return std::nullopt;
    return in.starts_with(",") ? read_imf_fixdate(in) : read_asctime(in);
}

} // namespace usher::retry
