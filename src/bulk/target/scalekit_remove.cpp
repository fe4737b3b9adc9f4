// Taking back what a step did; reading what is there.
#include "bulk/target/scalekit_encode.hpp"
#include "bulk/target/scalekit_target.hpp"

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr int empty_looks = 2;

} // namespace

/// Whoever is a member still is nobody whom the job brought: those went before.
asio::awaitable<result<removal>> scalekit_target::remove_organization(std::string id)
{
    scalekit::list_organization_users_params first;
    first.page_size = 1;
    auto pause = calls_.options.pause;
    int empty = 0;
    // The listing may lag behind the memberships that were just taken back, and behind those that are new: nobody is
    // there only when it says so twice.
    for (int look = 1;; ++look) {
        raw_answer answer;
        const auto options = calls_.look(answer);
        auto listed = co_await client_.users().list_in_organization(id, first, options);
        if (!listed && listed.error().is_not_found())
            co_return removal::was_gone;
        if (!listed)
            co_return listed.error();
        calls_.heard();
        empty = !listed->users || listed->users->empty() ? empty + 1 : 0;
        if (empty == empty_looks)
            break;
        if (empty == 0 && look >= calls_.options.attempts)
            co_return removal::in_use;
        co_await calls_.wait(pause);
        pause *= 2;
    }
    const auto options = calls_.calls();
    auto gone = co_await client_.organizations().remove(id, options);
    co_return removed(gone);
}

asio::awaitable<result<removal>> scalekit_target::remove(made_thing what, bool force)
{
    if (what.of == entity_kind::organization)
        co_return co_await remove_organization(std::move(what.entity_id));
    if (!force) {
        raw_answer answer;
        const auto options = calls_.look(answer);
        auto got = co_await client_.users().get(what.entity_id, options);
        if (!got && got.error().is_not_found())
            co_return removal::was_gone;
        if (!got)
            co_return got.error();
        calls_.heard();
        if (got->user && got->user->last_login_time && has_signed_in_since(what, *got->user->last_login_time))
            co_return removal::in_use;
    }
    const auto options = calls_.calls();
    if (what.kind == import_step::membership) {
        auto gone = co_await client_.users().remove_membership(what.id, what.entity_id, options);
        co_return removed(gone);
    }
    auto gone = co_await client_.users().remove(what.entity_id, options);
    co_return removed(gone);
}

asio::awaitable<result<std::vector<std::optional<user>>>> scalekit_target::read_users(std::vector<std::string> ids,
                                                                                      bool memberships)
{
    std::vector<std::optional<user>> all;
    for (const auto& id : ids) {
        const auto options = calls_.calls();
        auto got = co_await client_.users().get(id, options);
        if (!got && !got.error().is_not_found())
            co_return got.error();
        calls_.heard();
        auto& one = all.emplace_back();
        if (!got || !got->user)
            continue;
        one = model_of(*got->user);
        // Of who is invited it tells whether the invitation has been accepted, which is no matter of the job's.
        if (calls_.options.send_invitations)
            for (auto& each : one->email_addresses)
                each.verified = true;
        // The default organization is this library's choice, not the source's.
        const auto& home = calls_.options.default_organization;
        const auto& places = one->memberships;
        if (!memberships || (places.size() == 1 && !home.empty() && places.front().organization == home))
            one->memberships.clear();
    }
    co_return all;
}

asio::awaitable<result<std::optional<organization>>> scalekit_target::read_organization(std::string id)
{
    const auto options = calls_.calls();
    auto got = co_await client_.organizations().get(id, options);
    if (!got && !got.error().is_not_found())
        co_return got.error();
    calls_.heard();
    if (!got || !got->organization)
        co_return std::optional<organization>();
    co_return std::optional<organization>(model_of(*got->organization));
}

user scalekit_target::expected(const user& at_source) const
{
    // What would be sent, read back.
    const auto params = scalekit_params(at_source);
    scalekit::users_user sent;
    sent.external_id = at_source.id;
    if (params.email.has_value())
        sent.email = *params.email;
    if (params.metadata.has_value())
        sent.metadata = *params.metadata;
    auto who = model_of(sent);
    who.first_name = params.user_profile->given_name.value_or(std::string());
    who.last_name = params.user_profile->family_name.value_or(std::string());
    who.locale = params.user_profile->locale.value_or(std::string());
    if (!at_source.phone_numbers.empty())
        who.phone_numbers.emplace_back(at_source.phone_numbers.front().value, false);
    for (const auto place : joined(at_source)) {
        const auto& wanted = at_source.memberships[place];
        scalekit::commons_organization_membership seat_sent;
        seat_sent.organization_id = wanted.organization;
        seat_sent.roles = role_params(scalekit_roles(wanted, calls_.options.roles));
        seat_sent.metadata = carried_by(wanted, nullptr);
        who.memberships.push_back(model_of(seat_sent));
    }
    return who;
}

organization scalekit_target::expected(const organization& at_source) const
{
    const auto params = scalekit_params(at_source);
    scalekit::organizations_organization sent;
    sent.external_id = at_source.id;
    sent.display_name = at_source.name;
    if (params.metadata.has_value())
        sent.metadata = *params.metadata;
    return model_of(sent);
}

} // namespace usher::bulk
