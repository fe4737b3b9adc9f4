#include "bulk/target/clerk_target.hpp"

#include <usher/clerk/instance.hpp>
#include <usher/clerk/organization_roles.hpp>
#include <usher/clerk/users.hpp>

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::int64_t page_size = 500;

/// The service has said that it will not tell, or something that can't be read: asked again it would say the same.
bool is_answer(const error& why) noexcept
{
    return why.status() != 0 && !why.is_retryable();
}

} // namespace

clerk_target::clerk_target(asio::any_io_executor executor, const clerk::client& client, target_options options)
    : calls_(std::move(executor), client.state(), std::move(options)), client_(client)
{
    catalog_options asked;
    asked.deadline = calls_.options.deadline;
    known_ = make_clerk_catalog(client, asked);
}

asio::awaitable<result<void>> clerk_target::prepare()
{
    const auto options = calls_.calls();
    auto counted = co_await client_.users().count(options);
    if (!counted)
        co_return counted.error();
    calls_.heard();
    if (calls_.options.roles.empty())
        co_return result<void>();
    clerk::list_organization_roles_params filter;
    filter.limit = page_size;
    auto listed = co_await client_.organization_roles().list(filter, options);
    if (!listed)
        co_return listed.error();
    for (const auto& [source, wanted] : calls_.options.roles)
        if (std::none_of(listed->data.begin(), listed->data.end(),
                         [&name = wanted](const auto& role) { return role.key == name; }))
            co_return no_such_role("ListOrganizationRoles", wanted);
    co_return result<void>();
}

asio::awaitable<result<std::string>> clerk_target::instance()
{
    if (instance_)
        co_return *instance_;
    const auto options = calls_.question();
    auto found = co_await client_.instance().get(options);
    if (!found && !is_answer(found.error()))
        co_return found.error();
    calls_.heard();
    instance_ = found ? found->id : std::string();
    co_return *instance_;
}

asio::awaitable<step_result> clerk_target::perform(step_request request)
{
    const auto& what = request.record->what;
    if (const auto* which = std::get_if<organization>(&what))
        co_return co_await create_organization(request, *which);
    const auto& who = std::get<user>(what);
    const auto index = request.what.index;
    switch (request.what.kind) {
    case import_step::create:
        co_return co_await create_user(request, who);
    case import_step::email_address:
        co_return co_await add_identifier(request, who.email_addresses.at(index).value);
    case import_step::phone_number:
        co_return co_await add_identifier(request, who.phone_numbers.at(index).value);
    case import_step::ban:
    case import_step::lock:
        co_return co_await set_state(request);
    case import_step::membership:
        co_return co_await join(request, who.memberships.at(index));
    default:
        co_return failed_with(request.what.kind, "invalid_request", "not a step of a target");
    }
}

std::unique_ptr<target> make_clerk_target(asio::any_io_executor executor, const clerk::client& client,
                                          target_options options)
{
    return std::make_unique<clerk_target>(std::move(executor), client, std::move(options));
}

} // namespace usher::bulk
