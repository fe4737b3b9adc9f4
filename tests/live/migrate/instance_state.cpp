#include "live/migrate/instance_state.hpp"

#include "live/migrate/instance_caller.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace usher::tests {

namespace json = boost::json;

namespace {

/// All items of a listing of Clerk's; `member` holds them, or the answer is the list.
std::vector<json::object> clerk_list(instance_caller& at, std::string_view operation, std::string_view member)
{
    constexpr std::size_t page = 500;
    std::vector<json::object> all;
    for (;;) {
        const auto read = at.call(operation, {{"limit", page}, {"offset", all.size()}});
        const auto& items = member.empty() ? read.as_array() : read.at(member).as_array();
        for (const auto& item : items)
            all.push_back(item.as_object());
        if (items.size() < page)
            return all;
    }
}

std::vector<json::object> scalekit_list(instance_caller& at, std::string_view operation, std::string_view member)
{
    std::vector<json::object> all;
    for (json::object params{{"page_size", 100}};;) {
        const auto read = at.call(operation, params).as_object();
        if (const auto* items = read.if_contains(member))
            for (const auto& item : items->as_array())
                all.push_back(item.as_object());
        const auto* next = read.if_contains("next_page_token");
        if (!next || !next->is_string() || next->as_string().empty())
            return all;
        params["page_token"] = *next;
    }
}

std::string text_in(const json::object& from, std::string_view name)
{
    const auto* value = from.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// Of an object the members of these names, in this order.
json::object only(const json::object& from, std::initializer_list<std::string_view> names)
{
    json::object kept;
    for (const auto name : names)
        if (const auto* value = from.if_contains(name))
            kept[name] = *value;
    return kept;
}

/// The mark of a job says when it was made, too.
void forget_time_of_mark(json::object& organization)
{
    auto* metadata = organization.if_contains("private_metadata");
    auto* mark = metadata && metadata->is_object() ? metadata->as_object().if_contains("usher") : nullptr;
    if (mark && mark->is_object())
        mark->as_object().erase("sent_at");
}

json::array identifiers(const json::value& list, std::string_view member)
{
    json::array all;
    for (const auto& each : list.as_array()) {
        json::object one;
        one["value"] = each.at(member);
        const auto* verification = each.as_object().if_contains("verification");
        if (verification && verification->is_object())
            one["status"] = verification->at("status");
        all.push_back(std::move(one));
    }
    return all;
}

json::object state_of_user(const json::object& user)
{
    auto kept = only(user, {"external_id", "username", "first_name", "last_name", "public_metadata", "private_metadata",
                            "unsafe_metadata", "banned", "locked", "password_enabled", "totp_enabled", "created_at"});
    kept["email_addresses"] = identifiers(user.at("email_addresses"), "email_address");
    kept["phone_numbers"] = identifiers(user.at("phone_numbers"), "phone_number");
    return kept;
}

void read_clerk(instance_caller& at, instance_state& into)
{
    std::map<std::string, std::string> names;
    for (const auto& user : clerk_list(at, "GetUserList", "")) {
        const auto source_id = text_in(user, "external_id");
        if (!source_id.empty())
            into.user_ids[source_id] = text_in(user, "id");
        names[text_in(user, "id")] = source_id.empty() ? "?" : source_id;
        into.lines.push_back("user " + json::serialize(state_of_user(user)));
    }
    for (auto& one : clerk_list(at, "ListOrganizations", "data")) {
        forget_time_of_mark(one);
        into.organization_ids[text_in(one, "name")] = text_in(one, "id");
        into.lines.push_back("organization " +
                             json::serialize(only(one, {"slug", "name", "public_metadata", "private_metadata",
                                                        "max_allowed_memberships", "members_count"})));
    }
    for (const auto& one : clerk_list(at, "InstanceGetOrganizationMemberships", "data")) {
        const auto& user = one.at("public_user_data").as_object();
        into.lines.push_back("membership " + text_in(one.at("organization").as_object(), "slug") + " " +
                             names[text_in(user, "user_id")] + " " +
                             json::serialize(only(one, {"role", "public_metadata", "private_metadata"})));
    }
}

/// Users hold their memberships.
void read_scalekit(instance_caller& at, instance_state& into)
{
    std::map<std::string, std::string> names;
    for (const auto& one : scalekit_list(at, "OrganizationService_ListOrganization", "organizations")) {
        const auto name = text_in(one, "display_name");
        into.organization_ids[name] = text_in(one, "id");
        names[text_in(one, "id")] = name;
        into.lines.push_back("organization " +
                             json::serialize(only(one, {"external_id", "display_name", "region_code", "metadata"})));
    }
    for (const auto& user : scalekit_list(at, "UserService_ListUsers", "users")) {
        const auto source_id = text_in(user, "external_id");
        if (!source_id.empty())
            into.user_ids[source_id] = text_in(user, "id");
        auto kept = only(user, {"external_id", "email", "metadata"});
        if (const auto* profile = user.if_contains("user_profile"))
            kept["profile"] = only(profile->as_object(), {"given_name", "family_name", "locale", "phone_number",
                                                          "email_verified", "metadata", "custom_attributes"});
        into.lines.push_back("user " + json::serialize(kept));
        const auto* memberships = user.if_contains("memberships");
        if (!memberships)
            continue;
        for (const auto& each : memberships->as_array()) {
            const auto& one = each.as_object();
            std::vector<std::string> roles;
            if (const auto* list = one.if_contains("roles"))
                for (const auto& role : list->as_array())
                    roles.push_back(text_in(role.as_object(), "name"));
            std::sort(roles.begin(), roles.end());
            std::string line = "membership " + names[text_in(one, "organization_id")] + " " + text_in(user, "email") +
                               " " + json::serialize(only(one, {"membership_status", "metadata"}));
            for (const auto& role : roles)
                line += " " + role;
            into.lines.push_back(std::move(line));
        }
    }
}

} // namespace

instance_state read_instance(const sandbox::server& service, sandbox::service which, const std::string& key)
{
    instance_caller at(service, which, key);
    instance_state state;
    if (which == sandbox::service::scalekit)
        read_scalekit(at, state);
    else
        read_clerk(at, state);
    std::sort(state.lines.begin(), state.lines.end());
    return state;
}

std::string first_differences(const instance_state& one, const instance_state& other)
{
    std::vector<std::string> found;
    std::set_symmetric_difference(one.lines.begin(), one.lines.end(), other.lines.begin(), other.lines.end(),
                                  std::back_inserter(found));
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 6); ++i)
        text += found[i] + "\n";
    return text;
}

} // namespace usher::tests
