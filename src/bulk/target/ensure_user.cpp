// Creating one user so that it is there exactly once.
#include "bulk/job/import_state.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

using state_ptr = std::shared_ptr<importer::state>;
using found_user = result<std::optional<clerk::user>>;

/// The member of the request that the service says is taken.
std::string conflicting_member(const error& why)
{
    for (const auto& each : why.errors())
        if (const auto* name = each.meta.if_contains("param_name"); name && name->is_string())
            return std::string(name->get_string());
    return {};
}

/// Whoever has one of the plan's identifiers of this kind.
asio::awaitable<found_user> find_holder(state_ptr self, const user_plan& plan, std::string member)
{
    clerk::get_user_list_params filter;
    const auto& create = plan.create;
    if (member == "email_address" && create.email_address.has_value())
        filter.email_address = *create.email_address;
    else if (member == "phone_number" && create.phone_number.has_value())
        filter.phone_number = *create.phone_number;
    else if (member == "username" && create.username.has_value())
        filter.username = {*create.username};
    else
        co_return std::optional<clerk::user>();
    self->counters.lookups += 1;
    const auto calls = self->calls();
    auto listed = co_await self->client.users().list(filter, calls);
    if (!listed)
        co_return listed.error();
    if (listed->empty())
        co_return std::optional<clerk::user>();
    co_return std::optional<clerk::user>(std::move(listed->front()));
}

import_failure taken_by(const clerk::user& holder, const error& why, const std::string& member)
{
    import_failure failure(import_step::create, why);
    failure.code = "identifier_taken";
    failure.param = member;
    failure.message = member + " belongs to another user already: " + holder.id;
    if (holder.external_id)
        failure.message += " (external_id " + *holder.external_id + ")";
    return failure;
}

/// Something of the plan is taken: by the user whom it describes, or by somebody else. A listing may not show yet what
/// was created a moment ago, so that nobody at all means: look again.
asio::awaitable<ensured_user> recognise(state_ptr self, const user_plan& plan, error why)
{
    ensured_user user;
    const auto member = conflicting_member(why);
    if (member == "external_id" && !plan.has_steps())
        co_return user;
    auto pause = self->options.pause;
    for (int attempt = 1; attempt <= self->options.attempts; ++attempt) {
        if (attempt > 1) {
            co_await wait_for(self, pause);
            pause *= 2;
        }
        auto own = co_await find_user(self, plan.external_id);
        if (!own) {
            user.failure.emplace(import_step::create, own.error());
            co_return user;
        }
        if (*own) {
            user.id = (*own)->id;
            user.found = std::move(*own);
            co_return user;
        }
        auto holder = co_await find_holder(self, plan, member);
        if (holder && *holder && (*holder)->external_id != plan.external_id) {
            user.failure = taken_by(**holder, why, member);
            co_return user;
        }
        if (holder && *holder) {
            user.id = (*holder)->id;
            user.found = std::move(*holder);
            co_return user;
        }
    }
    user.failure.emplace(import_step::create, why);
    co_return user;
}

/// After a creation of unknown outcome: looks until the user shows, as often as a lagging listing may need.
asio::awaitable<found_user> look_for_lost(state_ptr self, const std::string& external_id)
{
    auto pause = self->options.pause;
    for (int look = 1;; ++look) {
        co_await wait_for(self, pause);
        pause *= 2;
        auto found = co_await find_user(self, external_id);
        const bool done = !found || *found || look == 3;
        if (done)
            co_return found;
    }
}

} // namespace

bool may_have_happened(const error& why) noexcept
{
    const int status = why.status();
    return why.is_outcome_unknown() || status == 408 || status == 425 || status >= 500;
}

asio::awaitable<void> wait_for(state_ptr self, std::chrono::milliseconds time)
{
    asio::steady_timer timer(self->executor, time);
    auto ended = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    (void)ended;
}

asio::awaitable<found_user> find_user(state_ptr self, std::string external_id)
{
    // The sign says "include"; without it an id that begins with one would be read as something else.
    clerk::get_user_list_params filter;
    filter.external_id = {"+" + external_id};
    self->counters.lookups += 1;
    const auto calls = self->calls();
    auto listed = co_await self->client.users().list(filter, calls);
    if (!listed)
        co_return listed.error();
    for (auto& user : *listed)
        if (user.external_id == external_id)
            co_return std::optional<clerk::user>(std::move(user));
    co_return std::optional<clerk::user>();
}

asio::awaitable<ensured_user> ensure_user(state_ptr self, const user_plan& plan)
{
    ensured_user user;
    const auto calls = self->calls();
    for (int attempt = 1;; ++attempt) {
        auto made = co_await self->client.users().create(plan.create, calls);
        if (made) {
            self->service_answered();
            user.id = made->id;
            user.created = true;
            co_return user;
        }
        const error why = made.error();
        if (why.has_code("form_identifier_exists") || why.is_already_exists()) {
            self->service_answered();
            user = co_await recognise(self, plan, why);
            // Whom an earlier attempt of this run made, this run created.
            user.created = attempt > 1 && !user.failure;
            self->counters.recovered += user.created ? 1U : 0U;
            co_return user;
        }
        if (!may_have_happened(why) || attempt == self->options.attempts) {
            self->judge(why);
            user.failure.emplace(import_step::create, why);
            co_return user;
        }
        auto found = co_await look_for_lost(self, plan.external_id);
        if (!found) {
            self->judge(found.error());
            user.failure.emplace(import_step::create, why);
            co_return user;
        }
        if (*found) {
            self->counters.recovered += 1;
            user.id = (*found)->id;
            user.found = std::move(*found);
            user.created = true;
            co_return user;
        }
    }
}

} // namespace usher::bulk
