#pragma once

// What the operations on roles have in common. They are there twice: for the environment, and below an organization.

#include "sandbox/scalekit/scalekit.hpp"

namespace usher::sandbox::scalekit {

bool in_organization(const context& c);
std::string home_of(const context& c); // the organization's id, or empty
std::string roles_path(const context& c);
const std::string& role_name(const context& c);

json::object role_shown(context& c, const resource& r, std::string_view include, std::string_view organization_id);
resource* any_role(context& c); // that the path names; an organization has those of the environment too
resource* own_role(context& c); // to be changed: of the organization itself

// Memberships carry the permissions that their roles give.
void permissions_changed(context& c);
bool holds_role(const json::object& membership, std::string_view name);

} // namespace usher::sandbox::scalekit
