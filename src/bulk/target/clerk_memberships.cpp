// Making a user a member of an organization.
#include "bulk/target/clerk_target.hpp"

#include <usher/clerk/organization_memberships.hpp>

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::string_view not_shown = "membership_not_shown";

} // namespace

std::string clerk_target::role_of(const membership& wanted) const
{
    if (wanted.roles.empty())
        return "org:member";
    const auto& name = wanted.roles.front();
    const auto own = calls_.options.roles.find(name);
    if (own != calls_.options.roles.end())
        return own->second;
    return name.starts_with("org:") ? name : "org:" + name;
}

asio::awaitable<clerk_target::found_membership> clerk_target::find_membership(const std::string& organization_id,
                                                                              const std::string& user_id,
                                                                              raw_answer& answer)
{
    clerk::list_organization_memberships_params filter;
    filter.user_id = {"+" + user_id};
    const auto options = calls_.look(answer);
    auto listed = co_await client_.organization_memberships().list(organization_id, filter, options);
    if (!listed)
        co_return listed.error();
    calls_.heard();
    for (auto& found : listed->data)
        if (found.public_user_data && found.public_user_data->user_id == user_id)
            co_return std::optional<clerk::organization_membership>(std::move(found));
    co_return std::optional<clerk::organization_membership>();
}

/// The user is a member, or was `refused` as one and may be it all the same. By whom, and as what, the listing tells,
/// as soon as it shows.
asio::awaitable<step_result> clerk_target::recognise_membership(const step_request& request, const membership& wanted,
                                                                const std::string& organization_id, const doubt& in,
                                                                bool refused)
{
    std::optional<clerk::organization_membership> found;
    raw_answer answer;
    auto each = refused ? looks(calls_, in) : looks(calls_);
    while (!found) {
        const bool more = co_await each.again();
        if (!more)
            break;
        auto listed = co_await find_membership(organization_id, request.target_id, answer);
        if (!listed)
            co_return calls_.unknown(import_step::membership, listed.error());
        found = std::move(*listed);
    }
    if (!found) {
        auto result = failed_with(import_step::membership, std::string(not_shown),
                                  "no listing shows yet whether the user is a member, and in which role");
        result.failure->outcome_unknown = !refused;
        co_return result;
    }
    auto done = done_with(organization_id, in.explains(found->created_at, answer));
    done.recovered = done.made;
    calls_.counters.recovered += done.recovered ? 1U : 0U;
    const auto role = role_of(wanted);
    if (found->role == role)
        co_return done;
    if (!done.made)
        co_return failed_with(import_step::membership, "role_differs",
                              "the user was a member already, as " + found->role + " and not " + role, "role");
    clerk::update_organization_membership_params change(role);
    const auto options = calls_.repeated();
    auto changed =
        co_await client_.organization_memberships().update(organization_id, request.target_id, change, options);
    if (!changed)
        co_return calls_.incomplete(import_step::membership, std::move(done), changed.error());
    co_return done;
}

asio::awaitable<step_result> clerk_target::join(const step_request& request, const membership& wanted)
{
    const auto organization_id = organizations_ ? organizations_(wanted.organization) : std::string();
    if (organization_id.empty()) {
        auto result = failed_with(import_step::membership, "organization_missing",
                                  "the organization " + wanted.organization + " is not there", "organization");
        result.failure->outcome_unknown = request.in_doubt;
        co_return result;
    }
    clerk::create_organization_membership_params params(request.target_id, role_of(wanted));
    if (!wanted.public_metadata.empty())
        params.public_metadata = wanted.public_metadata;
    if (!wanted.private_metadata.empty())
        params.private_metadata = wanted.private_metadata;
    doubt in(request);
    auto pause = calls_.options.pause;
    for (int attempt = 1;; ++attempt) {
        // A second one is refused, which is the proof: nothing has to be looked for first.
        const auto options = calls_.calls();
        auto made = co_await client_.organization_memberships().create(organization_id, params, options);
        if (made) {
            calls_.heard();
            co_return done_with(organization_id, true);
        }
        const error why = made.error();
        if (is_taken(why)) {
            calls_.heard();
            in.raise_if_repeated(why);
            co_return co_await recognise_membership(request, wanted, organization_id, in, false);
        }
        if (!may_have_happened(why)) {
            // Where the organization or the user is gone, nobody belongs to it.
            if (!in.any() || why.is_not_found())
                co_return calls_.failed(import_step::membership, why);
            // Refused now: the last seat may be taken by the very membership that was made before.
            auto recognised = co_await recognise_membership(request, wanted, organization_id, in, true);
            if (recognised.failure && recognised.failure->code == not_shown)
                co_return calls_.failed(import_step::membership, why);
            co_return recognised;
        }
        in.raise();
        if (attempt == calls_.options.attempts)
            co_return calls_.unknown(import_step::membership, why);
        calls_.counters.repeated += 1;
        co_await calls_.wait(pause);
        pause *= 2;
    }
}

} // namespace usher::bulk
