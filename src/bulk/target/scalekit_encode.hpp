// What Scalekit is sent for a user or an organization, and what it can't take.
#ifndef USHER_BULK_SCALEKIT_ENCODE_HPP
#define USHER_BULK_SCALEKIT_ENCODE_HPP

#include <usher/bulk/mapping.hpp>
#include <usher/scalekit/organizations.hpp>
#include <usher/scalekit/users.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

using text_map = std::map<std::string, std::string, std::less<>>;

/// Role names of the target.
std::vector<std::string> scalekit_roles(const membership& wanted, const std::map<std::string, std::string>& mapping);
std::vector<scalekit::commons_role> role_params(const std::vector<std::string>& names);

/// What metadata carries. What does not fit is noted, where there is somebody to note it.
text_map carried_by(const user& who, std::vector<note>* notes);
text_map carried_by(const organization& which, std::vector<note>* notes);
text_map carried_by(const membership& one, std::vector<note>* notes);

scalekit::create_user_and_membership_params scalekit_params(const user& who);
scalekit::create_organization_params scalekit_params(const organization& which);

/// Whether a name is short enough for a profile.
bool fits_profile(const std::string& name) noexcept;
/// The places of the memberships that are made, each organization once.
std::vector<std::size_t> joined(const user& who);

/// What carried metadata says.
membership model_of(const scalekit::commons_organization_membership& found);
user model_of(const scalekit::users_user& found);
organization model_of(const scalekit::organizations_organization& found);

} // namespace usher::bulk

#endif
