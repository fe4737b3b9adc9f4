#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>

namespace usher::sandbox::rules {

namespace {

std::size_t members_of(context& c, const std::string& id)
{
    const auto* in = c.kept.find("/organizations/" + id + "/memberships");
    return in ? in->size() : 0;
}

std::vector<std::string> keys_of(const json::object& organization)
{
    const auto slug = text_in(organization, "slug");
    return slug.empty() ? std::vector<std::string>() : std::vector{"slug:" + std::string(slug)};
}

// The instance's setting: organizations have no slugs then, whatever is asked for.
bool slugs_disabled(context& c)
{
    auto* settings = c.kept.at("/instance/organization_settings").find(".");
    return settings && true_in(settings->parsed(), "slug_disabled");
}

// Checks what create and update have in common.
void check_organization(context& c, const json::object& body, std::string_view own)
{
    check_metadata(c, body);
    check_times(c, body);
    if (const auto* name = given(body, "name")) {
        const std::string_view text = name->get_string();
        if (text.size() > 256)
            c.refuse(form::too_large("name", "256 characters"));
        else if (text.find_first_not_of(' ') == std::string_view::npos)
            c.refuse(form::nil("name"));
        else if (text.find("://") != std::string_view::npos || text.find('<') != std::string_view::npos)
            c.refuse(form::wrong_format("name", "free of URLs and markup"));
    }
    if (const auto slug = text_in(body, "slug"); !slug.empty()) {
        if (!slug_like(slug))
            c.refuse(form::wrong_format("slug", "made of lower-case letters, digits and '-'"));
        else if (const auto owner = c.kept.owner("slug:" + std::string(slug)); !owner.empty() && owner != own)
            c.refuse(form::taken("slug"));
    }
}

// A slug from the name; a number follows when somebody has it.
std::string free_slug(context& c, std::string_view name)
{
    const auto base = make_slug(name);
    auto slug = base;
    while (!c.kept.owner("slug:" + slug).empty())
        slug = base + "-" + std::to_string(c.made.source().below(1'000'000'000));
    return slug;
}

void store_changes(context& c, resource& of, json::object body)
{
    body["updated_at"] = c.wall;
    c.kept.replace(c.kept.at("/organizations"), of, body, keys_of(body));
    c.text = of.text;
}

std::string shown(context& c, const resource& r)
{
    if (!true_in(c.asked.query, "include_members_count"))
        return r.text;
    auto body = r.parsed();
    body["members_count"] = members_of(c, r.id);
    return json::serialize(body);
}

} // namespace

resource* find_organization(context& c, std::string_view id_or_slug)
{
    auto& all = c.kept.at("/organizations");
    if (auto* found = all.find(id_or_slug))
        return found;
    if (const auto owner = c.kept.owner("slug:" + std::string(id_or_slug)); !owner.empty())
        return all.find(owner);
    c.refuse(not_found("organizations", id_or_slug));
    return nullptr;
}

void create_organization(context& c)
{
    const auto& body = c.body();
    if (c.how.max_organizations != 0 && c.kept.at("/organizations").size() >= c.how.max_organizations)
        return c.refuse({403,
                         "organization_quota_exceeded",
                         "quota exceeded",
                         "This instance may have no more organizations.",
                         {}});
    check_organization(c, body, {});
    const std::string creator(text_in(body, "created_by"));
    if (!creator.empty())
        find_user(c, creator);
    if (!c.refused.empty())
        return;
    auto made = generic::make(c, *c.shape(), body);
    if (slugs_disabled(c))
        made["slug"] = "";
    else if (text_in(made, "slug").empty())
        made["slug"] = free_slug(c, text_in(body, "name"));
    if (!given(body, "max_allowed_memberships"))
        made["max_allowed_memberships"] = c.how.max_memberships;
    made["admin_delete_enabled"] = true;
    made.stable_erase("members_count");
    made.stable_erase("missing_member_with_elevated_permissions");
    made.stable_erase("pending_invitations_count");
    if (creator.empty())
        made.stable_erase("created_by");
    const std::string id(text_in(made, "id"));
    c.text = c.kept.add("/organizations", id, made, keys_of(made), made.at("created_at").as_int64(), c.now).text;
    if (creator.empty())
        return;

    json::object membership{{"id", new_id("organization_membership", c.made.source())},
                            {"object", "organization_membership"},
                            {"role", "org:admin"},
                            {"role_name", "Admin"},
                            {"permissions", json::array()},
                            {"public_metadata", json::object()},
                            {"private_metadata", json::object()},
                            {"organization", made},
                            {"public_user_data", public_user_data(c.kept.at("/users").find(creator)->parsed())},
                            {"created_at", c.wall},
                            {"updated_at", c.wall}};
    c.kept.add("/organizations/" + id + "/memberships", creator, membership, {}, c.wall, c.now);
    c.kept.organizations_of[creator].insert(id);
}

void get_organization(context& c)
{
    if (const auto* found = find_organization(c, c.capture(0)))
        c.text = shown(c, *found);
}

void update_organization(context& c)
{
    auto* found = find_organization(c, c.capture(0));
    if (!found)
        return;
    check_organization(c, c.body(), found->id);
    if (!c.refused.empty())
        return;
    auto body = found->parsed();
    auto changes = c.body();
    if (text_in(changes, "slug").empty())
        changes.erase("slug");
    generic::carry(body, *c.shape(), changes);
    store_changes(c, *found, std::move(body));
}

void organization_metadata(context& c)
{
    auto* found = find_organization(c, c.capture(0));
    if (!found)
        return;
    auto body = found->parsed();
    for (const auto* name : {"public_metadata", "private_metadata"})
        if (const auto* with = given(c.body(), name)) {
            if (!body[name].is_object())
                body[name] = json::object();
            generic::merge_metadata(body[name].get_object(), with->as_object());
        }
    check_metadata(c, body);
    if (c.refused.empty())
        store_changes(c, *found, std::move(body));
}

void delete_organization(context& c)
{
    auto* found = find_organization(c, c.capture(0));
    if (!found)
        return;
    const auto id = found->id;
    auto answer = generic::deleted(c, "organization", id);
    answer["slug"] = std::string(text_in(found->parsed(), "slug"));
    if (const auto* members = c.kept.find("/organizations/" + id + "/memberships"))
        for (const auto* one : members->by_time())
            c.kept.organizations_of[one->id].erase(id);
    c.kept.drop_below("/organizations/" + id);
    c.kept.remove(c.kept.at("/organizations"), *found);
    c.answer(answer);
}

void list_organizations(context& c)
{
    const auto wanted = texts_in(c.asked.query, "organization_id");
    const auto users = texts_in(c.asked.query, "user_id");
    const auto query = text_in(c.asked.query, "query");
    // '+' and '-' before an id include and exclude; values without a sign include
    const auto passes = [](const std::vector<std::string>& values, const auto& holds) {
        bool any = false, included = false;
        for (std::string_view one : values) {
            const bool excluded = one.starts_with('-');
            if (excluded || one.starts_with('+'))
                one.remove_prefix(1);
            const bool true_for = holds(one);
            if (excluded && true_for)
                return false;
            any |= !excluded;
            included |= !excluded && true_for;
        }
        return included || !any;
    };
    std::vector<const resource*> found;
    for (const auto* r : c.kept.at("/organizations").by_time()) {
        if (!visible(c, *r) || !passes(wanted, [&](std::string_view id) { return r->id == id; }))
            continue;
        const auto member = [&](std::string_view user) {
            const auto in = c.kept.organizations_of.find(user);
            return in != c.kept.organizations_of.end() && in->second.contains(r->id);
        };
        if (!passes(users, member))
            continue;
        if (!query.empty()) {
            const auto body = r->parsed();
            if (r->id != query && !contains_text(text_in(body, "name"), query) &&
                !contains_text(text_in(body, "slug"), query))
                continue;
        }
        found.push_back(r);
    }
    order(c, found);
    const auto [first, last] = page_bounds(c, found.size());
    std::vector<std::string> page;
    for (auto i = first; i != last; ++i)
        page.push_back(shown(c, *found[i]));
    answer_texts(c, page, found.size());
}

} // namespace usher::sandbox::rules
