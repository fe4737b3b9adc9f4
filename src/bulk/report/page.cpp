// The report as a page: what happened, how fast, what went wrong and what was left behind. It shows no secret: of a
// dead letter only its error, never the record.
#include "bulk/report/charts.hpp"
#include "bulk/report/html_text.hpp"
#include "bulk/report/page_style.hpp"
#include "bulk/report/run_history.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace usher::bulk {

namespace {

std::string section(const std::string& title, const std::string& content)
{
    return content.empty() ? std::string() : "<section><h2>" + title + "</h2>" + content + "</section>\n";
}

std::string tile(const std::string& figure, const std::string& name, bool is_bad = false)
{
    return "<div class=\"tile" + std::string(is_bad ? " bad" : "") + "\"><b>" + figure + "</b><span>" + name +
           "</span></div>";
}

std::uint64_t count_of(const journal_totals& totals, entity_kind kind, record_state state)
{
    const auto of_kind = totals.records.find(kind);
    if (of_kind == totals.records.end())
        return 0;
    const auto found = of_kind->second.find(state);
    return found == of_kind->second.end() ? 0 : found->second;
}

std::uint64_t count_of(const journal_totals& totals, record_state state)
{
    return count_of(totals, entity_kind::user, state) + count_of(totals, entity_kind::organization, state);
}

std::string tiles(const journal_totals& totals, const run_history& all)
{
    std::string html = "<div class=\"tiles\">";
    html += tile(grouped(count_of(totals, record_state::created)), "created");
    html += tile(grouped(count_of(totals, record_state::adopted)), "there already, as ours");
    html += tile(grouped(totals.dead_letters), "dead letters", totals.dead_letters > 0);
    const auto open = count_of(totals, record_state::open);
    if (open > 0)
        html += tile(grouped(open), "not finished", true);
    const auto removed = count_of(totals, record_state::removed);
    if (removed > 0)
        html += tile(grouped(removed), "taken back");
    if (all.samples > 0) {
        html += tile(grouped(all.sent), "requests");
        html += tile(grouped(all.refused), "refused by the limit (429)", all.refused > 0);
        html += tile(percent(all.sent_under_limit, all.allowed), "of the limit used");
        html += tile(duration_text(all.working), "of work");
    }
    return html + "</div>\n";
}

std::string outcomes(const journal_totals& totals)
{
    std::string html;
    for (const auto kind : {entity_kind::user, entity_kind::organization}) {
        const auto bar = stacked_bar({{"created", "created", count_of(totals, kind, record_state::created)},
                                      {"adopted", "there already", count_of(totals, kind, record_state::adopted)},
                                      {"failed", "failed", count_of(totals, kind, record_state::failed)},
                                      {"open", "not finished", count_of(totals, kind, record_state::open)},
                                      {"removed", "taken back", count_of(totals, kind, record_state::removed)}});
        if (!bar.empty())
            html += "<p>" + std::string(kind == entity_kind::user ? "Users" : "Organizations") + "</p>" + bar;
    }
    std::string steps;
    for (const auto& [name, count] : totals.steps)
        steps += "<tr><td>" + escaped(name) + "</td><td class=\"number\">" + grouped(count) + "</td></tr>";
    if (!steps.empty())
        html += "<div class=\"scroll\"><table><tr><th>steps done</th><th class=\"number\">count</th></tr>" + steps +
                "</table></div>";
    return html;
}

std::string rate(const run_history& all)
{
    const auto chart = rate_chart(all);
    if (chart.empty())
        return {};
    return "<ul class=\"legend\"><li><i class=\"key-sent\"></i>requests a second</li><li><i "
           "class=\"key-done\"></i>records "
           "finished a second</li><li><i class=\"key-bad\"></i>refused</li></ul>" +
           chart;
}

std::string latency(const run_history& all)
{
    const auto chart = latency_chart(all);
    if (chart.empty())
        return {};
    const auto below = [&all](double part) { return with_digits(all.latency_ms(part), 0) + " ms"; };
    return "<p class=\"soft\">Half of the answers came below " + below(0.5) + ", 95 % below " + below(0.95) +
           ", 99 % below " + below(0.99) + "; " + grouped(all.failed) +
           " requests had none, or one of the kind 5xx.</p>" + chart;
}

/// What a dead letter says of its error.
struct letter_facts {
    letter_facts() = default;
    std::string place;
    std::string message;
};

letter_facts facts_of(const std::string& letter)
{
    letter_facts facts;
    boost::system::error_code failed;
    const auto read = json::parse(letter, failed);
    const auto* object = failed ? nullptr : read.if_object();
    if (!object)
        return facts;
    const auto text_of = [](const json::object& of, std::string_view name) {
        const auto* value = of.if_contains(name);
        if (!value || value->is_null())
            return std::string();
        return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
    };
    const auto line = text_of(*object, "line");
    const auto id = text_of(*object, "source_id");
    facts.place = (line.empty() || line == "0" ? "" : "line " + line) +
                  (id.empty() ? "" : (line.empty() || line == "0" ? "" : ", ") + id);
    const auto* why = object->if_contains("error");
    if (why && why->is_object()) {
        const auto& error = why->get_object();
        const auto param = text_of(error, "param");
        facts.message = (param.empty() ? "" : param + ": ") + text_of(error, "message");
    }
    return facts;
}

std::string failures(const journal_reader& job)
{
    std::string rows;
    for (const auto& kind : job.failure_kinds()) {
        const auto facts = facts_of(kind.example);
        rows += "<tr><td><code>" + escaped(kind.code) + "</code></td><td class=\"number\">" + grouped(kind.count) +
                "</td><td>" + escaped(facts.message) + "<br><span class=\"soft\">" + escaped(facts.place) +
                "</span></td></tr>";
    }
    if (rows.empty())
        return {};
    return "<div class=\"scroll\"><table><tr><th>error</th><th class=\"number\">records</th><th>for example</th></tr>" +
           rows + "</table></div>";
}

std::string left_behind(const journal_reader& job)
{
    std::string rows;
    for (const auto& each : job.notes())
        rows += "<tr><td><code>" + escaped(each.what.field) + "</code></td><td>" + escaped(each.what.reason) +
                "</td><td class=\"number\">" + grouped(each.count) + "</td><td><code>" + escaped(each.example, 80) +
                "</code></td></tr>";
    if (rows.empty())
        return "<p class=\"soft\">Nothing: every member of every record that was sent reached the target.</p>";
    return "<div class=\"scroll\"><table><tr><th>member</th><th>why it did not arrive</th><th "
           "class=\"number\">records</th>"
           "<th>for example</th></tr>" +
           rows + "</table></div>";
}

/// The scalar members of the settings, those of objects with their place.
void add_facts(const json::object& from, const std::string& prefix, std::string& into)
{
    for (const auto& member : from) {
        const auto& value = member.value();
        if (value.is_object()) {
            add_facts(value.get_object(), prefix + std::string(member.key()) + ".", into);
            continue;
        }
        const bool empty = value.is_null() || value.is_array() || (value.is_string() && value.get_string().empty()) ||
                           (value.is_bool() && !value.get_bool());
        if (!empty)
            into += "<dt>" + escaped(prefix + std::string(member.key())) + "</dt><dd>" +
                    escaped(value.is_string() ? std::string(value.get_string()) : json::serialize(value)) + "</dd>";
    }
}

std::string settings(const journal_reader& job)
{
    const auto text = job.setting("job");
    if (!text)
        return {};
    boost::system::error_code failed;
    const auto read = json::parse(*text, failed);
    std::string facts;
    if (!failed && read.is_object())
        add_facts(read.get_object(), "", facts);
    return facts.empty() ? std::string() : "<dl>" + facts + "</dl>";
}

std::string time_line(const run_history& all, bool is_running)
{
    std::string line;
    if (all.samples > 0)
        line = time_text(all.first) + " – " + time_text(all.last);
    if (!all.pauses.empty())
        line += ", resumed " + grouped(all.pauses.size()) + (all.pauses.size() == 1 ? " time" : " times");
    if (is_running)
        line += line.empty() ? "running now" : ", running now";
    return line;
}

} // namespace

std::string report_html(const journal_reader& job)
{
    const auto totals = job.totals();
    const auto all = read_history(job);
    std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                       "'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                       "<title>Migration report</title><style>";
    html += page_style;
    html += "</style></head><body><main>\n<h1>Migration report</h1><p class=\"soft\">" +
            time_line(all, job.is_in_use()) + "</p>\n";
    html += tiles(totals, all);
    html += section("Rate", rate(all));
    html += section("What became of the records", outcomes(totals));
    html += section("Answers", latency(all));
    html += section("Errors", failures(job));
    html += section("What was not carried over", left_behind(job));
    html += section("The job", settings(job));
    return html + "</main></body></html>\n";
}

} // namespace usher::bulk
