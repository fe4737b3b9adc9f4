// What can be known of a plan without asking anybody.
#ifndef USHER_BULK_LOCAL_CHECK_HPP
#define USHER_BULK_LOCAL_CHECK_HPP

#include "bulk/check/digest_set.hpp"

#include <usher/bulk/mapping.hpp>

namespace usher::bulk {

/// Refuses a record whose `external_id` came before. An empty code: it is new.
refusal check_repeated(const user_plan& plan, digest_set& seen);
/// The same for every identifier, and the checks that the library makes before it sends: for a run that sends nothing.
refusal check_locally(const user_plan& plan, digest_set& seen);

} // namespace usher::bulk

#endif
