// Reading a mapping file. It is written once and used for every record: a mistake in it would be made a million times,
// so nothing in it is passed over.
#include "bulk/mapping/field_mapping.hpp"

#include <boost/json/parse.hpp>

#include <type_traits>

namespace json = boost::json;

namespace usher::bulk {

using namespace mapping_file;

namespace {

template <class Target>
value_rule simple_at(const json::value& value, const std::string& place)
{
    if constexpr (std::is_same_v<Target, bool> || std::is_same_v<Target, std::optional<bool>>) {
        return flag_at(value, place);
    } else if constexpr (std::is_same_v<Target, std::optional<column_time>>) {
        auto rule = rule_at(value, place, "format");
        if (rule.from.empty() && !column_time_of(rule.constant, time_form::rfc3339))
            fail(inside(place, "constant"), "not an RFC 3339 time");
        return rule;
    } else {
        auto rule = rule_at(value, place);
        if (rule.from.empty() && !rule.constant.is_string())
            fail(inside(place, "constant"), "not a text");
        return rule;
    }
}

} // namespace

std::shared_ptr<const field_mapping> parse_field_mapping(std::string_view text)
{
    boost::system::error_code failed;
    const auto file = json::parse(text, failed);
    if (failed)
        fail("", "not JSON: " + failed.message());
    return std::make_shared<const field_mapping>(object_at(file, ""));
}

field_mapping::field_mapping(const json::object& file)
{
    only(file, "",
         {"id",
          "email_addresses",
          "phone_numbers",
          "username",
          "first_name",
          "last_name",
          "name",
          "locale",
          "password",
          "totp_secret",
          "backup_codes",
          "public_metadata",
          "private_metadata",
          "unsafe_metadata",
          "created_at",
          "legal_accepted_at",
          "banned",
          "locked",
          "delete_self_enabled",
          "create_organization_enabled",
          "create_organizations_limit",
          "memberships",
          "ignore"});
    const auto* id = file.if_contains("id");
    if (!id)
        fail("/id", "missing: without it a second run would create every user again");
    id_.from = text_at(*id, "/id");
    known_.insert(id_.from);

    read_simple(file, "username", &user::username, texts_);
    read_simple(file, "first_name", &user::first_name, texts_);
    read_simple(file, "last_name", &user::last_name, texts_);
    read_simple(file, "locale", &user::locale, texts_);
    read_simple(file, "totp_secret", &user::totp_secret, texts_);
    read_simple(file, "created_at", &user::created_at, times_);
    read_simple(file, "legal_accepted_at", &user::legal_accepted_at, times_);
    read_simple(file, "banned", &user::banned, flags_);
    read_simple(file, "locked", &user::locked, flags_);
    read_simple(file, "delete_self_enabled", &user::delete_self_enabled, permissions_);
    read_simple(file, "create_organization_enabled", &user::create_organization_enabled, permissions_);
    if (const auto* name = file.if_contains("name")) {
        if (file.contains("first_name") || file.contains("last_name"))
            fail("/name", "a full name is for sources that have no first and last name");
        name_ = used(simple_at<std::string>(*name, "/name"));
    }
    if (const auto* limit = file.if_contains("create_organizations_limit")) {
        organizations_limit_ = used(rule_at(*limit, "/create_organizations_limit"));
        if (organizations_limit_.from.empty() && !organizations_limit_.constant.is_int64())
            fail("/create_organizations_limit/constant", "not a whole number");
    }
    read_lists(file);
    if (const auto* password = file.if_contains("password"))
        read_password(*password);
    if (const auto* memberships = file.if_contains("memberships"))
        read_memberships(*memberships);
    if (const auto* ignored = file.if_contains("ignore"))
        read_ignored(*ignored);
}

value_rule field_mapping::used(value_rule rule, std::string_view within)
{
    if (!rule.from.empty())
        known_.insert(within.empty() ? rule.from : std::string(within) + "." + rule.from);
    return rule;
}

template <class Target>
void field_mapping::read_simple(const json::object& file, std::string_view name, Target user::*target,
                                rules<Target>& to)
{
    if (const auto* value = file.if_contains(name))
        to.emplace_back(target, used(simple_at<Target>(*value, inside("", name))));
}

void field_mapping::read_lists(const json::object& file)
{
    const auto use = [this](const list_rule& rule) {
        known_.insert(rule.value.empty() ? rule.from : rule.from + "." + rule.value);
        used(rule.verified, rule.value.empty() ? std::string_view() : rule.from);
    };
    const std::pair<std::string_view, std::vector<list_rule>*> lists[] = {{"email_addresses", &emails_},
                                                                          {"phone_numbers", &phones_}};
    for (const auto& [name, list] : lists)
        if (const auto* value = file.if_contains(name)) {
            std::size_t index = 0;
            for (const auto& entry : array_at(*value, inside("", name))) {
                list->push_back(list_at(entry, inside(inside("", name), std::to_string(index++))));
                use(list->back());
            }
        }
    if (const auto* codes = file.if_contains("backup_codes")) {
        backup_codes_ = list_at(*codes, "/backup_codes");
        if (backup_codes_->verified.is_set())
            fail("/backup_codes/verified", "a member that is not known here");
        use(*backup_codes_);
    }
    const std::pair<std::string_view, json::object user::*> objects[] = {{"public_metadata", &user::public_metadata},
                                                                         {"private_metadata", &user::private_metadata},
                                                                         {"unsafe_metadata", &user::unsafe_metadata}};
    for (const auto& [name, target] : objects)
        if (const auto* value = file.if_contains(name)) {
            const auto place = inside("", name);
            const auto& members = object_at(*value, place);
            object_rule rule;
            if (members.size() == 1 && members.contains("from") && members.at("from").is_string())
                rule.from = text_at(members.at("from"), inside(place, "from"));
            else
                for (const auto& [member, from] : members)
                    rule.members.emplace_back(member, used(rule_at(from, inside(place, member))));
            if (!rule.from.empty())
                known_.insert(rule.from);
            metadata_.emplace_back(target, std::move(rule));
        }
}

void field_mapping::read_password(const json::value& value)
{
    const auto& object = object_at(value, "/password");
    only(object, "/password", {"digest", "hasher"});
    const auto* digest = object.if_contains("digest");
    if (!digest)
        fail("/password", "needs \"digest\"");
    digest_ = text_at(*digest, "/password/digest");
    known_.insert(digest_);
    if (const auto* hasher = object.if_contains("hasher"))
        hasher_ = used(hasher_at(*hasher, "/password/hasher"));
}

void field_mapping::read_memberships(const json::value& value)
{
    const std::string place = "/memberships";
    const auto& object = object_at(value, place);
    only(object, place, {"from", "organization", "roles"});
    auto& rule = memberships_.emplace();
    if (const auto* from = object.if_contains("from"))
        rule.from = text_at(*from, inside(place, "from"));
    if (const auto* organization = object.if_contains("organization"))
        rule.organization = text_at(*organization, inside(place, "organization"));
    if (rule.from.empty() && rule.organization.empty())
        fail(place, "needs \"from\" or \"organization\"");
    if (const auto* roles = object.if_contains("roles")) {
        const auto at = inside(place, "roles");
        rule.roles = rule_at(*roles, at);
        if (!rule.roles.from.empty() && rule.organization.empty())
            fail(at, "without \"organization\" the elements are texts, which have no members");
        if (const auto* list = rule.roles.constant.if_array())
            for (const auto& role : *list)
                text_at(role, inside(at, "constant"));
        else if (rule.roles.from.empty())
            text_at(rule.roles.constant, inside(at, "constant"));
        used(rule.roles, rule.from);
    }
    value_rule organization;
    organization.from = rule.organization;
    used(organization, rule.from);
    if (rule.organization.empty())
        known_.insert(rule.from);
}

void field_mapping::read_ignored(const json::value& value)
{
    std::size_t index = 0;
    for (const auto& name : array_at(value, "/ignore"))
        known_.insert(text_at(name, inside("/ignore", std::to_string(index++))));
}

} // namespace usher::bulk
