// Clerk's session tokens: claims of version 2, and those of JWT templates.

#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>
#include <map>

namespace usher::sandbox {

json::object session_claims(std::string_view origin, std::int64_t wall, generator& source)
{
    const auto now = wall / 1000;
    return {{"azp", origin},   {"exp", now + 60}, {"fva", json::array{0, -1}},
            {"iat", now},      {"iss", origin},   {"jti", hexadecimal(20, source)},
            {"nbf", now - 10}, {"sts", "active"}, {"v", 2}};
}

namespace rules {

namespace {

// Of a role's permissions "org:feature:verb" the token has a list of features, a list of verbs, and a mask for each
// feature that says which verbs are granted. Permissions of the system are not in tokens.
void add_permissions(json::object& claims, json::object& organization, const std::vector<std::string>& permissions)
{
    std::map<std::string, std::uint64_t> masks;
    std::vector<std::string> verbs;
    for (const auto& one : permissions) {
        const auto first = one.find(':'), last = one.rfind(':');
        if (first == std::string::npos || first == last || one.substr(first + 1).starts_with("sys_"))
            continue;
        const auto verb = one.substr(last + 1);
        auto at = static_cast<std::size_t>(std::find(verbs.begin(), verbs.end(), verb) - verbs.begin());
        if (at == verbs.size())
            verbs.push_back(verb);
        if (at < 64)
            masks[one.substr(first + 1, last - first - 1)] |= std::uint64_t{1} << at;
    }
    std::string features, list, fpm;
    for (const auto& [feature, mask] : masks) {
        features += (features.empty() ? "o:" : ",o:") + feature;
        fpm += (fpm.empty() ? "" : ",") + std::to_string(mask);
    }
    for (const auto& verb : verbs)
        list += (list.empty() ? "" : ",") + verb;
    claims["fea"] = features;
    if (masks.empty())
        return;
    organization["per"] = list;
    organization["fpm"] = fpm;
}

std::vector<std::string> permissions_of(context& c, std::string_view role)
{
    std::vector<std::string> out;
    for (const auto* r : c.kept.at("/organization_roles").by_time()) {
        const auto body = r->parsed();
        if (text_in(body, "key") == role)
            for (const auto& one : body.at("permissions").as_array())
                out.emplace_back(text_in(one.as_object(), "key"));
    }
    return out;
}

struct signed_in {
    json::object session, user, organization, membership; // the last two may be empty
};

std::optional<signed_in> look(context& c)
{
    const auto* session = c.kept.at("/sessions").find(c.capture(0));
    if (!session) {
        c.refuse(not_found("sessions", c.capture(0)));
        return std::nullopt;
    }
    signed_in out;
    out.session = session->parsed();
    const auto status = text_in(out.session, "status");
    if (status != "active" && status != "pending") {
        c.refuse({401, "session_not_active", "not active", "The session is " + std::string(status) + ".", {}});
        return std::nullopt;
    }
    const auto user = text_in(out.session, "user_id");
    if (const auto* kept = c.kept.at("/users").find(user))
        out.user = kept->parsed();
    const auto organization = text_in(out.session, "last_active_organization_id");
    const auto* home = c.kept.at("/organizations").find(organization);
    const auto* seat =
        home ? c.kept.at("/organizations/" + std::string(organization) + "/memberships").find(user) : nullptr;
    if (seat) {
        out.organization = home->parsed();
        out.membership = seat->parsed();
    }
    return out;
}

std::int64_t lifetime(context& c, std::int64_t standard)
{
    const auto* asked = given(c.body(), "expires_in_seconds");
    return asked ? asked->to_number<std::int64_t>() : standard;
}

void answer_token(context& c, json::object claims, const char* category)
{
    c.answer(json::object{{"object", "token"}, {"jwt", c.keys->sign({{"cat", category}}, claims)}});
}

// What {{user.first_name}} and its like stand for; nothing for a path that leads nowhere.
json::value shortcode(const json::object& world, std::string_view path)
{
    const json::value* at = nullptr;
    const auto* inside = &world;
    while (inside && !path.empty()) {
        const auto dot = std::min(path.find('.'), path.size());
        at = inside->if_contains(path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
        inside = at ? at->if_object() : nullptr;
        if (!at || (!inside && !path.empty()))
            return nullptr;
    }
    return at ? *at : json::value();
}

json::value filled(const json::value& of, const json::object& world)
{
    if (const auto* o = of.if_object()) {
        json::object out;
        for (const auto& [name, value] : *o)
            out[name] = filled(value, world);
        return out;
    }
    if (const auto* a = of.if_array()) {
        json::array out;
        for (const auto& one : *a)
            out.push_back(filled(one, world));
        return out;
    }
    if (!of.is_string())
        return of;
    std::string_view rest(of.get_string());
    std::string out;
    for (auto open = rest.find("{{"); open != std::string_view::npos; open = rest.find("{{")) {
        const auto close = rest.find("}}", open);
        if (close == std::string_view::npos)
            break;
        auto name = rest.substr(open + 2, close - open - 2);
        name = name.substr(std::min(name.find_first_not_of(' '), name.size()));
        name = name.substr(0, name.find_last_not_of(' ') + 1);
        auto value = shortcode(world, name);
        if (open == 0 && close + 2 == rest.size() && out.empty()) // alone: keeps its type
            return value;
        out += rest.substr(0, open);
        out += value.is_string() ? std::string(value.get_string()) : value.is_null() ? "" : json::serialize(value);
        rest.remove_prefix(close + 2);
    }
    return json::value(out + std::string(rest));
}

json::object world_of(const signed_in& who)
{
    auto user = who.user;
    for (const auto& [list, member, primary] : {std::tuple("email_addresses", "email_address", "primary_email_address"),
                                                std::tuple("phone_numbers", "phone_number", "primary_phone_number")})
        if (const auto* all = user.if_contains(list); all && all->is_array() && !all->get_array().empty())
            if (const auto* value = all->get_array()[0].as_object().if_contains(member))
                user[primary] = json::value(*value);
    const auto first = std::string(text_in(user, "first_name")), last = std::string(text_in(user, "last_name"));
    user["full_name"] = first + (first.empty() || last.empty() ? "" : " ") + last;
    auto organization = who.organization;
    if (const auto* role = given(who.membership, "role"))
        organization["role"] = *role;
    return {{"user", std::move(user)}, {"org", std::move(organization)}, {"session", who.session}};
}

} // namespace

void session_token(context& c)
{
    auto who = look(c);
    if (!who)
        return;
    auto claims = session_claims(c.origin, c.wall, c.made.source());
    claims["exp"] = c.wall / 1000 + lifetime(c, 60);
    claims["sid"] = who->session["id"];
    claims["sub"] = who->session["user_id"];
    claims["sts"] = text_in(who->session, "status");
    claims["pla"] = "u:free";
    claims["fea"] = "";
    if (const auto* actor = given(who->session, "actor"); actor && actor->is_object() && !actor->get_object().empty())
        claims["act"] = *actor;
    if (!who->organization.empty()) {
        const auto role = text_in(who->membership, "role");
        json::object o{{"id", who->organization["id"]}, {"slg", who->organization["slug"]}};
        o["rol"] = role.starts_with("org:") ? role.substr(4) : role;
        claims["pla"] = "o:free,u:free";
        add_permissions(claims, o, permissions_of(c, role));
        claims["o"] = std::move(o);
    }
    answer_token(c, std::move(claims), "cl_B7d4PD111AAA");
}

void template_token(context& c)
{
    const auto owner = c.kept.owner("/jwt_templates name:" + lower(c.capture(1)));
    const auto* kept = c.kept.at("/jwt_templates").find(owner);
    if (!kept)
        return c.refuse(not_found("jwt_templates", c.capture(1)));
    auto who = look(c);
    if (!who)
        return;
    const auto form = kept->parsed();
    const auto* standard = given(form, "lifetime");
    auto claims = session_claims(c.origin, c.wall, c.made.source());
    for (const auto* name : {"fva", "sts", "v"})
        claims.erase(name);
    const auto world = world_of(*who);
    for (const auto& [name, value] : form.at("claims").as_object())
        claims[name] = filled(value, world);
    claims["sub"] = who->session["user_id"];
    claims["exp"] = c.wall / 1000 + lifetime(c, standard ? standard->to_number<std::int64_t>() : 60);
    answer_token(c, std::move(claims), "cl_B7d4PD222AAA");
}

void key_set(context& c)
{
    c.answer(c.keys->published());
}

} // namespace rules

} // namespace usher::sandbox
