// What Scalekit's API says of an organization and a user, as the neutral model has it.
//
// Its metadata is text to text and for the application alone, so it becomes `private_metadata`; what a migration to
// Scalekit has packed into it (carried.hpp) becomes what it was.
#ifndef USHER_BULK_SCALEKIT_RECORDS_HPP
#define USHER_BULK_SCALEKIT_RECORDS_HPP

#include <usher/bulk/model.hpp>
#include <usher/scalekit/types/organizations_organization.hpp>
#include <usher/scalekit/types/users_user.hpp>

#include <vector>

namespace usher::bulk {

/// What the environment has and the model does not get is added to `lost`.
organization from_scalekit(const scalekit::organizations_organization& of, std::vector<note>& lost);
user from_scalekit(const scalekit::users_user& of, std::vector<note>& lost);

} // namespace usher::bulk

#endif
