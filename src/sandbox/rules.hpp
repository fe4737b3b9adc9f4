#pragma once

#include "sandbox/context.hpp"

namespace usher::sandbox {

// What the service does beyond the shape of the paths, by operationId. nullptr: nothing special.
rule rule_of(std::string_view operation_id);

// What every session token has; sid and sub belong to the session.
json::object session_claims(std::string_view origin, std::int64_t wall, generator& source);

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

// Tokens, and the machines and keys behind them.
void session_token(context& c);
void template_token(context& c);
void key_set(context& c);
void create_machine(context& c);
void get_machine(context& c);
void update_machine(context& c);
void machine_secret(context& c);
void machine_scope(context& c);
void create_m2m_token(context& c);
void list_m2m_tokens(context& c);
void revoke_m2m_token(context& c);
void verify_m2m_token(context& c);
void create_api_key(context& c);
void api_key(context& c);
void change_api_key(context& c);
void list_api_keys(context& c);
void verify_api_key(context& c);
void verify_oauth_token(context& c);

// Shared by them.
std::string secret_key_of(std::string_view secret); // in the index of unique keys
std::string new_secret(context& c);
json::object aged(const context& c, json::object body); // shown with what time has done to it
json::value expiration(const context& c, const json::value* seconds);
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
