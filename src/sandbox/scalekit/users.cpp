#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>

namespace usher::sandbox::scalekit {

namespace {

constexpr const char* users_path = "/users";
constexpr std::size_t metadata_pairs = 20;

constexpr std::initializer_list<const char*> profile_members{
    "custom_attributes", "family_name", "gender",  "given_name",         "groups",      "locale",
    "metadata",          "name",        "picture", "preferred_username", "phone_number"};

std::string email_key(std::string_view email)
{
    return "user email:" + lower(email);
}
std::string external_key(std::string_view id)
{
    return "user external_id:" + std::string(id);
}

bool claim(context& c, const json::object& user)
{
    const auto own = text_in(user, "id");
    for (const auto& key : keys_of_user(user))
        if (const auto owner = c.kept.owner(key); !owner.empty() && owner != own)
            exists(c, "user", key.starts_with("user email") ? "email" : "external_id");
    return c.refused.empty();
}

void check_profile(context& c, const json::object& profile)
{
    for (const auto* name : {"given_name", "family_name"})
        if (text_in(profile, name).size() > 255)
            invalid(c, "user_profile." + std::string(name), "at most 255 characters");
    for (const auto* name : {"first_name", "last_name"})
        if (text_in(profile, name).size() > 200)
            invalid(c, "user_profile." + std::string(name), "at most 200 characters");
    if (const auto phone = text_in(profile, "phone_number"); !phone.empty() && !phone_like(phone))
        invalid(c, "user_profile.phone_number", "a number in the form of E.164");
    for (const auto& group : texts_in(profile, "groups"))
        if (group.empty() || group.size() > 250)
            invalid(c, "user_profile.groups", "1 to 250 characters each");
    check_metadata(c, profile, "user_profile.metadata", metadata_pairs);
    check_metadata(c, profile, "user_profile.custom_attributes", metadata_pairs);
}

void carry_profile(json::object& to, const json::object& from)
{
    assign(to, from, profile_members);
    if (const auto* first = given(from, "first_name"); first && !given(from, "given_name"))
        to["given_name"] = *first;
    if (const auto* last = given(from, "last_name"); last && !given(from, "family_name"))
        to["family_name"] = *last;
    if (!given(to, "name") && given(to, "given_name") && given(to, "family_name"))
        to["name"] = std::string(text_in(to, "given_name")) + " " + std::string(text_in(to, "family_name"));
}

const json::object& member_object(const json::object& of, const char* name)
{
    static const json::object none;
    const auto* found = given(of, name);
    return found && found->is_object() ? found->get_object() : none;
}

// A listing of one organization shows the membership there only.
json::object shown_there(context& c, const resource& r)
{
    auto body = visible_members(r.parsed());
    if (auto* membership = membership_in(body, c.capture(0))) {
        json::value kept(*membership);
        body["memberships"] = json::array{std::move(kept)};
    }
    return body;
}

found_resources members_of(context& c, std::string_view organization_id)
{
    found_resources out;
    if (const auto* in = c.kept.find(organization_path(organization_id, "memberships")))
        for (const auto* one : in->by_time())
            if (auto* r = c.kept.at(users_path).find(one->id); r && visible(c, *one))
                out.push_back(r);
    std::sort(out.begin(), out.end(), collection::older());
    return out;
}

void search(context& c, found_resources among, json::object (*show)(context&, const resource&))
{
    const auto wanted = text_in(c.asked.query, "query");
    if (wanted.size() < 3 || wanted.size() > 100)
        return invalid(c, "query", "3 to 100 characters");
    std::erase_if(among, [&](const auto* r) {
        const auto body = r->parsed();
        return !contains_text(text_in(body, "email"), wanted) && !contains_text(r->id, wanted) &&
               !contains_text(text_in(body, "external_id"), wanted);
    });
    answer_page(c, "users", among, {10, 30}, show);
}

} // namespace

std::vector<std::string> keys_of_user(const json::object& user)
{
    std::vector<std::string> out{email_key(text_in(user, "email"))};
    if (const auto id = text_in(user, "external_id"); !id.empty())
        out.push_back(external_key(id));
    return out;
}

resource* user(context& c, std::string_view id)
{
    auto& in = c.kept.at(users_path);
    if (auto* found = in.find(id))
        return found;
    if (const auto external = text_in(c.asked.query, "external_id"); !external.empty())
        if (const auto owner = c.kept.owner(external_key(external)); !owner.empty())
            return in.find(owner);
    absent(c, "user", id);
    return nullptr;
}

namespace rules {

// Makes the user and the membership at once, and mails an invitation unless told otherwise.
void create_user(context& c)
{
    const auto* home = organization(c, c.capture(0));
    if (!home)
        return;
    const auto& body = c.body();
    const auto email = text_in(body, "email");
    if (!email_like(email))
        invalid(c, "email", "an e-mail address");
    check_metadata(c, body, "metadata", metadata_pairs);
    check_profile(c, member_object(body, "user_profile"));
    if (c.how.max_users != 0 && c.kept.at(users_path).size() >= c.how.max_users)
        c.refuse({403, "quota_exceeded", "quota exceeded", "The environment may have no more users.", {}});
    if (!c.refused.empty())
        return;
    const auto now = time_text(c.wall);
    const auto id = new_id(c, "usr_");
    json::object made{{"id", id}, {"create_time", now}, {"update_time", now}, {"memberships", json::array()}};
    assign(made, body, {"email", "external_id", "metadata"});
    json::object profile{{"id", new_id(c, "usp_")}, {"email_verified", !invitation_wanted(c)}};
    carry_profile(profile, member_object(body, "user_profile"));
    made["user_profile"] = std::move(profile);
    if (!claim(c, made) || !fill_membership(c, made, *home, member_object(body, "membership"), true))
        return;
    c.kept.add(users_path, id, made, keys_of_user(made), c.wall, c.now);
    answer_one(c, "user", std::move(made));
}

void get_user(context& c)
{
    if (const auto* found = user(c, c.capture(0)))
        answer_one(c, "user", found->parsed());
}

void update_user(context& c)
{
    auto* found = user(c, c.capture(0));
    const auto& body = c.body();
    check_metadata(c, body, "metadata", metadata_pairs);
    check_profile(c, member_object(body, "user_profile"));
    if (!c.refused.empty())
        return;
    auto changed = found->parsed();
    assign(changed, body, {"external_id", "metadata"});
    carry_profile(changed["user_profile"].as_object(), member_object(body, "user_profile"));
    if (!claim(c, changed))
        return;
    changed["update_time"] = time_text(c.wall);
    c.kept.replace(c.kept.at(users_path), *found, changed, keys_of_user(changed));
    answer_one(c, "user", std::move(changed));
}

void delete_user(context& c)
{
    auto* found = user(c, c.capture(0));
    if (!found)
        return;
    auto body = found->parsed();
    const auto memberships = body["memberships"].as_array();
    for (const auto& one : memberships)
        end_membership(c, body, text_in(one.as_object(), "organization_id"));
    for (const auto* session : everything(c, "/sessions"))
        if (text_in(session->parsed(), "user_id") == found->id)
            end_session(c, *c.kept.at("/sessions").find(session->id), "revoked");
    c.kept.drop_below("/users/" + found->id);
    c.kept.remove(c.kept.at(users_path), *found);
    answer_nothing(c);
}

void list_users(context& c)
{
    answer_page(c, "users", everything(c, users_path), {10, 100}, as_kept);
}

void search_users(context& c)
{
    search(c, everything(c, users_path), as_kept);
}

void list_organization_users(context& c)
{
    if (organization(c, c.capture(0)))
        answer_page(c, "users", members_of(c, c.capture(0)), {10, 100}, shown_there);
}

void search_organization_users(context& c)
{
    if (organization(c, c.capture(0)))
        search(c, members_of(c, c.capture(0)), shown_there);
}

} // namespace rules

} // namespace usher::sandbox::scalekit
