#include "bulk/report/charts.hpp"

#include "bulk/report/html_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace usher::bulk {

namespace {

constexpr double width = 900;
constexpr double height = 260;
constexpr double left = 56;
constexpr double right = 884;
constexpr double top = 16;
constexpr double bottom = 222;

std::string at(double value)
{
    return with_digits(value, 1);
}

/// 1, 2 or 5 times a power of ten: a distance of at most six marks.
double mark_distance(double most)
{
    const double rough = std::max(most, 1e-9) / 5;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough)
            return factor * power;
    return 10 * power;
}

/// Seconds that people count in.
double time_distance(double seconds)
{
    constexpr std::array distances{1.0,   2.0,   5.0,    10.0,   30.0,   60.0,   120.0,
                                   300.0, 600.0, 1800.0, 3600.0, 7200.0, 21600.0};
    const auto found = std::find_if(distances.begin(), distances.end(),
                                    [seconds](double distance) { return seconds / distance <= 9; });
    return found == distances.end() ? 86400.0 : *found;
}

std::string clock_text(double seconds)
{
    const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
    const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return whole < 3600 ? std::to_string(whole / 60) + ":" + two(whole % 60)
                        : std::to_string(whole / 3600) + ":" + two(whole / 60 % 60) + ":" + two(whole % 60);
}

std::string line(const char* kind, double x1, double y1, double x2, double y2)
{
    return "<path class=\"" + std::string(kind) + "\" d=\"M" + at(x1) + " " + at(y1) + "L" + at(x2) + " " + at(y2) +
           "\"/>";
}

std::string text(const char* kind, double x, double y, const std::string& what)
{
    return "<text class=\"" + std::string(kind) + "\" x=\"" + at(x) + "\" y=\"" + at(y) + "\">" + what + "</text>";
}

std::string opened(const std::string& description)
{
    return "<svg viewBox=\"0 0 " + at(width) + " " + at(height) + "\" role=\"img\" aria-label=\"" +
           escaped(description) + "\">";
}

/// What a value is on paper.
struct scale {
    double most_x = 1;
    double most_y = 1;
    double x(double value) const { return left + (right - left) * value / most_x; }
    double y(double value) const { return bottom - (bottom - top) * std::min(value, most_y) / most_y; }
};

std::string marks_of_y(const scale& paper)
{
    std::string svg;
    const double distance = mark_distance(paper.most_y);
    for (double value = 0; value <= paper.most_y * 1.001; value += distance)
        svg += line(value == 0 ? "base" : "grid", left, paper.y(value), right, paper.y(value)) +
               text("tick end", left - 8, paper.y(value) + 4,
                    value < 10 ? with_digits(value, 2) : grouped(static_cast<std::uint64_t>(value + 0.5)));
    return svg;
}

using stretch = run_history::stretch;

/// A step for each stretch, closed to an area or left open.
template <class Value>
std::string steps(const run_history& all, const scale& paper, const char* kind, bool closed, Value value)
{
    std::string path;
    double from = 0;
    double end = left;
    for (const auto& each : all.stretches) {
        if (each.seconds <= 0)
            continue;
        const double y = paper.y(value(each) / each.seconds);
        path +=
            (path.empty() ? (closed ? "M" + at(left) + " " + at(bottom) + "V" + at(y) : "M" + at(left) + " " + at(y))
                          : "V" + at(y));
        from += each.seconds;
        end = paper.x(from);
        path += "H" + at(end);
    }
    if (closed && !path.empty())
        path += "V" + at(bottom) + "Z";
    return "<path class=\"" + std::string(kind) + "\" d=\"" + path + "\"/>";
}

} // namespace

std::string rate_chart(const run_history& all)
{
    if (all.stretches.empty())
        return {};
    scale paper;
    paper.most_x = std::accumulate(all.stretches.begin(), all.stretches.end(), 0.0,
                                   [](double sum, const stretch& each) { return sum + each.seconds; });
    double limit = 0;
    double most = 0;
    for (const auto& each : all.stretches) {
        limit = std::max(limit, each.limit);
        most = std::max({most, each.limit, each.seconds > 0 ? each.sent / each.seconds : 0});
    }
    paper.most_y = std::max(most * 1.08, 1.0);

    std::string svg =
        opened("Requests sent each second against the limit, over the time of the job's work") + marks_of_y(paper);
    const double distance = time_distance(paper.most_x);
    for (double second = 0; second <= paper.most_x; second += distance)
        svg += text("tick middle", paper.x(second), bottom + 18, clock_text(second));
    svg += text("tick end", right, bottom + 36, "time of work, min:s");
    svg += steps(all, paper, "sent", true, [](const stretch& each) { return each.sent; });
    svg += steps(all, paper, "finished", false, [](const stretch& each) { return each.finished; });
    svg += steps(all, paper, "refused", true, [](const stretch& each) { return each.refused; });
    if (limit > 0)
        svg += line("limit", left, paper.y(limit), right, paper.y(limit)) +
               text("limit-name end", right, paper.y(limit) - 5,
                    "limit " + grouped(static_cast<std::uint64_t>(limit + 0.5)) + " a second");
    for (const double pause : all.pauses)
        svg += line("pause", paper.x(pause), top, paper.x(pause), bottom) +
               text("tick middle", paper.x(pause), top - 4, "resumed");
    return svg + "</svg>";
}

std::string latency_chart(const run_history& all)
{
    const auto most = *std::max_element(all.latency.begin(), all.latency.end());
    if (most == 0)
        return {};
    std::size_t first = 0;
    std::size_t last = all.latency.size() - 1;
    while (all.latency[first] == 0)
        ++first;
    while (all.latency[last] == 0)
        --last;
    first = first > 0 ? first - 1 : 0;
    last = std::min(last + 1, all.latency.size() - 1);

    scale paper;
    paper.most_y = static_cast<double>(most) * 1.08;
    std::string svg = opened("Requests by the time to their answer") + marks_of_y(paper);
    const auto count = static_cast<double>(last - first + 1);
    const double each = (right - left) / count;
    for (std::size_t i = first; i <= last; ++i) {
        const double x = left + each * static_cast<double>(i - first);
        const double y = paper.y(static_cast<double>(all.latency[i]));
        const bool is_open = i + 1 == all.latency.size();
        const auto end = with_digits(std::ldexp(1.0, static_cast<int>(is_open ? i - 1 : i)), 0);
        svg += "<rect class=\"latency\" x=\"" + at(x + 1) + "\" y=\"" + at(y) + "\" width=\"" + at(each - 2) +
               "\" height=\"" + at(bottom - y) + "\"><title>" + (is_open ? "more than " : "below ") + end +
               " ms: " + grouped(all.latency[i]) + "</title></rect>";
        svg += text("tick middle", x + each / 2, bottom + 18, (is_open ? "≥ " : "< ") + end);
    }
    return svg + text("tick end", right, bottom + 36, "ms to the answer") + "</svg>";
}

std::string stacked_bar(const std::vector<bar_part>& parts)
{
    const auto all = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0},
                                     [](std::uint64_t sum, const bar_part& part) { return sum + part.count; });
    if (all == 0)
        return {};
    std::string bar = "<div class=\"bar\">";
    std::string names = "<ul class=\"legend\">";
    for (const auto& part : parts) {
        if (part.count == 0)
            continue;
        const auto share = with_digits(100 * static_cast<double>(part.count) / static_cast<double>(all), 3);
        bar += "<span class=\"" + part.kind + "\" style=\"flex-grow:" + share + "\"></span>";
        names +=
            "<li><i class=\"" + part.kind + "\"></i>" + escaped(part.name) + " <b>" + grouped(part.count) + "</b></li>";
    }
    return bar + "</div>" + names + "</ul>";
}

} // namespace usher::bulk
