// What follows the creation of a user.
#include "bulk/target/clerk_target.hpp"

#include <usher/clerk/email_addresses.hpp>
#include <usher/clerk/phone_numbers.hpp>
#include <usher/clerk/users.hpp>

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

struct held_identifier {
    held_identifier() = default;
    std::string id;
    journal_clock created_at{};
};

bool same_address(std::string_view a, std::string_view b)
{
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return small(x) == small(y); });
}

std::optional<held_identifier> held(const clerk::user& user, import_step kind, const std::string& value)
{
    held_identifier found;
    if (kind == import_step::email_address) {
        for (const auto& each : user.email_addresses)
            if (same_address(each.email_address, value)) {
                found.id = each.id.value_or(std::string());
                found.created_at = each.created_at;
                return found;
            }
        return std::nullopt;
    }
    for (const auto& each : user.phone_numbers)
        if (each.phone_number == value) {
            found.id = each.id.value_or(std::string());
            found.created_at = each.created_at;
            return found;
        }
    return std::nullopt;
}

} // namespace

asio::awaitable<result<std::string>> clerk_target::send_identifier(import_step kind, const std::string& user_id,
                                                                   const std::string& value)
{
    const auto options = calls_.calls();
    if (kind == import_step::email_address) {
        clerk::create_email_address_params email(user_id, value);
        email.verified = false;
        auto added = co_await client_.email_addresses().create(email, options);
        if (!added)
            co_return added.error();
        co_return added->id.value_or(std::string());
    }
    clerk::create_phone_number_params phone(user_id, value);
    phone.verified = false;
    auto added = co_await client_.phone_numbers().create(phone, options);
    if (!added)
        co_return added.error();
    co_return added->id.value_or(std::string());
}

/// Adds one identifier; when it is unknown whether it was added, or it is there already, the user itself tells.
asio::awaitable<step_result> clerk_target::add_identifier(const step_request& request, const std::string& value)
{
    const auto kind = request.what.kind;
    doubt in(request);
    bool look = request.in_doubt;
    error last;
    auto pause = calls_.options.pause;
    for (int attempt = 1;; ++attempt) {
        if (look) {
            raw_answer answer;
            const auto options = calls_.look(answer);
            auto user = co_await client_.users().get(request.target_id, options);
            if (!user && user.error().is_not_found()) // with what it had
                co_return calls_.failed(kind, user.error());
            if (!user)
                co_return calls_.unknown(kind, user.error());
            calls_.heard();
            if (const auto there = held(*user, kind, value)) {
                auto done = done_with(there->id, in.explains(there->created_at, answer));
                done.recovered = done.made;
                calls_.counters.recovered += done.recovered ? 1U : 0U;
                co_return done;
            }
            if (last && is_taken(last)) {
                auto result = calls_.failed(kind, last);
                result.failure->code = "identifier_taken";
                co_return result;
            }
            if (last && (!may_have_happened(last) || attempt > calls_.options.attempts))
                co_return calls_.failed(kind, last);
        }
        auto added = co_await send_identifier(kind, request.target_id, value);
        if (added) {
            calls_.heard();
            co_return done_with(std::move(*added), true);
        }
        last = added.error();
        if (is_taken(last))
            in.raise_if_repeated(last);
        if (!is_taken(last) && !may_have_happened(last) && !in.any())
            co_return calls_.failed(kind, last);
        look = true;
        if (!may_have_happened(last))
            continue;
        in.raise();
        calls_.counters.repeated += attempt == calls_.options.attempts ? 0U : 1U;
        co_await calls_.wait(pause);
        pause *= 2;
    }
}

/// Bans or locks. To do it twice is to do it once.
asio::awaitable<step_result> clerk_target::set_state(const step_request& request)
{
    const auto kind = request.what.kind;
    const bool ban = kind == import_step::ban;
    const auto is_set = [ban](const clerk::user& who) { return ban ? who.banned : who.locked; };
    raw_answer answer;
    if (!request.made_entity) {
        // Who was banned before is not to be let in by an undo.
        const auto options = calls_.look(answer);
        auto user = co_await client_.users().get(request.target_id, options);
        if (!user && (!request.in_doubt || user.error().is_not_found()))
            co_return calls_.failed(kind, user.error());
        if (!user)
            co_return calls_.unknown(kind, user.error());
        calls_.heard();
        if (is_set(*user))
            co_return done_with(std::string(), false);
    }
    const auto options = calls_.repeated();
    result<clerk::user> changed;
    if (ban)
        changed = co_await client_.users().ban(request.target_id, options);
    else
        changed = co_await client_.users().lock(request.target_id, options);
    if (!changed) {
        const error why = changed.error();
        if (!may_have_happened(why))
            co_return calls_.failed(kind, why);
        // Now it is known that it was not set before; a later run would not know.
        const auto again = calls_.look(answer);
        auto user = co_await client_.users().get(request.target_id, again);
        if (!user)
            co_return calls_.unknown(kind, why);
        calls_.heard();
        if (!is_set(*user))
            co_return calls_.unknown(kind, why);
    }
    calls_.heard();
    co_return done_with(std::string(), true);
}

} // namespace usher::bulk
