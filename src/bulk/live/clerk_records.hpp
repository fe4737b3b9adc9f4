// What Clerk's API says of an organization, a user and a membership, as the neutral model has it.
#ifndef USHER_BULK_CLERK_RECORDS_HPP
#define USHER_BULK_CLERK_RECORDS_HPP

#include "bulk/live/live_store.hpp"

#include <usher/bulk/model.hpp>
#include <usher/clerk/types/organization.hpp>
#include <usher/clerk/types/organization_membership.hpp>
#include <usher/clerk/types/user.hpp>

#include <vector>

namespace usher::bulk {

/// What the instance has and the model does not get is added to `lost`.
organization from_clerk(clerk::organization of, std::vector<note>& lost);
/// Without memberships.
user from_clerk(clerk::user of, std::vector<note>& lost);
/// Of whom nothing says whose it is: no user.
kept_membership from_clerk(const clerk::organization_membership& of);

} // namespace usher::bulk

#endif
