// How usher itself writes an organization or a user as a line of NDJSON: `source_format::usher`.
//
// Members are those of `organization` and `user` in <usher/bulk/model.hpp>, by the same names, and `kind`, which is
// `organization` or `user`. Times are RFC 3339. Members that say nothing (empty, false, not known) are left out.
// `not_exported` lists what the instance has and its API does not give, or what no record holds:
// [{"field": "password", "reason": "…"}]. Whoever maps the record turns each of them into a note.
//
//     {"kind":"organization","id":"org_1","name":"Acme","slug":"acme","created_at":"2024-01-15T10:30:00.126Z"}
//     {"kind":"user","id":"user_1","email_addresses":[{"value":"ada@example.com","verified":true}],
//      "memberships":[{"organization":"org_1","roles":["org:admin"]}],"banned":true}
#ifndef USHER_BULK_USHER_RECORD_HPP
#define USHER_BULK_USHER_RECORD_HPP

#include <usher/bulk/model.hpp>

#include <boost/json/object.hpp>

#include <vector>

namespace usher::bulk {

/// `lost`: what stands under `not_exported`.
boost::json::object to_record(organization what, const std::vector<note>& lost);
boost::json::object to_record(user what, const std::vector<note>& lost);

} // namespace usher::bulk

#endif
