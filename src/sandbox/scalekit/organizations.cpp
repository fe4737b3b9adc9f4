#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>
#include <array>

namespace usher::sandbox::scalekit {

namespace {

constexpr std::size_t metadata_pairs = 10;
constexpr const char* collection_path = "/organizations";

void check(context& c, bool creating)
{
    const auto& body = c.body();
    const auto* name = given(body, "display_name");
    if ((creating && !name) || (name && (name->get_string().empty() || name->get_string().size() > 200)))
        invalid(c, "display_name", "1 to 200 characters");
    check_metadata(c, body, "metadata", metadata_pairs);
}

std::string external_key(std::string_view id)
{
    return "organization external_id:" + std::string(id);
}

std::vector<std::string> keys_of(const json::object& organization)
{
    const auto id = text_in(organization, "external_id");
    return id.empty() ? std::vector<std::string>() : std::vector{external_key(id)};
}

bool claim(context& c, const json::object& organization, std::string_view own)
{
    for (const auto& key : keys_of(organization))
        if (const auto owner = c.kept.owner(key); !owner.empty() && owner != own)
            exists(c, "organization", "external_id");
    return c.refused.empty();
}

} // namespace

resource* organization(context& c, std::string_view id)
{
    auto* found = c.kept.at(collection_path).find(id);
    if (!found)
        absent(c, "organization", id);
    return found;
}

namespace rules {

void create_organization(context& c)
{
    check(c, true);
    if (c.how.max_organizations != 0 && c.kept.at(collection_path).size() >= c.how.max_organizations)
        c.refuse({403, "quota_exceeded", "quota exceeded", "The environment may have no more organizations.", {}});
    if (!c.refused.empty())
        return;
    const auto now = time_text(c.wall);
    const auto id = new_id(c, "org_");
    json::object made{{"id", id}, {"create_time", now}, {"update_time", now}, {"region_code", "US"}};
    assign(made, c.body(), {"display_name", "external_id", "metadata"});
    if (!claim(c, made, id))
        return;
    auto keys = keys_of(made);
    c.kept.add(collection_path, id, made, std::move(keys), c.wall, c.now);
    answer_one(c, "organization", std::move(made));
}

void get_organization(context& c)
{
    if (const auto* found = organization(c, c.capture(0)))
        answer_one(c, "organization", found->parsed());
}

void organization_by_external_id(context& c)
{
    const auto owner = c.kept.owner(external_key(c.capture(0)));
    if (owner.empty())
        return absent(c, "organization", c.capture(0));
    answer_one(c, "organization", c.kept.at(collection_path).find(owner)->parsed());
}

void list_organizations(context& c)
{
    auto all = everything(c, collection_path);
    if (const auto wanted = text_in(c.asked.query, "external_id"); !wanted.empty()) {
        const auto owner = std::string(c.kept.owner(external_key(wanted)));
        std::erase_if(all, [&](const auto* r) { return r->id != owner; });
    }
    answer_page(c, "organizations", all, {10, 100}, as_kept);
}

void update_organization(context& c)
{
    auto* found = organization(c, c.capture(0));
    check(c, false);
    if (!c.refused.empty())
        return;
    auto body = found->parsed();
    assign(body, c.body(), {"display_name", "external_id", "metadata"});
    if (!claim(c, body, found->id))
        return;
    body["update_time"] = time_text(c.wall);
    c.kept.replace(c.kept.at(collection_path), *found, body, keys_of(body));
    answer_one(c, "organization", std::move(body));
}

void delete_organization(context& c)
{
    auto* found = organization(c, c.capture(0));
    if (!found)
        return;
    std::vector<std::string> members;
    if (const auto* in = c.kept.find(organization_path(found->id, "memberships")))
        for (const auto* one : in->by_time())
            members.push_back(one->id);
    for (const auto& id : members)
        if (auto* member = c.kept.at("/users").find(id)) {
            auto body = member->parsed();
            end_membership(c, body, found->id);
            save(c, "/users", *member, std::move(body));
        }
    c.kept.drop_below("/organizations/" + found->id);
    c.kept.remove(c.kept.at(collection_path), *found);
    answer_nothing(c);
}

void organization_settings(context& c)
{
    static constexpr std::array<std::string_view, 3> known{"sso", "dir_sync", "directory_sync"};
    auto* found = organization(c, c.capture(0));
    if (!found)
        return;
    auto body = found->parsed();
    auto& kept = body["settings"];
    if (!kept.is_object())
        kept = json::object{{"features", json::array()}};
    auto& features = kept.get_object()["features"].as_array();
    const auto* asked = given(c.body(), "features");
    std::size_t i = 0;
    for (const auto& one : asked ? asked->as_array() : json::array()) {
        const auto name = text_in(one.as_object(), "name");
        if (std::find(known.begin(), known.end(), name) == known.end())
            invalid(c, "features[" + std::to_string(i) + "].name", "sso or directory_sync");
        ++i;
        const auto there = std::find_if(features.begin(), features.end(),
                                        [&](const auto& f) { return text_in(f.as_object(), "name") == name; });
        if (there == features.end())
            features.push_back(one);
        else
            *there = one;
    }
    if (!c.refused.empty())
        return;
    save(c, collection_path, *found, body);
    answer_one(c, "organization", found->parsed());
}

void user_management(context& c)
{
    auto* found = organization(c, c.capture(0));
    if (!found)
        return;
    json::object settings;
    if (const auto* asked = given(c.body(), "settings"))
        assign(settings, asked->as_object(), {"max_allowed_users"});
    auto body = found->parsed();
    body["_user_management"] = settings;
    save(c, collection_path, *found, std::move(body));
    answer_one(c, "settings", std::move(settings));
}

// A link that is good once and for a minute.
void portal_link(context& c)
{
    if (!organization(c, c.capture(0)))
        return;
    const auto id = new_id(c, "lnk_");
    answer_one(c, "link",
               {{"id", id},
                {"location", "https://portal.example.com/magicLink/" + base62(32, c.made.source())},
                {"expire_time", time_text(c.wall + 60'000)}});
}

} // namespace rules

} // namespace usher::sandbox::scalekit
