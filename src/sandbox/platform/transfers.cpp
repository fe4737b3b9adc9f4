#include "sandbox/identifier.hpp"
#include "sandbox/platform/platform.hpp"

#include <algorithm>

namespace usher::sandbox::platform {

namespace {

constexpr std::int64_t transfer_lifetime = 24LL * 3'600'000;

json::object shown(const context& c, json::object body)
{
    const auto ends = parse_rfc3339(text_in(body, "expires_at"));
    if (text_in(body, "status") == "pending" && ends && *ends <= c.wall)
        body["status"] = "expired";
    body.erase("_application_id");
    return body;
}

resource* transfer(context& c)
{
    const auto* home = application(c);
    if (!home)
        return nullptr;
    auto* found = c.kept.at(transfers).find(c.capture(1));
    if (found && text_in(found->parsed(), "_application_id") == home->id)
        return found;
    c.refuse(not_found("transfers", c.capture(1)));
    return nullptr;
}

} // namespace

void answer_cursor_page(context& c, std::vector<json::object> all)
{
    const auto place = [&](std::string_view id) {
        return std::find_if(all.begin(), all.end(), [&](const auto& one) { return text_in(one, "id") == id; });
    };
    const auto after = text_in(c.asked.query, "starting_after"), before = text_in(c.asked.query, "ending_before");
    const auto* given_limit = c.asked.query.if_contains("limit");
    const auto limit =
        given_limit && given_limit->is_number() ? given_limit->to_number<std::ptrdiff_t>() : std::ptrdiff_t{10};
    const auto count = static_cast<std::ptrdiff_t>(all.size());
    std::ptrdiff_t first = 0, last = std::min(count, limit);
    for (const auto& [name, id] : {std::pair("starting_after", after), std::pair("ending_before", before)})
        if (!id.empty() && place(id) == all.end())
            return refuse(c, 422, "form_param_value_invalid", std::string(name) + " is no id of this listing.", name);
    if (!after.empty()) {
        first = place(after) - all.begin() + 1;
        last = std::min(count, first + limit);
    } else if (!before.empty()) {
        last = place(before) - all.begin();
        first = std::max<std::ptrdiff_t>(0, last - limit);
    }
    json::array page;
    for (auto i = first; i < last; ++i)
        page.push_back(std::move(all[static_cast<std::size_t>(i)]));
    c.answer(json::object{{"data", std::move(page)}, {"total_count", static_cast<std::int64_t>(count)}});
}

namespace rules {

void create_transfer(context& c)
{
    const auto* home = application(c);
    if (!home)
        return;
    for (const auto* r : c.kept.at(transfers).by_time())
        if (const auto body = r->parsed();
            text_in(body, "_application_id") == home->id && text_in(shown(c, body), "status") == "pending")
            return refuse(c, 409, "transfer_pending", "A transfer of this application is pending.", {});
    const auto id = "appt_" + base62(27, c.made.source());
    json::object made{{"object", "application_transfer"},
                      {"id", id},
                      {"code", base62(24, c.made.source())},
                      {"application_id", home->id},
                      {"status", "pending"},
                      {"expires_at", time_text(c.wall + transfer_lifetime)},
                      {"created_at", time_text(c.wall)},
                      {"canceled_at", nullptr},
                      {"completed_at", nullptr},
                      {"_application_id", home->id}};
    c.kept.add(transfers, id, made, {}, c.wall, c.now);
    c.answer(shown(c, std::move(made)));
}

void get_transfer(context& c)
{
    if (const auto* found = transfer(c))
        c.answer(shown(c, found->parsed()));
}

void cancel_transfer(context& c)
{
    auto* found = transfer(c);
    if (!found)
        return;
    auto body = found->parsed();
    if (text_in(shown(c, body), "status") != "pending")
        return refuse(c, 409, "transfer_not_pending", "Only a pending transfer can be canceled.", {});
    body["status"] = "canceled";
    body["canceled_at"] = time_text(c.wall);
    c.kept.replace(c.kept.at(transfers), *found, body, {});
    c.answer(shown(c, std::move(body)));
}

void list_transfers(context& c)
{
    const auto wanted = texts_in(c.asked.query, "status");
    std::vector<json::object> found;
    for (const auto* r : c.kept.at(transfers).by_time()) {
        auto body = shown(c, r->parsed());
        if (visible(c, *r) &&
            (wanted.empty() || std::find(wanted.begin(), wanted.end(), text_in(body, "status")) != wanted.end()))
            found.push_back(std::move(body));
    }
    std::reverse(found.begin(), found.end());
    answer_cursor_page(c, std::move(found));
}

} // namespace rules

} // namespace usher::sandbox::platform
