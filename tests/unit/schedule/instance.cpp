#include "instance.hpp"

#include <array>

namespace schedule_tests {
namespace {

using usher::detail::operation_info;
using usher::detail::path_parameter;

constexpr path_parameter user_only[] = {{"user_id", nullptr}};
constexpr path_parameter member[] = {{"organization_id", nullptr}, {"user_id", nullptr}};

constexpr operation_info operation(std::uint16_t index, std::string_view id, std::string_view method,
                                   std::string_view path, std::span<const path_parameter> parameters = {})
{
    operation_info one{};
    one.id = id;
    one.method = method;
    one.path = path;
    one.path_parameters = parameters;
    one.index = index;
    return one;
}

constexpr operation_info things = operation(list_things, "ListThings", "GET", "/things");
constexpr operation_info invitation = operation(send_invitation, "SendInvitation", "POST", "/invitations");
constexpr operation_info user = operation(change_user, "ChangeUser", "PATCH", "/users/{user_id}", user_only);
constexpr operation_info reports = operation(list_reports, "ListReports", "GET", "/reports");
constexpr operation_info membership =
    operation(change_member, "ChangeMember", "PATCH", "/organizations/{organization_id}/members/{user_id}", member);

constexpr std::array<const operation_info*, endpoints> all{&things, &invitation, &user, &reports, &membership};

std::chrono::milliseconds in_ms(duration span)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

} // namespace

std::span<const operation_info* const> operations() noexcept
{
    return all;
}

usher::quota quota_of(const nested_limits& limits)
{
    usher::quota rules(limits.whole.requests, in_ms(limits.whole.window));
    if (limits.invitations) {
        usher::quota_rule rule("invitations", limits.invitations->requests, in_ms(limits.invitations->window));
        rule.operations = {"SendInvitation"};
        rule.key = usher::quota_key::endpoint;
        rules.rules.push_back(rule);
    }
    if (limits.user) {
        usher::quota_rule rule("user", limits.user->requests, in_ms(limits.user->window));
        rule.methods = {"PATCH"};
        rule.key = usher::quota_key::entity;
        rule.entity = {"user_id"};
        rules.rules.push_back(rule);
    }
    return rules;
}

instance::instance(world& around, const nested_limits& limits, const usher::quota& rules)
    : rules_(std::make_shared<usher::schedule::rule_table>(rules, operations())),
      whole_(around.add_counter(limits.whole))
{
    if (limits.invitations)
        parts_.push_back(invitations_.emplace(around.add_counter(*limits.invitations)));
    for (std::uint32_t i = 0; limits.user && i != limits.users; ++i)
        parts_.push_back(users_.emplace_back(around.add_counter(*limits.user)));
}

request_kind& instance::kind(endpoint which, std::uint8_t group)
{
    auto& added = kinds_.emplace_back();
    added.number = static_cast<std::uint32_t>(kinds_.size() - 1);
    added.endpoint = which;
    added.group = group;
    added.counted_by(whole_);
    return added;
}

const request_kind& instance::plain(endpoint which, std::uint8_t group)
{
    auto& added = kind(which, group);
    if (which == send_invitation && invitations_)
        added.counted_by(*invitations_);
    added.draws = rules_->draws(which, {});
    return added;
}

const request_kind& instance::of_user(std::uint32_t number, endpoint which, std::uint8_t group)
{
    auto& added = kind(which, group);
    if (!users_.empty())
        added.counted_by(users_[number]);
    const auto name = "user_" + std::to_string(number);
    const std::array<std::string_view, 2> path{"org_1", name};
    const std::span<const std::string_view> values(path);
    added.draws = rules_->draws(which, which == change_member ? values : values.subspan(1));
    return added;
}

} // namespace schedule_tests
