// Creating one user, in its first organization, so that it is there exactly once.
#include "bulk/target/scalekit_encode.hpp"
#include "bulk/target/scalekit_target.hpp"

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

// A user is got by its external_id whatever id the path has; this one nobody has.
constexpr std::string_view no_id = "usr_0";
constexpr std::size_t longest_query = 100;

step_result taken_by(const scalekit::users_user& holder, const error& why)
{
    auto message = "the address belongs to another user already: " + holder.id.value_or(std::string());
    if (holder.external_id && !holder.external_id->empty())
        message += " (external_id " + *holder.external_id + ")";
    auto result = failed_with(import_step::create, "identifier_taken", std::move(message), "email");
    result.failure->status = why.status();
    return result;
}

} // namespace

asio::awaitable<scalekit_target::found_user> scalekit_target::find_user(const std::string& external_id,
                                                                        raw_answer& answer)
{
    scalekit::get_user_params filter;
    filter.external_id = external_id;
    const auto options = calls_.look(answer);
    auto got = co_await client_.users().get(no_id, filter, options);
    if (!got && !got.error().is_not_found())
        co_return got.error();
    calls_.heard();
    if (got && got->user && got->user->external_id == external_id)
        co_return std::optional<scalekit::users_user>(std::move(*got->user));
    co_return std::optional<scalekit::users_user>();
}

/// Whoever has this address. Nothing: nobody, or the listing does not show it yet.
asio::awaitable<scalekit_target::found_user> scalekit_target::find_holder(const std::string& email)
{
    scalekit::search_users_params filter(email.substr(0, longest_query));
    raw_answer answer;
    const auto options = calls_.look(answer);
    auto listed = co_await client_.users().search(filter, options);
    if (!listed)
        co_return listed.error();
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (listed->users)
        for (auto& found : *listed->users)
            if (found.email && std::equal(found.email->begin(), found.email->end(), email.begin(), email.end(),
                                          [&](char a, char b) { return small(a) == small(b); }))
                co_return std::optional<scalekit::users_user>(std::move(found));
    co_return std::optional<scalekit::users_user>();
}

step_result scalekit_target::adopt(const scalekit::users_user& found, const doubt& in, const raw_answer& answer)
{
    const auto created = found.create_time.value_or(instant());
    auto done = done_with(found.id.value_or(std::string()),
                          in.explains(std::chrono::floor<std::chrono::milliseconds>(created), answer));
    done.recovered = done.made;
    calls_.counters.recovered += done.recovered ? 1U : 0U;
    return done;
}

asio::awaitable<step_result> scalekit_target::recognise_user(const user& who, const doubt& in, error why)
{
    looks each(calls_);
    for (;;) {
        const bool more = co_await each.again();
        if (!more)
            break;
        raw_answer answer;
        auto own = co_await find_user(who.id, answer);
        if (!own)
            co_return calls_.unknown(import_step::create, own.error());
        if (*own)
            co_return adopt(**own, in, answer);
        auto holder = co_await find_holder(who.email_addresses.front().value);
        if (holder && *holder && (*holder)->external_id != who.id)
            co_return taken_by(**holder, why);
    }
    // Nobody has its external_id, which is got without a listing: somebody else has the address.
    auto result = calls_.failed(import_step::create, why);
    result.failure->code = "identifier_taken";
    result.failure->param = "email";
    co_return result;
}

asio::awaitable<step_result> scalekit_target::create_user(const step_request& request, const user& who)
{
    const auto at = first_seat(who);
    auto params = scalekit_params(who);
    params.send_invitation_email = bool(calls_.options.send_invitations);
    scalekit::v1users_create_membership place;
    if (!at.roles.empty())
        place.roles = role_params(at.roles);
    if (!at.metadata.empty())
        place.metadata = at.metadata;
    params.membership = std::move(place);

    doubt in(request);
    bool look = request.in_doubt;
    std::optional<error> last;
    auto pause = calls_.options.pause;
    for (int attempt = 1;; ++attempt) {
        if (look) {
            raw_answer answer;
            auto found = co_await find_user(who.id, answer);
            if (!found)
                co_return calls_.unknown(import_step::create, found.error());
            if (*found)
                co_return adopt(**found, in, answer);
            if (last && (!may_have_happened(*last) || attempt > calls_.options.attempts))
                co_return calls_.failed(import_step::create, *last);
            if (attempt > calls_.options.attempts)
                co_return says_nothing(import_step::create);
        }
        if (attempt == 1) {
            // After the look: one that is there already does not need its role any more.
            auto refused = co_await check_roles(import_step::create, at);
            if (refused)
                co_return std::move(*refused);
        }
        const auto options = calls_.calls();
        auto made = co_await client_.users().create(at.organization_id, params, options);
        if (made && made->user && made->user->id) {
            calls_.heard();
            co_return done_with(*made->user->id, true);
        }
        look = true;
        if (!made) {
            last = made.error();
            if (is_taken(*last)) {
                calls_.heard();
                in.raise_if_repeated(*last);
                co_return co_await recognise_user(who, in, *last);
            }
            if (!may_have_happened(*last) && !in.any())
                co_return calls_.failed(import_step::create, *last);
            if (!may_have_happened(*last))
                continue;
        }
        in.raise();
        calls_.counters.repeated += attempt == calls_.options.attempts ? 0U : 1U;
        co_await calls_.wait(pause);
        pause *= 2;
    }
}

} // namespace usher::bulk
