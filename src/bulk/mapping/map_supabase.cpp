// The table `auth.users` of Supabase, CSV or JSON.
//
// `raw_app_meta_data` is written by the application alone: private metadata, without the providers that Supabase keeps
// in it. `raw_user_meta_data` is what users write themselves: it is kept whole, also the names that are taken from it,
// since an application may read them there.
#include "bulk/mapping/column_values.hpp"
#include "bulk/mapping/digest_text.hpp"
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/mapping_parts.hpp"
#include "bulk/mapping/text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace json = boost::json;

namespace usher::bulk {

namespace {

constexpr std::string_view password_field = "encrypted_password";

/// Columns that say nothing of a user: what Supabase needs for links under way, and what follows from other columns.
constexpr std::string_view silent[] = {"instance_id",
                                       "aud",
                                       "confirmed_at",
                                       "confirmation_token",
                                       "confirmation_sent_at",
                                       "invited_at",
                                       "recovery_token",
                                       "recovery_sent_at",
                                       "email_change_token_new",
                                       "email_change_token_current",
                                       "email_change_sent_at",
                                       "email_change_confirm_status",
                                       "phone_change_token",
                                       "phone_change_sent_at",
                                       "reauthentication_token",
                                       "reauthentication_sent_at"};

constexpr std::pair<std::string_view, std::string_view> not_carried[] = {
    {"updated_at", "set by the target"},
    {"last_sign_in_at", "set by the target"},
    {"email_change", "a new address that was never confirmed"},
    {"phone_change", "a new number that was never confirmed"},
    {"identities", "social connections can't be created: they are linked again at the next sign-in"},
};

std::string_view reason_for(std::string_view field)
{
    for (const auto& [name, reason] : not_carried)
        if (name == field)
            return reason;
    return "not a column of auth.users that is known here";
}

/// A time, if there is one that can be read; another text is noted.
std::optional<column_time> take_time(record_fields& fields, std::string_view name, user_parts& parts)
{
    const auto* value = fields.take(name);
    if (!value || is_nothing(*value))
        return std::nullopt;
    auto time = column_time_of(*value, time_form::text);
    if (!time)
        parts.add_note(name, "not a time");
    return time;
}

/// `$fbscrypt$v=1,n=14,r=8,p=1,ss=…,sk=…$salt$hash`, as Supabase keeps the passwords of users who came from Firebase.
std::string firebase_digest(std::string_view text)
{
    const auto parts = segments(text, '$');
    if (parts.size() != 5 || !parts[0].empty())
        return {};
    std::string_view version, memory, rounds, separator, key;
    for (const auto setting : segments(parts[2], ',')) {
        const auto value = setting.substr(std::min(setting.find('=') + 1, setting.size()));
        if (setting.starts_with("v="))
            version = value;
        else if (setting.starts_with("n="))
            memory = value;
        else if (setting.starts_with("r="))
            rounds = value;
        else if (setting.starts_with("ss="))
            separator = value;
        else if (setting.starts_with("sk="))
            key = value;
    }
    if (version != "1")
        return {};
    std::string digest(parts[4]);
    for (const auto part : {parts[3], key, separator, rounds, memory})
        digest.append("$").append(part);
    return digest;
}

refusal take_password(record_fields& fields, user& made)
{
    const auto text = fields.take_text(password_field);
    if (text.empty())
        return {};
    auto checked = text.starts_with("$fbscrypt$")
                       ? check_digest("scrypt_firebase", firebase_digest(text), password_field, password_field)
                       : check_digest(text.starts_with("$argon2") ? recognised_hasher(text) : "bcrypt", text,
                                      password_field, password_field);
    if (!checked)
        return checked.error();
    made.password = std::move(*checked);
    return {};
}

void take_phone(record_fields& fields, user_parts& parts)
{
    const auto number = fields.take_text("phone");
    const bool verified = take_time(fields, "phone_confirmed_at", parts).has_value();
    if (number.empty())
        return;
    add_phone(parts, "phone", number.starts_with('+') ? std::string(number) : "+" + std::string(number), verified);
}

std::string_view text_of(const json::object& from, std::initializer_list<std::string_view> names)
{
    for (const auto name : names)
        if (const auto* value = from.if_contains(name); value && value->is_string())
            if (const auto text = trimmed(value->get_string()); !text.empty())
                return text;
    return {};
}

void set_names(const json::object& from, user_parts& parts)
{
    const auto first = text_of(from, {"given_name", "first_name"});
    const auto last = text_of(from, {"family_name", "last_name"});
    set_name(parts.made.first_name, "raw_user_meta_data.given_name", first, parts.notes);
    set_name(parts.made.last_name, "raw_user_meta_data.family_name", last, parts.notes);
    if (first.empty() && last.empty())
        set_full_name(parts, "raw_user_meta_data.full_name", text_of(from, {"full_name", "name"}));
}

void take_application_metadata(record_fields& fields, user_parts& parts)
{
    auto& metadata = parts.made.private_metadata = fields.take_object("raw_app_meta_data");
    std::set<std::string> providers;
    const auto add = [&](const json::value& name) {
        if (name.is_string() && name.get_string() != "email" && name.get_string() != "phone")
            providers.insert(std::string(name.get_string()));
    };
    if (const auto* one = metadata.if_contains("provider"))
        add(*one);
    if (const auto* all = metadata.if_contains("providers"); all && all->is_array())
        for (const auto& name : all->get_array())
            add(name);
    metadata.erase("provider");
    metadata.erase("providers");
    for (const auto& name : providers)
        parts.add_note("raw_app_meta_data.providers", name + ": " + std::string(reason_for("identities")));
}

void take_ban(record_fields& fields, user_parts& parts)
{
    const auto* value = fields.take("banned_until");
    if (!value || is_nothing(*value))
        return;
    const bool for_ever = value->is_string() && trimmed(value->get_string()) == "infinity";
    const auto until = column_time_of(*value, time_form::text);
    if (!for_ever && !until)
        parts.add_note("banned_until", "not a time that can be read: the user is banned");
    // A ban whose end nobody can read is no reason to let somebody in.
    parts.made.banned = for_ever || !until || *until > std::chrono::system_clock::now();
    if (until && parts.made.banned)
        parts.add_note("banned_until", "the ban has no end at the target");
}

void note_kind_of_user(record_fields& fields, user_parts& parts)
{
    if (fields.take_flag("is_sso_user"))
        parts.add_note("is_sso_user", "signs in by an identity provider, which has to be connected at the target");
    if (fields.take_flag("is_anonymous"))
        parts.add_note("is_anonymous", "a guest: the target has no such users");
    if (fields.take_flag("is_super_admin"))
        parts.add_note("is_super_admin", "the target has no such role");
    if (const auto role = fields.take_text("role"); !role.empty() && role != "authenticated")
        parts.add_note("role", "a role in the database, which the target does not have");
}

} // namespace

mapped map_supabase(const json::object& object, const mapping_options& options)
{
    user_parts parts;
    auto& made = parts.made;
    record_fields fields(object, parts.notes);
    made.id = fields.take_text("id");
    if (made.id.empty())
        return no_external_id("id");
    if (const auto* deleted = fields.take("deleted_at"); deleted && !is_nothing(*deleted))
        return refusal("deleted_at_source", "deleted_at", "this user was deleted at Supabase");

    const auto address = fields.take_text("email");
    add_email(parts, "email", address, take_time(fields, "email_confirmed_at", parts).has_value());
    take_phone(fields, parts);
    made.created_at = take_time(fields, "created_at", parts);
    if (auto refused = take_password(fields, made); !refused.code.empty())
        return refused;
    take_ban(fields, parts);
    note_kind_of_user(fields, parts);
    take_application_metadata(fields, parts);
    auto metadata = fields.take_object("raw_user_meta_data");
    set_names(metadata, parts);
    user_metadata(made, options) = std::move(metadata);
    for (const auto name : silent)
        fields.take(name);
    for (const auto name : fields.rest())
        parts.add_note(name, std::string(reason_for(name)));
    return std::move(parts).finish();
}

} // namespace usher::bulk
