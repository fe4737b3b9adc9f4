#include "bulk/report/run_history.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <set>
#include <utility>

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

/// What a sample covers.
struct interval {
    journal_time begin;
    journal_time end;
    double limit = 0;
};

/// Time in which somebody was at work without a break.
struct stint {
    journal_time begin;
    journal_time end;
    std::chrono::milliseconds at{0}; ///< where it begins in the time of work
};

/// Everything that needs no axis.
void add_up(run_history& all, const run_sample& sample)
{
    all.samples += 1;
    all.sent += sample.sent;
    all.refused += sample.refused;
    all.failed += sample.failed;
    if (sample.limit_per_second > 0)
        all.sent_under_limit += static_cast<double>(sample.sent);
    for (std::size_t i = 0; i < all.latency.size(); ++i)
        all.latency[i] += sample.latency[i];
}

interval interval_of(const journal_sample& at, const run_sample& sample)
{
    interval made;
    made.begin = at.at - std::max(sample.span, std::chrono::milliseconds(0));
    made.end = at.at;
    made.limit = sample.limit_per_second;
    return made;
}

/// The intervals, which are in the order in which they begin, without what they have in common and without the gaps
/// between them.
std::vector<stint> joined(run_history& all, const std::vector<interval>& intervals)
{
    std::vector<stint> stints;
    for (const auto& each : intervals) {
        if (!stints.empty() && each.begin <= stints.back().end) {
            stints.back().end = std::max(stints.back().end, each.end);
            continue;
        }
        stint next;
        next.begin = each.begin;
        next.end = each.end;
        if (!stints.empty()) {
            const auto& last = stints.back();
            next.at = last.at + (last.end - last.begin);
            if (each.begin - last.end > pause)
                all.pauses.push_back(static_cast<double>(next.at.count()) / 1000);
        }
        stints.push_back(next);
    }
    return stints;
}

/// What the limit had room for: at any moment the largest one that one of the parts then under way was told, since it
/// is the same for all of them.
double allowed_by(const std::vector<interval>& intervals)
{
    std::vector<std::pair<journal_time, double>> changes; // one that ends is negative
    for (const auto& each : intervals) {
        if (each.limit <= 0 || each.begin == each.end)
            continue;
        changes.emplace_back(each.begin, each.limit);
        changes.emplace_back(each.end, -each.limit);
    }
    std::sort(changes.begin(), changes.end());
    std::multiset<double> limits;
    double allowed = 0;
    journal_time since{};
    for (const auto& [at, limit] : changes) {
        if (!limits.empty())
            allowed += *limits.rbegin() * static_cast<double>((at - since).count()) / 1000;
        since = at;
        if (limit > 0)
            limits.insert(limit);
        else if (const auto ended = limits.find(-limit); ended != limits.end())
            limits.erase(ended);
    }
    return allowed;
}

/// Where a moment is in the time of work, in seconds.
double place_of(const std::vector<stint>& stints, journal_time when)
{
    const auto after = std::upper_bound(stints.begin(), stints.end(), when,
                                        [](journal_time time, const stint& each) { return time < each.begin; });
    const auto& in = *std::prev(after);
    return static_cast<double>((in.at + (when - in.begin)).count()) / 1000;
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
    std::vector<interval> intervals;
    job.each_sample([&](const journal_sample& each) {
        const auto sample = parse_run_sample(each.json);
        add_up(all, sample);
        intervals.push_back(interval_of(each, sample));
        return true;
    });
    if (intervals.empty())
        return all;
    std::sort(intervals.begin(), intervals.end(),
              [](const interval& left, const interval& right) { return left.begin < right.begin; });
    const auto stints = joined(all, intervals);
    all.first = stints.front().begin;
    all.last = stints.back().end;
    all.working = stints.back().at + (stints.back().end - stints.back().begin);
    all.allowed = allowed_by(intervals);

    const double each = seconds_each(all.working);
    const double whole = static_cast<double>(all.working.count()) / 1000;
    all.stretches.resize(static_cast<std::size_t>(std::ceil(whole / each)));
    for (std::size_t i = 0; i < all.stretches.size(); ++i)
        all.stretches[i].seconds = std::min(each, whole - static_cast<double>(i) * each);
    job.each_sample([&](const journal_sample& at) {
        const auto sample = parse_run_sample(at.json);
        // One that was written since then has no place.
        const auto begin = interval_of(at, sample).begin;
        if (begin >= all.first && at.at <= all.last)
            spread(all, place_of(stints, begin), each, sample);
        return true;
    });
    // A stretch that hardly began would tell a rate of nearly nothing.
    if (all.stretches.size() > 1 && all.stretches.back().seconds < each / 2)
        all.stretches.pop_back();
    return all;
}

} // namespace usher::bulk
