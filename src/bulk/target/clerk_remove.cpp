// Taking back what a step did.
#include "bulk/target/clerk_target.hpp"

#include <usher/clerk/email_addresses.hpp>
#include <usher/clerk/organization_memberships.hpp>
#include <usher/clerk/organizations.hpp>
#include <usher/clerk/phone_numbers.hpp>
#include <usher/clerk/users.hpp>

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

/// Whoever is a member still is nobody whom the job brought: those went before.
asio::awaitable<result<removal>> clerk_target::remove_organization(std::string id)
{
    clerk::get_organization_params with_count;
    with_count.include_members_count = true;
    looks each(calls_);
    // A count may lag behind the memberships that were just taken back.
    for (;;) {
        const bool more = co_await each.again();
        if (!more)
            co_return removal::in_use;
        raw_answer answer;
        const auto options = calls_.look(answer);
        auto got = co_await client_.organizations().get(id, with_count, options);
        if (!got && got.error().is_not_found())
            co_return removal::was_gone;
        if (!got)
            co_return got.error();
        calls_.heard();
        // Without a count it is not known that there is nobody.
        if (got->members_count == 0)
            break;
    }
    const auto options = calls_.calls();
    auto gone = co_await client_.organizations().remove(id, options);
    co_return removed(gone);
}

asio::awaitable<result<removal>> clerk_target::remove_step(const made_thing& what)
{
    const auto options = calls_.repeated();
    switch (what.kind) {
    case import_step::email_address: {
        auto gone = co_await client_.email_addresses().remove(what.id, options);
        co_return removed(gone);
    }
    case import_step::phone_number: {
        auto gone = co_await client_.phone_numbers().remove(what.id, options);
        co_return removed(gone);
    }
    case import_step::membership: {
        auto gone = co_await client_.organization_memberships().remove(what.id, what.entity_id, options);
        co_return removed(gone);
    }
    case import_step::ban: {
        auto free = co_await client_.users().unban(what.entity_id, options);
        co_return removed(free);
    }
    case import_step::lock: {
        auto free = co_await client_.users().unlock(what.entity_id, options);
        co_return removed(free);
    }
    default: {
        auto gone = co_await client_.users().remove(what.entity_id, options);
        co_return removed(gone);
    }
    }
}

asio::awaitable<result<removal>> clerk_target::remove(made_thing what, bool force)
{
    if (what.of == entity_kind::organization)
        co_return co_await remove_organization(std::move(what.entity_id));
    if (!force) {
        raw_answer answer;
        const auto options = calls_.look(answer);
        auto who = co_await client_.users().get(what.entity_id, options);
        if (!who && who.error().is_not_found())
            co_return removal::was_gone;
        if (!who)
            co_return who.error();
        calls_.heard();
        if (who->last_sign_in_at && has_signed_in_since(what, *who->last_sign_in_at))
            co_return removal::in_use;
    }
    co_return co_await remove_step(what);
}

} // namespace usher::bulk
