// The user export of Clerk's dashboard: from one instance of Clerk to another.
#include "bulk/mapping/mapping_parts.hpp"
#include "bulk/mapping/text.hpp"

#include <algorithm>

namespace usher::bulk {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

using adder = void (*)(user_plan&, std::string_view, std::string_view, bool);

/// Addresses or numbers: the primary one first, each verified only if the export says so.
void take_identifiers(record_fields& fields, user_plan& plan, std::string_view primary_name,
                      std::string_view verified_name, std::string_view unverified_name, adder add)
{
    const auto primary = fields.take_text(primary_name, plan);
    const auto verified = split_list(fields.take_text(verified_name, plan));
    const auto unverified = split_list(fields.take_text(unverified_name, plan));
    const bool listed = contains(verified, primary);
    if (!primary.empty() && !listed && !contains(unverified, primary))
        plan.notes.emplace_back(std::string(primary_name),
                                "not in \"" + std::string(verified_name) + "\": added as unverified");
    if (listed)
        add(plan, primary_name, primary, true);
    for (const auto& value : verified)
        add(plan, verified_name, value, true);
    if (!listed)
        add(plan, primary_name, primary, false);
    for (const auto& value : unverified)
        add(plan, unverified_name, value, false);
}

refusal take_password(record_fields& fields, user_plan& plan)
{
    const auto digest = fields.take_text("password_digest", plan);
    const auto hasher = fields.take_text("password_hasher", plan);
    if (digest.empty() && hasher.empty())
        return {};
    if (hasher.empty())
        return {"password_hasher_missing", "password_hasher", "a digest without the name of its hasher"};
    if (!is_clerk_hasher(hasher))
        return {"password_hasher_unknown", "password_hasher", "not a hasher that Clerk knows"};
    if (digest.empty())
        return {"password_digest_missing", "password_digest", "a hasher without a digest"};
    if (hasher == "bcrypt" && !is_bcrypt(digest))
        return {"password_digest_invalid", "password_digest", "not a whole bcrypt digest"};
    plan.create.password_digest = std::string(digest);
    plan.create.password_hasher = std::string(hasher);
    return {};
}

} // namespace

mapped_user map_clerk_csv(const boost::json::object& object)
{
    record_fields fields(object);
    user_plan plan;
    plan.external_id = fields.take_text("id", plan);
    if (plan.external_id.empty())
        return refusal("no_external_id", "id", "missing, and without it a second run would create the user again");

    set_name(plan.create.first_name, "first_name", fields.take_text("first_name", plan), plan);
    set_name(plan.create.last_name, "last_name", fields.take_text("last_name", plan), plan);
    if (const auto username = fields.take_text("username", plan); !username.empty())
        plan.create.username = std::string(username);
    take_identifiers(fields, plan, "primary_email_address", "verified_email_addresses", "unverified_email_addresses",
                     add_email);
    take_identifiers(fields, plan, "primary_phone_number", "verified_phone_numbers", "unverified_phone_numbers",
                     add_phone);
    if (const auto totp = fields.take_text("totp_secret", plan); !totp.empty())
        plan.create.totp_secret = std::string(totp);
    if (auto refused = take_password(fields, plan); !refused.code.empty())
        return refused;
    for (const auto name : fields.rest())
        plan.notes.emplace_back(std::string(name), "not a column of Clerk's export that is known here");
    return finish_plan(std::move(plan));
}

} // namespace usher::bulk
