#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

// Connections and directories are set up in a dashboard. Here an organization has one of each as soon as somebody
// looks; their ids carry the organization's digits.
std::string digits_of(std::string_view organization_id)
{
    return std::string(organization_id.substr(organization_id.find('_') + 1));
}

collection& connections_of(context& c, const resource& home)
{
    const auto path = organization_path(home.id, "connections");
    if (!c.kept.find(path)) {
        const auto id = "conn_" + digits_of(home.id);
        const auto kept = home.parsed();
        c.kept.add(path, id,
                   json::object{{"id", id},
                                {"organization_id", home.id},
                                {"_organization_name", text_in(kept, "display_name")},
                                {"provider", "OKTA"},
                                {"provider_key", "okta"},
                                {"key_id", id},
                                {"type", "OIDC"},
                                {"status", "COMPLETED"},
                                {"enabled", true},
                                {"debug_enabled", false},
                                {"configuration_type", "DISCOVERY"},
                                {"oidc_config", json::object{{"issuer", "https://idp.example.com"},
                                                             {"client_id", "client-at-idp"},
                                                             {"pkce_enabled", true}}}},
                   {}, c.wall, c.now);
    }
    return c.kept.at(path);
}

collection& directories_of(context& c, const resource& home)
{
    const auto path = organization_path(home.id, "directories");
    if (c.kept.find(path))
        return c.kept.at(path);
    const auto digits = digits_of(home.id), now = time_text(c.wall);
    const auto id = "dir_" + digits;
    json::array groups;
    for (const auto* name : {"Admins", "Everybody"}) {
        const auto group_id = "dirgroup_" + digits + (name[0] == 'A' ? "1" : "2");
        json::object group{{"id", group_id},
                           {"display_name", name},
                           {"total_users", name[0] == 'A' ? 1 : 3},
                           {"updated_at", now},
                           {"group_detail", json::object{{"displayName", name}}}};
        groups.push_back(group);
        c.kept.add(path + "/" + id + "/groups", group_id, group, {}, c.wall, c.now);
    }
    int n = 0;
    for (const auto* name : {"ada", "grace", "edsger"}) {
        const auto user_id = "diruser_" + digits + std::to_string(++n);
        const auto email = std::string(name) + "@" + digits + ".example.com";
        json::array mine;
        if (n == 1)
            mine.push_back(groups[0]);
        mine.push_back(groups[1]);
        c.kept.add(path + "/" + id + "/users", user_id,
                   json::object{{"id", user_id},
                                {"email", email},
                                {"emails", json::array{json::value(email)}},
                                {"preferred_username", name},
                                {"given_name", name},
                                {"family_name", "Example"},
                                {"updated_at", now},
                                {"groups", std::move(mine)},
                                {"user_detail", json::object{{"userName", email}, {"active", true}}}},
                   {}, c.wall, c.now);
    }
    c.kept.add(path, id,
               json::object{{"id", id},
                            {"organization_id", home.id},
                            {"name", "Directory"},
                            {"directory_provider", "OKTA"},
                            {"directory_type", "SCIM"},
                            {"directory_endpoint", "https://directories.example.com/" + id + "/scim/v2"},
                            {"enabled", true},
                            {"status", "COMPLETED"},
                            {"groups_tracked", "ALL"},
                            {"total_users", 3},
                            {"total_groups", 2},
                            {"last_synced_at", now},
                            {"secrets", json::array()}},
               {}, c.wall, c.now);
    return c.kept.at(path);
}

using things_of = collection& (*)(context&, const resource&);

resource* thing(context& c, things_of all, const char* what)
{
    const auto* home = organization(c, c.capture(0));
    if (!home)
        return nullptr;
    auto* found = all(c, *home).find(c.capture(1));
    if (!found)
        absent(c, what, c.capture(1));
    return found;
}

void toggle(context& c, things_of all, const char* what, const char* below)
{
    auto* found = thing(c, all, what);
    if (!found)
        return;
    const bool on = c.asked.of->form.ends_with(":enable");
    auto body = found->parsed();
    const bool before = true_in(body, "enabled");
    body["enabled"] = on;
    save(c, organization_path(c.capture(0), below), *found, std::move(body));
    json::object out{{"enabled", on}};
    if (before == on)
        out["error_message"] = std::string("The ") + what + " is already " + (on ? "enabled" : "disabled");
    c.answer(out);
}

void list_of_directory(context& c, const char* name)
{
    if (!thing(c, directories_of, "directory"))
        return;
    auto all = everything(c, organization_path(c.capture(0), "directories/" + c.capture(1) + "/" + name));
    const auto after = text_in(c.asked.query, "updated_after");
    const auto group = text_in(c.asked.query, "directory_group_id");
    std::erase_if(all, [&](const auto* r) {
        const auto body = r->parsed();
        if (!after.empty() && !(text_in(body, "updated_at") > after))
            return true;
        const auto* groups = given(body, "groups");
        return !group.empty() && groups &&
               std::none_of(groups->as_array().begin(), groups->as_array().end(),
                            [&](const auto& one) { return text_in(one.as_object(), "id") == group; });
    });
    answer_page(c, name, all, {10, 30}, [](context& with, const resource& r) {
        auto body = r.parsed();
        if (!true_in(with.asked.query, "include_detail")) {
            body.erase("user_detail");
            body.erase("group_detail");
        }
        return body;
    });
}

} // namespace

namespace rules {

// Of the whole environment or of one organization; those that are complete and enabled unless all are wanted.
void list_connections(context& c)
{
    const auto wanted = text_in(c.asked.query, "organization_id"), domain = text_in(c.asked.query, "domain");
    const bool all = text_in(c.asked.query, "include") == "all";
    json::array out;
    for (const auto* home : everything(c, "/organizations")) {
        if (!wanted.empty() && home->id != wanted)
            continue;
        json::array domains;
        for (const auto* r : everything(c, organization_path(home->id, "domains")))
            domains.push_back(json::value(text_in(r->parsed(), "domain")));
        if (!domain.empty() && std::find(domains.begin(), domains.end(), json::value(domain)) == domains.end())
            continue;
        for (const auto* r : connections_of(c, *home).by_time()) {
            const auto body = r->parsed();
            if (!all && !true_in(body, "enabled"))
                continue;
            json::object shown{{"domains", domains}, {"organization_name", text_in(body, "_organization_name")}};
            assign(shown, body,
                   {"id", "organization_id", "provider", "provider_key", "key_id", "type", "status", "enabled"});
            out.push_back(std::move(shown));
        }
    }
    c.answer(json::object{{"connections", std::move(out)}});
}

void get_connection(context& c)
{
    const auto* found = thing(c, connections_of, "connection");
    if (!found)
        return;
    auto body = found->parsed();
    json::array domains;
    for (const auto* r : everything(c, organization_path(c.capture(0), "domains")))
        domains.push_back(visible_members(r->parsed()));
    body["domains"] = std::move(domains);
    answer_one(c, "connection", std::move(body));
}

void delete_connection(context& c)
{
    auto* found = thing(c, connections_of, "connection");
    if (!found)
        return;
    c.kept.remove(c.kept.at(organization_path(c.capture(0), "connections")), *found);
    answer_nothing(c);
}

void toggle_connection(context& c)
{
    toggle(c, connections_of, "connection", "connections");
}

void list_directories(context& c)
{
    const auto* home = organization(c, c.capture(0));
    if (!home)
        return;
    json::array out;
    for (const auto* r : directories_of(c, *home).by_time())
        out.push_back(as_kept(c, *r));
    c.answer(json::object{{"directories", std::move(out)}});
}

void get_directory(context& c)
{
    if (const auto* found = thing(c, directories_of, "directory"))
        answer_one(c, "directory", found->parsed());
}

void toggle_directory(context& c)
{
    toggle(c, directories_of, "directory", "directories");
}

void directory_users(context& c)
{
    list_of_directory(c, "users");
}

void directory_groups(context& c)
{
    list_of_directory(c, "groups");
}

} // namespace rules

} // namespace usher::sandbox::scalekit
