#include "bulk/target/scalekit_target.hpp"

#include "bulk/target/scalekit_encode.hpp"
#include "call/client_state.hpp"

#include <usher/scalekit/roles.hpp>

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

scalekit_target::scalekit_target(asio::any_io_executor executor, const scalekit::client& client, target_options options)
    : calls_(std::move(executor), client.state(), std::move(options)), client_(client)
{
    catalog_options asked;
    asked.deadline = calls_.options.deadline;
    known_ = make_scalekit_catalog(client, asked);
}

asio::awaitable<result<void>> scalekit_target::prepare()
{
    const auto options = calls_.calls();
    auto listed = co_await client_.roles().list(options);
    if (!listed)
        co_return listed.error();
    calls_.heard();
    roles_.clear();
    if (listed->roles)
        for (const auto& role : *listed->roles)
            if (role.name)
                roles_.insert(*role.name);
    for (const auto& [name, wanted] : calls_.options.roles)
        if (!roles_.contains(wanted))
            co_return no_such_role("RolesService_ListRoles", wanted);
    if (calls_.options.default_organization.empty())
        co_return result<void>();
    auto home = co_await client_.organizations().get(calls_.options.default_organization, options);
    if (!home)
        co_return home.error();
    co_return result<void>();
}

asio::awaitable<result<std::string>> scalekit_target::instance()
{
    // Each environment has an address of its own, at which no other one's credentials are accepted.
    co_return client_.state()->url.origin() + client_.state()->url.prefix;
}

scalekit_target::seat scalekit_target::seat_of(const membership& wanted) const
{
    seat at;
    at.source_id = wanted.organization;
    at.organization_id = organizations_ ? organizations_(wanted.organization) : std::string();
    at.roles = scalekit_roles(wanted, calls_.options.roles);
    at.metadata = carried_by(wanted, nullptr);
    return at;
}

scalekit_target::seat scalekit_target::first_seat(const user& who) const
{
    if (!who.memberships.empty())
        return seat_of(who.memberships.front());
    seat at;
    at.organization_id = calls_.options.default_organization;
    return at;
}

asio::awaitable<std::optional<step_result>> scalekit_target::check_roles(import_step kind, const seat& at)
{
    if (at.organization_id.empty())
        co_return failed_with(kind, "organization_missing", "the organization " + at.source_id + " is not there",
                              "organization");
    const auto known = [&](const std::string& role) {
        return roles_.contains(role) || roles_of_organizations_.contains(std::pair(at.organization_id, role));
    };
    auto missing = std::find_if_not(at.roles.begin(), at.roles.end(), known);
    if (missing == at.roles.end())
        co_return std::nullopt;
    // An organization may have roles of its own.
    raw_answer answer;
    const auto options = calls_.look(answer);
    auto listed = co_await client_.roles().list_in_organization(at.organization_id, options);
    if (!listed)
        co_return calls_.failed(kind, listed.error());
    calls_.heard();
    if (listed->roles)
        for (const auto& role : *listed->roles)
            if (role.name)
                roles_of_organizations_.emplace(at.organization_id, *role.name);
    missing = std::find_if_not(at.roles.begin(), at.roles.end(), known);
    if (missing == at.roles.end())
        co_return std::nullopt;
    co_return failed_with(kind, "role_unknown", "neither the environment nor the organization has a role " + *missing,
                          "roles");
}

asio::awaitable<step_result> scalekit_target::perform(step_request request)
{
    const auto& what = request.record->what;
    if (const auto* which = std::get_if<organization>(&what))
        co_return co_await create_organization(request, *which);
    const auto& who = std::get<user>(what);
    if (request.what.kind == import_step::create)
        co_return co_await create_user(request, who);
    if (request.what.kind != import_step::membership)
        co_return failed_with(request.what.kind, "invalid_request", "not a step of this target");
    const auto at = seat_of(who.memberships.at(request.what.index));
    const bool look = request.in_doubt || request.what.comes_along;
    co_return co_await enter(request.target_id, at, doubt(request), look);
}

std::unique_ptr<target> make_scalekit_target(asio::any_io_executor executor, const scalekit::client& client,
                                             target_options options)
{
    return std::make_unique<scalekit_target>(std::move(executor), client, std::move(options));
}

} // namespace usher::bulk
