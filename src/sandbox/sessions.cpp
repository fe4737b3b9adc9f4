#include "sandbox/identifier.hpp"
#include "sandbox/rules.hpp"

#include <algorithm>
#include <map>

namespace usher::sandbox {

namespace rules {

void create_session(context& c)
{
    const auto* user = find_user(c, text_in(c.body(), "user_id"));
    if (!user)
        return;
    auto made = generic::make(c, *c.shape(), c.body());
    made["status"] = "active";
    made["last_active_organization_id"] =
        given(c.body(), "active_organization_id") ? *given(c.body(), "active_organization_id") : json::value();
    made["expire_at"] = c.wall + 7 * 86'400'000LL;
    made["abandon_at"] = c.wall + 30 * 86'400'000LL;
    c.text = c.kept.add("/sessions", std::string(text_in(made, "id")), made, {}, c.wall, c.now).text;
}

void revoke_session(context& c)
{
    auto& sessions = c.kept.at("/sessions");
    auto* found = sessions.find(c.capture(0));
    if (!found)
        return c.refuse(not_found("sessions", c.capture(0)));
    auto body = found->parsed();
    body["status"] = "revoked";
    body["updated_at"] = c.wall;
    c.kept.replace(sessions, *found, body, {});
    c.text = found->text;
}

// Tokens on behalf of a user: the user must be there.
void user_token(context& c)
{
    if (find_user(c, text_in(c.body(), "user_id")))
        generic::create(c);
}

void assign_permission(context& c)
{
    auto& roles = c.kept.at("/organization_roles");
    auto* role = roles.find(c.capture(0));
    const auto* permission = c.kept.at("/organization_permissions").find(c.capture(1));
    if (!role)
        c.refuse(not_found("organization_roles", c.capture(0)));
    else if (!permission)
        c.refuse(not_found("organization_permissions", c.capture(1)));
    if (!c.refused.empty())
        return;
    auto body = role->parsed();
    auto& list = body["permissions"].as_array();
    const auto held = std::find_if(list.begin(), list.end(),
                                   [&](const auto& one) { return text_in(one.as_object(), "id") == c.capture(1); });
    if (c.asked.of->method == "DELETE") {
        if (held == list.end())
            return c.refuse(not_found("permissions", c.capture(1)));
        list.erase(held);
    } else if (held == list.end())
        list.push_back(permission->parsed());
    body["updated_at"] = c.wall;
    c.kept.replace(roles, *role, body, role->keys);
    c.text = role->text;
}

void create_m2m_token(context& c)
{
    auto made = generic::make(c, *c.shape(), c.body());
    const auto* seconds = given(c.body(), "seconds_until_expiration");
    made["expiration"] =
        seconds ? json::value(c.wall + static_cast<std::int64_t>(seconds->to_number<double>() * 1000)) : json::value();
    c.answer(made);
    made.erase("token");
    c.kept.add("/m2m_tokens", std::string(text_in(made, "id")), made, {}, c.wall, c.now);
}

} // namespace rules

rule rule_of(std::string_view operation_id)
{
    using namespace rules;
    static const std::map<std::string_view, rule> table{
        {"CreateUser", create_user},
        {"UpdateUser", update_user},
        {"DeleteUser", delete_user},
        {"GetUserList", list_users},
        {"GetUsersCount", count_users},
        {"BanUser", ban_user},
        {"UnbanUser", ban_user},
        {"UsersBan", ban_users},
        {"UsersUnban", ban_users},
        {"LockUser", lock_user},
        {"UnlockUser", lock_user},
        {"UpdateUserMetadata", user_metadata},
        {"SetUserProfileImage", profile_image},
        {"DeleteUserProfileImage", profile_image},
        {"VerifyPassword", verify_password},
        {"DisableMFA", disable_factor},
        {"DeleteTOTP", disable_factor},
        {"DeleteBackupCode", disable_factor},
        {"UserPasskeyDelete", drop_identification},
        {"UserWeb3WalletDelete", drop_identification},
        {"DeleteExternalAccount", drop_identification},
        {"CreateEmailAddress", create_identification},
        {"GetEmailAddress", get_identification},
        {"UpdateEmailAddress", update_identification},
        {"DeleteEmailAddress", delete_identification},
        {"CreatePhoneNumber", create_identification},
        {"GetPhoneNumber", get_identification},
        {"UpdatePhoneNumber", update_identification},
        {"DeletePhoneNumber", delete_identification},
        {"CreateOrganization", create_organization},
        {"UpdateOrganization", update_organization},
        {"GetOrganization", get_organization},
        {"DeleteOrganization", delete_organization},
        {"ListOrganizations", list_organizations},
        {"MergeOrganizationMetadata", organization_metadata},
        {"CreateOrganizationMembership", create_membership},
        {"UpdateOrganizationMembership", update_membership},
        {"DeleteOrganizationMembership", delete_membership},
        {"ListOrganizationMemberships", list_memberships},
        {"InstanceGetOrganizationMemberships", all_memberships},
        {"UsersGetOrganizationMemberships", memberships_of_user},
        {"UpdateOrganizationMembershipMetadata", membership_metadata},
        {"CreateInvitation", create_invitation},
        {"CreateBulkInvitations", create_invitations},
        {"RevokeInvitation", revoke_invitation},
        {"CreateOrganizationInvitation", create_organization_invitation},
        {"CreateOrganizationInvitationBulk", create_organization_invitations},
        {"ListPendingOrganizationInvitations", pending_organization_invitations},
        {"RevokeOrganizationInvitation", revoke_organization_invitation},
        {"ListInstanceOrganizationInvitations", all_organization_invitations},
        {"UsersGetOrganizationInvitations", invitations_of_user},
        {"ListAllOrganizationDomains", all_organization_domains},
        {"createSession", create_session},
        {"RevokeSession", revoke_session},
        {"CreateSignInToken", user_token},
        {"CreateActorToken", user_token},
        {"AssignPermissionToOrganizationRole", assign_permission},
        {"RemovePermissionFromOrganizationRole", assign_permission},
        {"createM2MToken", create_m2m_token},
    };
    const auto found = table.find(operation_id);
    return found == table.end() ? nullptr : found->second;
}

} // namespace usher::sandbox
