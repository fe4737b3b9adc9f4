#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

// A membership is kept under its organization, by the user's id: that is how the paths name it.

namespace usher::sandbox::rules {

namespace {

struct seat {
    resource* organization = nullptr;
    collection* members = nullptr;
    resource* membership = nullptr;
};

seat find_seat(context& c)
{
    seat s;
    s.organization = find_organization(c, c.capture(0));
    if (!s.organization)
        return s;
    s.members = &c.kept.at("/organizations/" + s.organization->id + "/memberships");
    s.membership = s.members->find(c.capture(1));
    if (!s.membership)
        c.refuse(not_found("memberships", c.capture(1)));
    return s;
}

// A membership shows its organization and user as they are now.
json::object fresh(context& c, const std::string& organization, const resource& membership)
{
    auto body = membership.parsed();
    if (const auto* o = c.kept.at("/organizations").find(organization))
        body["organization"] = o->parsed();
    if (const auto* u = c.kept.at("/users").find(membership.id))
        body["public_user_data"] = public_user_data(u->parsed());
    return body;
}

std::string role_name(std::string_view role)
{
    const auto colon = role.find(':');
    std::string out(colon == std::string_view::npos ? role : role.substr(colon + 1));
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
        out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
}

bool user_matches(context& c, const std::string& id)
{
    const auto& q = c.asked.query;
    const auto by_key = [&](const char* parameter, const std::string& key) {
        if (!q.contains(parameter))
            return true;
        const auto all = texts_in(q, parameter);
        return std::any_of(all.begin(), all.end(), [&](const auto& v) { return c.kept.owner(key + lower(v)) == id; });
    };
    if (!by_key("email_address", "email:") || !by_key("phone_number", "phone:") || !by_key("username", "username:") ||
        !by_key("web3_wallet", "web3:"))
        return false;
    bool any = false, included = false;
    for (std::string_view one : texts_in(q, "user_id")) {
        const bool excluded = one.starts_with('-');
        if (excluded || one.starts_with('+'))
            one.remove_prefix(1);
        if (excluded && one == id)
            return false;
        any |= !excluded;
        included |= !excluded && one == id;
    }
    if (any && !included)
        return false;
    const auto query = text_in(q, "query"), email = text_in(q, "email_address_query"), name = text_in(q, "name_query"),
               username = text_in(q, "username_query");
    if (query.empty() && email.empty() && name.empty() && username.empty())
        return true;
    const auto* user = c.kept.at("/users").find(id);
    if (!user)
        return false;
    const auto data = public_user_data(user->parsed());
    const auto full = std::string(text_in(data, "first_name")) + " " + std::string(text_in(data, "last_name"));
    return (query.empty() || contains_text(user->text, query)) &&
           (email.empty() || contains_text(text_in(data, "identifier"), email)) &&
           (name.empty() || contains_text(full, name)) &&
           (username.empty() || contains_text(text_in(data, "username"), username));
}

} // namespace

void create_membership(context& c)
{
    auto* organization = find_organization(c, c.capture(0));
    if (!organization)
        return;
    auto* user = find_user(c, text_in(c.body(), "user_id"));
    if (!user)
        return;
    check_metadata(c, c.body());
    if (text_in(c.body(), "role").empty())
        c.refuse(form::nil("role"));
    const auto path = "/organizations/" + organization->id + "/memberships";
    auto& members = c.kept.at(path);
    const auto whole = organization->parsed();
    const auto most = whole.at("max_allowed_memberships").as_int64();
    if (members.find(user->id))
        c.refuse({400, "already_a_member_in_organization", "already a member",
                  "The user is a member of this organization already.", "user_id"});
    else if (most > 0 && members.size() >= static_cast<std::size_t>(most))
        c.refuse({403,
                  "organization_membership_quota_exceeded",
                  "quota exceeded",
                  "This organization may have no more members.",
                  {}});
    if (!c.refused.empty())
        return;
    auto made = generic::make(c, *c.shape(), c.body());
    made["role_name"] = role_name(text_in(c.body(), "role"));
    made["organization"] = whole;
    made["public_user_data"] = public_user_data(user->parsed());
    c.text = c.kept.add(path, user->id, made, {}, c.wall, c.now).text;
    c.kept.organizations_of[user->id].insert(organization->id);
}

void update_membership(context& c)
{
    const auto s = find_seat(c);
    if (!s.membership)
        return;
    auto body = fresh(c, s.organization->id, *s.membership);
    body["role"] = text_in(c.body(), "role");
    body["role_name"] = role_name(text_in(c.body(), "role"));
    body["updated_at"] = c.wall;
    c.kept.replace(*s.members, *s.membership, body, {});
    c.text = s.membership->text;
}

void membership_metadata(context& c)
{
    const auto s = find_seat(c);
    if (!s.membership)
        return;
    auto body = fresh(c, s.organization->id, *s.membership);
    for (const auto* name : {"public_metadata", "private_metadata"})
        if (const auto* with = given(c.body(), name)) {
            if (!body[name].is_object())
                body[name] = json::object();
            generic::merge_metadata(body[name].get_object(), with->as_object());
        }
    check_metadata(c, body);
    if (!c.refused.empty())
        return;
    body["updated_at"] = c.wall;
    c.kept.replace(*s.members, *s.membership, body, {});
    c.text = s.membership->text;
}

void delete_membership(context& c)
{
    const auto s = find_seat(c);
    if (!s.membership)
        return;
    c.answer(fresh(c, s.organization->id, *s.membership));
    c.kept.organizations_of[c.capture(1)].erase(s.organization->id);
    c.kept.remove(*s.members, *s.membership);
}

void list_memberships(context& c)
{
    const auto* organization = find_organization(c, c.capture(0));
    if (!organization)
        return;
    std::vector<const resource*> found;
    const auto roles = texts_in(c.asked.query, "role");
    const auto* before = c.asked.query.if_contains("created_at_before");
    const auto* after = c.asked.query.if_contains("created_at_after");
    for (const auto* r : c.kept.at("/organizations/" + organization->id + "/memberships").by_time()) {
        if (!visible(c, *r) || !user_matches(c, r->id))
            continue;
        if ((before && r->created_at >= before->as_int64()) || (after && r->created_at <= after->as_int64()))
            continue;
        if (roles.empty() ||
            std::find(roles.begin(), roles.end(), std::string(text_in(r->parsed(), "role"))) != roles.end())
            found.push_back(r);
    }
    order(c, found);
    const auto [first, last] = page_bounds(c, found.size());
    std::vector<std::string> page;
    for (auto i = first; i != last; ++i)
        page.push_back(json::serialize(fresh(c, organization->id, *found[i])));
    answer_texts(c, page, found.size());
}

void all_memberships(context& c)
{
    std::vector<const resource*> found;
    for (auto& [path, members] : c.kept.matching("/organizations/{}/memberships"))
        for (const auto* r : members->by_time())
            if (visible(c, *r))
                found.push_back(r);
    std::sort(found.begin(), found.end(), collection::older());
    order(c, found);
    answer_page(c, found);
}

void memberships_of_user(context& c)
{
    if (!find_user(c, c.capture(0)))
        return;
    std::vector<const resource*> found;
    if (const auto in = c.kept.organizations_of.find(c.capture(0)); in != c.kept.organizations_of.end())
        for (const auto& organization : in->second)
            if (const auto* r = c.kept.at("/organizations/" + organization + "/memberships").find(c.capture(0));
                r && visible(c, *r))
                found.push_back(r);
    std::sort(found.begin(), found.end(), collection::older());
    order(c, found);
    answer_page(c, found);
}

} // namespace usher::sandbox::rules
