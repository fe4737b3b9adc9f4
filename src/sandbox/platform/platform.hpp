#pragma once

// The Platform API: a workspace with its applications, their instances, domains, transfers and configuration.
//
// An instance is the one that its secret key opens: users, JWT templates and redirect URLs are those that Clerk's
// Backend API keeps for that key. Members whose name begins with "_" are the sandbox's own.

#include "sandbox/context.hpp"

namespace usher::sandbox::platform {

rule rule_of(std::string_view operation_id); // nullptr: no such operation

constexpr const char* applications = "/platform/applications";
constexpr const char* domains = "/platform/domains";
constexpr const char* transfers = "/platform/transfers";

// What the path names first; nullptr after refusing with 404.
resource* application(context& c);

// The instance that the path names second, by its id or by its environment; empty after refusing.
json::object instance(context& c);

// Does to the instance's own resources what a rule of the Backend API does, as if the path had these captures only.
void as_backend(context& c, const json::object& instance, std::vector<std::string> captures, rule what);
store& kept_by(context& c, const json::object& instance);

void refuse(context& c, int status, const char* code, std::string text, std::string_view parameter);
std::string time_text(std::int64_t milliseconds);

json::object new_application(context& c, std::string_view name, const std::vector<std::string>& environments);
bool domain_like(std::string_view name);
void add_domain(context& c, const json::object& application, std::string_view name, bool of_provider,
                std::string_view proxy_path);
json::object* production_of(json::object& application);

// Newest first, between starting_after and ending_before.
void answer_cursor_page(context& c, std::vector<json::object> newest_first);

namespace rules {
void list_applications(context& c);
void create_application(context& c);
void get_application(context& c);
void update_application(context& c);
void delete_application(context& c);
void set_image(context& c);
void claim_application(context& c);

void update_domain(context& c);
void list_application_domains(context& c);
void create_domain(context& c);
void get_domain(context& c);
void delete_domain(context& c);
void domain_status(context& c);
void check_dns(context& c);
void list_domains(context& c);
void get_workspace_domain(context& c);

void create_transfer(context& c);
void get_transfer(context& c);
void cancel_transfer(context& c);
void list_transfers(context& c);

void usage(context& c);
void list_users(context& c);
void delete_user(context& c);
void ban_user(context& c);
void list_templates(context& c);
void create_template(context& c);
void get_template(context& c);
void update_template(context& c);
void delete_template(context& c);
void list_redirects(context& c);
void create_redirect(context& c);
void get_redirect(context& c);
void delete_redirect(context& c);

void get_config(context& c);
void change_config(context& c);
void config_schema(context& c);
} // namespace rules

} // namespace usher::sandbox::platform
