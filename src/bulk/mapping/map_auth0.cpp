// Auth0's user export: https://auth0.com/docs describes the members; which of them Clerk can take is decided here.
#include "bulk/mapping/mapping_parts.hpp"
#include "bulk/mapping/text.hpp"

#include <usher/time.hpp>

#include <boost/json/serialize.hpp>

#include <utility>

namespace usher::bulk {

namespace {

constexpr std::size_t largest_metadata = 8 * 1024;

/// Members of Auth0's users that Clerk's API has no place for, and why.
constexpr std::pair<std::string_view, std::string_view> not_carried[] = {
    {"picture", "pictures can't be set by their address"},
    {"nickname", "Clerk has no such member"},
    {"identities", "social connections can't be created: they are linked again at the next sign-in"},
    {"multifactor", "second factors are not part of an export"},
    {"updated_at", "set by Clerk"},
    {"last_login", "set by Clerk"},
    {"last_ip", "set by Clerk"},
    {"logins_count", "set by Clerk"},
    {"last_password_reset", "set by Clerk"},
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

refusal take_metadata(record_fields& fields, std::string_view name, field<boost::json::object>& target, user_plan& plan)
{
    const auto* value = fields.take(name);
    if (!value || (value->is_object() && value->get_object().empty()))
        return {};
    if (!value->is_object()) {
        plan.notes.emplace_back(std::string(name), "not an object");
        return {};
    }
    if (boost::json::serialize(*value).size() > largest_metadata)
        return {"metadata_too_large", std::string(name), "larger than 8 KiB, which is all that Clerk takes"};
    target = value->get_object();
    return {};
}

refusal take_password(record_fields& fields, user_plan& plan)
{
    std::string_view name = "password_hash";
    auto digest = fields.take_text(name, plan);
    if (digest.empty())
        digest = fields.take_text(name = "passwordHash", plan);
    if (digest.empty()) {
        if (!fields.take("custom_password_hash"))
            return {};
        return {"password_digest_unknown", "custom_password_hash",
                "only bcrypt digests (password_hash) are read from an Auth0 export"};
    }
    if (!is_bcrypt(digest))
        return {"password_digest_invalid", std::string(name), "not a whole bcrypt digest"};
    plan.create.password_digest = std::string(digest);
    plan.create.password_hasher = std::string("bcrypt");
    return {};
}

void take_names(record_fields& fields, user_plan& plan)
{
    const auto given = fields.take_text("given_name", plan);
    const auto family = fields.take_text("family_name", plan);
    set_name(plan.create.first_name, "given_name", given, plan);
    set_name(plan.create.last_name, "family_name", family, plan);
    const auto full = fields.take_text("name", plan);
    const bool same =
        full.size() == given.size() + 1 + family.size() && full.starts_with(given) && full.ends_with(family);
    if (full.empty() || full == given || same || full == plan.external_id)
        return;
    if (looks_like_url(full) || looks_like_phone(full) || is_email_address(full))
        plan.notes.emplace_back("name", "no name of a person");
    else
        plan.notes.emplace_back("name", given.empty() && family.empty()
                                            ? "not split into first and last name"
                                            : "differs from given and family name, which are taken");
}

void take_created_at(record_fields& fields, user_plan& plan)
{
    const auto text = fields.take_text("created_at", plan);
    if (text.empty())
        return;
    if (const auto time = parse_rfc3339(text))
        plan.create.created_at = *time;
    else
        plan.notes.emplace_back("created_at", "not an RFC 3339 time");
}

} // namespace

mapped_user map_auth0(const boost::json::object& object, const mapping_options& options)
{
    record_fields fields(object);
    user_plan plan;
    plan.external_id = fields.take_text("user_id", plan);
    if (plan.external_id.empty())
        return refusal("no_external_id", "user_id", "missing, and without it a second run would create the user again");

    add_email(plan, "email", fields.take_text("email", plan), fields.take_flag("email_verified"));
    add_phone(plan, "phone_number", fields.take_text("phone_number", plan), fields.take_flag("phone_verified"));
    if (const auto username = fields.take_text("username", plan); !username.empty())
        plan.create.username = std::string(username);
    take_names(fields, plan);
    take_created_at(fields, plan);
    plan.ban = fields.take_flag("blocked");

    if (auto refused = take_password(fields, plan); !refused.code.empty())
        return refused;
    if (auto refused = take_metadata(fields, "app_metadata", plan.create.private_metadata, plan); !refused.code.empty())
        return refused;
    auto& of_user = options.user_metadata == user_metadata_target::public_metadata ? plan.create.public_metadata
                                                                                   : plan.create.unsafe_metadata;
    if (auto refused = take_metadata(fields, "user_metadata", of_user, plan); !refused.code.empty())
        return refused;

    const auto* identities = object.if_contains("identities");
    for (const auto name : fields.rest())
        if (name != "identities" || !is_database_identity(identities))
            plan.notes.emplace_back(std::string(name), std::string(reason_for(name)));
    return finish_plan(std::move(plan));
}

} // namespace usher::bulk
