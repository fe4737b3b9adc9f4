#include "live/migrate_live/instance.hpp"

#include <usher/clerk/email_addresses.hpp>
#include <usher/clerk/organization_memberships.hpp>
#include <usher/clerk/organizations.hpp>
#include <usher/clerk/phone_numbers.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace usher::tests {

namespace {

using namespace std::chrono_literals;

sandbox::options plain(sandbox::options how)
{
    how.tls = false;
    how.record = false;
    return how;
}

/// What both clients and the creation share while `for_each` runs.
struct queue {
    queue() = default;
    std::size_t next = 0;
    std::size_t count = 0;
    std::size_t workers = 0;
    std::function<asio::awaitable<void>(std::size_t)> one;
    std::exception_ptr failed;
    std::shared_ptr<asio::steady_timer> ended;
};

asio::awaitable<void> work_on(std::shared_ptr<queue> all)
{
    while (all->next != all->count && !all->failed) {
        const auto mine = all->next++;
        try {
            co_await all->one(mine);
        } catch (...) {
            all->failed = std::current_exception();
        }
    }
    if (--all->workers == 0)
        all->ended->cancel();
}

template <class Answer>
void need(const Answer& answer)
{
    if (!answer)
        throw std::runtime_error(answer.error().message());
}

asio::awaitable<void> create_organization(clerk::client clerk, const bulk::organization& planned, id_map& ids)
{
    clerk::create_organization_params params(planned.name);
    params.slug = planned.slug;
    params.created_at = *planned.created_at;
    params.public_metadata = planned.public_metadata;
    params.private_metadata = planned.private_metadata;
    params.max_allowed_memberships = *planned.max_allowed_memberships;
    auto made = co_await clerk.organizations().create(params);
    need(made);
    ids[planned.id] = made->id;
}

clerk::create_user_params params_of(const bulk::user& planned)
{
    clerk::create_user_params params;
    params.external_id = planned.id;
    std::vector<std::string> addresses;
    std::vector<std::string> numbers;
    for (const auto& each : planned.email_addresses)
        if (each.verified)
            addresses.push_back(each.value);
    for (const auto& each : planned.phone_numbers)
        if (each.verified)
            numbers.push_back(each.value);
    params.email_address = addresses;
    if (!numbers.empty())
        params.phone_number = numbers;
    if (!planned.username.empty())
        params.username = planned.username;
    if (!planned.first_name.empty())
        params.first_name = planned.first_name;
    if (!planned.last_name.empty())
        params.last_name = planned.last_name;
    if (!planned.locale.empty())
        params.locale = planned.locale;
    if (planned.password) {
        params.password_hasher = planned.password->hasher;
        params.password_digest = planned.password->digest;
    } else
        params.skip_password_requirement = true;
    if (!planned.totp_secret.empty()) {
        params.totp_secret = planned.totp_secret;
        params.backup_codes = planned.backup_codes;
    }
    params.public_metadata = planned.public_metadata;
    params.private_metadata = planned.private_metadata;
    params.unsafe_metadata = planned.unsafe_metadata;
    params.created_at = *planned.created_at;
    if (planned.legal_accepted_at)
        params.legal_accepted_at = *planned.legal_accepted_at;
    params.delete_self_enabled.emplace(*planned.delete_self_enabled);
    params.create_organization_enabled.emplace(*planned.create_organization_enabled);
    if (planned.create_organizations_limit)
        params.create_organizations_limit.emplace(*planned.create_organizations_limit);
    return params;
}

asio::awaitable<void> add_unverified(clerk::client clerk, const bulk::user& planned, std::string id)
{
    for (const auto& each : planned.email_addresses) {
        if (each.verified)
            continue;
        clerk::create_email_address_params params(id, each.value);
        params.verified.emplace(false);
        auto added = co_await clerk.email_addresses().create(params);
        need(added);
    }
    for (const auto& each : planned.phone_numbers) {
        if (each.verified)
            continue;
        clerk::create_phone_number_params params(id, each.value);
        params.verified.emplace(false);
        auto added = co_await clerk.phone_numbers().create(params);
        need(added);
    }
}

asio::awaitable<void> create_user(clerk::client clerk, const bulk::user& planned, id_map& ids)
{
    const auto params = params_of(planned);
    auto made = co_await clerk.users().create(params);
    need(made);
    const std::string id = made->id;
    ids[planned.id] = id;
    co_await add_unverified(clerk, planned, id);
    if (planned.banned) {
        auto done = co_await clerk.users().ban(id);
        need(done);
    }
    if (planned.locked) {
        auto done = co_await clerk.users().lock(id);
        need(done);
    }
    for (const auto& each : planned.memberships) {
        clerk::create_organization_membership_params in(id, each.roles.front());
        in.public_metadata = each.public_metadata;
        in.private_metadata = each.private_metadata;
        auto done = co_await clerk.organization_memberships().create(ids.at(each.organization), in);
        need(done);
    }
}

asio::awaitable<void> create_all(clerk::client clerk, const plan& what, id_map& ids)
{
    std::function<asio::awaitable<void>(std::size_t)> organization = [&](std::size_t n) {
        return create_organization(clerk, what.organizations[n], ids);
    };
    co_await for_each(what.organizations.size(), organization);
    std::function<asio::awaitable<void>(std::size_t)> user = [&](std::size_t n) {
        return create_user(clerk, what.users[n], ids);
    };
    co_await for_each(what.users.size(), user);
}

asio::awaitable<void> take_all(bulk::source& source, contents& into)
{
    for (;;) {
        auto record = co_await source.next();
        if (!record)
            break;
        into.counted = into.counted && record->end_offset == ++into.records;
        auto mapped = bulk::map_record(*record);
        if (!mapped)
            throw std::runtime_error(mapped.error().code + ": " + mapped.error().field);
        for (const auto& each : mapped->notes)
            ++into.notes[each.field];
        const auto id = mapped->id();
        const bool is_new = mapped->kind() == bulk::entity_kind::user
                                ? into.users.emplace(id, std::get<bulk::user>(mapped->what)).second
                                : into.organizations.emplace(id, std::get<bulk::organization>(mapped->what)).second;
        into.repeated += is_new ? 0U : 1U;
        into.out_of_order += mapped->kind() == bulk::entity_kind::organization && !into.users.empty() ? 1U : 0U;
    }
}

} // namespace

instance::instance(sandbox::options how) : served(plain(std::move(how))), on(io.get_executor()) {}

clerk::client instance::client(const char* key, int attempts)
{
    client_options options;
    options.base_url = served.url(sandbox::service::clerk);
    options.quota = quota::unlimited();
    options.retry.initial_backoff = 1ms;
    options.retry.max_attempts = attempts;
    options.retry.budgeted = false;
    return clerk::client(on, secret(key), options);
}

scalekit::client instance::scalekit_client()
{
    client_options options;
    options.quota = quota::unlimited();
    options.retry.initial_backoff = 1ms;
    return scalekit::client(on, served.origin(), "skc_1", secret("a-secret-of-a-client"), options);
}

id_map instance::create(const plan& what, const char* key)
{
    id_map ids;
    run(create_all(client(key), what, ids));
    return ids;
}

asio::awaitable<void> for_each(std::size_t count, std::function<asio::awaitable<void>(std::size_t)> one,
                               std::size_t at_once)
{
    if (count == 0)
        co_return;
    const auto executor = co_await asio::this_coro::executor;
    auto all = std::make_shared<queue>();
    all->count = count;
    all->workers = std::min(at_once, count);
    all->one = std::move(one);
    all->ended = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    for (std::size_t i = all->workers; i != 0; --i)
        asio::co_spawn(executor, work_on(all), asio::detached);
    while (all->workers != 0) {
        auto waited = co_await all->ended->async_wait(asio::as_tuple(asio::use_awaitable));
        (void)waited;
    }
    if (all->failed)
        std::rethrow_exception(all->failed);
}

asio::awaitable<void> take_all_and_say(bulk::source& source, contents& into, bool& ended)
{
    co_await take_all(source, into);
    ended = true;
}

contents read_all(instance& from, bulk::source& source)
{
    contents all;
    from.run(take_all(source, all));
    return all;
}

} // namespace usher::tests
