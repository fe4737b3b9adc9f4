#include "sandbox/scalekit/role.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* environment_path = "/roles";

void set_default(context& c, const std::string& path, const char* flag, std::string_view name)
{
    for (auto* r : c.kept.at(path).by_time()) {
        auto body = r->parsed();
        const bool wanted = r->id == name;
        if (true_in(body, flag) == wanted)
            continue;
        body[flag] = wanted;
        save(c, path, *r, std::move(body));
    }
}

json::object with_role(const json::object& membership, std::string_view from, const resource* to)
{
    auto out = membership;
    json::array roles;
    for (const auto& one : out["roles"].as_array())
        if (text_in(one.as_object(), "name") != from)
            roles.push_back(one);
    if (to) {
        json::object made;
        assign(made, to->parsed(), {"id", "name", "display_name"});
        roles.push_back(std::move(made));
    }
    out["roles"] = std::move(roles);
    return out;
}

} // namespace

namespace rules {

void delete_role(context& c)
{
    auto* found = own_role(c);
    if (!found)
        return;
    auto next = std::string(text_in(c.asked.query, "reassign_role_name"));
    if (const auto id = text_in(c.asked.query, "reassign_role_id"); next.empty() && !id.empty())
        next = find_role(c, id, home_of(c)) ? std::string(id) : std::string(c.kept.owner("role id:" + std::string(id)));
    const auto* other = next.empty() || next == found->id ? nullptr : find_role(c, next, home_of(c));
    if (!next.empty() && !other)
        return invalid(c, "reassign_role_name", "another role that is there");
    const auto name = found->id, home = home_of(c);
    const auto concerned = [&](const json::object& m) {
        return holds_role(m, name) && (home.empty() || text_in(m, "organization_id") == home);
    };
    bool held = false;
    for_each_membership(c, [&](json::object& m) {
        held = held || concerned(m);
        return false;
    });
    std::vector<resource*> dependents;
    for (auto* r : c.kept.at(roles_path(c)).by_time())
        if (text_in(r->parsed(), "extends") == name)
            dependents.push_back(r);
    if ((held || !dependents.empty()) && !other)
        return impossible(c, held ? "Users have this role: reassign_role_name must say which they get instead."
                                  : "Other roles extend this one.");
    for (auto* r : dependents) {
        auto body = r->parsed();
        body["extends"] = next;
        if (r->id == next)
            body.erase("extends");
        save(c, roles_path(c), *r, std::move(body));
    }
    if (held)
        for_each_membership(c, [&](json::object& m) {
            if (!concerned(m))
                return false;
            m = with_role(m, name, other);
            return true;
        });
    c.kept.remove(c.kept.at(roles_path(c)), *found);
    permissions_changed(c);
    answer_nothing(c);
}

void default_roles(context& c)
{
    const auto& body = c.body();
    json::object out;
    for (const auto* which : {"default_creator", "default_member"}) {
        auto name = std::string(text_in(body, std::string(which) + "_role"));
        if (const auto* old = given(body, which); name.empty() && old && old->is_object()) {
            name = text_in(old->get_object(), "name");
            if (const auto id = text_in(old->get_object(), "id"); name.empty() && !id.empty())
                name = c.kept.owner("role id:" + std::string(id));
        }
        if (name.empty())
            continue;
        if (!environment_roles(c).find(name))
            return absent(c, "role", name);
        set_default(c, environment_path, which, name);
    }
    for (const auto* r : environment_roles(c).by_time())
        for (const auto* which : {"default_creator", "default_member"})
            if (true_in(r->parsed(), which))
                out[which] = role_shown(c, *r, {}, {});
    c.answer(out);
}

void default_organization_roles(context& c)
{
    if (!organization(c, c.capture(0)))
        return;
    const auto name = text_in(c.body(), "default_member_role");
    if (name.empty())
        return invalid(c, "default_member_role", "the name of a role");
    const auto* found = find_role(c, name, c.capture(0));
    if (!found)
        return absent(c, "role", name);
    auto& own = c.kept.at(roles_path(c));
    set_default(c, roles_path(c), "default_member", name);
    auto answer = role_shown(c, *found, {}, c.capture(0));
    answer["default_member"] = true;
    if (!own.find(name)) { // one of the environment: remembered for this organization
        auto* home = organization(c, c.capture(0));
        auto body = home->parsed();
        body["_default_member"] = name;
        save(c, "/organizations", *home, std::move(body));
    }
    c.answer(json::object{{"default_member", std::move(answer)}});
}

} // namespace rules

} // namespace usher::sandbox::scalekit
