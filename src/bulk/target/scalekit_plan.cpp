// What a record asks Scalekit for, and what it can't have there.
#include "bulk/target/scalekit_encode.hpp"
#include "bulk/target/scalekit_target.hpp"

#include "json/check.hpp"

#include <algorithm>
#include <utility>

namespace usher::bulk {

namespace {

using planned = boost::system::result<std::vector<step>, refusal>;

constexpr std::size_t longest_display_name = 200;

template <class Params>
refusal check_params(const Params& params)
{
    const Params* object = &params;
    if (const auto bad = detail::check(usher_type(object), object))
        return {"invalid_request", bad->pointer, bad->message()};
    return {};
}

void note_lost(const user& who, std::vector<note>& notes)
{
    const auto lost = [&](bool is_lost, const char* name, const char* reason) {
        if (is_lost)
            notes.emplace_back(name, reason);
    };
    lost(who.email_addresses.size() > 1, "email_addresses", "Scalekit has one address of a user: the primary one");
    lost(!who.email_addresses.front().verified, "email_addresses.verified",
         "Scalekit takes the address of who is not invited as verified");
    lost(who.phone_numbers.size() > 1, "phone_numbers", "Scalekit has one number of a user: the primary one");
    lost(!who.phone_numbers.empty() && who.phone_numbers.front().verified, "phone_numbers.verified",
         "Scalekit can't be told that a number is verified");
    lost(!fits_profile(who.first_name), "first_name", "longer than 255 bytes");
    lost(!fits_profile(who.last_name), "last_name", "longer than 255 bytes");
    lost(!fits_profile(who.locale), "locale", "longer than 255 bytes");
    lost(who.password.has_value(), "password", "Scalekit has no passwords");
    lost(!who.totp_secret.empty(), "totp_secret", "Scalekit has no authenticator apps");
    lost(!who.backup_codes.empty(), "backup_codes", "Scalekit has no backup codes");
    lost(!who.username.empty(), "username", "nobody can sign in by it: kept in the metadata alone");
    lost(who.banned, "banned", "Scalekit has no bans: the user can sign in");
    lost(who.locked, "locked", "Scalekit has no locks: the user can sign in");
    lost(who.delete_self_enabled == false, "delete_self_enabled", "Scalekit has no such setting");
    lost(who.create_organization_enabled == false, "create_organization_enabled", "Scalekit has no such setting");
    lost(who.create_organizations_limit.has_value(), "create_organizations_limit", "Scalekit has no such setting");
}

planned plan_user(const user& who, bool has_default, std::vector<note>& notes)
{
    if (who.email_addresses.empty())
        return refusal("no_identifier", "email_addresses", "Scalekit needs an e-mail address of every user");
    if (who.memberships.empty() && !has_default)
        return refusal("no_organization", "memberships",
                       "Scalekit has users in organizations alone, and there is no default one");
    const auto why = check_params(scalekit_params(who));
    if (!why.code.empty())
        return why;
    note_lost(who, notes);
    (void)carried_by(who, &notes);
    std::vector<step> steps{step(import_step::create, 0)};
    for (const auto place : joined(who)) {
        (void)carried_by(who.memberships[place], &notes);
        steps.emplace_back(import_step::membership, place).comes_along = place == 0;
    }
    return steps;
}

planned plan_organization(const organization& which, std::vector<note>& notes)
{
    // Characters, not bytes.
    const auto length = std::count_if(which.name.begin(), which.name.end(),
                                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (which.name.empty())
        return refusal("no_name", "name", "an organization needs a name");
    if (length > static_cast<std::ptrdiff_t>(longest_display_name))
        return refusal("invalid_request", "/display_name", "the name is longer than 200 characters");
    const auto why = check_params(scalekit_params(which));
    if (!why.code.empty())
        return why;
    (void)carried_by(which, &notes);
    return std::vector<step>{step(import_step::create, 0)};
}

} // namespace

planned scalekit_target::plan(mapped_record& record) const
{
    if (const auto* who = std::get_if<user>(&record.what))
        return plan_user(*who, !calls_.options.default_organization.empty(), record.notes);
    return plan_organization(std::get<organization>(record.what), record.notes);
}

} // namespace usher::bulk
