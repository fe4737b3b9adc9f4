#include "bulk/live/usher_record.hpp"

#include <usher/time.hpp>

#include <boost/json/array.hpp>

#include <string_view>
#include <utility>

namespace json = boost::json;

namespace usher::bulk {

namespace {

void add_text(json::object& to, std::string_view name, const std::string& text)
{
    if (!text.empty())
        to[name] = text;
}

void add_flag(json::object& to, std::string_view name, bool flag)
{
    if (flag)
        to[name] = true;
}

void add_object(json::object& to, std::string_view name, json::object object)
{
    if (!object.empty())
        to[name] = std::move(object);
}

template <class T>
void add_optional(json::object& to, std::string_view name, const std::optional<T>& value)
{
    if (value)
        to[name] = *value;
}

void add_time(json::object& to, std::string_view name, const std::optional<unix_milliseconds>& time)
{
    if (time)
        to[name] = format_rfc3339(*time);
}

void add_texts(json::object& to, std::string_view name, const std::vector<std::string>& texts)
{
    if (!texts.empty())
        to[name] = json::array(texts.begin(), texts.end());
}

void add_identifiers(json::object& to, std::string_view name, const std::vector<identifier>& all)
{
    json::array list;
    for (const auto& each : all) {
        json::object one;
        one["value"] = each.value;
        one["verified"] = each.verified;
        list.push_back(std::move(one));
    }
    if (!list.empty())
        to[name] = std::move(list);
}

void add_lost(json::object& to, const std::vector<note>& lost)
{
    json::array list;
    for (const auto& each : lost) {
        json::object one;
        one["field"] = each.field;
        one["reason"] = each.reason;
        list.push_back(std::move(one));
    }
    if (!list.empty())
        to["not_exported"] = std::move(list);
}

json::object begin(entity_kind kind, const std::string& id)
{
    json::object record;
    record["kind"] = to_string(kind);
    record["id"] = id;
    return record;
}

} // namespace

json::object to_record(organization what, const std::vector<note>& lost)
{
    auto record = begin(entity_kind::organization, what.id);
    add_text(record, "name", what.name);
    add_text(record, "slug", what.slug);
    add_time(record, "created_at", what.created_at);
    add_object(record, "public_metadata", std::move(what.public_metadata));
    add_object(record, "private_metadata", std::move(what.private_metadata));
    add_optional(record, "max_allowed_memberships", what.max_allowed_memberships);
    add_optional(record, "admin_delete_enabled", what.admin_delete_enabled);
    add_lost(record, lost);
    return record;
}

json::object to_record(user what, const std::vector<note>& lost)
{
    auto record = begin(entity_kind::user, what.id);
    add_identifiers(record, "email_addresses", what.email_addresses);
    add_identifiers(record, "phone_numbers", what.phone_numbers);
    add_text(record, "username", what.username);
    add_text(record, "first_name", what.first_name);
    add_text(record, "last_name", what.last_name);
    add_text(record, "locale", what.locale);
    if (what.password) {
        json::object password;
        password["hasher"] = what.password->hasher;
        password["digest"] = what.password->digest;
        record["password"] = std::move(password);
    }
    add_text(record, "totp_secret", what.totp_secret);
    add_texts(record, "backup_codes", what.backup_codes);
    add_object(record, "public_metadata", std::move(what.public_metadata));
    add_object(record, "private_metadata", std::move(what.private_metadata));
    add_object(record, "unsafe_metadata", std::move(what.unsafe_metadata));
    add_time(record, "created_at", what.created_at);
    add_time(record, "legal_accepted_at", what.legal_accepted_at);
    add_flag(record, "banned", what.banned);
    add_flag(record, "locked", what.locked);
    add_optional(record, "delete_self_enabled", what.delete_self_enabled);
    add_optional(record, "create_organization_enabled", what.create_organization_enabled);
    add_optional(record, "create_organizations_limit", what.create_organizations_limit);
    json::array memberships;
    for (auto& each : what.memberships) {
        json::object one;
        one["organization"] = each.organization;
        add_texts(one, "roles", each.roles);
        add_object(one, "public_metadata", std::move(each.public_metadata));
        add_object(one, "private_metadata", std::move(each.private_metadata));
        memberships.push_back(std::move(one));
    }
    if (!memberships.empty())
        record["memberships"] = std::move(memberships);
    add_lost(record, lost);
    return record;
}

} // namespace usher::bulk
