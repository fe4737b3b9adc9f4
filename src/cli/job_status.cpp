#include "cli/job_status.hpp"

#include "cli/advice.hpp"
#include "cli/run_samples.hpp"
#include "cli/text.hpp"
#include "core/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <ctime>
#include <stdexcept>

namespace usher::cli {

namespace {

constexpr bulk::record_state states[] = {bulk::record_state::open, bulk::record_state::created,
                                         bulk::record_state::adopted, bulk::record_state::failed,
                                         bulk::record_state::removed};

std::string_view words_for(bulk::record_state state)
{
    switch (state) {
    case bulk::record_state::open:
        return "begun";
    case bulk::record_state::created:
        return "created";
    case bulk::record_state::adopted:
        return "already there";
    case bulk::record_state::failed:
        return "failed";
    case bulk::record_state::removed:
        return "taken back";
    }
    return "";
}

/// `2026-03-01 12:30:05`, local time.
std::string time_text(bulk::journal_time time)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    const std::time_t whole = seconds;
    std::tm parts{};
    if (!::localtime_r(&whole, &parts))
        return {};
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

std::string seconds_text(std::chrono::milliseconds time)
{
    return clock_text(std::chrono::duration_cast<std::chrono::seconds>(time));
}

/// The line of a failures file in a few words; the letter itself stays in the journal.
std::string example_text(const std::string& letter)
{
    boost::system::error_code failed;
    const auto value = boost::json::parse(letter, failed);
    const auto* line = failed ? nullptr : value.if_object();
    if (!line)
        return {};
    std::string text;
    if (const auto* number = line->if_contains("line"); number && number->is_int64() && number->get_int64() > 0)
        text = "line " + std::to_string(number->get_int64());
    if (const auto* id = line->if_contains("source_id"); text.empty() && id && id->is_string())
        text = detail::one_line(std::string_view(id->get_string()));
    const auto* error = line->if_contains("error");
    const auto* object = error ? error->if_object() : nullptr;
    const auto* message = object ? object->if_contains("message") : nullptr;
    if (message && message->is_string())
        text += (text.empty() ? "" : ": ") + detail::one_line(std::string_view(message->get_string()), 200);
    return text;
}

std::string records_text(const job_status& status)
{
    std::string text;
    for (const auto& [kind, counts] : status.totals.records) {
        std::string parts;
        for (const auto state : states) {
            const auto found = counts.find(state);
            if (found != counts.end() && found->second > 0)
                parts += (parts.empty() ? "" : ", ") + grouped(found->second) + " " + std::string(words_for(state));
        }
        if (!parts.empty())
            text += "  " + std::string(to_string(kind)) + "s: " + parts + "\n";
    }
    return text;
}

std::string state_of(const run_facts& run, bool runs)
{
    if (run.state != run_state::running)
        return std::string(to_string(run.state));
    return runs ? "running" : "killed";
}

bool is_reading(const run_facts& run)
{
    return run.command == "import" || run.command == "resume";
}

std::string run_text(const job_status& status, const run_facts& run)
{
    const auto state = state_of(run, status.in_use && status.settings.last.state == run_state::running);
    if (state == "running")
        return run.command + " runs since " + time_text(run.begun) + " (" + seconds_text(status.now - run.begun) + ")";
    if (state == "killed")
        return run.command + " of " + time_text(run.begun) + " was killed: it has not said how it ended";
    return run.command + " " + (state == "given_up" ? std::string("was given up") : state) + " at " +
           time_text(run.ended) + " after " + seconds_text(run.ended - run.begun) +
           (run.reason.empty() ? "" : ": " + run.reason);
}

} // namespace

std::uint64_t job_status::count(bulk::record_state state) const
{
    std::uint64_t sum = 0;
    for (const auto& [kind, counts] : totals.records)
        if (const auto found = counts.find(state); found != counts.end())
            sum += found->second;
    return sum;
}

std::string job_status::state() const
{
    const auto& run = settings.last;
    if (run.state == run_state::finished && run.command != "undo" && !is_read_to_end())
        return state_of(settings.reading, false);
    return state_of(run, in_use);
}

std::string job_status::next_command() const
{
    const auto word = shell_word(job);
    if (state() == "running")
        return {};
    const auto& run = settings.last;
    const bool is_whole = run.state == run_state::finished;
    const auto look = "usher resume " + word + " --only-begun" + input_hint(settings);
    if (run.command == "undo" && is_whole)
        return {};
    if (run.command == "undo")
        return run.state == run_state::given_up && totals.in_doubt > 0 ? look : "usher undo " + word;
    if (run.undo_waits)
        return is_whole ? "usher undo " + word : look;
    if (run.command == "retry" && !is_whole)
        return "usher retry " + word + (run.mended.empty() ? "" : " --mended " + shell_word(run.mended));
    if (count(bulk::record_state::open) > 0 || !is_read_to_end())
        return "usher resume " + word + input_hint(settings);
    if (totals.dead_letters > 0)
        return "usher retry " + word;
    return "usher verify " + word + input_hint(settings);
}

job_status status_of(const std::string& job)
{
    const bulk::journal_reader reader(job);
    job_status status;
    status.job = job;
    try {
        status.settings = settings_in(reader);
    } catch (const std::runtime_error& problem) {
        throw std::runtime_error(job + ": " + problem.what());
    }
    status.in_use = reader.is_in_use();
    status.now = wall_clock();
    status.totals = reader.totals();
    status.failures = reader.failure_kinds();
    status.notes = reader.notes();
    return status;
}

std::string status_text(const job_status& status)
{
    std::string text = status.job + ": " + source_text(status.settings) + " -> " + target_text(status.settings);
    const auto& part = status.settings.part;
    if (part.parts > 1)
        text += ", part " + std::to_string(part.part + 1) + " of " + std::to_string(part.parts);
    text += "\n" + run_text(status, status.settings.last) + "\n";
    if (!is_reading(status.settings.last) && !status.is_read_to_end())
        text += "the source was not read to its end: " + run_text(status, status.settings.reading) + "\n";
    text += records_text(status);
    if (status.totals.in_doubt > 0)
        text += "  of " + grouped(status.totals.in_doubt) +
                (status.in_use ? " the last request is on its way\n"
                               : " it is not known whether a request arrived: usher resume or retry finds out\n");
    if (status.totals.dead_letters > 0)
        text += "  failures: " + grouped(status.totals.dead_letters) + "\n";
    for (const auto& kind : status.failures) {
        const auto example = example_text(kind.example);
        text += "    " + grouped(kind.count) + " x " + detail::one_line(kind.code) +
                (example.empty() ? "" : ", such as " + example) + "\n";
    }
    for (const auto& each : advice_for(status))
        text += "  " + each + "\n";
    if (!status.notes.empty())
        text += "  not carried over:\n";
    for (const auto& each : status.notes)
        text += "    " + grouped(each.count) + " x " + detail::one_line(each.what.field) + " (" +
                detail::one_line(each.what.reason) + "), such as of " + detail::one_line(each.example) + "\n";
    if (const auto next = status.next_command(); !next.empty())
        text += "  to go on: " + next + "\n";
    return text;
}

boost::json::object status_json(const job_status& status)
{
    const auto& run = status.settings.last;
    boost::json::object json;
    json["job"] = status.job;
    json["from"] = source_text(status.settings);
    json["to"] = target_text(status.settings);
    json["state"] = status.state();
    json["command"] = run.command;
    json["read_to_end"] = status.is_read_to_end();
    json["begun_ms"] = run.begun.time_since_epoch().count();
    if (status.state() != "running" && status.state() != "killed")
        json["ended_ms"] = run.ended.time_since_epoch().count();
    if (!run.reason.empty())
        json["reason"] = run.reason;
    if (status.settings.part.parts > 1) {
        json["part"] = status.settings.part.part + 1;
        json["parts"] = status.settings.part.parts;
    }
    boost::json::object records;
    for (const auto& [kind, counts] : status.totals.records) {
        boost::json::object by_state;
        for (const auto& [state, count] : counts)
            by_state[to_string(state)] = count;
        records[to_string(kind)] = std::move(by_state);
    }
    json["records"] = std::move(records);
    for (const auto state : states)
        json[to_string(state)] = status.count(state);
    json["in_doubt"] = status.totals.in_doubt;
    json["dead_letters"] = status.totals.dead_letters;
    boost::json::array failures;
    for (const auto& kind : status.failures) {
        boost::json::object one{{"code", kind.code}, {"count", kind.count}, {"example", example_text(kind.example)}};
        failures.push_back(std::move(one));
    }
    json["failures"] = std::move(failures);
    boost::json::array notes;
    for (const auto& each : status.notes) {
        boost::json::object one{
            {"field", each.what.field}, {"reason", each.what.reason}, {"count", each.count}, {"example", each.example}};
        notes.push_back(std::move(one));
    }
    json["not_carried_over"] = std::move(notes);
    if (const auto next = status.next_command(); !next.empty())
        json["next"] = next;
    return json;
}

} // namespace usher::cli
