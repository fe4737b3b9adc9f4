#include "picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace quota_bench {
namespace {

using schedule_tests::tenth;

constexpr int left = 262;   // of the charts
constexpr int step = 2;     // pixels of a tenth of a second
constexpr int width = 1104; // of all
constexpr int top = 96;
constexpr int lane_height = 104;
constexpr int lane_gap = 26;
constexpr double most = 90; // requests per 100 ms at the top of a lane
constexpr int limit = 10;

/// Areas are drawn in hundredths of a lane. The scale is a square root: else nobody would see the quiet ones.
int level(std::uint32_t requests)
{
    return static_cast<int>(std::lround(100 * std::sqrt(std::min(1.0, requests / most))));
}

std::string text(const char* format, double value)
{
    char line[96];
    std::snprintf(line, sizeof line, format, value);
    return line;
}

/// The outline of steps, closed along the base.
template <typename Value>
std::string area(const std::vector<tenth>& tenths, Value value)
{
    std::string path = "M0 100";
    int run = 0;
    int before = 0;
    const auto flat = [&] {
        if (run != 0)
            path += 'h' + std::to_string(run);
        run = 0;
    };
    for (const auto& one : tenths) {
        const int now = level(value(one));
        if (now != before) {
            flat();
            path += 'v' + std::to_string(before - now);
            before = now;
        }
        ++run;
    }
    flat();
    return path + "V100z";
}

std::string percent(double share)
{
    return share == 0 || share == 1 ? text("%.0f %%", 100 * share) : text("%.1f %%", 100 * share);
}

/// Whole percents, but where these would hide what there is.
std::string from_to(double least, double most_)
{
    const char* const format = most_ - least < 0.01 ? "%.1f" : "%.0f";
    const auto low = text(format, 100 * least);
    const auto high = text(format, 100 * most_);
    return most_ == 0 ? percent(0) : (low == high ? low : low + "–" + high) + " %";
}

void add_text(std::string& svg, const char* kind, int x, int y, const std::string& what)
{
    svg += "<text class=\"" + std::string(kind) + "\" x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) +
           "\">" + what + "</text>\n";
}

void add_line(std::string& svg, const char* kind, int x1, int y1, int x2, int y2)
{
    svg += "<path class=\"" + std::string(kind) + "\" d=\"M" + std::to_string(x1) + ' ' + std::to_string(y1) + 'L' +
           std::to_string(x2) + ' ' + std::to_string(y2) + "\"/>\n";
}

void add_lane(std::string& svg, const lane_data& lane, int y)
{
    const int right = left + step * static_cast<int>(lane.tenths.size());
    const int base = y + lane_height;
    for (const int requests : {10, 40, 90}) {
        const int at = base - level(static_cast<std::uint32_t>(requests)) * lane_height / 100;
        if (requests != limit)
            add_line(svg, "grid", left, at, right, at);
        add_text(svg, "tick", right + 8, at + 4, std::to_string(requests));
    }
    for (int second = 0; second <= 40; second += 10)
        add_line(svg, "grid", left + 10 * step * second, y, left + 10 * step * second, base);
    const auto accepted = area(lane.tenths, [](const tenth& one) { return one.accepted; });
    const auto all = area(lane.tenths, [](const tenth& one) { return one.accepted + one.refused; });
    svg += "<g transform=\"translate(" + std::to_string(left) + ' ' + std::to_string(y) + ") scale(" +
           std::to_string(step) + ' ' + text("%.2f", lane_height / 100.0) + ")\">\n";
    if (all != accepted)
        svg += "<path class=\"refused\" d=\"" + all + "\"/>\n";
    svg += "<path class=\"accepted\" d=\"" + accepted + "\"/>\n</g>\n";
    add_line(svg, "base", left, base, right, base);
    const int at = base - level(limit) * lane_height / 100;
    add_line(svg, "limit", left, at, right, at);

    add_text(svg, "name", 20, y + 16, lane.name);
    add_text(svg, "note", 20, y + 34, lane.manner);
    svg += "<text class=\"figure\" x=\"20\" y=\"" + std::to_string(y + 60) + "\"><tspan class=\"used\">" +
           percent(lane.here.used) + "</tspan> used, <tspan class=\"lost\">" + percent(lane.here.refused) +
           "</tspan> refused</text>\n";
    add_text(svg, "note", 20, y + 82, "with all five ways to count:");
    add_text(svg, "note", 20, y + 99,
             from_to(lane.least.used, lane.most.used) + " used, " + from_to(lane.least.refused, lane.most.refused) +
                 " refused");
}

} // namespace

std::string to_svg(const std::vector<lane_data>& lanes)
{
    const int height = top + static_cast<int>(lanes.size()) * (lane_height + lane_gap) + 44;
    const auto size = std::to_string(width) + ' ' + std::to_string(height);
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" role=\"img\" width=\"" +
                      std::to_string(width) + "\" height=\"" + std::to_string(height) + "\">\n";
    svg += "<title>Requests accepted and refused per 100 ms by a limit of 1000 per 10 s: usher and three other "
           "clients, simulated</title>\n";
    svg += R"(<style>
text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2328}
.title{font-size:20px;font-weight:600}.sub,.key{font-size:14px;fill:#59636e}
.name{font-size:17px;font-weight:600}.figure{font-size:15px}.note{font-size:13px;fill:#59636e}
.used{font-weight:600;fill:#0969da}.lost{font-weight:600;fill:#c4432b}
.tick{font-size:12px;fill:#59636e}.mid{font-size:12px;fill:#59636e;text-anchor:middle}
.page{fill:#fff;stroke:#d1d9e0}.accepted{fill:#4493f8}.refused{fill:#e5694f}
.grid{stroke:#d1d9e0;fill:none}.base{stroke:#818b98;fill:none}
.limit{stroke:#1f2328;fill:none;stroke-width:1.5;stroke-dasharray:6 4}
@media(prefers-color-scheme:dark){
text{fill:#f0f6fc}.sub,.key,.note,.tick,.mid{fill:#9198a1}
.used{fill:#6cb0ff}.lost{fill:#ff8f73}
.page{fill:#0d1117;stroke:#3d444d}.accepted{fill:#3482e4}.refused{fill:#e0684d}
.grid{stroke:#2f353d}.base{stroke:#656c76}.limit{stroke:#f0f6fc}}
</style>
)";
    svg += "<rect class=\"page\" x=\".5\" y=\".5\" rx=\"8\" width=\"" + std::to_string(width - 1) + "\" height=\"" +
           std::to_string(height - 1) + "\"/>\n";
    add_text(svg, "title", 20, 34, "A limit of 1000 requests per 10 s, and what four clients make of it");
    add_text(
        svg, "sub", 20, 56,
        "Simulated: each client always has work, the round trip is 80 ± 40 ms, and the service allows no more than "
        "1000 in any 10 s.");
    svg += "<rect class=\"accepted\" x=\"262\" y=\"69\" width=\"12\" height=\"12\"/>\n"
           "<rect class=\"refused\" x=\"590\" y=\"69\" width=\"12\" height=\"12\"/>\n";
    add_text(svg, "key", 280, 80, "accepted, per 100 ms (square-root scale)");
    add_text(svg, "key", 608, 80, "refused with 429");
    add_line(svg, "limit", 756, 75, 786, 75);
    add_text(svg, "key", 794, 80, "the limit, spread evenly");
    int y = top;
    for (const auto& lane : lanes) {
        add_lane(svg, lane, y);
        y += lane_height + lane_gap;
    }
    for (int second = 0; second <= 40; second += 10)
        add_text(svg, "mid", left + 10 * step * second, y - lane_gap + 18, std::to_string(second) + " s");
    add_text(svg, "note", 20, height - 18,
             "Five ways to count: fixed window, sliding log, sliding counter, GCRA with a burst of 1000 and of 100; "
             "100 phases each, 200 s.");
    return svg + "</svg>\n";
}

} // namespace quota_bench
