// The words at the end of an import.
#include "cli/progress.hpp"
#include "cli/text.hpp"
#include "core/utf8.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <vector>

namespace usher::cli {

namespace {

std::string_view end_name(bulk::import_end end)
{
    switch (end) {
    case bulk::import_end::finished:
        return "finished";
    case bulk::import_end::stopped:
        return "stopped";
    case bulk::import_end::given_up:
        return "given_up";
    }
    return "";
}

std::vector<std::pair<std::uint64_t, std::string>> most_frequent(const note_counts& notes)
{
    std::vector<std::pair<std::uint64_t, std::string>> lines;
    for (const auto& [what, count] : notes)
        lines.emplace_back(count, what.first + " (" + what.second + ")");
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    return lines;
}

std::string failed_text(const bulk::import_counters& counters)
{
    std::string text = grouped(counters.failed) + " failed";
    std::string kinds;
    const auto add = [&](std::uint64_t count, std::string_view words) {
        if (count > 0)
            kinds.append(kinds.empty() ? " (" : ", ").append(grouped(count)).append(words);
    };
    add(counters.duplicates, " repeated in the source");
    add(counters.taken, " with an identifier of somebody else");
    add(counters.incomplete, " created but not completed");
    return kinds.empty() ? text : text + kinds + ")";
}

std::string_view stopped_text(stop_kind kind)
{
    switch (kind) {
    case stop_kind::in_order:
        return "Stopped: no more was begun, what was on its way was waited for.\n";
    case stop_kind::at_once:
        return "Stopped at once: what was on its way was not waited for.\n";
    case stop_kind::by_failure:
        return "Ended by a failure, with this done before:\n";
    }
    return "";
}

std::string requests_text(const import_summary& summary, double seconds)
{
    std::string text = "  " + grouped(summary.requests) + " requests";
    // Of less than a second there is no rate: what the service lets through at once would look like more than it
    // allows.
    if (seconds >= 1)
        text += " at " + with_tenth(static_cast<double>(summary.requests) / seconds) + "/s";
    else
        text += " in less than a second";
    if (summary.last.quota_per_second > 0)
        text += " of " + with_tenth(summary.last.quota_per_second) + "/s allowed";
    return text + ", " + grouped(summary.last.refused) + " refused (429), " + grouped(summary.last.counters.lookups) +
           " to look things up\n";
}

} // namespace

std::string summary_text(const import_summary& summary)
{
    const auto& counters = summary.last.counters;
    const auto seconds = std::chrono::duration<double>(summary.last.elapsed).count();
    std::string text;
    if (summary.end == bulk::import_end::stopped)
        text += stopped_text(summary.kind);
    if (summary.end == bulk::import_end::given_up)
        text += "Given up: " + summary.reason + "\n";
    text += grouped(counters.created) + " created, " + grouped(counters.already_there) + " already there, " +
            failed_text(counters);
    if (summary.failed_before > 0)
        text += ", " + grouped(summary.failed_before) + " failed before";
    if (counters.skipped > 0)
        text += ", " + grouped(counters.skipped) + " passed over (done before, or another part's)";
    text += ", in " + with_tenth(seconds) + " s\n";
    if (summary.end == bulk::import_end::finished && counters.records == 0)
        text += "  the source holds no record\n";
    if (summary.taken_back > 0)
        text += "  " + grouped(summary.taken_back) +
                " records were taken back by usher undo and stay away: usher import with another --job brings them\n";
    text += requests_text(summary, seconds);
    if (counters.organizations + counters.memberships > 0)
        text += "  " + grouped(counters.organizations) + " of them organizations; " + grouped(counters.memberships) +
                " memberships given\n";
    if (counters.added + counters.banned + counters.recovered > 0)
        text += "  " + grouped(counters.added) + " unverified addresses and numbers added, " +
                grouped(counters.banned) + " users banned, " + grouped(counters.recovered) +
                " creations found after their answer was lost\n";
    if (!summary.notes.empty()) {
        text += "  not carried over:\n";
        const auto lines = most_frequent(summary.notes);
        constexpr std::size_t most = 12;
        for (std::size_t i = 0; i < std::min(most, lines.size()); ++i)
            text += "    " + grouped(lines[i].first) + " x " + lines[i].second + "\n";
        if (lines.size() > most)
            text += "    and " + std::to_string(lines.size() - most) + " more kinds; --notes FILE lists them all\n";
    }
    for (const auto& each : summary.remarks)
        text += "  " + detail::one_line(each, 500) + "\n";
    for (const auto& each : summary.advice)
        text += "  " + each + "\n";
    if (!summary.failures_file.empty() && counters.failed > 0)
        text += "  failures: " + summary.failures_file + " (" + grouped(counters.failed) + " lines)\n";
    if (!summary.job.empty())
        text += "  journal: " + summary.job + "\n";
    if (!summary.next_command.empty())
        text += "  to go on: " + summary.next_command + summary.hint + "\n";
    return text;
}

boost::json::object summary_json(const import_summary& summary)
{
    const auto& counters = summary.last.counters;
    boost::json::object json;
    json["event"] = "summary";
    json["end"] = end_name(summary.end);
    json["records"] = counters.records;
    json["created"] = counters.created;
    json["already_there"] = counters.already_there;
    json["failed"] = counters.failed;
    json["failed_before"] = summary.failed_before;
    json["taken_back"] = summary.taken_back;
    json["skipped"] = counters.skipped;
    json["left_open"] = counters.left_open;
    json["organizations"] = counters.organizations;
    json["memberships"] = counters.memberships;
    json["resumed"] = counters.resumed;
    json["duplicates"] = counters.duplicates;
    json["taken"] = counters.taken;
    json["incomplete"] = counters.incomplete;
    json["added"] = counters.added;
    json["banned"] = counters.banned;
    json["recovered"] = counters.recovered;
    json["lookups"] = counters.lookups;
    json["requests"] = summary.requests;
    json["refused"] = summary.last.refused;
    json["elapsed_ms"] = summary.last.elapsed.count();
    boost::json::array notes;
    for (const auto& [what, count] : summary.notes) {
        boost::json::object line;
        line["field"] = what.first;
        line["reason"] = what.second;
        line["count"] = count;
        notes.push_back(std::move(line));
    }
    json["not_carried_over"] = std::move(notes);
    if (!summary.remarks.empty())
        json["remarks"] = boost::json::array(summary.remarks.begin(), summary.remarks.end());
    if (!summary.failures_file.empty())
        json["failures_file"] = summary.failures_file;
    json["job"] = summary.job;
    if (!summary.next_command.empty())
        json["next"] = summary.next_command;
    if (!summary.reason.empty())
        json["reason"] = summary.reason;
    return json;
}

} // namespace usher::cli
