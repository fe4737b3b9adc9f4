// The one script by which leases are granted in Redis, what it is given and what it answers.
#ifndef USHER_SRC_REDIS_LEASE_SCRIPT_HPP
#define USHER_SRC_REDIS_LEASE_SCRIPT_HPP

#include "redis/connection.hpp"

#include <usher/budget.hpp>

#include <optional>
#include <string>

namespace usher::redis {

/// Keys and arguments of an order, as EVAL and EVALSHA take them. `mark` is what the member's last lease was, as the
/// script said; `wanted` may be 0, when something is only returned.
command lease_arguments(const std::string& prefix, const std::string& member, const lease_request& request,
                        const std::string& mark);

/// Nothing is returned by an order that is sent again, since the first one may have arrived.
void forget_returned(command& arguments);

/// The command: by the script's digest, or with its whole text for a server that doesn't know it.
command lease_command(const command& arguments, bool with_text);

struct lease_answer {
    lease_answer() = default;
    lease_grant grant;
    std::string mark; ///< empty: nothing was granted
};

/// Nothing when it is not what the script answers.
std::optional<lease_answer> read_lease_answer(const reply& from);

} // namespace usher::redis

#endif
