#include "cli/progress.hpp"

#include "cli/text.hpp"

#include <algorithm>
#include <cmath>

namespace usher::cli {

namespace {

std::string percent(double part)
{
    return std::to_string(std::lround(std::clamp(part, 0.0, 9.99) * 100)) + " %";
}

} // namespace

std::optional<double> progress::part() const noexcept
{
    if (!source_size || *source_size == 0 || counters.records == 0)
        return std::nullopt;
    const double taken = static_cast<double>(counters.position) / static_cast<double>(*source_size);
    const double finished = static_cast<double>(counters.finished()) / static_cast<double>(counters.records);
    return std::clamp(taken * finished, 0.0, 1.0);
}

std::optional<std::chrono::seconds> progress::time_left() const noexcept
{
    const auto finished = part();
    if (!finished || *finished < 0.002 || elapsed < std::chrono::seconds(1))
        return std::nullopt;
    // What an earlier run has finished is passed over fast: the last seconds say more than the average.
    const double average = *finished / std::chrono::duration<double>(elapsed).count();
    const double seconds = (1 - *finished) / (part_per_second > 0 ? part_per_second : average);
    return std::chrono::seconds(std::llround(seconds));
}

double progress::share() const noexcept
{
    return quota_per_second > 0 ? requests_per_second / quota_per_second : 0;
}

std::string progress_bar(const progress& now, std::size_t width)
{
    std::string figures = " " + grouped(now.counters.finished());
    if (const auto part = now.part())
        figures = " " + percent(*part) + "  " + grouped(now.counters.finished());
    std::vector<std::string> more;
    more.push_back("  " + with_tenth(now.requests_per_second) + "/s");
    if (now.quota_per_second > 0)
        more.back() += " (" + percent(now.share()) + " of quota)";
    if (const auto left = now.time_left())
        more.push_back("  " + clock_text(*left) + " left");
    if (now.trouble)
        more.assign(1, "  " + *now.trouble);
    more.push_back("  " + grouped(now.counters.failed) + " failed");
    more.push_back("  " + grouped(now.refused) + " refused");
    for (const auto& each : more)
        if (figures.size() + each.size() + 12 <= width)
            figures += each;
    const auto part = now.part();
    if (!part || figures.size() + 12 > width)
        return figures.substr(0, width);
    const std::size_t room = std::min<std::size_t>(30, width - figures.size() - 2);
    const auto full = static_cast<std::size_t>(*part * static_cast<double>(room));
    return "[" + std::string(full, '#') + std::string(room - full, '-') + "]" + figures;
}

std::string progress_line(const progress& now)
{
    std::string line = clock_text(std::chrono::duration_cast<std::chrono::seconds>(now.elapsed)) + "  " +
                       grouped(now.counters.finished()) + " records";
    if (const auto part = now.part())
        line += " (" + percent(*part) + ")";
    line += ", " + with_tenth(now.requests_per_second) + " requests/s";
    if (now.quota_per_second > 0)
        line += " = " + percent(now.share()) + " of the quota";
    line += ", " + grouped(now.refused) + " refused, " + grouped(now.counters.failed) + " failed";
    if (now.trouble)
        line += ", " + *now.trouble;
    else if (const auto left = now.time_left())
        line += ", " + clock_text(*left) + " left";
    return line;
}

boost::json::object progress_event(const progress& now)
{
    boost::json::object event;
    event["event"] = "progress";
    event["elapsed_ms"] = now.elapsed.count();
    event["records"] = now.counters.records;
    event["finished"] = now.counters.finished();
    if (!now.only_reads) {
        event["created"] = now.counters.created;
        event["already_there"] = now.counters.already_there;
    }
    event["failed"] = now.counters.failed;
    event["refused"] = now.refused;
    event["requests_per_second"] = now.requests_per_second;
    if (now.quota_per_second > 0)
        event["share_of_quota"] = now.share();
    if (const auto part = now.part())
        event["part"] = *part;
    if (now.trouble)
        event["trouble"] = *now.trouble;
    if (const auto left = now.time_left())
        event["seconds_left"] = left->count();
    return event;
}

void recent_rate::add(std::uint64_t total, time_point now)
{
    samples_.emplace_back(now, total);
    while (samples_.size() > 2 && now - samples_[1].first >= span_)
        samples_.pop_front();
}

double recent_rate::per_second() const noexcept
{
    if (samples_.size() < 2)
        return 0;
    const std::chrono::duration<double> time = samples_.back().first - samples_.front().first;
    const auto count = samples_.back().second - samples_.front().second;
    return time.count() > 0 ? static_cast<double>(count) / time.count() : 0;
}

} // namespace usher::cli
