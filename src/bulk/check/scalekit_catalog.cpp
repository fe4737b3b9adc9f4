// What is at Scalekit already. Its listings know no filter, so that only the whole of them tells.
#include "bulk/check/catalog_pages.hpp"

#include <usher/bulk/catalog.hpp>
#include <usher/scalekit/client.hpp>
#include <usher/scalekit/organizations.hpp>
#include <usher/scalekit/roles.hpp>
#include <usher/scalekit/users.hpp>

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::int64_t page_size = 100;

struct shared {
    shared(scalekit::client client_, const catalog_options& options) : client(std::move(client_))
    {
        how.deadline = options.deadline;
        how.priority = lane::bulk;
    }
    scalekit::client client;
    call_options how;
    std::uint64_t calls = 0;
};
using shared_ptr = std::shared_ptr<shared>;

asio::awaitable<result<target_survey>> survey_of(shared_ptr self)
{
    target_survey survey;
    self->calls += 3;
    scalekit::list_users_params one_user;
    one_user.page_size = 1;
    auto users = co_await self->client.users().list(one_user, self->how);
    if (!users)
        co_return users.error();
    survey.users = users->total_size;
    scalekit::list_organization_params one;
    one.page_size = 1;
    auto organizations = co_await self->client.organizations().list(one, self->how);
    if (!organizations)
        co_return organizations.error();
    survey.organizations = organizations->total_size;
    auto roles = co_await self->client.roles().list(self->how);
    if (!roles && roles.error().status() == 0)
        co_return roles.error();
    if (roles) {
        survey.roles.emplace();
        if (roles->roles)
            for (const auto& each : *roles->roles)
                if (each.name)
                    survey.roles->insert(*each.name);
    }
    co_return std::move(survey);
}

known_entity known_user(const scalekit::users_user& from)
{
    known_entity to;
    to.id = from.id.value_or("");
    to.source_id = from.external_id.value_or("");
    if (from.email)
        to.email_addresses.push_back(*from.email);
    return to;
}

known_entity known_organization(const scalekit::organizations_organization& from)
{
    known_entity to;
    to.id = from.id.value_or("");
    to.source_id = from.external_id.value_or("");
    return to;
}

asio::awaitable<result<void>> each_user(shared_ptr self, std::function<void(const known_entity&)> use)
{
    scalekit::list_users_params filter;
    filter.page_size = page_size;
    auto pages = self->client.users().list_pages(filter, self->how);
    auto read = co_await each_item(std::move(pages), self->calls, &known_user, std::move(use));
    co_return read;
}

asio::awaitable<result<void>> each_organization(shared_ptr self, std::function<void(const known_entity&)> use)
{
    scalekit::list_organization_params filter;
    filter.page_size = page_size;
    auto pages = self->client.organizations().list_pages(filter, self->how);
    auto read = co_await each_item(std::move(pages), self->calls, &known_organization, std::move(use));
    co_return read;
}

asio::awaitable<result<std::vector<known_entity>>> nobody()
{
    co_return std::vector<known_entity>();
}

class scalekit_catalog final : public catalog {
public:
    scalekit_catalog(const scalekit::client& client, const catalog_options& options)
        : self_(std::make_shared<shared>(client, options))
    {
    }
    asio::awaitable<result<target_survey>> survey() override { return survey_of(self_); }
    bool finds_users() const noexcept override { return false; }
    asio::awaitable<result<std::vector<known_entity>>> find_users(user_query) override { return nobody(); }
    asio::awaitable<result<void>> list_users(std::function<void(const known_entity&)> use) override
    {
        return each_user(self_, std::move(use));
    }
    asio::awaitable<result<void>> list_organizations(std::function<void(const known_entity&)> use) override
    {
        return each_organization(self_, std::move(use));
    }
    std::uint64_t calls() const noexcept override { return self_->calls; }

private:
    shared_ptr self_;
};

} // namespace

std::unique_ptr<catalog> make_scalekit_catalog(const scalekit::client& client, const catalog_options& options)
{
    return std::make_unique<scalekit_catalog>(client, options);
}

} // namespace usher::bulk
