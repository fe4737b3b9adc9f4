// Firebase's user export (`firebase auth:export`), JSON or CSV.
//
// A telephone number counts as verified: at Firebase it is a credential of its own, and whoever signs in by it shows
// each time that they hold it, as they will at the target. An address is verified only if the export says so.
// Custom claims (`customAttributes`) are written by the application alone, which decides by them what users may do:
// they become private metadata, so that nobody else reads them before the application says so.
#include "bulk/mapping/column_values.hpp"
#include "bulk/mapping/digest_text.hpp"
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/mapping_parts.hpp"
#include "bulk/mapping/text.hpp"

namespace usher::bulk {

namespace {

constexpr std::string_view hash_field = "passwordHash";
/// What Firebase gives in place of hashes to an account that may not read them: base64 of REDACTED.
constexpr std::string_view redacted = "UkVEQUNURUQ=";
constexpr std::string_view linked_again =
    "social connections can't be created: they are linked again at the next sign-in";

/// Members of Firebase's users that no target has a place for, and why.
constexpr std::pair<std::string_view, std::string_view> not_carried[] = {
    {"photoUrl", "pictures can't be set by their address"},
    {"lastSignedInAt", "set by the target"},
    {"lastLoginAt", "set by the target"},
    {"lastRefreshAt", "set by the target"},
    {"passwordUpdatedAt", "set by the target"},
    {"mfaInfo", "second factors are not part of an export"},
};

std::string_view reason_for(std::string_view field)
{
    for (const auto& [name, reason] : not_carried)
        if (name == field)
            return reason;
    return "not a member of Firebase's users that is known here";
}

std::string problem_of(const firebase_hash_parameters& with)
{
    const auto key = from_base64(with.signer_key);
    if (!key || key->empty())
        return "the signer key is not base64";
    if (const auto separator = from_base64(with.salt_separator); !separator || separator->empty())
        return "the salt separator is not base64";
    if (with.rounds < 1 || with.rounds > 8)
        return "rounds are 1 to 8";
    if (with.memory_cost < 1 || with.memory_cost > 14)
        return "the memory cost is 1 to 14";
    return {};
}

refusal take_password(record_fields& fields, user& made, const std::optional<firebase_hash_parameters>& with)
{
    const auto hash = fields.take_text(hash_field);
    const auto salt = fields.take_text("salt");
    if (hash.empty() && salt.empty())
        return {};
    if (hash.empty())
        return {"password_digest_missing", std::string(hash_field), "a salt without a hash"};
    if (hash == redacted)
        return {"password_redacted", std::string(hash_field),
                "Firebase left the hash out: whoever exports needs the right firebaseauth.configs.getHashConfig"};
    if (salt.empty())
        return {"password_salt_missing", "salt", "a hash without a salt"};
    if (!with)
        return {"firebase_parameters_missing", std::string(hash_field),
                "the parameters of the project's hash are needed: its console shows them"};
    if (auto problem = problem_of(*with); !problem.empty())
        return {"firebase_parameters_invalid", std::string(hash_field), std::move(problem)};
    std::string digest(hash);
    for (const auto part : {salt, std::string_view(with->signer_key), std::string_view(with->salt_separator)})
        digest.append("$").append(part);
    digest += "$" + std::to_string(with->rounds) + "$" + std::to_string(with->memory_cost);
    auto checked = check_digest("scrypt_firebase", digest, hash_field);
    if (!checked)
        return checked.error();
    made.password = std::move(*checked);
    return {};
}

void take_time(record_fields& fields, user_parts& parts)
{
    const auto* value = fields.take("createdAt");
    if (!value || is_nothing(*value))
        return;
    parts.made.created_at = column_time_of(*value, time_form::milliseconds);
    if (!parts.made.created_at)
        parts.add_note("createdAt", "not a time in milliseconds");
}

/// Other ways to sign in: a list in JSON, columns of four providers in CSV.
void take_providers(record_fields& fields, user_parts& parts)
{
    std::set<std::string> providers;
    if (const auto* list = fields.take("providerUserInfo"); list && list->is_array())
        for (const auto& entry : list->get_array()) {
            const auto* object = entry.if_object();
            const auto* name = object ? object->if_contains("providerId") : nullptr;
            const auto text = name && name->is_string() ? std::string(name->get_string()) : std::string("unknown");
            if (text != "password" && text != "phone")
                providers.insert(text);
        }
    else if (list)
        parts.add_note("providerUserInfo", "not a list");
    for (const std::string provider : {"google.com", "facebook.com", "twitter.com", "github.com"})
        for (const auto* member : {".rawId", ".email", ".displayName", ".photoUrl"})
            if (const auto* value = fields.take(provider + member); value && !is_nothing(*value))
                providers.insert(provider);
    for (const auto& provider : providers)
        parts.add_note("providerUserInfo", provider + ": " + std::string(linked_again));
}

} // namespace

mapped map_firebase(const boost::json::object& object, const mapping_options& options)
{
    user_parts parts;
    auto& made = parts.made;
    record_fields fields(object, parts.notes);
    made.id = fields.take_text("localId");
    if (made.id.empty())
        return no_external_id("localId");

    add_email(parts, "email", fields.take_text("email"), fields.take_flag("emailVerified"));
    add_phone(parts, "phoneNumber", fields.take_text("phoneNumber"), true);
    set_full_name(parts, "displayName", fields.take_text("displayName"));
    take_time(fields, parts);
    // A ban that nobody can read is no reason to let somebody in.
    made.banned = fields.take_flag("disabled", true);
    if (auto refused = take_password(fields, made, options.firebase); !refused.code.empty())
        return refused;
    made.private_metadata = fields.take_object("customAttributes");
    take_providers(fields, parts);
    for (const auto name : fields.rest())
        parts.add_note(name, std::string(reason_for(name)));
    return std::move(parts).finish();
}

} // namespace usher::bulk
