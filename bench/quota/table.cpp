#include "table.hpp"

#include "unit/schedule/crowd.hpp"
#include "unit/schedule/figures.hpp"
#include "unit/schedule/parallel.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

namespace quota_bench {
namespace {

using namespace std::chrono_literals;
using namespace schedule_tests;

template <typename... Values>
std::string text(const char* format, Values... values)
{
    char line[256];
    std::snprintf(line, sizeof line, format, values...);
    return line;
}

std::string share(double value)
{
    return text("%.1f %%", 100 * value);
}

std::string count(std::uint64_t refused, std::uint64_t sent)
{
    return text("%llu of %llu", static_cast<unsigned long long>(refused), static_cast<unsigned long long>(sent));
}

class table {
public:
    table() { std::puts("| | promised | found |\n|---|---|---|"); }
    void row(const std::string& what, const std::string& promised, const std::string& found, bool is_reached)
    {
        std::printf("| %s | %s | %s%s |\n", what.c_str(), promised.c_str(), found.c_str(),
                    is_reached ? "" : " **not reached**");
        std::fflush(stdout);
        all_reached_ = all_reached_ && is_reached;
    }
    bool all_reached() const noexcept { return all_reached_; }

private:
    bool all_reached_ = true;
};

struct named_way {
    const char* name;
    way path;
    double least;
    double least_stalled; ///< with stalls: 92 %, or what 35 of 37 s leave of `least` where that is less
    double least_both;    ///< and with a restart
};

std::vector<named_way> ways()
{
    return {{"20 ± 10 ms", way(20ms, 10ms), 0.98, 0.92, 0.92},
            {"80 ± 40 ms", way(80ms, 40ms), 0.98, 0.92, 0.92},
            {"200 ± 100 ms", way(200ms, 100ms), 0.97, 0.92, 0.915},
            {"400 ± 200 ms", way(400ms, 200ms), 0.95, 0.898, 0.893},
            {"log-normal, p99.9 2 s", way::heavy_tail(), 0.92, 0.87, 0.865}};
}

void saturated(table& out, std::uint64_t phases)
{
    for (const auto& one : ways()) {
        saturation what;
        what.path = one.path;
        const auto found = saturate_all(what, phases);
        out.row(std::string("1000 per 10 s, ") + one.name, "0 refused, " + share(one.least),
                count(found.refused, found.sent) + " refused, at least " + share(found.least),
                found.refused == 0 && found.least >= one.least && found.broken.empty());
    }
}

void disturbed(table& out, std::uint64_t phases)
{
    const auto add = [&](const char* name, const named_way& one, bool stalls, bool restarts, double least) {
        saturation what;
        what.path = stalls ? one.path.with_stalls() : one.path;
        what.length = stalls ? 185s : 60s;
        what.restarts = restarts;
        const auto found = saturate_all(what, phases);
        auto text = count(found.refused, found.sent) + " refused, at least " + share(found.least);
        if (stalls)
            text += ", " + share(found.least_open) + " of what could be had";
        out.row(std::string(name) + one.name, "0.01 % refused, " + share(least), text,
                found.refused_share() <= 0.0001 && found.least >= least && found.broken.empty());
    };
    for (const auto& one : ways())
        add("… 2 s in 37 nothing passes, ", one, true, false, one.least_stalled);
    for (const auto& one : ways())
        add("… a restart in mid-window, ", one, false, true, 0.92);
    for (const auto& one : ways())
        add("… both, ", one, true, true, one.least_both);
}

void development(table& out, std::uint64_t phases)
{
    for (const auto& one : ways()) {
        saturation what;
        what.whole.requests = 100;
        what.path = one.path;
        const double least = one.least < 0.96 ? 0.935 : 0.95;
        const auto found = saturate_all(what, phases);
        out.row(std::string("100 per 10 s, ") + one.name, "0 refused, " + share(least),
                count(found.refused, found.sent) + " refused, at least " + share(found.least),
                found.refused == 0 && found.least >= least && found.broken.empty());
    }
}

void blocked(table& out, std::uint64_t seeds)
{
    constexpr auto kinds = std::size(algorithms);
    std::vector<beside_blocked> found(kinds * seeds);
    in_parallel(found.size(), [&](std::size_t i) { found[i] = run_beside_blocked(algorithms[i % kinds], i + 1); });
    double least = 2;
    std::uint64_t exceeded = 0;
    std::uint64_t refused = 0;
    bool is_sound = true;
    for (const auto& one : found) {
        least = std::min(least, one.share_of_rest);
        exceeded += one.exceeded;
        refused += one.refused;
        is_sound = is_sound && one.broken.empty();
    }
    out.row("1,000 busy users and a blocked endpoint beside free traffic",
            "97 % of what is left, no user over the limit",
            text("at least %s of what is left, %llu over the limit, %llu refused", share(least).c_str(),
                 static_cast<unsigned long long>(exceeded), static_cast<unsigned long long>(refused)),
            least >= 0.97 && exceeded == 0 && refused == 0 && is_sound);
}

void hourly(table& out, std::uint64_t seeds)
{
    for (const bool remembers : {true, false}) {
        for (const auto counts_by : algorithms) {
            std::vector<invitations> found(seeds);
            in_parallel(seeds, [&](std::size_t i) { found[i] = run_invitations(counts_by, remembers, i + 1); });
            std::uint64_t refused = 0;
            std::uint64_t most = 0;
            std::uint64_t accepted = 0;
            std::uint64_t exceeded = 0;
            bool is_sound = true;
            for (const auto& one : found) {
                refused += one.refused;
                most = std::max(most, one.refused);
                accepted += one.accepted;
                exceeded += one.exceeded;
                is_sound = is_sound && one.broken.empty();
            }
            // The two others do not allow at once what they allow in an hour: that has to be found out first.
            const bool is_window = counts_by != algorithm::gcra_tenth && counts_by != algorithm::sliding_counter;
            const bool is_strict = remembers && is_window;
            out.row(std::string("invitations, 100 per hour, ten restarts ") + (remembers ? "with" : "without") +
                        " memory, " + name_of(counts_by),
                    is_strict   ? "0 refused"
                    : remembers ? "never over 100 in an hour"
                                : "what a start allows",
                    count(refused, accepted + refused) +
                        text(" refused, at most %llu in one run", static_cast<unsigned long long>(most)),
                    is_sound && (!is_strict || refused == 0) && (!remembers || exceeded == 0) &&
                        (remembers || most <= 50));
        }
    }
}

void unknown(table& out, std::uint64_t seeds)
{
    constexpr auto kinds = std::size(algorithms);
    for (const std::uint32_t per_minute : {60U, 600U, 6000U}) {
        std::vector<learning> found(kinds * seeds);
        in_parallel(found.size(), [&](std::size_t i) {
            found[i] = run_learning(algorithms[i / seeds], per_minute, 0.5, i % seeds + 1);
        });
        for (std::size_t k = 0; k != kinds; ++k) {
            double before = 2;
            double after = 2;
            double refused = 0;
            bool is_sound = true;
            for (std::size_t i = k * seeds; i != (k + 1) * seeds; ++i) {
                before = std::min(before, found[i].before);
                after = std::min(after, found[i].after);
                refused = std::max(refused, static_cast<double>(found[i].refused) / static_cast<double>(found[i].sent));
                is_sound = is_sound && found[i].broken.empty();
            }
            // A probe that fails costs as long as the service says: with a sliding counter the rest of its window.
            const double least = algorithms[k] == algorithm::sliding_counter ? 0.8 : 0.85;
            out.row(text("unknown, %u per minute, then half, %s", per_minute, name_of(algorithms[k])),
                    share(least) + " after 2 min, below 1 % refused",
                    "at least " + share(before) + ", then " + share(after) +
                        text(", at most %.2f %% refused", 100 * refused),
                    before >= least && after >= least && refused < 0.01 && is_sound);
        }
    }
}

void shared(table& out, std::uint64_t seeds)
{
    constexpr auto kinds = std::size(algorithms);
    std::vector<lanes> found(kinds * seeds);
    in_parallel(found.size(), [&](std::size_t i) { found[i] = run_lanes(algorithms[i % kinds], i + 1); });
    duration p99{};
    double error = 0;
    std::uint64_t refused = 0;
    bool is_sound = true;
    for (const auto& one : found) {
        p99 = std::max(p99, one.interactive_p99);
        error = std::max(error, one.tenant_error);
        refused += one.refused;
        is_sound = is_sound && one.broken.empty();
    }
    const auto ms = std::chrono::duration<double, std::milli>(p99).count();
    out.row("bulk at 10 times the quota, four tenants, beside interactive calls at 5 %",
            "interactive p99 below 50 ms, tenants within 5 %, no expired work sent",
            text("p99 %.1f ms, tenants within %.2f %%, %llu refused", ms, 100 * error,
                 static_cast<unsigned long long>(refused)),
            ms < 50 && error < 0.05 && refused == 0 && is_sound);
}

void cost(table& out, bool is_quick)
{
    crowd waiting(100'000);
    waiting.run(5000);
    std::array<std::vector<double>, crowd::steps> times;
    for (auto& one : times)
        one.reserve(1'000'000);
    waiting.run(is_quick ? 10'000 : 200'000, &times);
    for (std::size_t i = 0; i != crowd::steps; ++i) {
        const auto p99 = percentile(times[i], 0.99);
        out.row(std::string("100,000 waiting, real time: ") + crowd::names[i], "p99 below 50 µs",
                text("p50 %.2f µs, p99 %.2f µs", percentile(times[i], 0.5), p99), p99 < 50);
    }
}

} // namespace

bool print_table(bool is_quick)
{
    const std::uint64_t phases = is_quick ? 3 : 100;
    const std::uint64_t seeds = is_quick ? 1 : 20;
    table out;
    saturated(out, phases);
    disturbed(out, phases);
    development(out, phases);
    blocked(out, is_quick ? 1 : 4);
    hourly(out, is_quick ? 5 : 100);
    unknown(out, seeds);
    shared(out, seeds);
    cost(out, is_quick);
    return out.all_reached();
}

} // namespace quota_bench
