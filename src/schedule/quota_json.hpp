// Quotas as JSON.
//
//     {
//       "rules": [
//         {"name": "instance", "requests": 1000, "window": "10s"},
//         {"name": "keys", "methods": ["GET"], "paths": ["/jwks"], "amount": "unlimited"},
//         {"name": "invitations", "operations": ["CreateInvitation"], "requests": 100, "window": "1h", "burst": 5},
//         {"name": "user", "methods": ["PATCH", "PUT"], "paths": ["/users/{user_id}", "/users/{user_id}/metadata"],
//          "key": "entity", "entity": ["user_id"], "requests": 10, "window": "10s"},
//         {"name": "search", "paths": ["/search/**"], "key": "endpoint", "amount": "unknown", "window": "1m"}
//       ],
//       "burst": 5,
//       "in_flight": 0,
//       "least_spread": "20ms",
//       "most_spread": "400ms",
//       "slow_start": "2s"
//     }
//
// The members are those of `quota` and `quota_rule`. Each may be left out, but for a rule's `name`, and its `requests`
// where the amount is known. `key`: instance, endpoint or entity. `amount`: known, unknown or unlimited. Times are
// whole numbers with their unit: ms, s, m or h. A member of another name is an error, so that a word spelled wrongly is
// no limit ignored.
#ifndef USHER_SRC_SCHEDULE_QUOTA_JSON_HPP
#define USHER_SRC_SCHEDULE_QUOTA_JSON_HPP

#include <usher/quota.hpp>

#include <string>
#include <string_view>

namespace usher::schedule {

/// *Errors*: `std::invalid_argument` that names the place: `rules[2].window`, or line and column of what is no JSON.
quota parse_quota(std::string_view text);
/// One rule a line.
std::string quota_text(const quota& limits);

} // namespace usher::schedule

#endif
