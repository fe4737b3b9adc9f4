#pragma once

#include "sandbox/context.hpp"

namespace usher::sandbox {

// What the service does beyond the shape of the paths, by operationId. nullptr: nothing special.
rule rule_of(std::string_view operation_id);

namespace rules {

// Users, and what identifies them.
void create_user(context& c);
void update_user(context& c);
void delete_user(context& c);
void list_users(context& c);
void count_users(context& c);
void ban_user(context& c);
void ban_users(context& c);
void lock_user(context& c);
void user_metadata(context& c);
void profile_image(context& c);
void verify_password(context& c);
void disable_factor(context& c);
void drop_identification(context& c);

void create_identification(context& c);
void get_identification(context& c);
void update_identification(context& c);
void delete_identification(context& c);

// Organizations and who belongs to them.
void create_organization(context& c);
void update_organization(context& c);
void get_organization(context& c);
void delete_organization(context& c);
void list_organizations(context& c);
void organization_metadata(context& c);

void create_membership(context& c);
void update_membership(context& c);
void delete_membership(context& c);
void list_memberships(context& c);
void all_memberships(context& c);
void memberships_of_user(context& c);
void membership_metadata(context& c);

void create_invitation(context& c);
void create_invitations(context& c);
void revoke_invitation(context& c);
void create_organization_invitation(context& c);
void create_organization_invitations(context& c);
void pending_organization_invitations(context& c);
void revoke_organization_invitation(context& c);
void all_organization_invitations(context& c);
void invitations_of_user(context& c);
void all_organization_domains(context& c);

void create_session(context& c);
void revoke_session(context& c);
void user_token(context& c);
void assign_permission(context& c);
void create_m2m_token(context& c);

// Shared by them.
resource* find_user(context& c, std::string_view id); // refuses with 404
resource* find_organization(context& c, std::string_view id_or_slug);
void rewrite_user(context& c, resource& of, const json::object& body);
std::vector<std::pair<std::string, std::string>> keys_of_user(const json::object& user); // key, parameter
bool claim_user_keys(context& c, const json::object& user, std::string_view own);
json::object identification(context& c, std::string_view object, std::string_view value, bool verified);
void check_identifiers(context& c, const json::object& body);
void check_password(context& c, const json::object& body, bool creating);
void check_metadata(context& c, const json::object& body);
void check_times(context& c, const json::object& body);
json::object public_user_data(const json::object& user);
std::string identifier_of(const json::object& user);

} // namespace rules

} // namespace usher::sandbox
