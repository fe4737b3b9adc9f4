#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/machine.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* sessions_path = "/sessions";
constexpr std::int64_t session_lifetime = 7LL * 86'400'000;
constexpr std::int64_t idle_lifetime = 86'400'000;

bool over(const json::object& session, std::int64_t wall)
{
    const auto ends = parse_rfc3339(text_in(session, "absolute_expires_at"));
    return text_in(session, "status") != "active" || !ends || *ends <= wall;
}

json::object session_shown(context& c, const resource& r)
{
    auto body = visible_members(r.parsed());
    if (text_in(body, "status") == "active" && over(body, c.wall)) {
        body["status"] = "expired";
        body["expired_at"] = body["absolute_expires_at"];
    }
    return body;
}

json::object revoked_shown(context& c, const resource& r)
{
    auto out = session_shown(c, r);
    for (const auto* name : {"authenticated_clients", "authenticated_organizations", "device", "organization_id"})
        out.erase(name);
    return out;
}

resource* session(context& c)
{
    auto* found = c.kept.at(sessions_path).find(c.capture(0));
    if (!found)
        absent(c, "session", c.capture(0));
    return found;
}

} // namespace

void end_session(context& c, resource& of, const char* status)
{
    auto body = of.parsed();
    if (text_in(body, "status") != "active")
        return;
    body["status"] = status;
    body["expired_at"] = time_text(c.wall);
    save(c, sessions_path, of, std::move(body));
}

std::optional<identity> find_person(store& kept, std::string_view email, std::string_view organization_id)
{
    const auto* found = kept.at("/users").find(kept.owner("user email:" + lower(email)));
    if (!found)
        return std::nullopt;
    auto body = found->parsed();
    identity out;
    out.id = found->id;
    out.email = text_in(body, "email");
    out.external_id = text_in(body, "external_id");
    const auto& profile = body["user_profile"].as_object();
    out.name = text_in(profile, "name");
    out.given_name = text_in(profile, "given_name");
    out.family_name = text_in(profile, "family_name");
    out.email_verified = true;
    out.organization = organization_id;
    for (const auto& one : body["memberships"].as_array()) {
        const auto& membership = one.as_object();
        if (!organization_id.empty() && text_in(membership, "organization_id") != organization_id)
            continue;
        out.organization = text_in(membership, "organization_id");
        for (const auto& role : membership.at("roles").as_array())
            out.roles.emplace_back(text_in(role.as_object(), "name"));
        out.permissions = texts_in(membership, "permissions");
        break;
    }
    return out;
}

// A login accepts the invitation, if there was one.
void begin_session(store& kept, const identity& who, std::string_view client, const std::string& id, std::int64_t wall,
                   instant now)
{
    const auto time = time_text(wall);
    json::object made{{"session_id", id},
                      {"user_id", who.id},
                      {"status", "active"},
                      {"created_at", time},
                      {"updated_at", time},
                      {"last_active_at", time},
                      {"idle_expires_at", time_text(wall + idle_lifetime)},
                      {"absolute_expires_at", time_text(wall + session_lifetime)},
                      {"organization_id", who.organization},
                      {"authenticated_organizations", json::array{json::value(who.organization)}},
                      {"authenticated_clients",
                       json::array{json::object{{"client_id", client}, {"organization_id", who.organization}}}},
                      {"device", json::object{{"device_type", "desktop"}, {"ip", "127.0.0.1"}}}};
    kept.add(sessions_path, id, made, {}, wall, now);
    auto& users = kept.at("/users");
    auto* user = users.find(who.id);
    if (!user)
        return;
    auto body = user->parsed();
    body["last_login_time"] = time;
    if (auto* membership = membership_in(body, who.organization);
        membership && text_in(*membership, "membership_status") == "PENDING_INVITE") {
        (*membership)["membership_status"] = "ACTIVE";
        (*membership)["accepted_at"] = time;
    }
    kept.replace(users, *user, body, user->keys);
}

bool session_alive(store& kept, std::string_view id, std::int64_t wall)
{
    const auto* found = kept.at(sessions_path).find(id);
    return found && !over(found->parsed(), wall);
}

void log_out(store& kept, std::string_view id, std::int64_t wall)
{
    auto& all = kept.at(sessions_path);
    auto* found = all.find(id);
    if (!found)
        return;
    auto body = found->parsed();
    if (text_in(body, "status") != "active")
        return;
    body["status"] = "logout";
    body["logout_at"] = body["updated_at"] = time_text(wall);
    kept.replace(all, *found, body, {});
}

namespace rules {

void get_session(context& c)
{
    if (const auto* found = session(c))
        c.answer(session_shown(c, *found));
}

void user_sessions(context& c)
{
    const auto* owner = user(c, c.capture(0));
    if (!owner)
        return;
    const auto wanted = texts_in(c.asked.query, "filter.status");
    const auto from = parse_rfc3339(text_in(c.asked.query, "filter.start_time"));
    const auto to = parse_rfc3339(text_in(c.asked.query, "filter.end_time"));
    if (from && to && *to < *from)
        return invalid(c, "filter.end_time", "after filter.start_time");
    auto all = everything(c, sessions_path);
    std::erase_if(all, [&](const auto* r) {
        const auto body = session_shown(c, *r);
        const auto born = parse_rfc3339(text_in(body, "created_at")).value_or(0);
        return text_in(body, "user_id") != owner->id || (from && born < *from) || (to && born > *to) ||
               (!wanted.empty() && std::find(wanted.begin(), wanted.end(), text_in(body, "status")) == wanted.end());
    });
    answer_page(c, "sessions", all, {10, 100}, session_shown);
}

void revoke_session(context& c)
{
    auto* found = session(c);
    if (!found)
        return;
    end_session(c, *found, "revoked");
    answer_one(c, "revoked_session", revoked_shown(c, *found));
}

void revoke_sessions(context& c)
{
    const auto* owner = user(c, c.capture(0));
    if (!owner)
        return;
    json::array out;
    for (auto* r : c.kept.at(sessions_path).by_time())
        if (const auto body = r->parsed(); text_in(body, "user_id") == owner->id && !over(body, c.wall)) {
            end_session(c, *r, "revoked");
            out.push_back(revoked_shown(c, *r));
        }
    const auto total = static_cast<std::int64_t>(out.size());
    c.answer(json::object{{"revoked_sessions", std::move(out)}, {"total_revoked", total}});
}

} // namespace rules

} // namespace usher::sandbox::scalekit
