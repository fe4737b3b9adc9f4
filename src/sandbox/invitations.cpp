#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

namespace usher::sandbox::rules {

namespace {

constexpr std::int64_t day = 86'400'000;

std::int64_t expiry(context& c, const json::object& body)
{
    const auto* days = given(body, "expires_in_days");
    return c.wall + (days ? days->to_number<std::int64_t>() : 30) * day;
}

// A pending invitation claims its address; revoking lets it go.
std::string pending_key(const std::string& path, std::string_view email)
{
    return path + " pending:" + lower(email);
}

problem duplicate(std::string_view email)
{
    return {400, "duplicate_record", "duplicate invitation",
            "There is a pending invitation for " + std::string(email) + " already.", "email_address"};
}

std::string invite(context& c, const json::object& body, const schema& shape)
{
    const std::string email(text_in(body, "email_address"));
    if (!email_like(email))
        c.refuse(form::wrong_format("email_address", "a valid e-mail address"));
    else if (const bool ignore = true_in(body, "ignore_existing"); !ignore) {
        if (!c.kept.owner(pending_key("/invitations", email)).empty())
            c.refuse(duplicate(email));
        else if (!c.kept.owner("email:" + lower(email)).empty())
            c.refuse(form::taken("email_address"));
    }
    check_metadata(c, body);
    if (!c.refused.empty())
        return {};
    auto made = generic::make(c, shape, body);
    made["status"] = "pending";
    made["expires_at"] = expiry(c, body);
    made["url"] = "https://accounts.example.com/v1/tickets/accept?ticket=" + base62(32, c.made.source());
    return c.kept
        .add("/invitations", std::string(text_in(made, "id")), made, {pending_key("/invitations", email)}, c.wall,
             c.now)
        .text;
}

std::string invite_to(context& c, const resource& organization, const json::object& body, const schema& shape)
{
    const std::string email(text_in(body, "email_address")),
        path = "/organizations/" + organization.id + "/invitations";
    const std::string inviter(text_in(body, "inviter_user_id"));
    if (!email_like(email))
        c.refuse(form::wrong_format("email_address", "a valid e-mail address"));
    else if (!c.kept.owner(pending_key(path, email)).empty())
        c.refuse(duplicate(email));
    else if (const auto owner = c.kept.owner("email:" + lower(email)); !owner.empty())
        if (auto* members = c.kept.find("/organizations/" + organization.id + "/memberships");
            members && members->find(owner))
            c.refuse({400, "already_a_member_in_organization", "already a member",
                      "The invited person is a member of this organization already.", "email_address"});
    check_metadata(c, body);
    const auto* from = inviter.empty() || !c.refused.empty() ? nullptr : find_user(c, inviter);
    if (!c.refused.empty())
        return {};
    auto made = generic::make(c, shape, body);
    made["organization_id"] = organization.id;
    made["inviter_id"] = from ? json::value(inviter) : json::value();
    if (from) {
        auto data = public_user_data(from->parsed());
        data.erase("profile_image_url");
        data.erase("username");
        made["public_inviter_data"] = std::move(data);
    }
    made["role_name"] = std::string(text_in(body, "role"));
    made["status"] = "pending";
    made["expires_at"] = expiry(c, body);
    return c.kept.add(path, std::string(text_in(made, "id")), made, {pending_key(path, email)}, c.wall, c.now).text;
}

void revoke(context& c, const std::string& path, const std::string& id)
{
    auto& in = c.kept.at(path);
    auto* found = in.find(id);
    if (!found)
        return c.refuse(not_found(path, id));
    auto body = found->parsed();
    if (text_in(body, "status") != "pending")
        return c.refuse({400,
                         "invitation_already_" + std::string(text_in(body, "status")),
                         "not pending",
                         "The invitation is no longer pending.",
                         {}});
    body["status"] = "revoked";
    if (body.contains("revoked"))
        body["revoked"] = true;
    body["updated_at"] = c.wall;
    c.kept.replace(in, *found, body, {});
    c.answer(generic::reshape(c, *c.shape(), body));
}

template <class One>
void many(context& c, One one)
{
    std::string name;
    const auto* items = listed_items(c.shape(), name);
    std::vector<std::string> made, addresses;
    for (const auto& v : c.asked.body.as_array()) // all or none: look at every address before the first is invited
    {
        addresses.push_back(lower(text_in(v.as_object(), "email_address")));
        if (std::count(addresses.begin(), addresses.end(), addresses.back()) > 1)
            return c.refuse(duplicate(addresses.back()));
    }
    for (const auto& v : c.asked.body.as_array()) {
        made.push_back(one(v.as_object(), *items));
        if (!c.refused.empty())
            return;
    }
    answer_texts(c, made, made.size());
}

void show(context& c, std::vector<const resource*> found)
{
    std::string name;
    filter(c, found, listed_items(c.shape(), name));
    order(c, found);
    const auto* items = listed_items(c.shape(), name);
    const auto [first, last] = page_bounds(c, found.size());
    std::vector<std::string> page;
    for (auto i = first; i != last; ++i) {
        auto shown = generic::reshape(c, *items, found[i]->parsed());
        if (const auto* public_data = items->find("public_organization_data"))
            if (const auto* o = c.kept.at("/organizations").find(text_in(shown, "organization_id")))
                shown["public_organization_data"] = generic::reshape(c, *public_data->of, o->parsed());
        page.push_back(json::serialize(shown));
    }
    answer_texts(c, page, found.size());
}

std::vector<const resource*> across(context& c, std::string_view form)
{
    std::vector<const resource*> found;
    for (auto& [path, in] : c.kept.matching(form))
        for (const auto* r : in->by_time())
            if (visible(c, *r))
                found.push_back(r);
    std::sort(found.begin(), found.end(), collection::older());
    return found;
}

} // namespace

void create_invitation(context& c)
{
    c.text = invite(c, c.body(), *c.shape());
}

void create_invitations(context& c)
{
    many(c, [&](const json::object& one, const schema& shape) { return invite(c, one, shape); });
}

void revoke_invitation(context& c)
{
    revoke(c, "/invitations", c.capture(0));
}

void create_organization_invitation(context& c)
{
    if (const auto* organization = find_organization(c, c.capture(0)))
        c.text = invite_to(c, *organization, c.body(), *c.shape());
}

void create_organization_invitations(context& c)
{
    if (const auto* organization = find_organization(c, c.capture(0)))
        many(c, [&](const json::object& one, const schema& shape) { return invite_to(c, *organization, one, shape); });
}

void pending_organization_invitations(context& c)
{
    const auto* organization = find_organization(c, c.capture(0));
    if (!organization)
        return;
    std::vector<const resource*> found;
    for (const auto* r : c.kept.at("/organizations/" + organization->id + "/invitations").by_time())
        if (visible(c, *r) && text_in(r->parsed(), "status") == "pending")
            found.push_back(r);
    show(c, std::move(found));
}

void revoke_organization_invitation(context& c)
{
    if (const auto* organization = find_organization(c, c.capture(0)))
        revoke(c, "/organizations/" + organization->id + "/invitations", c.capture(1));
}

void all_organization_invitations(context& c)
{
    show(c, across(c, "/organizations/{}/invitations"));
}

void all_organization_domains(context& c)
{
    show(c, across(c, "/organizations/{}/domains"));
}

void invitations_of_user(context& c)
{
    const auto* user = find_user(c, c.capture(0));
    if (!user)
        return;
    const auto identifier = lower(identifier_of(user->parsed()));
    auto found = across(c, "/organizations/{}/invitations");
    std::erase_if(found, [&](const auto* r) { return lower(text_in(r->parsed(), "email_address")) != identifier; });
    show(c, std::move(found));
}

} // namespace usher::sandbox::rules
