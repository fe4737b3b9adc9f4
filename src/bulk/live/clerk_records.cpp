#include "bulk/live/clerk_records.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace json = boost::json;

namespace usher::bulk {

namespace {

std::string_view status_text(const std::string& status)
{
    return status;
}

template <class E>
std::string_view status_text(const open_enum<E>& status)
{
    return status.text();
}

template <class Verification>
bool is_verified(const std::optional<Verification>& verification)
{
    if (!verification)
        return false;
    return std::visit(
        [](const auto& each) {
            if constexpr (std::is_same_v<std::decay_t<decltype(each)>, unknown_json>)
                return false; // nobody is promoted by a verification that is newer than this library
            else
                return status_text(each.status) == "verified";
        },
        *verification);
}

/// The primary one first, the others in their order.
template <class Each, class Text>
std::vector<identifier> identifiers(const std::vector<Each>& all, const std::optional<std::string>& primary,
                                    Text Each::*text)
{
    std::vector<identifier> made;
    for (const auto& each : all) {
        identifier one(each.*text, is_verified(each.verification));
        if (primary && each.id == primary)
            made.insert(made.begin(), std::move(one));
        else
            made.push_back(std::move(one));
    }
    return made;
}

void note_if(bool has, std::vector<note>& lost, const char* field, const char* reason)
{
    if (has)
        lost.emplace_back(field, reason);
}

void note_credentials(const clerk::user& of, std::vector<note>& lost)
{
    note_if(of.password_enabled, lost, "password", "the API gives no password digest: this user sets a new password");
    note_if(of.totp_enabled, lost, "totp_secret", "the API gives no TOTP secret: this user sets up the app again");
    note_if(of.backup_code_enabled, lost, "backup_codes", "the API gives no backup codes");
    note_if(!of.passkeys.empty(), lost, "passkeys", "a passkey can't leave the instance that it was made for");
    note_if(!of.web3_wallets.empty(), lost, "web3_wallets", "wallets are not carried over");
    const bool second_factor = std::any_of(of.phone_numbers.begin(), of.phone_numbers.end(), [](const auto& number) {
        return number.reserved_for_second_factor.value_or(false);
    });
    note_if(second_factor, lost, "reserved_for_second_factor",
            "that a number is a second factor can't be said when it is added");
}

void note_accounts(const clerk::user& of, std::vector<note>& lost)
{
    constexpr const char* linked = "a link to another provider is made when the user signs in with it";
    note_if(!of.external_accounts.empty(), lost, "external_accounts", linked);
    note_if(!of.saml_accounts.empty(), lost, "saml_accounts", linked);
    note_if(!of.enterprise_accounts.empty(), lost, "enterprise_accounts", linked);
    note_if(of.has_image, lost, "profile_image", "the image is not carried over");
    note_if(of.external_id && !of.external_id->empty(), lost, "external_id",
            "the target's external_id becomes the id that the user has here");
    note_if(of.bypass_client_trust.value_or(false), lost, "bypass_client_trust", "it is not carried over");
}

} // namespace

organization from_clerk(clerk::organization of, std::vector<note>& lost)
{
    organization made;
    made.id = std::move(of.id);
    made.name = std::move(of.name);
    made.slug = std::move(of.slug);
    made.created_at = of.created_at;
    made.public_metadata = std::move(of.public_metadata);
    if (of.private_metadata)
        made.private_metadata = std::move(*of.private_metadata);
    made.max_allowed_memberships = of.max_allowed_memberships;
    made.admin_delete_enabled = of.admin_delete_enabled;
    note_if(of.has_image, lost, "logo", "the logo is not carried over");
    note_if(of.role_set_key && !of.role_set_key->empty() && *of.role_set_key != "role_set:default", lost,
            "role_set_key", "role sets are not carried over");
    return made;
}

user from_clerk(clerk::user of, std::vector<note>& lost)
{
    note_credentials(of, lost);
    note_accounts(of, lost);
    user made;
    made.id = std::move(of.id);
    made.email_addresses =
        identifiers(of.email_addresses, of.primary_email_address_id, &clerk::email_address::email_address);
    made.phone_numbers = identifiers(of.phone_numbers, of.primary_phone_number_id, &clerk::phone_number::phone_number);
    made.username = of.username.value_or(std::string());
    made.first_name = of.first_name.value_or(std::string());
    made.last_name = of.last_name.value_or(std::string());
    made.locale = of.locale.value_or(std::string());
    made.public_metadata = std::move(of.public_metadata);
    if (of.private_metadata)
        made.private_metadata = std::move(*of.private_metadata);
    if (of.unsafe_metadata)
        made.unsafe_metadata = std::move(*of.unsafe_metadata);
    made.created_at = of.created_at;
    made.legal_accepted_at = of.legal_accepted_at;
    made.banned = of.banned;
    made.locked = of.locked;
    made.delete_self_enabled = of.delete_self_enabled;
    made.create_organization_enabled = of.create_organization_enabled;
    made.create_organizations_limit = of.create_organizations_limit;
    return made;
}

kept_membership from_clerk(const clerk::organization_membership& of)
{
    kept_membership made;
    made.id = of.id;
    made.organization = of.organization.id;
    if (of.public_user_data)
        made.user = of.public_user_data->user_id;
    made.began = of.created_at.time_since_epoch().count();
    json::object body;
    body["organization"] = of.organization.id;
    json::array roles;
    if (!of.role.empty())
        roles.emplace_back(of.role);
    body["roles"] = std::move(roles);
    if (!of.public_metadata.empty())
        body["public_metadata"] = of.public_metadata;
    if (of.private_metadata && !of.private_metadata->empty())
        body["private_metadata"] = *of.private_metadata;
    made.body = json::serialize(body);
    return made;
}

} // namespace usher::bulk
