// The table `users` of Auth.js, as its adapters lay it out: https://authjs.dev/concepts/database-models.
#include "bulk/mapping/column_values.hpp"
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/mapping_parts.hpp"

namespace usher::bulk {

namespace {

/// Adapters differ in how they spell a column.
const boost::json::value* take_either(record_fields& fields, std::string_view camel, std::string_view snake)
{
    const auto* value = fields.take(camel);
    const auto* other = fields.take(snake);
    return value ? value : other;
}

std::string_view reason_for(std::string_view field)
{
    if (field == "image")
        return "pictures can't be set by their address";
    if (field == "updatedAt" || field == "updated_at")
        return "set by the target";
    return "not a member of Auth.js's users that is known here";
}

} // namespace

mapped map_authjs(const boost::json::object& object, const mapping_options&)
{
    user_parts parts;
    auto& made = parts.made;
    record_fields fields(object, parts.notes);
    if (const auto* id = fields.take("id"))
        made.id = column_text(*id).value_or("");
    if (made.id.empty())
        return no_external_id("id");

    const auto* verified_at = take_either(fields, "emailVerified", "email_verified");
    const auto verified = verified_at ? column_verified(*verified_at) : std::optional(false);
    if (!verified)
        parts.add_note("emailVerified", "neither a time nor a flag: the address is added as unverified");
    add_email(parts, "email", fields.take_text("email"), verified.value_or(false));
    set_full_name(parts, "name", fields.take_text("name"));
    if (const auto* created = take_either(fields, "createdAt", "created_at"); created && !is_nothing(*created)) {
        made.created_at = column_time_of(*created);
        if (!made.created_at)
            parts.add_note("createdAt", "not a time");
    }
    // Auth.js stores none; applications with its credentials provider add a column.
    if (const auto digest = fields.take_text("password"); !digest.empty()) {
        auto password = check_digest(recognised_hasher(digest), digest, "password", "password");
        if (!password)
            return password.error();
        made.password = std::move(*password);
    }
    for (const auto name : fields.rest())
        parts.add_note(name, std::string(reason_for(name)));
    return std::move(parts).finish();
}

} // namespace usher::bulk
