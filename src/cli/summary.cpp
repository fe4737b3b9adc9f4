// The words at the end of an import.
#include "cli/progress.hpp"
#include "cli/text.hpp"

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
    add(counters.taken, " with an identifier of another user");
    add(counters.incomplete, " created but not completed");
    return kinds.empty() ? text : text + kinds + ")";
}

} // namespace

std::string summary_text(const import_summary& summary)
{
    const auto& counters = summary.last.counters;
    const auto seconds = std::chrono::duration<double>(summary.last.elapsed).count();
    std::string text;
    if (summary.end == bulk::import_end::stopped)
        text += "Stopped: no more records were taken, those under way were finished.\n";
    if (summary.end == bulk::import_end::given_up)
        text += "Given up: " + summary.reason + "\n";
    if (summary.dry_run)
        text += "Dry run: " + grouped(counters.valid) + " of " + grouped(counters.records) +
                " records would be sent, " + failed_text(counters) + "; nothing was sent\n";
    else
        text += grouped(counters.created) + " created, " + grouped(counters.already_there) + " already there, " +
                failed_text(counters) + ", in " + with_tenth(seconds) + " s\n";
    if (!summary.dry_run) {
        text += "  " + grouped(summary.requests) + " requests";
        if (seconds > 0)
            text += " at " + with_tenth(static_cast<double>(summary.requests) / seconds) + "/s";
        if (summary.last.quota_per_second > 0)
            text += " of " + with_tenth(summary.last.quota_per_second) + "/s allowed";
        text += ", " + grouped(summary.last.refused) + " refused (429), " + grouped(counters.lookups) +
                " to look users up\n";
        if (counters.added + counters.banned + counters.recovered > 0)
            text += "  " + grouped(counters.added) + " unverified addresses and numbers added, " +
                    grouped(counters.banned) + " users banned, " + grouped(counters.recovered) +
                    " creations found after their answer was lost\n";
    }
    if (summary.users_before && summary.users_after)
        text += "  the instance had " + grouped(static_cast<std::uint64_t>(*summary.users_before)) + " users and has " +
                grouped(static_cast<std::uint64_t>(*summary.users_after)) + "\n";
    if (!summary.notes.empty()) {
        text += "  not carried over:\n";
        const auto lines = most_frequent(summary.notes);
        constexpr std::size_t most = 12;
        for (std::size_t i = 0; i < std::min(most, lines.size()); ++i)
            text += "    " + grouped(lines[i].first) + " x " + lines[i].second + "\n";
        if (lines.size() > most)
            text += "    and " + std::to_string(lines.size() - most) + " more kinds; --notes FILE lists them all\n";
    }
    if (!summary.failures_file.empty() && counters.failed > 0)
        text += "  failures: " + summary.failures_file + " (" + grouped(counters.failed) + " lines)\n";
    if (!summary.next_command.empty())
        text += "  to go on: " + summary.next_command + "\n";
    return text;
}

boost::json::object summary_json(const import_summary& summary)
{
    const auto& counters = summary.last.counters;
    boost::json::object json;
    json["event"] = "summary";
    json["end"] = end_name(summary.end);
    json["dry_run"] = summary.dry_run;
    json["records"] = counters.records;
    json["created"] = counters.created;
    json["already_there"] = counters.already_there;
    json["failed"] = counters.failed;
    json["valid"] = counters.valid;
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
    if (summary.users_before)
        json["users_before"] = *summary.users_before;
    if (summary.users_after)
        json["users_after"] = *summary.users_after;
    boost::json::array notes;
    for (const auto& [what, count] : summary.notes) {
        boost::json::object line;
        line["field"] = what.first;
        line["reason"] = what.second;
        line["count"] = count;
        notes.push_back(std::move(line));
    }
    json["not_carried_over"] = std::move(notes);
    if (!summary.failures_file.empty())
        json["failures_file"] = summary.failures_file;
    if (!summary.reason.empty())
        json["reason"] = summary.reason;
    return json;
}

} // namespace usher::cli
