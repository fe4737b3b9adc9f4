// Creating one user so that it is there exactly once.
#include "bulk/target/clerk_encode.hpp"
#include "bulk/target/clerk_target.hpp"

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

/// When the service wrote a user first. `created_at` may be what a source said, so what tells is what came with the
/// user and can't be chosen: its addresses and numbers. Nothing: nothing tells, as the user may have been changed
/// since.
std::optional<journal_clock> first_written(const user& who, const clerk::user& found)
{
    if (!who.created_at)
        return found.created_at;
    if (found.email_addresses.empty() && found.phone_numbers.empty())
        return std::nullopt;
    auto first = found.updated_at;
    for (const auto& each : found.email_addresses)
        first = std::min(first, each.created_at);
    for (const auto& each : found.phone_numbers)
        first = std::min(first, each.created_at);
    return first;
}

std::string external_id_of(const clerk::user& found)
{
    return found.external_id.value_or(std::string());
}

step_result taken_by(const clerk::user& holder, const error& why, const std::string& member)
{
    auto message = member + " belongs to another user already: " + holder.id;
    if (holder.external_id)
        message += " (external_id " + *holder.external_id + ")";
    auto result = failed_with(import_step::create, "identifier_taken", std::move(message), member);
    result.failure->status = why.status();
    result.failure->trace_id = why.trace_id();
    return result;
}

} // namespace

asio::awaitable<clerk_target::found_user> clerk_target::find_user(const std::string& external_id, raw_answer& answer)
{
    // The sign says "include"; without it an id that begins with one would be read as something else.
    clerk::get_user_list_params filter;
    filter.external_id = {"+" + external_id};
    const auto options = calls_.look(answer);
    auto listed = co_await client_.users().list(filter, options);
    if (!listed)
        co_return listed.error();
    calls_.heard();
    for (auto& found : *listed)
        if (found.external_id == external_id)
            co_return std::optional<clerk::user>(std::move(found));
    co_return std::optional<clerk::user>();
}

/// Whoever has one of the user's identifiers of this kind.
asio::awaitable<clerk_target::found_user> clerk_target::find_holder(const user& who, const std::string& member)
{
    clerk::get_user_list_params filter;
    const auto emails = values_of(who.email_addresses, true);
    const auto numbers = values_of(who.phone_numbers, true);
    if (member == "email_address" && !emails.empty())
        filter.email_address = emails;
    else if (member == "phone_number" && !numbers.empty())
        filter.phone_number = numbers;
    else if (member == "username" && !who.username.empty())
        filter.username = {who.username};
    else
        co_return std::optional<clerk::user>();
    raw_answer answer;
    const auto options = calls_.look(answer);
    auto listed = co_await client_.users().list(filter, options);
    if (!listed)
        co_return listed.error();
    // The stranger counts: with two addresses of a user, one may be its own.
    const auto stranger =
        std::find_if(listed->begin(), listed->end(), [&](const auto& each) { return external_id_of(each) != who.id; });
    if (stranger != listed->end())
        co_return std::optional<clerk::user>(std::move(*stranger));
    co_return std::optional<clerk::user>();
}

step_result clerk_target::adopt(const user& who, const clerk::user& found, const doubt& in, const raw_answer& answer)
{
    // Whom nothing dates is not called made: an undo would remove who was there before.
    const auto sent = marked_time(found);
    const auto written = first_written(who, found);
    auto done = done_with(found.id, sent ? in.explains_sent(*sent) : written && in.explains(*written, answer));
    done.recovered = done.made;
    calls_.counters.recovered += done.recovered ? 1U : 0U;
    return done;
}

/// Something of the user is taken: by itself, or by somebody else. A listing may not show yet what was created a moment
/// ago, so that nobody at all means: look again.
asio::awaitable<step_result> clerk_target::recognise_user(const user& who, const doubt& in, error why)
{
    const auto member = conflicting_member(why);
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
            co_return adopt(who, **own, in, answer);
        auto holder = co_await find_holder(who, member);
        if (holder && *holder)
            co_return taken_by(**holder, why, member);
    }
    // Its own id is taken, so it is there; or nobody knows by whom.
    const bool there = in.any() || names_member(why, "external_id");
    auto result = there ? calls_.unknown(import_step::create, why) : calls_.failed(import_step::create, why);
    co_return result;
}

/// The last word on an attempt that may have taken effect, after which nothing more is sent.
asio::awaitable<step_result> clerk_target::look_for_lost(const user& who, const doubt& in, error why)
{
    // Refused now, as a quota may be used up by the very user who was created before: a listing can prove that it
    // isn't.
    const bool refused = !may_have_happened(why);
    auto each = refused ? looks(calls_, in) : looks(calls_);
    for (;;) {
        const bool more = co_await each.again();
        if (!more)
            break;
        raw_answer answer;
        auto found = co_await find_user(who.id, answer);
        if (!found)
            co_return calls_.unknown(import_step::create, found.error());
        if (*found)
            co_return adopt(who, **found, in, answer);
    }
    auto result = refused ? calls_.failed(import_step::create, why) : calls_.unknown(import_step::create, why);
    co_return result;
}

asio::awaitable<step_result> clerk_target::create_user(const step_request& request, const user& who)
{
    const auto params = create_params(who, this_moment());
    doubt in(request);
    auto pause = calls_.options.pause;
    bool look = request.in_doubt;
    for (int attempt = 1;; ++attempt) {
        if (look) {
            raw_answer answer;
            auto found = co_await find_user(who.id, answer);
            if (!found)
                co_return calls_.unknown(import_step::create, found.error());
            if (*found)
                co_return adopt(who, **found, in, answer);
        }
        const auto options = calls_.calls();
        auto made = co_await client_.users().create(params, options);
        if (made) {
            calls_.heard();
            co_return done_with(made->id, true);
        }
        const error why = made.error();
        if (is_taken(why)) {
            calls_.heard();
            in.raise_if_repeated(why);
            co_return co_await recognise_user(who, in, why);
        }
        if (!may_have_happened(why)) {
            if (!in.any())
                co_return calls_.failed(import_step::create, why);
            co_return co_await look_for_lost(who, in, why);
        }
        in.raise();
        if (attempt == calls_.options.attempts)
            co_return co_await look_for_lost(who, in, why);
        look = true;
        calls_.counters.repeated += 1;
        co_await calls_.wait(pause);
        pause *= 2;
    }
}

} // namespace usher::bulk
