#include "bulk/report/run_history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace usher::bulk {

namespace {

constexpr std::size_t most_stretches = 240;
constexpr std::chrono::seconds pause{10}; ///< more than that between two samples: nobody was at work

/// Whole seconds each, so that neighbours can be compared.
double seconds_each(std::chrono::milliseconds working)
{
    const auto whole = static_cast<double>(working.count()) / 1000;
    return std::max(1.0, std::ceil(whole / static_cast<double>(most_stretches)));
}

/// Everything that needs no axis.
void add_up(run_history& all, const journal_sample& at, const run_sample& sample)
{
    if (all.samples++ == 0)
        all.first = at.at - sample.span;
    else if (at.at - sample.span - all.last > pause)
        all.pauses.push_back(static_cast<double>(all.working.count()) / 1000);
    all.last = at.at;
    all.working += sample.span;
    all.sent += sample.sent;
    all.refused += sample.refused;
    all.failed += sample.failed;
    if (sample.limit_per_second > 0) {
        all.allowed += sample.limit_per_second * static_cast<double>(sample.span.count()) / 1000;
        all.sent_under_limit += static_cast<double>(sample.sent);
    }
    for (std::size_t i = 0; i < all.latency.size(); ++i)
        all.latency[i] += sample.latency[i];
}

/// A sample's figures, spread over the stretches that it covers.
void spread(run_history& all, double begin, double each, const run_sample& sample)
{
    const double span = static_cast<double>(sample.span.count()) / 1000;
    if (span <= 0)
        return;
    const double end = begin + span;
    for (auto i = static_cast<std::size_t>(begin / each); i < all.stretches.size(); ++i) {
        const double from = std::max(begin, static_cast<double>(i) * each);
        const double to = std::min(end, static_cast<double>(i + 1) * each);
        if (to <= from)
            break;
        const double part = (to - from) / span;
        auto& into = all.stretches[i];
        into.seconds += to - from;
        into.sent += part * static_cast<double>(sample.sent);
        into.refused += part * static_cast<double>(sample.refused);
        into.finished += part * static_cast<double>(sample.created + sample.already_there);
        into.limit = std::max(into.limit, sample.limit_per_second);
    }
}

} // namespace

double run_history::latency_ms(double part) const noexcept
{
    const auto all = std::accumulate(latency.begin(), latency.end(), std::uint64_t{0});
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < latency.size(); ++i) {
        below += latency[i];
        if (all > 0 && static_cast<double>(below) >= part * static_cast<double>(all))
            return static_cast<double>(std::uint64_t{1} << i);
    }
    return 0;
}

run_history read_history(const journal_reader& job)
{
    run_history all;
    job.each_sample([&all](const journal_sample& each) {
        add_up(all, each, parse_run_sample(each.json));
        return true;
    });
    const double each = seconds_each(all.working);
    const double whole = static_cast<double>(all.working.count()) / 1000;
    all.stretches.resize(static_cast<std::size_t>(std::ceil(whole / each)));
    double begin = 0;
    job.each_sample([&](const journal_sample& sample) {
        const auto read = parse_run_sample(sample.json);
        spread(all, begin, each, read);
        begin += static_cast<double>(read.span.count()) / 1000;
        return true;
    });
    // A stretch that hardly began would tell a rate of nearly nothing.
    if (all.stretches.size() > 1 && all.stretches.back().seconds < each / 2)
        all.stretches.pop_back();
    return all;
}

} // namespace usher::bulk
