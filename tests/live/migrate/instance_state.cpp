#include "live/migrate/instance_state.hpp"

#include "call/client_state.hpp"

#include <usher/clerk/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace asio = boost::asio;

namespace usher::tests {

namespace json = boost::json;

namespace {

const detail::operation_info& operation_named(const basic_client& client, std::string_view id)
{
    for (const auto* each : client.state()->service.operations)
        if (each->id == id)
            return *each;
    throw std::logic_error("no such operation");
}

/// All items of a listing; `member` holds them, or the answer is the list.
asio::awaitable<void> read_all(clerk::client clerk, std::string operation, std::string member,
                               std::vector<json::object>& into)
{
    constexpr std::size_t page = 500;
    for (std::size_t offset = 0;; offset += page) {
        json::object params;
        params["limit"] = page;
        params["offset"] = offset;
        const std::string text = json::serialize(params);
        auto answer = co_await call_json(clerk, operation_named(clerk, operation), text);
        if (!answer)
            throw std::runtime_error(answer.error().message());
        const json::value read = json::parse(*answer);
        const auto& items = member.empty() ? read.as_array() : read.at(member).as_array();
        for (const auto& item : items)
            into.push_back(item.as_object());
        if (items.size() < page)
            co_return;
    }
}

/// Of an object the members of these names, in this order.
json::object only(const json::object& from, std::initializer_list<std::string_view> names)
{
    json::object kept;
    for (const auto name : names)
        if (const auto* value = from.if_contains(name))
            kept[name] = *value;
    return kept;
}

json::array identifiers(const json::value& list, std::string_view member)
{
    json::array all;
    for (const auto& each : list.as_array()) {
        json::object one;
        one["value"] = each.at(member);
        const auto* verification = each.as_object().if_contains("verification");
        if (verification && verification->is_object())
            one["status"] = verification->at("status");
        all.push_back(std::move(one));
    }
    return all;
}

json::object state_of_user(const json::object& user)
{
    auto kept = only(user, {"external_id", "username", "first_name", "last_name", "public_metadata", "private_metadata",
                            "unsafe_metadata", "banned", "locked", "password_enabled", "totp_enabled", "created_at"});
    kept["email_addresses"] = identifiers(user.at("email_addresses"), "email_address");
    kept["phone_numbers"] = identifiers(user.at("phone_numbers"), "phone_number");
    return kept;
}

} // namespace

std::vector<std::string> instance_state(sandbox::server& service, const std::string& key)
{
    std::vector<json::object> users, organizations, memberships;
    asio::io_context io(1);
    engine_options trusting;
    trusting.ca_pem = service.ca_pem();
    const engine on(io.get_executor(), trusting);
    client_options options;
    options.base_url = service.url();
    options.quota = quota::unlimited();
    const clerk::client clerk(on, secret(key), options);
    const auto check = [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    };
    asio::co_spawn(io, read_all(clerk, "GetUserList", "", users), check);
    asio::co_spawn(io, read_all(clerk, "ListOrganizations", "data", organizations), check);
    asio::co_spawn(io, read_all(clerk, "InstanceGetOrganizationMemberships", "data", memberships), check);
    io.run();

    std::vector<std::string> lines;
    std::map<std::string, std::string> names;
    for (const auto& user : users) {
        const auto* id = user.if_contains("external_id");
        names[std::string(user.at("id").as_string())] = id && id->is_string() ? id->as_string().c_str() : "?";
        lines.push_back("user " + json::serialize(state_of_user(user)));
    }
    for (const auto& one : organizations)
        lines.push_back("organization " +
                        json::serialize(only(one, {"slug", "name", "public_metadata", "private_metadata",
                                                   "max_allowed_memberships", "members_count"})));
    for (const auto& one : memberships) {
        const auto user = one.at("public_user_data").at("user_id").as_string();
        lines.push_back("membership " + std::string(one.at("organization").at("slug").as_string()) + " " +
                        names[std::string(user)] + " " +
                        json::serialize(only(one, {"role", "public_metadata", "private_metadata"})));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::string first_differences(const std::vector<std::string>& one, const std::vector<std::string>& other)
{
    std::vector<std::string> found;
    std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(found));
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 6); ++i)
        text += found[i] + "\n";
    return text;
}

} // namespace usher::tests
