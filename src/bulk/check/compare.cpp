#include "bulk/check/compare.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string_view>

namespace json = boost::json;

namespace usher::bulk {

namespace {

using moment = std::optional<std::chrono::sys_time<std::chrono::milliseconds>>;

/// Gathers differences; values become JSON.
struct finder {
    void add(std::string field, const json::value& expected, const json::value& found)
    {
        difference each;
        each.field = std::move(field);
        each.expected = json::serialize(expected);
        each.found = json::serialize(found);
        all.push_back(std::move(each));
    }
    std::vector<difference> all;
};

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

json::value text_or_null(const std::string& text)
{
    return text.empty() ? json::value(nullptr) : json::value(text);
}

void texts(finder& out, const char* field, const std::string& expected, const std::string& found)
{
    if (expected != found)
        out.add(field, text_or_null(expected), text_or_null(found));
}

void secrets(finder& out, const char* field, bool expected, bool found)
{
    const auto word = [](bool set) { return json::value(set ? "set" : "not set"); };
    if (expected != found)
        out.add(field, word(expected), word(found));
}

template <class Value>
void open(finder& out, const char* field, const std::optional<Value>& expected, const std::optional<Value>& found)
{
    if (expected && expected != found)
        out.add(field, *expected, found ? json::value(*found) : json::value(nullptr));
}

void times(finder& out, const char* field, const moment& expected, const moment& found)
{
    if (expected && expected != found)
        out.add(field, expected->time_since_epoch().count(),
                found ? json::value(found->time_since_epoch().count()) : json::value(nullptr));
}

/// As a segment of a JSON pointer.
std::string segment(std::string_view key)
{
    std::string out = "/";
    for (const char c : key) {
        if (c == '~' || c == '/')
            out += c == '~' ? "~0" : "~1";
        else
            out += c;
    }
    return out;
}

void objects(finder& out, const std::string& field, const json::object& expected, const json::object& found)
{
    for (const auto& each : expected) {
        const auto* there = found.if_contains(each.key());
        if (there && each.value().is_object() && there->is_object())
            objects(out, field + segment(each.key()), each.value().get_object(), there->get_object());
        else if (!there || !same_json(each.value(), *there))
            out.add(field + segment(each.key()), each.value(), there ? *there : json::value(nullptr));
    }
    for (const auto& each : found)
        if (!expected.contains(each.key()))
            out.add(field + segment(each.key()), nullptr, each.value());
}

json::value to_json(const identifier& of)
{
    json::object out;
    out["value"] = of.value;
    out["verified"] = of.verified;
    return out;
}

const identifier* find_in(const std::vector<identifier>& all, const std::string& value)
{
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return lower(each.value) == lower(value); });
    return at == all.end() ? nullptr : &*at;
}

void identifiers(finder& out, const std::string& field, const std::vector<identifier>& expected,
                 const std::vector<identifier>& found)
{
    for (const auto& each : expected) {
        const auto* there = find_in(found, each.value);
        if (!there)
            out.add(field, to_json(each), nullptr);
        else if (there->verified != each.verified)
            out.add(field, to_json(each), to_json(*there));
    }
    for (const auto& each : found)
        if (!find_in(expected, each.value))
            out.add(field, nullptr, to_json(each));
    // Which one is primary is told only where both still have it: what is missing has been told.
    if (!expected.empty() && !found.empty() && lower(expected.front().value) != lower(found.front().value) &&
        find_in(found, expected.front().value) && find_in(expected, found.front().value))
        out.add("primary_" + field, json::value(expected.front().value), json::value(found.front().value));
}

json::value to_json(const membership& of)
{
    json::object out;
    out["organization"] = of.organization;
    auto& roles = out["roles"].emplace_array();
    for (const auto& each : of.roles)
        roles.emplace_back(each);
    return out;
}

const membership* find_in(const std::vector<membership>& all, const std::string& organization)
{
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.organization == organization; });
    return at == all.end() ? nullptr : &*at;
}

std::vector<std::string> sorted(std::vector<std::string> all)
{
    std::sort(all.begin(), all.end());
    return all;
}

void memberships(finder& out, const std::vector<membership>& expected, const std::vector<membership>& found)
{
    for (const auto& each : expected) {
        const auto* there = find_in(found, each.organization);
        if (!there) {
            out.add("membership", to_json(each), nullptr);
            continue;
        }
        if (sorted(each.roles) != sorted(there->roles))
            out.add("membership/roles", to_json(each), to_json(*there));
        objects(out, "membership/public_metadata", each.public_metadata, there->public_metadata);
        objects(out, "membership/private_metadata", each.private_metadata, there->private_metadata);
    }
    for (const auto& each : found)
        if (!find_in(expected, each.organization))
            out.add("membership", nullptr, to_json(each));
}

bool same_number(const json::value& a, const json::value& b)
{
    // Whole numbers are compared as such: as floating point, large ones that differ could seem equal.
    if (!a.is_double() && !b.is_double())
        return a == b;
    return a.to_number<double>() == b.to_number<double>();
}

bool same_objects(const json::object& a, const json::object& b)
{
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& each) {
               const auto* there = b.if_contains(each.key());
               return there && same_json(each.value(), *there);
           });
}

} // namespace

bool same_json(const json::value& a, const json::value& b)
{
    if (a.is_number() && b.is_number())
        return same_number(a, b);
    if (a.is_object() && b.is_object())
        return same_objects(a.get_object(), b.get_object());
    if (a.is_array() && b.is_array())
        return std::equal(a.get_array().begin(), a.get_array().end(), b.get_array().begin(), b.get_array().end(),
                          same_json);
    return a == b;
}

std::vector<difference> compare(const user& expected, const user& found)
{
    finder out;
    texts(out, "id", expected.id, found.id);
    identifiers(out, "email_address", expected.email_addresses, found.email_addresses);
    identifiers(out, "phone_number", expected.phone_numbers, found.phone_numbers);
    if (lower(expected.username) != lower(found.username))
        texts(out, "username", expected.username, found.username);
    texts(out, "first_name", expected.first_name, found.first_name);
    texts(out, "last_name", expected.last_name, found.last_name);
    texts(out, "locale", expected.locale, found.locale);
    secrets(out, "password", expected.password.has_value(), found.password.has_value());
    secrets(out, "totp_secret", !expected.totp_secret.empty(), !found.totp_secret.empty());
    secrets(out, "backup_codes", !expected.backup_codes.empty(), !found.backup_codes.empty());
    objects(out, "public_metadata", expected.public_metadata, found.public_metadata);
    objects(out, "private_metadata", expected.private_metadata, found.private_metadata);
    objects(out, "unsafe_metadata", expected.unsafe_metadata, found.unsafe_metadata);
    times(out, "created_at", expected.created_at, found.created_at);
    times(out, "legal_accepted_at", expected.legal_accepted_at, found.legal_accepted_at);
    if (expected.banned != found.banned)
        out.add("banned", expected.banned, found.banned);
    if (expected.locked != found.locked)
        out.add("locked", expected.locked, found.locked);
    open(out, "delete_self_enabled", expected.delete_self_enabled, found.delete_self_enabled);
    open(out, "create_organization_enabled", expected.create_organization_enabled, found.create_organization_enabled);
    open(out, "create_organizations_limit", expected.create_organizations_limit, found.create_organizations_limit);
    memberships(out, expected.memberships, found.memberships);
    return std::move(out.all);
}

std::vector<difference> compare(const organization& expected, const organization& found)
{
    const auto without_mark = [](json::object metadata) {
        metadata.erase("usher");
        return metadata;
    };
    finder out;
    texts(out, "id", expected.id, found.id);
    texts(out, "name", expected.name, found.name);
    texts(out, "slug", expected.slug, found.slug);
    objects(out, "public_metadata", expected.public_metadata, found.public_metadata);
    objects(out, "private_metadata", without_mark(expected.private_metadata), without_mark(found.private_metadata));
    open(out, "max_allowed_memberships", expected.max_allowed_memberships, found.max_allowed_memberships);
    open(out, "admin_delete_enabled", expected.admin_delete_enabled, found.admin_delete_enabled);
    times(out, "created_at", expected.created_at, found.created_at);
    return std::move(out.all);
}

} // namespace usher::bulk
