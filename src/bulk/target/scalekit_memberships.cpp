// Making a user who is there a member of an organization. What a user belongs to stands in the user itself, without a
// listing.
#include "bulk/target/scalekit_encode.hpp"
#include "bulk/target/scalekit_target.hpp"

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

using membership_type = scalekit::commons_organization_membership;

const membership_type* find_in(const std::optional<scalekit::users_user>& user, const std::string& organization_id)
{
    if (!user || !user->memberships)
        return nullptr;
    for (const auto& each : *user->memberships)
        if (each.organization_id == organization_id)
            return &each;
    return nullptr;
}

bool has_roles(const membership_type& found, const std::vector<std::string>& wanted)
{
    std::vector<std::string> names;
    if (found.roles)
        for (const auto& role : *found.roles)
            if (role.name.has_value())
                names.push_back(*role.name);
    // None asked for: whatever is the default.
    return wanted.empty() || std::is_permutation(names.begin(), names.end(), wanted.begin(), wanted.end());
}

journal_clock began(const membership_type& found)
{
    const auto time = found.created_at ? *found.created_at : found.join_time.value_or(instant());
    return std::chrono::floor<std::chrono::milliseconds>(time);
}

} // namespace

/// Nothing: the user is no member.
asio::awaitable<std::optional<step_result>> scalekit_target::recognise_membership(const std::string& user_id,
                                                                                  const seat& at, const doubt& in)
{
    raw_answer answer;
    const auto options = calls_.look(answer);
    auto got = co_await client_.users().get(user_id, options);
    if (!got && got.error().is_not_found()) // with what it belonged to
        co_return calls_.failed(import_step::membership, got.error());
    if (!got)
        co_return calls_.unknown(import_step::membership, got.error());
    calls_.heard();
    const auto* found = find_in(got->user, at.organization_id);
    if (!found)
        co_return std::nullopt;
    auto done = done_with(at.organization_id, in.explains(began(*found), answer));
    done.recovered = done.made;
    calls_.counters.recovered += done.recovered ? 1U : 0U;
    if (has_roles(*found, at.roles))
        co_return done;
    if (!done.made)
        co_return failed_with(import_step::membership, "role_differs",
                              "the user was a member already, with other roles", "roles");
    scalekit::update_membership_params change;
    change.roles = role_params(at.roles);
    const auto repeated = calls_.repeated();
    auto changed = co_await client_.users().update_membership(at.organization_id, user_id, change, repeated);
    if (!changed)
        co_return calls_.incomplete(import_step::membership, std::move(done), changed.error());
    co_return done;
}

asio::awaitable<step_result> scalekit_target::enter(std::string user_id, seat at, doubt in, bool look)
{
    // What may be there is looked for first: a role that is gone since says nothing about it.
    if (look && !at.organization_id.empty()) {
        auto recognised = co_await recognise_membership(user_id, at, in);
        if (recognised)
            co_return std::move(*recognised);
    }
    auto refused = co_await check_roles(import_step::membership, at);
    if (!refused)
        co_return co_await join(user_id, at, in);
    if (at.organization_id.empty())
        refused->failure->outcome_unknown = in.any();
    co_return std::move(*refused);
}

asio::awaitable<step_result> scalekit_target::join(const std::string& user_id, const seat& at, doubt in)
{
    scalekit::create_membership_params params;
    params.send_invitation_email = bool(calls_.options.send_invitations);
    if (!at.roles.empty())
        params.roles = role_params(at.roles);
    if (!at.metadata.empty())
        params.metadata = at.metadata;
    bool look = in.any();
    std::optional<error> last;
    auto pause = calls_.options.pause;
    for (int attempt = 1;; ++attempt) {
        if (look) {
            auto recognised = co_await recognise_membership(user_id, at, in);
            if (recognised)
                co_return std::move(*recognised);
            if (last && (!may_have_happened(*last) || attempt > calls_.options.attempts))
                co_return calls_.failed(import_step::membership, *last);
        }
        const auto options = calls_.calls();
        auto made = co_await client_.users().create_membership(at.organization_id, user_id, params, options);
        if (made) {
            calls_.heard();
            co_return done_with(at.organization_id, true);
        }
        last = made.error();
        if (is_taken(*last))
            in.raise_if_repeated(*last);
        if (!is_taken(*last) && !may_have_happened(*last) && !in.any())
            co_return calls_.failed(import_step::membership, *last);
        look = true;
        if (!may_have_happened(*last))
            continue;
        in.raise();
        calls_.counters.repeated += attempt == calls_.options.attempts ? 0U : 1U;
        co_await calls_.wait(pause);
        pause *= 2;
    }
}

} // namespace usher::bulk
