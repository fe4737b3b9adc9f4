#include "schedule/quota_json.hpp"

#include <usher/quota.hpp>

#include <algorithm>

namespace usher {

namespace {

using namespace std::chrono_literals;

quota_rule clerk_endpoint(const char* name, const char* path, std::uint32_t requests)
{
    quota_rule rule(name, requests, 1h);
    rule.methods = {"POST"};
    rule.paths = {path};
    return rule;
}

quota_rule clerk_record(const char* name, const std::string& path, std::vector<std::string> entity)
{
    quota_rule rule(name, 10, 10s);
    rule.methods = {"PATCH", "PUT"};
    rule.paths = {path, path + "/metadata"};
    rule.key = quota_key::entity;
    rule.entity = std::move(entity);
    return rule;
}

} // namespace

// What Clerk documents of its Backend API. Changes of one record and of its metadata share a limit.
quota quota::clerk(std::uint32_t requests, std::chrono::milliseconds window)
{
    quota all(requests, window);
    quota_rule keys("jwks", 0, window);
    keys.methods = {"GET"};
    keys.paths = {"/jwks"};
    keys.amount = quota_amount::unlimited;
    all.rules.push_back(std::move(keys));
    all.rules.push_back(clerk_endpoint("invitations", "/invitations", 100));
    all.rules.push_back(clerk_endpoint("bulk invitations", "/invitations/bulk", 25));
    all.rules.push_back(
        clerk_endpoint("organization invitations", "/organizations/{organization_id}/invitations", 250));
    all.rules.push_back(
        clerk_endpoint("bulk organization invitations", "/organizations/{organization_id}/invitations/bulk", 50));
    all.rules.push_back(clerk_record("user", "/users/{user_id}", {"user_id"}));
    all.rules.push_back(clerk_record("organization", "/organizations/{organization_id}", {"organization_id"}));
    all.rules.push_back(clerk_record("membership", "/organizations/{organization_id}/memberships/{user_id}",
                                     {"organization_id", "user_id"}));
    return all;
}

quota quota::clerk_production()
{
    return clerk(1000, 10s);
}

quota quota::clerk_development()
{
    return clerk(100, 10s);
}

quota quota::unknown(std::chrono::milliseconds window)
{
    quota learned(0, window);
    learned.rules.front().amount = quota_amount::unknown;
    return learned;
}

quota quota::from_json(std::string_view text)
{
    return schedule::parse_quota(text);
}

std::string quota::to_json() const
{
    return schedule::quota_text(*this);
}

bool quota::is_unlimited() const noexcept
{
    return std::all_of(rules.begin(), rules.end(),
                       [](const quota_rule& rule) { return rule.amount == quota_amount::unlimited; });
}

} // namespace usher
