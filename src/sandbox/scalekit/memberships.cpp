#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>
#include <set>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* users_path = "/users";
constexpr std::int64_t invitation_lifetime = 30LL * 86'400'000;

// The roles that were asked for, by name or id, as a membership shows them.
std::optional<json::array> read_roles(context& c, const json::object& asked, std::string_view organization_id)
{
    const auto* list = given(asked, "roles");
    if (!list)
        return std::nullopt;
    json::array out;
    std::size_t i = 0;
    for (const auto& one : list->as_array()) {
        auto name = std::string(text_in(one.as_object(), "name"));
        if (const auto id = text_in(one.as_object(), "id"); name.empty() && !id.empty())
            name = c.kept.owner("role id:" + std::string(id));
        const auto* role = find_role(c, name, organization_id);
        if (!role) {
            invalid(c, "membership.roles[" + std::to_string(i) + "].name", "a role that is there");
            return std::nullopt;
        }
        const auto kept = role->parsed();
        out.push_back(
            json::object{{"id", text_in(kept, "id")}, {"name", name}, {"display_name", text_in(kept, "display_name")}});
        ++i;
    }
    return out;
}

json::array default_roles_of(context& c, std::string_view organization_id)
{
    json::array out;
    const auto take = [&](const resource& r) {
        const auto role = r.parsed();
        if (true_in(role, "default_member"))
            out.push_back(json::object{{"id", text_in(role, "id")},
                                       {"name", text_in(role, "name")},
                                       {"display_name", text_in(role, "display_name")}});
    };
    if (const auto* own = c.kept.find(organization_path(organization_id, "roles")))
        for (const auto* r : own->by_time())
            take(*r);
    const auto home = c.kept.at("/organizations").find(organization_id)->parsed();
    if (const auto* named = find_role(c, text_in(home, "_default_member"), {}); named && out.empty()) {
        auto role = json::object();
        assign(role, named->parsed(), {"id", "name", "display_name"});
        out.push_back(std::move(role));
    }
    if (out.empty())
        for (const auto* r : environment_roles(c).by_time())
            take(*r);
    return out;
}

void mail_invitation(context& c, std::string_view organization_id, std::string_view user_id, json::object& membership)
{
    ++c.kept.mails;
    const auto path = organization_path(organization_id, "invites");
    auto* kept = c.kept.at(path).find(user_id);
    const auto now = time_text(c.wall), ends = time_text(c.wall + invitation_lifetime);
    json::object invite = kept ? kept->parsed()
                               : json::object{{"organization_id", organization_id},
                                              {"user_id", user_id},
                                              {"status", "pending_invite"},
                                              {"created_at", now},
                                              {"resent_count", 0}};
    if (const auto inviter = text_in(membership, "inviter_email"); !inviter.empty())
        invite["inviter_email"] = inviter;
    invite["expires_at"] = membership["expires_at"] = ends;
    if (kept) {
        invite["resent_at"] = now;
        invite["resent_count"] = invite["resent_count"].as_int64() + 1;
        c.kept.replace(c.kept.at(path), *kept, invite, {});
    } else
        c.kept.add(path, std::string(user_id), invite, {}, c.wall, c.now);
}

resource* member(context& c, json::object& body, json::object*& membership)
{
    auto* found = organization(c, c.capture(0)) ? user(c, c.capture(1)) : nullptr;
    if (!found)
        return nullptr;
    body = found->parsed();
    membership = membership_in(body, c.capture(0));
    if (membership)
        return found;
    absent(c, "membership", found->id);
    return nullptr;
}

} // namespace

json::object* membership_in(json::object& user, std::string_view organization_id)
{
    for (auto& one : user["memberships"].as_array())
        if (text_in(one.as_object(), "organization_id") == organization_id)
            return &one.as_object();
    return nullptr;
}

bool invitation_wanted(const context& c)
{
    const auto* wanted = c.asked.query.if_contains("send_invitation_email");
    return !wanted || !wanted->is_bool() || wanted->get_bool();
}

void refresh_permissions(context& c, json::object& membership)
{
    std::set<std::string> names;
    for (const auto& role : membership["roles"].as_array())
        for (const auto& [permission, source] :
             effective_permissions(c, text_in(role.as_object(), "name"), text_in(membership, "organization_id")))
            names.insert(permission);
    membership["permissions"] = json::array(names.begin(), names.end());
}

// Adds the membership to the user; the caller keeps the user.
bool fill_membership(context& c, json::object& user, const resource& of, const json::object& asked, bool creating)
{
    check_metadata(c, asked, creating ? "membership.metadata" : "metadata", 20);
    auto roles = read_roles(c, asked, of.id);
    const auto inviter = text_in(asked, "inviter_email");
    if (!inviter.empty() && !email_like(inviter))
        invalid(c, "membership.inviter_email", "an e-mail address");
    const auto kept = of.parsed();
    if (const auto* settings = given(kept, "_user_management"))
        if (const auto* most = given(settings->as_object(), "max_allowed_users"); most && most->to_number<int>() > 0)
            if (const auto* there = c.kept.find(organization_path(of.id, "memberships"));
                there &&
                static_cast<std::int64_t>(const_cast<collection*>(there)->size()) >= most->to_number<std::int64_t>())
                impossible(c, "The organization has as many users as it may have.");
    if (!c.refused.empty())
        return false;
    const auto now = time_text(c.wall);
    const bool invited = invitation_wanted(c);
    json::object membership{{"organization_id", of.id},
                            {"name", text_in(kept, "display_name")},
                            {"display_name", text_in(kept, "display_name")},
                            {"join_time", now},
                            {"created_at", now},
                            {"membership_status", invited ? "PENDING_INVITE" : "ACTIVE"},
                            {"provisioning_method", invited ? "invitation" : "direct_provision"},
                            {"roles", roles ? std::move(*roles) : default_roles_of(c, of.id)}};
    assign(membership, asked, {"metadata", "inviter_email"});
    if (!invited)
        membership["accepted_at"] = now;
    refresh_permissions(c, membership);
    const auto id = std::string(text_in(user, "id"));
    if (invited)
        mail_invitation(c, of.id, id, membership);
    user["memberships"].as_array().push_back(std::move(membership));
    c.kept.add(organization_path(of.id, "memberships"), id, json::object(), {}, c.wall, c.now);
    return true;
}

void end_membership(context& c, json::object& user, std::string_view organization_id)
{
    auto& all = user["memberships"].as_array();
    const auto gone = std::remove_if(all.begin(), all.end(), [&](const auto& one) {
        return text_in(one.as_object(), "organization_id") == organization_id;
    });
    all.erase(gone, all.end());
    const std::string id(text_in(user, "id"));
    for (const auto* below : {"memberships", "invites"})
        if (auto* in = c.kept.find(organization_path(organization_id, below)))
            in->erase(id);
}

void for_each_membership(context& c, const std::function<bool(json::object& membership)>& change)
{
    for (auto* r : c.kept.at(users_path).by_time()) {
        auto body = r->parsed();
        bool changed = false;
        for (auto& one : body["memberships"].as_array())
            changed = change(one.as_object()) || changed;
        if (changed)
            save(c, users_path, *r, std::move(body));
    }
}

namespace rules {

void create_membership(context& c)
{
    const auto* home = organization(c, c.capture(0));
    auto* found = home ? user(c, c.capture(1)) : nullptr;
    if (!found)
        return;
    auto body = found->parsed();
    if (membership_in(body, home->id))
        return exists(c, "membership", "user");
    if (!fill_membership(c, body, *home, c.body(), false))
        return;
    save(c, users_path, *found, std::move(body));
    answer_one(c, "user", found->parsed());
}

void update_membership(context& c)
{
    json::object body;
    json::object* membership = nullptr;
    auto* found = member(c, body, membership);
    if (!found)
        return;
    check_metadata(c, c.body(), "metadata", 20);
    auto roles = read_roles(c, c.body(), c.capture(0));
    if (!c.refused.empty())
        return;
    assign(*membership, c.body(), {"metadata"});
    if (roles)
        (*membership)["roles"] = std::move(*roles);
    refresh_permissions(c, *membership);
    save(c, users_path, *found, std::move(body));
    answer_one(c, "user", found->parsed());
}

void delete_membership(context& c)
{
    json::object body;
    json::object* membership = nullptr;
    auto* found = member(c, body, membership);
    if (!found)
        return;
    end_membership(c, body, c.capture(0));
    save(c, users_path, *found, std::move(body));
    answer_nothing(c);
}

void resend_invite(context& c)
{
    json::object body;
    json::object* membership = nullptr;
    auto* found = member(c, body, membership);
    if (!found)
        return;
    if (text_in(*membership, "membership_status") != "PENDING_INVITE")
        return impossible(c, "The invitation was accepted already, or there was none.");
    mail_invitation(c, c.capture(0), found->id, *membership);
    save(c, users_path, *found, std::move(body));
    answer_one(c, "invite", c.kept.at(organization_path(c.capture(0), "invites")).find(found->id)->parsed());
}

void user_roles(context& c)
{
    json::object body;
    json::object* membership = nullptr;
    if (member(c, body, membership))
        c.answer(json::object{{"roles", (*membership)["roles"]}});
}

void user_permissions(context& c)
{
    json::object body;
    json::object* membership = nullptr;
    if (!member(c, body, membership))
        return;
    json::array out;
    for (const auto& name : texts_in(*membership, "permissions"))
        if (const auto* kept = c.kept.at("/permissions").find(name)) {
            const auto permission = kept->parsed();
            json::object one;
            assign(one, permission, {"id", "name", "description"});
            out.push_back(std::move(one));
        }
    c.answer(json::object{{"permissions", std::move(out)}});
}

} // namespace rules

} // namespace usher::sandbox::scalekit
