// What follows a creation. Each step is done only if it is not done yet, so that a run that was interrupted is
// completed.
#include "bulk/job/import_state.hpp"

#include <usher/clerk/email_addresses.hpp>
#include <usher/clerk/phone_numbers.hpp>

#include <algorithm>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

using state_ptr = std::shared_ptr<importer::state>;

bool has_identifier(const clerk::user& user, import_step kind, const std::string& value)
{
    if (kind == import_step::email_address)
        return std::any_of(user.email_addresses.begin(), user.email_addresses.end(),
                           [&](const auto& each) { return each.email_address == value; });
    return std::any_of(user.phone_numbers.begin(), user.phone_numbers.end(),
                       [&](const auto& each) { return each.phone_number == value; });
}

asio::awaitable<result<void>> add_unverified(state_ptr self, import_step kind, const std::string& user_id,
                                             const std::string& value)
{
    const auto calls = self->calls();
    if (kind == import_step::email_address) {
        clerk::create_email_address_params email;
        email.user_id = user_id;
        email.email_address = value;
        email.verified = false;
        auto added = co_await self->client.email_addresses().create(email, calls);
        if (!added)
            co_return added.error();
        co_return result<void>();
    }
    clerk::create_phone_number_params phone;
    phone.user_id = user_id;
    phone.phone_number = value;
    phone.verified = false;
    auto added = co_await self->client.phone_numbers().create(phone, calls);
    if (!added)
        co_return added.error();
    co_return result<void>();
}

/// Adds one identifier; when it is unknown whether it was added, or it is there already, the user itself tells.
asio::awaitable<std::optional<import_failure>> ensure_identifier(state_ptr self, import_step kind,
                                                                 const std::string& user_id, const std::string& value)
{
    const auto calls = self->calls();
    for (int attempt = 1;; ++attempt) {
        auto added = co_await add_unverified(self, kind, user_id, value);
        if (added) {
            self->counters.added += 1;
            co_return std::nullopt;
        }
        const error why = added.error();
        const bool exists = why.has_code("form_identifier_exists") || why.is_already_exists();
        const bool unknown = may_have_happened(why);
        if (exists || unknown) {
            self->counters.lookups += 1;
            auto user = co_await self->client.users().get(user_id, calls);
            if (user && has_identifier(*user, kind, value)) {
                self->counters.added += attempt > 1 || unknown ? 1U : 0U;
                co_return std::nullopt;
            }
        }
        if (!unknown || attempt == self->options.attempts) {
            import_failure failure(kind, why);
            if (exists)
                failure.code = "identifier_taken";
            co_return failure;
        }
        co_await wait_for(self, self->options.pause);
    }
}

asio::awaitable<std::optional<import_failure>> ensure_banned(state_ptr self, const std::string& user_id)
{
    // To ban twice is to ban once.
    auto calls = self->calls();
    calls.retry.emplace();
    calls.retry->repeat_unsafe = true;
    auto banned = co_await self->client.users().ban(user_id, calls);
    if (!banned)
        co_return import_failure(import_step::ban, banned.error());
    self->counters.banned += 1;
    co_return std::nullopt;
}

} // namespace

asio::awaitable<std::optional<import_failure>> finish_steps(state_ptr self, const user_plan& plan,
                                                            const ensured_user& user)
{
    std::optional<import_failure> failure;
    const auto missing = [&](import_step kind, const std::string& value) {
        return !user.found || !has_identifier(*user.found, kind, value);
    };
    for (const auto& address : plan.unverified_email_addresses) {
        if (!missing(import_step::email_address, address))
            continue;
        auto failed = co_await ensure_identifier(self, import_step::email_address, user.id, address);
        if (failed && !failure)
            failure = std::move(failed);
    }
    for (const auto& number : plan.unverified_phone_numbers) {
        if (!missing(import_step::phone_number, number))
            continue;
        auto failed = co_await ensure_identifier(self, import_step::phone_number, user.id, number);
        if (failed && !failure)
            failure = std::move(failed);
    }
    if (plan.ban && !(user.found && user.found->banned)) {
        auto failed = co_await ensure_banned(self, user.id);
        if (failed && !failure)
            failure = std::move(failed);
    }
    co_return failure;
}

} // namespace usher::bulk
