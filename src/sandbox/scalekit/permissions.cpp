#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* permissions_path = "/permissions";
constexpr const char* roles_path = "/roles";

bool name_like(std::string_view text)
{
    return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
               c == '-' || c == '.';
    });
}

resource* permission(context& c, std::string_view name)
{
    auto* found = c.kept.at(permissions_path).find(name);
    if (!found)
        absent(c, "permission", name);
    return found;
}

resource* role(context& c)
{
    auto* found = environment_roles(c).find(c.capture(0));
    if (!found)
        absent(c, "role", c.capture(0));
    return found;
}

void memberships_follow(context& c)
{
    for_each_membership(c, [&](json::object& membership) {
        const auto before = membership["permissions"];
        refresh_permissions(c, membership);
        return before != membership["permissions"];
    });
}

void answer_permissions(context& c, std::string_view of_role, bool inherited)
{
    json::array out;
    for (const auto& [name, source] : effective_permissions(c, of_role, {}))
        if (inherited || source == of_role)
            if (const auto* kept = c.kept.at(permissions_path).find(name))
                out.push_back(kept->parsed());
    c.answer(json::object{{"permissions", std::move(out)}});
}

void without(json::object& role, std::string_view name)
{
    json::array left;
    for (const auto& one : role["_permissions"].as_array())
        if (one.as_string() != name)
            left.push_back(one);
    role["_permissions"] = std::move(left);
}

} // namespace

namespace rules {

void create_permission(context& c)
{
    const auto name = text_in(c.body(), "name");
    if (!name_like(name))
        return invalid(c, "name", "of the form action:resource");
    if (c.kept.at(permissions_path).find(name))
        return exists(c, "permission", "name");
    const auto now = time_text(c.wall);
    json::object made{{"id", new_id(c, "perm_")},
                      {"name", name},
                      {"is_scalekit_permission", false},
                      {"create_time", now},
                      {"update_time", now}};
    assign(made, c.body(), {"description"});
    c.kept.add(permissions_path, std::string(name), made, {}, c.wall, c.now);
    answer_one(c, "permission", std::move(made));
}

void get_permission(context& c)
{
    if (const auto* found = permission(c, c.capture(0)))
        answer_one(c, "permission", found->parsed());
}

void list_permissions(context& c)
{
    auto all = everything(c, permissions_path);
    if (text_in(c.asked.query, "type") == "SCALEKIT") // those that are there from the start: none
        all.clear();
    answer_page(c, "permissions", all, {10, 100}, as_kept);
}

// The name stays: it is what identifies it.
void update_permission(context& c)
{
    auto* found = permission(c, c.capture(0));
    if (!found)
        return;
    if (const auto name = text_in(c.body(), "name"); !name.empty() && name != found->id)
        return invalid(c, "name", "the permission's own; it cannot be changed");
    auto body = found->parsed();
    assign(body, c.body(), {"description"});
    save(c, permissions_path, *found, std::move(body));
    answer_one(c, "permission", found->parsed());
}

void delete_permission(context& c)
{
    auto* found = permission(c, c.capture(0));
    if (!found)
        return;
    const auto name = found->id;
    c.kept.remove(c.kept.at(permissions_path), *found);
    environment_roles(c);
    auto holders = c.kept.matching("/organizations/{}/roles");
    holders.emplace_back(roles_path, &c.kept.at(roles_path));
    for (const auto& [path, in] : holders)
        for (auto* r : in->by_time()) {
            auto body = r->parsed();
            without(body, name);
            save(c, path, *r, std::move(body));
        }
    memberships_follow(c);
    answer_nothing(c);
}

void role_permissions(context& c)
{
    if (const auto* found = role(c))
        answer_permissions(c, found->id, false);
}

void all_role_permissions(context& c)
{
    if (const auto* found = role(c))
        answer_permissions(c, found->id, true);
}

void add_permissions(context& c)
{
    auto* found = role(c);
    if (!found)
        return;
    const auto names = texts_in(c.body(), "permission_names");
    if (names.empty())
        return invalid(c, "permission_names", "at least one");
    auto body = found->parsed();
    for (const auto& name : names) {
        if (!permission(c, name))
            return;
        without(body, name);
        body["_permissions"].as_array().push_back(json::value(name));
    }
    save(c, roles_path, *found, std::move(body));
    memberships_follow(c);
    answer_permissions(c, found->id, false);
}

void remove_permission(context& c)
{
    auto* found = role(c);
    if (!found)
        return;
    auto body = found->parsed();
    const auto before = body["_permissions"].as_array().size();
    without(body, c.capture(1));
    if (body["_permissions"].as_array().size() == before)
        return absent(c, "permission", c.capture(1));
    save(c, roles_path, *found, std::move(body));
    memberships_follow(c);
    answer_nothing(c);
}

} // namespace rules

} // namespace usher::sandbox::scalekit
