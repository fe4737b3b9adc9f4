// What is at Clerk already.
#include "bulk/check/catalog_pages.hpp"
#include "bulk/target/clerk_encode.hpp"

#include <usher/bulk/catalog.hpp>
#include <usher/clerk/client.hpp>
#include <usher/clerk/organization_roles.hpp>
#include <usher/clerk/organizations.hpp>
#include <usher/clerk/users.hpp>

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::int64_t page_size = 500;
/// Values of one filter in one call, and how much text they may be: they travel in the address, and proxies cut those.
constexpr std::size_t most_values = 100;
constexpr std::size_t most_text = 5000;

using filter_member = field<std::vector<std::string>> clerk::get_user_list_params::*;

known_entity known(const clerk::user& from)
{
    known_entity to;
    to.id = from.id;
    to.source_id = from.external_id.value_or("");
    to.username = from.username.value_or("");
    for (const auto& each : from.email_addresses)
        to.email_addresses.push_back(each.email_address);
    for (const auto& each : from.phone_numbers)
        to.phone_numbers.push_back(each.phone_number);
    return to;
}

known_entity known_organization(const clerk::organization& from)
{
    known_entity to;
    to.id = from.id;
    to.slug = from.slug;
    to.source_id = marked_source(from);
    return to;
}

struct shared {
    shared(clerk::client client_, const catalog_options& options) : client(std::move(client_))
    {
        how.deadline = options.deadline;
        how.priority = lane::bulk;
    }
    clerk::client client;
    call_options how;
    std::uint64_t calls = 0;
};
using shared_ptr = std::shared_ptr<shared>;

asio::awaitable<result<void>> find_by(shared_ptr self, filter_member member, std::vector<std::string> values,
                                      std::vector<known_entity>* found)
{
    for (std::size_t next = 0; next < values.size();) {
        std::vector<std::string> some;
        std::size_t text = 0;
        while (next < values.size() && some.size() < most_values && (some.empty() || text < most_text)) {
            text += values[next].size() + 16;
            some.push_back(std::move(values[next++]));
        }
        clerk::get_user_list_params filter;
        filter.*member = std::move(some);
        // An address belongs to one user, so that there are never more of them than values.
        filter.limit = page_size;
        self->calls += 1;
        auto listed = co_await self->client.users().list(filter, self->how);
        if (!listed)
            co_return listed.error();
        for (const auto& each : *listed)
            found->push_back(known(each));
    }
    co_return result<void>();
}

asio::awaitable<result<std::vector<known_entity>>> find_all(shared_ptr self, user_query query)
{
    using params = clerk::get_user_list_params;
    // The sign says "include"; without it an id that begins with one would be read as something else.
    for (auto& id : query.source_ids)
        id.insert(0, 1, '+');
    std::vector<std::pair<filter_member, std::vector<std::string>>> kinds;
    kinds.emplace_back(&params::external_id, std::move(query.source_ids));
    kinds.emplace_back(&params::email_address, std::move(query.email_addresses));
    kinds.emplace_back(&params::phone_number, std::move(query.phone_numbers));
    kinds.emplace_back(&params::username, std::move(query.usernames));
    std::vector<known_entity> found;
    for (auto& [member, values] : kinds) {
        auto done = co_await find_by(self, member, std::move(values), &found);
        if (!done)
            co_return done.error();
    }
    co_return std::move(found);
}

asio::awaitable<result<target_survey>> survey_of(shared_ptr self)
{
    target_survey survey;
    const clerk::get_users_count_params everybody;
    self->calls += 3;
    auto users = co_await self->client.users().count(everybody, self->how);
    if (!users)
        co_return users.error();
    survey.users = users->total_count;
    clerk::list_organizations_params one;
    one.limit = 1;
    auto organizations = co_await self->client.organizations().list(one, self->how);
    // An instance without organizations says so with an error; there is nothing to count then.
    if (organizations)
        survey.organizations = organizations->total_count;
    else if (organizations.error().status() == 0)
        co_return organizations.error();
    clerk::list_organization_roles_params all;
    all.limit = page_size;
    auto roles = co_await self->client.organization_roles().list(all, self->how);
    if (roles) {
        survey.roles.emplace();
        for (const auto& each : roles->data)
            survey.roles->insert(each.key);
    } else if (roles.error().status() == 0) {
        co_return roles.error();
    }
    co_return std::move(survey);
}

asio::awaitable<result<void>> each_user(shared_ptr self, std::function<void(const known_entity&)> use)
{
    clerk::get_user_list_params filter;
    filter.limit = page_size;
    auto pages = self->client.users().list_pages(filter, self->how);
    auto read = co_await each_item(std::move(pages), self->calls, &known, std::move(use));
    co_return read;
}

asio::awaitable<result<void>> each_organization(shared_ptr self, std::function<void(const known_entity&)> use)
{
    clerk::list_organizations_params filter;
    filter.limit = page_size;
    auto pages = self->client.organizations().list_pages(filter, self->how);
    auto read = co_await each_item(std::move(pages), self->calls, &known_organization, std::move(use));
    co_return read;
}

class clerk_catalog final : public catalog {
public:
    clerk_catalog(const clerk::client& client, const catalog_options& options)
        : self_(std::make_shared<shared>(client, options))
    {
    }
    asio::awaitable<result<target_survey>> survey() override { return survey_of(self_); }
    bool finds_users() const noexcept override { return true; }
    asio::awaitable<result<std::vector<known_entity>>> find_users(user_query query) override
    {
        return find_all(self_, std::move(query));
    }
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

std::unique_ptr<catalog> make_clerk_catalog(const clerk::client& client, const catalog_options& options)
{
    return std::make_unique<clerk_catalog>(client, options);
}

} // namespace usher::bulk
