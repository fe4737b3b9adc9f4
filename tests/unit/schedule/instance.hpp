// An instance of a small service with nested limits, and a quota that says the same of it.
#ifndef USHER_TESTS_SCHEDULE_INSTANCE_HPP
#define USHER_TESTS_SCHEDULE_INSTANCE_HPP

#include "world.hpp"

#include "schedule/rule_table.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace schedule_tests {

/// Endpoints of the service's document.
enum endpoint : std::uint16_t { list_things, send_invitation, change_user, list_reports, change_member, endpoints };

std::span<const usher::detail::operation_info* const> operations() noexcept;

struct nested_limits {
    limit whole;
    std::optional<limit> invitations; ///< of its endpoint
    std::optional<limit> user;        ///< of each user, in `change_user` and `change_member`
    std::uint32_t users = 0;
};

usher::quota quota_of(const nested_limits& limits);

/// `rules` can say something else than the service does.
class instance {
public:
    instance(world& around, const nested_limits& limits) : instance(around, limits, quota_of(limits)) {}
    instance(world& around, const nested_limits& limits, const usher::quota& rules);

    const std::shared_ptr<const usher::schedule::rule_table>& rules() const noexcept { return rules_; }
    std::uint32_t whole() const noexcept { return whole_; }
    /// Counters of users and endpoints.
    const std::vector<std::uint32_t>& parts() const noexcept { return parts_; }
    const request_kind& plain(endpoint which = list_things, std::uint8_t group = 0);
    const request_kind& of_user(std::uint32_t number, endpoint which = change_user, std::uint8_t group = 1);

private:
    request_kind& kind(endpoint which, std::uint8_t group);

    std::shared_ptr<const usher::schedule::rule_table> rules_;
    std::uint32_t whole_;
    std::optional<std::uint32_t> invitations_;
    std::vector<std::uint32_t> users_;
    std::vector<std::uint32_t> parts_;
    std::deque<request_kind> kinds_;
};

} // namespace schedule_tests

#endif
