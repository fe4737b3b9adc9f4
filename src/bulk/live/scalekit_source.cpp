// Scalekit: page tokens, which lead on from an item and not from a place, so that what is created or deleted meanwhile
// moves nothing. Users hold their memberships.
#include "bulk/live/live_source.hpp"
#include "bulk/live/scalekit_records.hpp"
#include "bulk/live/usher_record.hpp"

#include <usher/scalekit/client.hpp>
#include <usher/scalekit/organizations.hpp>
#include <usher/scalekit/users.hpp>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::int64_t page_size = 100; // the documented maximum
constexpr std::int64_t least_page = 10;

class scalekit_source final : public live_source {
public:
    scalekit_source(asio::any_io_executor executor, const scalekit::client& client, live_options options)
        : live_source(std::move(executor), options, instance_name("scalekit", client, false)),
          client_(client),
          reads_users_(!options.organizations)
    {
    }

private:
    asio::awaitable<void> read_on() override
    {
        if (!size())
            co_await count();
        if (reads_users_)
            co_await read_users();
        else
            co_await read_organizations();
    }

    asio::awaitable<void> count()
    {
        std::int64_t all = 0;
        const auto call = of_call();
        if (options().users) {
            scalekit::list_users_params some;
            some.page_size = least_page;
            auto users = co_await client_.users().list(some, call);
            if (!users)
                fail("users", 0, users.error());
            all += users->total_size.value_or(0);
        }
        if (options().organizations) {
            scalekit::list_organization_params some;
            some.page_size = least_page;
            auto organizations = co_await client_.organizations().list(some, call);
            if (!organizations)
                fail("organizations", 0, organizations.error());
            all += organizations->total_size.value_or(0);
        }
        set_size(static_cast<std::uint64_t>(all));
    }

    asio::awaitable<void> read_organizations()
    {
        scalekit::list_organization_params params;
        params.page_size = page_size;
        if (!token_.empty())
            params.page_token = token_;
        const auto call = of_call();
        auto page = co_await client_.organizations().list(params, call);
        if (!page)
            fail("organizations", organizations_, page.error());
        if (page->organizations) {
            for (const auto& each : *page->organizations) {
                if (!each.id || seen().knows_organization(*each.id))
                    continue;
                seen().add_organization(*each.id);
                ++organizations_;
                std::vector<note> lost;
                auto made = from_scalekit(each, lost);
                give(to_record(std::move(made), lost));
            }
        }
        reads_users_ = !go_on(page->next_page_token);
    }

    asio::awaitable<void> read_users()
    {
        if (!options().users) {
            finish();
            co_return;
        }
        scalekit::list_users_params params;
        params.page_size = page_size;
        if (!token_.empty())
            params.page_token = token_;
        const auto call = of_call();
        auto page = co_await client_.users().list(params, call);
        if (!page)
            fail("users", users_, page.error());
        if (page->users)
            for (const auto& each : *page->users)
                if (each.id && !seen().knows_user(*each.id))
                    give_user(each);
        if (!go_on(page->next_page_token))
            finish();
    }

    void give_user(const scalekit::users_user& of)
    {
        seen().add_user(*of.id, 0);
        ++users_;
        std::vector<note> lost;
        auto made = from_scalekit(of, lost);
        if (!options().memberships)
            made.memberships.clear();
        // An organization that was created meanwhile has no record.
        if (options().organizations)
            std::erase_if(made.memberships,
                          [this](const membership& in) { return !seen().knows_organization(in.organization); });
        give(to_record(std::move(made), lost));
    }

    /// Whether there is a further page.
    bool go_on(const std::optional<std::string>& token)
    {
        const std::string next = token.value_or(std::string());
        // The same token again would lead round for ever.
        const bool on = !next.empty() && next != token_;
        token_ = on ? next : std::string();
        return on;
    }

    scalekit::client client_;
    std::string token_;
    std::uint64_t organizations_ = 0;
    std::uint64_t users_ = 0;
    bool reads_users_;
};

} // namespace

std::unique_ptr<source> open_scalekit(asio::any_io_executor executor, const scalekit::client& client,
                                      live_options options)
{
    return std::make_unique<scalekit_source>(std::move(executor), client, options);
}

} // namespace usher::bulk
