// The user export of Clerk's dashboard: from one instance of Clerk to another.
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/mapping_parts.hpp"
#include "bulk/mapping/text.hpp"

#include <algorithm>

namespace usher::bulk {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

using adder = void (*)(user_parts&, std::string_view, std::string_view, bool);

/// Addresses or numbers: the primary one first, each verified only if the export says so.
void take_identifiers(record_fields& fields, user_parts& parts, std::string_view primary_name,
                      std::string_view verified_name, std::string_view unverified_name, adder add)
{
    const auto primary = fields.take_text(primary_name);
    const auto verified = split_list(fields.take_text(verified_name));
    const auto unverified = split_list(fields.take_text(unverified_name));
    const bool listed = contains(verified, primary);
    if (!primary.empty() && !listed && !contains(unverified, primary))
        parts.add_note(primary_name, "not in \"" + std::string(verified_name) + "\": added as unverified");
    add(parts, primary_name, primary, listed);
    for (const auto& value : verified)
        add(parts, verified_name, value, true);
    for (const auto& value : unverified)
        add(parts, unverified_name, value, false);
}

refusal take_password(record_fields& fields, user& made)
{
    const auto digest = fields.take_text("password_digest");
    const auto hasher = fields.take_text("password_hasher");
    if (digest.empty() && hasher.empty())
        return {};
    auto checked = check_digest(hasher, digest);
    if (!checked)
        return checked.error();
    made.password = std::move(*checked);
    return {};
}

} // namespace

mapped map_clerk_csv(const boost::json::object& object, const mapping_options&)
{
    user_parts parts;
    auto& made = parts.made;
    record_fields fields(object, parts.notes);
    made.id = fields.take_text("id");
    if (made.id.empty())
        return no_external_id("id");

    set_name(made.first_name, "first_name", fields.take_text("first_name"), parts.notes);
    set_name(made.last_name, "last_name", fields.take_text("last_name"), parts.notes);
    made.username = fields.take_text("username");
    take_identifiers(fields, parts, "primary_email_address", "verified_email_addresses", "unverified_email_addresses",
                     add_email);
    take_identifiers(fields, parts, "primary_phone_number", "verified_phone_numbers", "unverified_phone_numbers",
                     add_phone);
    made.totp_secret = fields.take_text("totp_secret");
    if (auto refused = take_password(fields, made); !refused.code.empty())
        return refused;
    for (const auto name : fields.rest())
        parts.add_note(name, "not a column of Clerk's export that is known here");
    return std::move(parts).finish();
}

} // namespace usher::bulk
