#include "cli/plan_text.hpp"

#include "cli/advice.hpp"
#include "cli/text.hpp"
#include "core/utf8.hpp"

#include <boost/json/array.hpp>

#include <cmath>

namespace usher::cli {

namespace {

std::optional<std::chrono::seconds> time_at_limit(const plan_view& plan)
{
    if (plan.requests_per_second <= 0)
        return std::nullopt;
    return std::chrono::seconds(
        std::llround(std::ceil(static_cast<double>(plan.result.calls) / plan.requests_per_second)));
}

template <class Map>
boost::json::object counts_json(const Map& counts)
{
    boost::json::object json;
    for (const auto& [name, count] : counts)
        json[name] = count;
    return json;
}

std::string target_text(const plan_view& plan)
{
    const auto& result = plan.result;
    if (!plan.asked_target)
        return plan.has_key ? "  the target was not asked\n"
                            : "  the target was not asked: its key is not in the environment\n";
    std::string text = "  at the target: " + grouped(result.already_there) + " already there as ours, " +
                       grouped(result.taken) + " with an identifier of somebody else";
    if (result.users_there)
        text += "; it has " + grouped(static_cast<std::uint64_t>(*result.users_there)) + " users";
    if (result.organizations_there)
        text += (result.users_there ? " and " : "; it has ") +
                grouped(static_cast<std::uint64_t>(*result.organizations_there)) + " organizations";
    return text + "\n";
}

} // namespace

std::string plan_text(const plan_view& plan)
{
    const auto& result = plan.result;
    std::string text = grouped(result.users + result.organizations) + " of " + grouped(result.records) +
                       " records would be sent (" + grouped(result.users) + " users, " + grouped(result.organizations) +
                       " organizations, " + grouped(result.memberships) + " memberships), " + grouped(result.refused) +
                       " would fail; nothing was changed\n";
    for (const auto& [code, count] : result.refusals)
        text += "    " + grouped(count) + " x " + detail::one_line(code) + "\n";
    for (const auto& [code, count] : result.refusals)
        if (const auto advice = advice_for(code); !advice.empty())
            text += "  about " + detail::one_line(code) + ": " + advice + "\n";
    if (result.records == 0)
        text += "  the source holds no record\n";
    if (const auto unread = result.refusals.find("unreadable_record");
        unread != result.refusals.end() && unread->second == result.records && !plan.from.empty())
        text += "  " + wrong_format_advice(plan.from) + "\n";
    for (const auto& each : plan.remarks)
        text += "  " + detail::one_line(each, 500) + "\n";
    text += target_text(plan);
    for (const auto& warning : result.warnings)
        text += "  does not fit: " + detail::one_line(warning, 500) + "\n";
    if (!result.notes.empty())
        text += "  not carried over:\n";
    for (const auto& each : result.notes)
        text += "    " + grouped(each.count) + " x " + detail::one_line(each.what.field) + " (" +
                detail::one_line(each.what.reason) + ")\n";
    text += "  " + grouped(result.calls) + " calls";
    if (const auto time = time_at_limit(plan))
        text += ", " + clock_text(*time) + " at " + with_tenth(plan.requests_per_second) + " requests/s";
    return text + "\n";
}

boost::json::object plan_json(const plan_view& plan)
{
    const auto& result = plan.result;
    boost::json::object json;
    json["event"] = "plan";
    json["records"] = result.records;
    json["users"] = result.users;
    json["organizations"] = result.organizations;
    json["memberships"] = result.memberships;
    json["refused"] = result.refused;
    json["duplicates"] = result.duplicates;
    json["asked_target"] = plan.asked_target;
    json["already_there"] = result.already_there;
    json["taken"] = result.taken;
    json["steps"] = counts_json(result.steps);
    json["refusals"] = counts_json(result.refusals);
    boost::json::array notes;
    for (const auto& each : result.notes) {
        boost::json::object one{
            {"field", each.what.field}, {"reason", each.what.reason}, {"count", each.count}, {"example", each.example}};
        notes.push_back(std::move(one));
    }
    json["not_carried_over"] = std::move(notes);
    if (!plan.remarks.empty())
        json["remarks"] = boost::json::array(plan.remarks.begin(), plan.remarks.end());
    json["calls"] = result.calls;
    if (result.users_there)
        json["users_there"] = *result.users_there;
    if (result.organizations_there)
        json["organizations_there"] = *result.organizations_there;
    boost::json::array warnings;
    for (const auto& each : result.warnings)
        warnings.emplace_back(each);
    json["warnings"] = std::move(warnings);
    if (const auto time = time_at_limit(plan)) {
        json["requests_per_second"] = plan.requests_per_second;
        json["seconds"] = time->count();
    }
    return json;
}

std::string finding_text(const bulk::plan_finding& what)
{
    std::string text = what.line > 0 ? "line " + std::to_string(what.line) : detail::one_line(what.source_id);
    text += ": " + detail::one_line(what.code) + ": ";
    if (!what.field.empty())
        text += detail::one_line(what.field) + ": ";
    return text + detail::one_line(what.message, 500);
}

boost::json::object finding_json(const bulk::plan_finding& what)
{
    boost::json::object json;
    json["event"] = "finding";
    json["line"] = what.line;
    json["source_id"] = what.source_id;
    json["code"] = what.code;
    json["field"] = what.field;
    json["message"] = what.message;
    return json;
}

std::string difference_text(const bulk::difference& what)
{
    std::string text = std::string(to_string(what.kind)) + " " + detail::one_line(what.source_id) + " (" +
                       detail::one_line(what.target_id) + "): ";
    if (what.field.empty())
        return text + "is missing";
    return text + detail::one_line(what.field) + ": expected " + detail::one_line(what.expected, 200) + ", found " +
           detail::one_line(what.found, 200);
}

boost::json::object difference_json(const bulk::difference& what)
{
    boost::json::object json;
    json["event"] = "difference";
    json["kind"] = to_string(what.kind);
    json["source_id"] = what.source_id;
    json["target_id"] = what.target_id;
    json["field"] = what.field;
    json["expected"] = what.expected;
    json["found"] = what.found;
    return json;
}

std::string verify_text(const bulk::verify_counters& counters)
{
    std::string text = grouped(counters.equal) + " of " + grouped(counters.compared) + " are equal, " +
                       grouped(counters.different) + " differ, " + grouped(counters.missing) + " are missing\n";
    if (counters.unfinished > 0)
        text += "  " + grouped(counters.unfinished) +
                " records of the source were not compared: they failed, were taken back or are not done\n";
    return text;
}

boost::json::object verify_json(const bulk::verify_counters& counters)
{
    boost::json::object json;
    json["event"] = "summary";
    json["records"] = counters.records;
    json["compared"] = counters.compared;
    json["equal"] = counters.equal;
    json["different"] = counters.different;
    json["missing"] = counters.missing;
    json["unfinished"] = counters.unfinished;
    json["looked_again"] = counters.looked_again;
    return json;
}

} // namespace usher::cli
