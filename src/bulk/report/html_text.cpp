#include "bulk/report/html_text.hpp"

#include "core/utf8.hpp"

#include <cstdio>
#include <ctime>

namespace usher::bulk {

namespace {

std::string formatted(const char* how, int one, int other)
{
    char text[64];
    const int size = std::snprintf(text, sizeof text, how, one, other);
    return {text, static_cast<std::size_t>(size)};
}

} // namespace

std::string escaped(std::string_view text, std::size_t most)
{
    std::string safe;
    for (const char c : usher::detail::one_line(text, most)) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

std::string grouped(std::uint64_t number)
{
    const auto digits = std::to_string(number);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % 3 == 0)
            text += "\u202F";
        text += digits[i];
    }
    return text;
}

std::string with_digits(double number, int digits)
{
    char text[64];
    const int size = std::snprintf(text, sizeof text, "%.*f", digits, number);
    std::string out(text, static_cast<std::size_t>(size));
    if (out.find('.') != std::string::npos) {
        out.erase(out.find_last_not_of('0') + 1);
        if (out.back() == '.')
            out.pop_back();
    }
    return out;
}

std::string percent(double part, double whole)
{
    return whole > 0 ? with_digits(100 * part / whole, 1) + "\u202F%" : std::string("–");
}

std::string duration_text(std::chrono::milliseconds time)
{
    const auto seconds = static_cast<int>(time.count() / 1000);
    if (seconds >= 3600)
        return formatted("%d h %02d min", seconds / 3600, seconds / 60 % 60);
    if (seconds >= 60)
        return formatted("%d min %02d s", seconds / 60, seconds % 60);
    return with_digits(static_cast<double>(time.count()) / 1000, 1) + " s";
}

std::string time_text(std::chrono::sys_time<std::chrono::milliseconds> time)
{
    const auto seconds = static_cast<std::time_t>(time.time_since_epoch().count() / 1000);
    std::tm parts{};
    char text[64];
    if (gmtime_r(&seconds, &parts) == nullptr)
        return {};
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

} // namespace usher::bulk
