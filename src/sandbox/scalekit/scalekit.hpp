#pragma once

// Scalekit's resources: what an environment keeps, and what each of its operations does to it.
//
// Objects are kept as they are answered; members whose name begins with "_" are the sandbox's own and are not shown.
// What is made in a dashboard in real life is there from the start: the roles admin and member, and, for each
// organization, a connection and a directory; a user has a passkey. Sessions begin with a login.

#include "sandbox/context.hpp"

namespace usher::sandbox::scalekit {

// nullptr: no such operation.
rule rule_of(std::string_view operation_id);

// What is wrong, in Scalekit's terms; the rule returns after it.
void invalid(context& c, std::string_view name, std::string_view expected); // 400
void absent(context& c, std::string_view what, std::string_view id);        // 404
void exists(context& c, std::string_view what, std::string_view name);      // 409
void impossible(context& c, std::string text);                              // 400: the state does not allow it

std::string new_id(context& c, std::string_view prefix);
std::string time_text(std::int64_t milliseconds);
json::object visible_members(json::object of); // without those that are the sandbox's own

// Answers {"name": object}.
void answer_one(context& c, const char* name, json::object object);
void answer_nothing(context& c);

// Lists: bounds and tokens. A token is good for the listing that gave it and stays good when something is added.
struct page_rules {
    page_rules(std::int64_t standard_, std::int64_t most_) : standard(standard_), most(most_) {}
    std::int64_t standard, most;
};
using found_resources = std::vector<const resource*>;
void answer_page(context& c, const char* name, const found_resources& all, page_rules bounds,
                 json::object (*show)(context&, const resource&));
found_resources everything(context& c, std::string_view path); // that listings show already, the oldest first
json::object as_kept(context& c, const resource& r);

// Metadata and attributes: text to text, keys of 3 to 25 characters, values of 1 to 256.
void check_metadata(context& c, const json::object& in, std::string_view name, std::size_t most);

// Replaces the members that were given.
void assign(json::object& to, const json::object& from, std::initializer_list<const char*> names);
void save(context& c, std::string_view path, resource& r, json::object body);

// What a path names; nullptr after refusing.
resource* organization(context& c, std::string_view id);
resource* user(context& c, std::string_view id); // or by the query's external_id
resource* find_role(context& c, std::string_view name, std::string_view organization_id); // no refusal

// The collection of roles, which has its two from the start.
collection& environment_roles(context& c);
std::string organization_path(std::string_view id, std::string_view below);

// Names of a role's own and inherited permissions, and the role each comes from.
std::vector<std::pair<std::string, std::string>> effective_permissions(context& c, std::string_view role,
                                                                       std::string_view organization_id);

// Memberships live in their user.
json::object* membership_in(json::object& user, std::string_view organization_id);
void refresh_permissions(context& c, json::object& membership);
void end_membership(context& c, json::object& user, std::string_view organization_id);
bool fill_membership(context& c, json::object& user, const resource& of, const json::object& asked, bool creating);
bool invitation_wanted(const context& c);
void for_each_membership(context& c, const std::function<bool(json::object& membership)>& change);
std::vector<std::string> keys_of_user(const json::object& user);

// Sessions of logins.
void end_session(context& c, resource& of, const char* status);

namespace rules {
// organizations
void create_organization(context& c);
void get_organization(context& c);
void organization_by_external_id(context& c);
void list_organizations(context& c);
void update_organization(context& c);
void delete_organization(context& c);
void organization_settings(context& c);
void user_management(context& c);
void portal_link(context& c);
// domains
void create_domain(context& c);
void get_domain(context& c);
void list_domains(context& c);
void delete_domain(context& c);
// users and memberships
void create_user(context& c);
void get_user(context& c);
void update_user(context& c);
void delete_user(context& c);
void list_users(context& c);
void search_users(context& c);
void list_organization_users(context& c);
void search_organization_users(context& c);
void create_membership(context& c);
void update_membership(context& c);
void delete_membership(context& c);
void resend_invite(context& c);
void user_roles(context& c);
void user_permissions(context& c);
// roles and permissions
void create_role(context& c);
void get_role(context& c);
void list_roles(context& c);
void update_role(context& c);
void delete_role(context& c);
void delete_role_base(context& c);
void dependent_roles(context& c);
void default_roles(context& c);
void default_organization_roles(context& c);
void role_users_count(context& c);
void role_permissions(context& c);
void all_role_permissions(context& c);
void add_permissions(context& c);
void remove_permission(context& c);
void create_permission(context& c);
void get_permission(context& c);
void list_permissions(context& c);
void update_permission(context& c);
void delete_permission(context& c);
// clients
void create_client(context& c);
void get_client(context& c);
void list_clients(context& c);
void update_client(context& c);
void delete_client(context& c);
void create_secret(context& c);
void delete_secret(context& c);
// connections and directories
void list_connections(context& c);
void get_connection(context& c);
void delete_connection(context& c);
void toggle_connection(context& c);
void list_directories(context& c);
void get_directory(context& c);
void toggle_directory(context& c);
void directory_users(context& c);
void directory_groups(context& c);
// connected accounts and tools
void list_accounts(context& c);
void search_accounts(context& c);
void create_account(context& c);
void update_account(context& c);
void delete_account(context& c);
void account_auth(context& c);
void magic_link(context& c);
void verify_account_user(context& c);
void execute_tool(context& c);
// people who log in
void send_passwordless(context& c);
void resend_passwordless(context& c);
void verify_passwordless(context& c);
void get_session(context& c);
void user_sessions(context& c);
void revoke_session(context& c);
void revoke_sessions(context& c);
void list_passkeys(context& c);
void update_passkey(context& c);
void delete_passkey(context& c);
} // namespace rules

} // namespace usher::sandbox::scalekit
