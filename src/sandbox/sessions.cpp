#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

namespace usher::sandbox {

namespace rules {

void create_session(context& c)
{
    auto* user = find_user(c, text_in(c.body(), "user_id"));
    if (!user)
        return;
    auto made = generic::make(c, *c.shape(), c.body());
    made["status"] = "active";
    made["last_active_organization_id"] =
        given(c.body(), "active_organization_id") ? *given(c.body(), "active_organization_id") : json::value();
    made["expire_at"] = c.wall + 7 * 86'400'000LL;
    made["abandon_at"] = c.wall + 30 * 86'400'000LL;
    c.text = c.kept.add("/sessions", std::string(text_in(made, "id")), made, {}, c.wall, c.now).text;
    // A session begins with a sign-in.
    auto body = user->parsed();
    for (const auto* name : {"last_sign_in_at", "last_active_at", "updated_at"})
        body[name] = c.wall;
    rewrite_user(c, *user, body);
}

void revoke_session(context& c)
{
    auto& sessions = c.kept.at("/sessions");
    auto* found = sessions.find(c.capture(0));
    if (!found)
        return c.refuse(not_found("sessions", c.capture(0)));
    auto body = found->parsed();
    body["status"] = "revoked";
    body["updated_at"] = c.wall;
    c.kept.replace(sessions, *found, body, {});
    c.text = found->text;
}

// Tokens on behalf of a user: the user must be there.
void user_token(context& c)
{
    if (find_user(c, text_in(c.body(), "user_id")))
        generic::create(c);
}

void assign_permission(context& c)
{
    auto& roles = c.kept.at("/organization_roles");
    auto* role = roles.find(c.capture(0));
    const auto* permission = c.kept.at("/organization_permissions").find(c.capture(1));
    if (!role)
        c.refuse(not_found("organization_roles", c.capture(0)));
    else if (!permission)
        c.refuse(not_found("organization_permissions", c.capture(1)));
    if (!c.refused.empty())
        return;
    auto body = role->parsed();
    auto& list = body["permissions"].as_array();
    const auto held = std::find_if(list.begin(), list.end(),
                                   [&](const auto& one) { return text_in(one.as_object(), "id") == c.capture(1); });
    if (c.asked.of->method == "DELETE") {
        if (held == list.end())
            return c.refuse(not_found("permissions", c.capture(1)));
        list.erase(held);
    } else if (held == list.end())
        list.push_back(permission->parsed());
    body["updated_at"] = c.wall;
    c.kept.replace(roles, *role, body, role->keys);
    c.text = role->text;
}

} // namespace rules

} // namespace usher::sandbox
