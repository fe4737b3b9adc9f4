// Auth0's user export: https://auth0.com/docs describes the members; which of them a target can take is decided here.
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/mapping_parts.hpp"
#include "bulk/mapping/text.hpp"

#include <utility>

namespace usher::bulk {

namespace {

/// Members of Auth0's users that no target has a place for, and why.
constexpr std::pair<std::string_view, std::string_view> not_carried[] = {
    {"picture", "pictures can't be set by their address"},
    {"nickname", "targets have no such member"},
    {"identities", "social connections can't be created: they are linked again at the next sign-in"},
    {"multifactor", "second factors are not part of an export"},
    {"updated_at", "set by the target"},
    {"last_login", "set by the target"},
    {"last_ip", "set by the target"},
    {"logins_count", "set by the target"},
    {"last_password_reset", "set by the target"},
};

std::string_view reason_for(std::string_view field)
{
    for (const auto& [name, reason] : not_carried)
        if (name == field)
            return reason;
    return "not a member of Auth0's users that is known here";
}

/// Only a database identity: nothing is lost with it.
bool is_database_identity(const boost::json::value* identities)
{
    if (!identities || !identities->is_array())
        return identities == nullptr;
    for (const auto& identity : identities->get_array()) {
        const auto* object = identity.if_object();
        const auto* provider = object ? object->if_contains("provider") : nullptr;
        if (!provider || !provider->is_string() || provider->get_string() != "auth0")
            return false;
    }
    return true;
}

refusal take_password(record_fields& fields, user& made)
{
    std::string_view name = "password_hash";
    auto digest = fields.take_text(name);
    if (digest.empty())
        digest = fields.take_text(name = "passwordHash");
    if (digest.empty()) {
        if (!fields.take("custom_password_hash"))
            return {};
        return {"password_digest_unknown", "custom_password_hash",
                "only bcrypt digests (password_hash) are read from an Auth0 export"};
    }
    auto checked = check_digest("bcrypt", digest, name, name);
    if (!checked)
        return checked.error();
    made.password = std::move(*checked);
    return {};
}

void take_names(record_fields& fields, user_parts& parts)
{
    const auto given = fields.take_text("given_name");
    const auto family = fields.take_text("family_name");
    set_name(parts.made.first_name, "given_name", given, parts.notes);
    set_name(parts.made.last_name, "family_name", family, parts.notes);
    const auto full = fields.take_text("name");
    const bool same =
        full.size() == given.size() + 1 + family.size() && full.starts_with(given) && full.ends_with(family);
    if (full.empty() || full == given || same || full == parts.made.id)
        return;
    if (looks_like_url(full) || looks_like_phone(full) || is_email_address(full))
        parts.add_note("name", "no name of a person");
    else
        parts.add_note("name", given.empty() && family.empty() ? "not split into first and last name"
                                                               : "differs from given and family name, which are taken");
}

void take_created_at(record_fields& fields, user_parts& parts)
{
    const auto text = fields.take_text("created_at");
    if (text.empty())
        return;
    parts.made.created_at = parse_time(text);
    if (!parts.made.created_at)
        parts.add_note("created_at", "not an RFC 3339 time");
}

} // namespace

mapped map_auth0(const boost::json::object& object, const mapping_options& options)
{
    user_parts parts;
    auto& made = parts.made;
    record_fields fields(object, parts.notes);
    made.id = fields.take_text("user_id");
    if (made.id.empty())
        return no_external_id("user_id");

    add_email(parts, "email", fields.take_text("email"), fields.take_flag("email_verified"));
    add_phone(parts, "phone_number", fields.take_text("phone_number"), fields.take_flag("phone_verified"));
    made.username = fields.take_text("username");
    take_names(fields, parts);
    take_created_at(fields, parts);
    // A ban that nobody can read is no reason to let somebody in.
    made.banned = fields.take_flag("blocked", true);
    if (auto refused = take_password(fields, made); !refused.code.empty())
        return refused;
    made.private_metadata = fields.take_object("app_metadata");
    user_metadata(made, options) = fields.take_object("user_metadata");

    const auto* identities = object.if_contains("identities");
    for (const auto name : fields.rest())
        if (name != "identities" || !is_database_identity(identities))
            parts.add_note(name, std::string(reason_for(name)));
    return std::move(parts).finish();
}

} // namespace usher::bulk
