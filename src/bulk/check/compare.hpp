// What is not as it should be, member by member.
#ifndef USHER_BULK_COMPARE_HPP
#define USHER_BULK_COMPARE_HPP

#include <usher/bulk/model.hpp>
#include <usher/bulk/verify.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace usher::bulk {

/// Compares a user as the target should have it with the user as it is there. Members that `expected` leaves open
/// (optional ones without a value) may be anything. Both name organizations alike. Of secrets only tells whether there
/// is one. Texts that services keep in small letters are the same whatever their case.
/// Only `field`, `expected` and `found` of the differences are set. The fields:
/// `id` (the source's, as the target keeps it), `email_address`, `phone_number` (one too few, one too many, verified or
/// not), `primary_email_address`, `primary_phone_number`, `username`, `first_name`, `last_name`, `locale`, `password`,
/// `totp_secret`, `backup_codes`, `public_metadata/…`, `private_metadata/…`, `unsafe_metadata/…`, `created_at`,
/// `legal_accepted_at`, `banned`, `locked`, `delete_self_enabled`, `create_organization_enabled`,
/// `create_organizations_limit`, `membership` (one too few, one too many), `membership/roles`,
/// `membership/public_metadata/…`, `membership/private_metadata/…`.
std::vector<difference> compare(const user& expected, const user& found);
/// The fields: `id` (of the mark, at Clerk), `name`, `slug`, `public_metadata/…`, `private_metadata/…`,
/// `max_allowed_memberships`, `admin_delete_enabled`, `created_at`. The mark of a migration in the metadata is no
/// difference.
std::vector<difference> compare(const organization& expected, const organization& found);

/// Equal as JSON: numbers by value, objects whatever the order of their members.
bool same_json(const boost::json::value& a, const boost::json::value& b);

} // namespace usher::bulk

#endif
