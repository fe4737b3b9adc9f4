#include "sandbox/scalekit/role.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* environment_path = "/roles";

bool name_like(std::string_view text)
{
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

resource& keep(context& c, const std::string& path, const json::object& role)
{
    return c.kept.add(path, std::string(text_in(role, "name")), role, {"role id:" + std::string(text_in(role, "id"))},
                      c.wall, c.now);
}

// Whether the body's base role and permissions can be; carries them over.
bool carry(context& c, json::object& to, std::string_view own)
{
    const auto& body = c.body();
    if (text_in(body, "description").size() > 2000)
        invalid(c, "description", "at most 2000 characters");
    if (const auto* list = given(body, "permissions")) {
        if (list->as_array().size() > 100)
            invalid(c, "permissions", "at most 100");
        for (const auto& name : texts_in(body, "permissions"))
            if (!c.kept.at("/permissions").find(name))
                invalid(c, "permissions", "permissions that are there; " + name + " is not");
        to["_permissions"] = *list;
    }
    if (const auto base = text_in(body, "extends"); !base.empty()) {
        if (base == own || !find_role(c, base, home_of(c)))
            invalid(c, "extends", "another role that is there");
        for (auto at = std::string(base); !at.empty() && c.refused.empty();) {
            const auto* next = find_role(c, at, home_of(c));
            at = next ? std::string(text_in(next->parsed(), "extends")) : std::string();
            if (at == own)
                invalid(c, "extends", "a role that does not extend this one");
        }
    }
    assign(to, body, {"display_name", "description", "extends"});
    return c.refused.empty();
}

} // namespace

namespace rules {

void create_role(context& c)
{
    if (in_organization(c) && !organization(c, c.capture(0)))
        return;
    const auto name = text_in(c.body(), "name");
    if (!name_like(name))
        return invalid(c, "name", "1 to 64 letters, digits and underscores");
    if (find_role(c, name, home_of(c)))
        return exists(c, "role", "name");
    json::object made{{"id", new_id(c, "role_")},     {"name", name},
                      {"display_name", name},         {"default_creator", false},
                      {"default_member", false},      {"is_org_role", in_organization(c)},
                      {"_permissions", json::array()}};
    if (!carry(c, made, name))
        return;
    answer_one(c, "role", role_shown(c, keep(c, roles_path(c), made), "permissions", home_of(c)));
}

void get_role(context& c)
{
    if (const auto* found = any_role(c))
        answer_one(c, "role", role_shown(c, *found, text_in(c.asked.query, "include"), home_of(c)));
}

void list_roles(context& c)
{
    if (in_organization(c) && !organization(c, c.capture(0)))
        return;
    environment_roles(c);
    json::array out;
    for (const auto* r : everything(c, environment_path))
        out.push_back(role_shown(c, *r, text_in(c.asked.query, "include"), home_of(c)));
    if (in_organization(c))
        for (const auto* r : everything(c, roles_path(c)))
            out.push_back(role_shown(c, *r, text_in(c.asked.query, "include"), home_of(c)));
    c.answer(json::object{{"roles", std::move(out)}});
}

void update_role(context& c)
{
    auto* found = own_role(c);
    if (!found)
        return;
    auto body = found->parsed();
    if (!carry(c, body, found->id))
        return;
    save(c, roles_path(c), *found, std::move(body));
    permissions_changed(c);
    answer_one(c, "role", role_shown(c, *found, "permissions", home_of(c)));
}

void delete_role_base(context& c)
{
    auto* found = own_role(c);
    if (!found)
        return;
    auto body = found->parsed();
    if (!given(body, "extends"))
        return impossible(c, "The role extends no other.");
    body.erase("extends");
    save(c, roles_path(c), *found, std::move(body));
    permissions_changed(c);
    answer_nothing(c);
}

void dependent_roles(context& c)
{
    const auto* found = any_role(c);
    if (!found)
        return;
    json::array out;
    for (const auto* r : environment_roles(c).by_time())
        if (text_in(r->parsed(), "extends") == found->id)
            out.push_back(role_shown(c, *r, "permissions", {}));
    c.answer(json::object{{"roles", std::move(out)}});
}

void role_users_count(context& c)
{
    const auto* found = any_role(c);
    if (!found)
        return;
    std::int64_t count = 0;
    for (const auto* r : c.kept.at("/users").by_time()) {
        const auto body = r->parsed();
        const auto& memberships = body.at("memberships").as_array();
        count += std::any_of(memberships.begin(), memberships.end(),
                             [&](const auto& m) { return holds_role(m.as_object(), found->id); })
                     ? 1
                     : 0;
    }
    c.answer(json::object{{"count", std::to_string(count)}});
}

} // namespace rules

} // namespace usher::sandbox::scalekit
