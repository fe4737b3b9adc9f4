// The table `user` of Better Auth with what its plugins add, each row with its rows of `account`:
// https://www.better-auth.com/docs/concepts/database.
#include "bulk/mapping/column_values.hpp"
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/mapping_parts.hpp"

#include <set>
#include <utility>

namespace usher::bulk {

namespace {

/// Members of Better Auth's users that no target has a place for, and why.
constexpr std::pair<std::string_view, std::string_view> not_carried[] = {
    {"image", "pictures can't be set by their address"},
    {"updatedAt", "set by the target"},
    {"updated_at", "set by the target"},
    {"displayUsername", "targets have no such member"},
    {"display_username", "targets have no such member"},
    {"role", "a role of the whole application: targets know those of organizations"},
    {"banReason", "targets have no such member"},
    {"ban_reason", "targets have no such member"},
    {"twoFactorEnabled", "second factors are in a table of their own"},
    {"two_factor_enabled", "second factors are in a table of their own"},
    {"lastLoginMethod", "set by the target"},
    {"last_login_method", "set by the target"},
};

std::string_view reason_for(std::string_view field)
{
    for (const auto& [name, reason] : not_carried)
        if (name == field)
            return reason;
    return "not a member of Better Auth's users that is known here";
}

/// A member under either of the names that its database adapters give it.
class either {
public:
    explicit either(record_fields& fields, std::vector<note>& notes) : fields_(fields), notes_(notes) {}

    const boost::json::value* value(std::string_view camel, std::string_view snake)
    {
        const auto* first = fields_.take(camel);
        const auto* second = fields_.take(snake);
        const auto* found = first ? first : second;
        return found && !is_nothing(*found) ? found : nullptr;
    }

    bool flag(std::string_view camel, std::string_view snake, bool if_unreadable = false)
    {
        const auto* found = value(camel, snake);
        const auto flag = found ? column_flag(*found) : std::optional(false);
        if (!flag)
            notes_.emplace_back(std::string(camel),
                                std::string("neither true nor false: taken as ") + (if_unreadable ? "true" : "false"));
        return flag.value_or(if_unreadable);
    }

    std::string text(std::string_view camel, std::string_view snake)
    {
        const auto* found = value(camel, snake);
        const auto text = found ? column_text(*found) : std::optional(std::string());
        if (!text)
            notes_.emplace_back(std::string(camel), "not a text");
        return text.value_or("");
    }

private:
    record_fields& fields_;
    std::vector<note>& notes_;
};

/// The password, which is in the account of the provider `credential`; all other accounts are noted.
refusal take_accounts(record_fields& fields, user_parts& parts, std::string& password)
{
    const auto* value = fields.take("account");
    if (!value || is_nothing(*value))
        return {};
    if (!value->is_array())
        return {"account_malformed", "account", "not a list of the rows that belong to the user"};
    std::set<std::string> providers;
    for (const auto& entry : value->get_array()) {
        if (!entry.is_object())
            return {"account_malformed", "account", "an account that is not an object"};
        std::vector<note> notes;
        record_fields members(entry.get_object(), notes);
        either account(members, notes);
        const auto provider = account.text("providerId", "provider_id");
        if (provider != "credential") {
            providers.insert(provider);
            continue;
        }
        const auto digest = account.text("password", "password");
        if (digest.empty())
            parts.add_note("account.password", "a credential account without a password");
        else if (!password.empty() && password != digest)
            return {"password_ambiguous", "account", "two credential accounts with different passwords"};
        else
            password = digest;
    }
    for (const auto& name : providers)
        parts.add_note("account", name.empty() ? "an account that names no provider"
                                               : name + ": social connections can't be created: they are linked again "
                                                        "at the next sign-in");
    return {};
}

/// Better Auth lifts a ban that is over only when its user signs in the next time.
void take_ban(either& columns, user_parts& parts)
{
    const auto* expires = columns.value("banExpires", "ban_expires");
    // A ban that nobody can read, or whose end, is no reason to let somebody in.
    if (!columns.flag("banned", "banned", true))
        return;
    const auto until = expires ? column_time_of(*expires) : std::nullopt;
    parts.made.banned = !until || *until > std::chrono::system_clock::now();
    if (expires && !until)
        parts.add_note("banExpires", "not a time that can be read: the user is banned");
    else if (until && parts.made.banned)
        parts.add_note("banExpires", "a ban has no end at the target");
}

} // namespace

mapped map_better_auth(const boost::json::object& object, const mapping_options&)
{
    user_parts parts;
    auto& made = parts.made;
    record_fields fields(object, parts.notes);
    either columns(fields, parts.notes);
    made.id = columns.text("id", "id");
    if (made.id.empty())
        return no_external_id("id");

    add_email(parts, "email", columns.text("email", "email"), columns.flag("emailVerified", "email_verified"));
    add_phone(parts, "phoneNumber", columns.text("phoneNumber", "phone_number"),
              columns.flag("phoneNumberVerified", "phone_number_verified"));
    made.username = columns.text("username", "username");
    set_full_name(parts, "name", columns.text("name", "name"));
    take_ban(columns, parts);
    if (columns.flag("isAnonymous", "is_anonymous"))
        parts.add_note("isAnonymous", "an anonymous user, who becomes an ordinary one");
    if (const auto* created = columns.value("createdAt", "created_at")) {
        made.created_at = column_time_of(*created);
        if (!made.created_at)
            parts.add_note("createdAt", "not a time");
    }

    // A query that joins both tables has it among the user's own columns.
    auto password = columns.text("password", "password");
    const std::string_view place = password.empty() ? "account.password" : "password";
    if (auto refused = take_accounts(fields, parts, password); !refused.code.empty())
        return refused;
    if (!password.empty()) {
        auto checked = better_auth_digest(password, place);
        if (!checked)
            return checked.error();
        made.password = std::move(*checked);
    }
    for (const auto name : fields.rest())
        parts.add_note(name, std::string(reason_for(name)));
    return std::move(parts).finish();
}

} // namespace usher::bulk
