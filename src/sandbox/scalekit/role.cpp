#include "sandbox/scalekit/role.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* environment_path = "/roles";

} // namespace

// Operations of an organization have its id first, and the role's name after it.
bool in_organization(const context& c)
{
    return c.asked.of->form.starts_with("/api/v1/organizations/");
}

std::string home_of(const context& c)
{
    return in_organization(c) ? c.capture(0) : std::string();
}

std::string roles_path(const context& c)
{
    return in_organization(c) ? organization_path(c.capture(0), "roles") : environment_path;
}

const std::string& role_name(const context& c)
{
    return c.capture(in_organization(c) ? 1 : 0);
}

json::object role_shown(context& c, const resource& r, std::string_view include, std::string_view organization_id)
{
    const auto kept = r.parsed();
    auto out = visible_members(kept);
    std::int64_t dependents = 0;
    for (const auto* other : environment_roles(c).by_time())
        dependents += text_in(other->parsed(), "extends") == r.id ? 1 : 0;
    out["dependent_roles_count"] = dependents;
    if (!include.starts_with("permissions"))
        return out;
    json::array permissions;
    for (const auto& [name, source] : effective_permissions(c, r.id, organization_id)) {
        if (include == "permissions" && source != r.id)
            continue;
        const auto* permission = c.kept.at("/permissions").find(name);
        json::object one;
        if (permission)
            assign(one, permission->parsed(), {"id", "name", "description", "create_time", "update_time"});
        one["role_name"] = source;
        permissions.push_back(std::move(one));
    }
    out["permissions"] = std::move(permissions);
    return out;
}

void permissions_changed(context& c)
{
    for_each_membership(c, [&](json::object& membership) {
        const auto before = membership["permissions"];
        refresh_permissions(c, membership);
        return before != membership["permissions"];
    });
}

resource* any_role(context& c)
{
    if (in_organization(c) && !organization(c, c.capture(0)))
        return nullptr;
    auto* found = find_role(c, role_name(c), home_of(c));
    if (!found)
        absent(c, "role", role_name(c));
    return found;
}

// Of an organization's operations only those that change something insist on the organization's own roles.
resource* own_role(context& c)
{
    if (in_organization(c) && !organization(c, c.capture(0)))
        return nullptr;
    environment_roles(c);
    auto* found = c.kept.at(roles_path(c)).find(role_name(c));
    if (!found)
        absent(c, "role", role_name(c));
    return found;
}

bool holds_role(const json::object& membership, std::string_view name)
{
    const auto& roles = membership.at("roles").as_array();
    return std::any_of(roles.begin(), roles.end(),
                       [&](const auto& one) { return text_in(one.as_object(), "name") == name; });
}

collection& environment_roles(context& c)
{
    if (!c.kept.find(environment_path)) {
        // They were there before anybody asked: no listing lags behind them.
        const auto long_ago = c.now - c.how.listing_lag;
        for (const auto* name : {"admin", "member"}) {
            const bool admin = name[0] == 'a';
            const auto id = new_id(c, "role_");
            c.kept.add(
                environment_path, name,
                json::object{{"id", id},
                             {"name", name},
                             {"display_name", admin ? "Admin" : "Member"},
                             {"description", admin ? "May manage the organization" : "Belongs to the organization"},
                             {"default_creator", admin},
                             {"default_member", !admin},
                             {"is_org_role", false},
                             {"_permissions", json::array()}},
                {"role id:" + id}, c.wall, long_ago);
        }
    }
    return c.kept.at(environment_path);
}

resource* find_role(context& c, std::string_view name, std::string_view organization_id)
{
    if (!organization_id.empty())
        if (auto* own = c.kept.find(organization_path(organization_id, "roles")))
            if (auto* found = own->find(name))
                return found;
    return environment_roles(c).find(name);
}

std::vector<std::pair<std::string, std::string>> effective_permissions(context& c, std::string_view name,
                                                                       std::string_view organization_id)
{
    std::vector<std::pair<std::string, std::string>> out;
    std::string at(name);
    for (int depth = 0; !at.empty() && depth != 32; ++depth) {
        const auto* found = find_role(c, at, organization_id);
        if (!found)
            break;
        const auto kept = found->parsed();
        for (const auto& permission : texts_in(kept, "_permissions"))
            if (std::none_of(out.begin(), out.end(), [&](const auto& one) { return one.first == permission; }))
                out.emplace_back(permission, at);
        at = text_in(kept, "extends");
    }
    return out;
}

} // namespace usher::sandbox::scalekit
