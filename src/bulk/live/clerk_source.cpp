// Clerk: users by time of creation, organizations and memberships by overlapping pages.
#include "bulk/live/clerk_records.hpp"
#include "bulk/live/live_source.hpp"
#include "bulk/live/page_walk.hpp"
#include "bulk/live/usher_record.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/organization_memberships.hpp>
#include <usher/clerk/organizations.hpp>
#include <usher/clerk/users.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::size_t page_size = 500; // the documented maximum
constexpr std::size_t overlap = 50;
constexpr const char* oldest_first = "+created_at";

class clerk_source final : public live_source {
public:
    clerk_source(asio::any_io_executor executor, const clerk::client& client, live_options options)
        : live_source(std::move(executor), options, instance_name("clerk", client, true)), client_(client)
    {
        if (!options.organizations)
            part_ = part::memberships;
    }

private:
    enum class part : std::uint8_t { organizations, memberships, users };

    asio::awaitable<void> read_on() override
    {
        if (!size())
            co_await count();
        switch (part_) {
        case part::organizations:
            co_await read_organizations();
            break;
        case part::memberships:
            co_await read_memberships();
            break;
        case part::users:
            co_await read_users();
            break;
        }
    }

    asio::awaitable<void> count()
    {
        std::uint64_t all = 0;
        const auto call = of_call();
        if (options().users) {
            auto users = co_await client_.users().count(call);
            if (!users)
                fail("users", 0, users.error());
            all += static_cast<std::uint64_t>(users->total_count);
        }
        if (options().organizations) {
            clerk::list_organizations_params one;
            one.limit = 1;
            auto organizations = co_await client_.organizations().list(one, call);
            if (!organizations)
                fail("organizations", 0, organizations.error());
            all += static_cast<std::uint64_t>(organizations->total_count);
        }
        set_size(all);
    }

    asio::awaitable<void> read_organizations()
    {
        clerk::list_organizations_params params;
        params.order_by = oldest_first;
        params.limit = static_cast<std::int64_t>(page_size);
        params.offset = static_cast<std::int64_t>(organization_walk_.position().offset);
        const auto call = of_call();
        auto page = co_await client_.organizations().list(params, call);
        if (!page)
            fail("organizations", organizations_, page.error());
        auto& all = page->data;
        std::vector<bool> known;
        for (const auto& each : all)
            known.push_back(seen().knows_organization(each.id));
        const bool joins = took(organization_walk_, known, all.empty() ? 0 : milliseconds(all.back().created_at));
        for (std::size_t i = 0; joins && i != all.size(); ++i) {
            if (known[i] || seen().knows_organization(all[i].id))
                continue;
            seen().add_organization(all[i].id);
            ++organizations_;
            std::vector<note> lost;
            auto made = from_clerk(std::move(all[i]), lost);
            give(to_record(std::move(made), lost));
        }
        if (organization_walk_.ended())
            part_ = part::memberships;
    }

    asio::awaitable<void> read_memberships()
    {
        if (!options().memberships || !options().users) {
            part_ = part::users;
            co_return;
        }
        clerk::instance_get_organization_memberships_params params;
        params.order_by = oldest_first;
        params.limit = static_cast<std::int64_t>(page_size);
        params.offset = static_cast<std::int64_t>(membership_walk_.position().offset);
        const auto call = of_call();
        auto page = co_await client_.organization_memberships().list_in_instance(params, call);
        if (!page)
            fail("memberships", memberships_, page.error());
        const auto& all = page->data;
        std::vector<bool> known;
        for (const auto& each : all)
            known.push_back(seen().knows_membership(each.id));
        const bool joins = took(membership_walk_, known, all.empty() ? 0 : milliseconds(all.back().created_at));
        for (std::size_t i = 0; joins && i != all.size(); ++i) {
            if (known[i] || seen().knows_membership(all[i].id))
                continue;
            seen().add_membership(from_clerk(all[i]));
            ++memberships_;
        }
        if (membership_walk_.ended())
            part_ = part::users;
    }

    asio::awaitable<void> read_users()
    {
        if (!options().users) {
            finish();
            co_return;
        }
        const auto at = user_walk_.position();
        clerk::get_user_list_params params;
        params.order_by = oldest_first;
        params.limit = static_cast<std::int64_t>(page_size);
        params.offset = static_cast<std::int64_t>(at.offset);
        if (at.after)
            params.created_at_after = unix_milliseconds(std::chrono::milliseconds(*at.after));
        const auto call = of_call();
        auto page = co_await client_.users().list(params, call);
        if (!page)
            fail("users", users_, page.error());
        auto& all = *page;
        std::vector<bool> known;
        for (const auto& each : all)
            known.push_back(seen().knows_user(each.id));
        const bool joins = took(user_walk_, known, all.empty() ? 0 : milliseconds(all.back().created_at));
        for (std::size_t i = 0; joins && i != all.size(); ++i) {
            if (!known[i] && !seen().knows_user(all[i].id))
                give_user(std::move(all[i]));
        }
        if (const auto& next = user_walk_.position(); next.after && next.after != at.after)
            seen().forget_users(*next.after);
        if (user_walk_.ended())
            finish();
    }

    void give_user(clerk::user of)
    {
        seen().add_user(of.id, milliseconds(of.created_at));
        ++users_;
        std::vector<note> lost;
        auto made = from_clerk(std::move(of), lost);
        const auto id = made.id;
        auto record = to_record(std::move(made), lost);
        boost::json::array memberships;
        if (options().memberships)
            for (const auto& body : seen().memberships_of(id, options().organizations))
                memberships.push_back(boost::json::parse(body));
        if (!memberships.empty())
            record["memberships"] = std::move(memberships);
        give(std::move(record));
    }

    static std::int64_t milliseconds(unix_milliseconds time) { return time.time_since_epoch().count(); }

    static bool took(page_walk& walk, const std::vector<bool>& known, std::int64_t newest)
    {
        const auto count = std::count(known.begin(), known.end(), true);
        return walk.took(known.size(), static_cast<std::size_t>(count), newest);
    }

    clerk::client client_;
    page_walk organization_walk_{page_walk::kind::by_offset, page_size, overlap};
    page_walk membership_walk_{page_walk::kind::by_offset, page_size, overlap};
    page_walk user_walk_{page_walk::kind::by_time, page_size, overlap};
    std::uint64_t organizations_ = 0;
    std::uint64_t memberships_ = 0;
    std::uint64_t users_ = 0;
    part part_ = part::organizations;
};

} // namespace

std::unique_ptr<source> open_clerk(asio::any_io_executor executor, const clerk::client& client, live_options options)
{
    return std::make_unique<clerk_source>(std::move(executor), client, options);
}

} // namespace usher::bulk
