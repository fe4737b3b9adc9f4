// What is there, and what should be.
#include "bulk/target/clerk_encode.hpp"
#include "bulk/target/clerk_target.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <variant>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::size_t most_ids = 100; // of one listing
constexpr std::int64_t page_size = 100;
const char* const set_text = "set";

bool says_verified(const std::string& status)
{
    return status == "verified";
}

template <class Status>
bool says_verified(const open_enum<Status>& status)
{
    return status.text() == "verified";
}

template <class How>
bool is_verified_by(const How& how)
{
    return says_verified(how.status);
}

bool is_verified_by(const unknown_json&)
{
    return false;
}

template <class Verification>
bool is_verified(const std::optional<Verification>& verification)
{
    return verification && std::visit([](const auto& how) { return is_verified_by(how); }, *verification);
}

/// The primary one first, the others in their order.
template <class Item, class Value>
std::vector<identifier> identifiers(const std::vector<Item>& items, const std::optional<std::string>& primary,
                                    Value value)
{
    std::vector<identifier> all;
    for (const auto& each : items) {
        const bool first = primary && each.id == primary;
        all.emplace(first ? all.begin() : all.end(), value(each), is_verified(each.verification));
    }
    return all;
}

user model_of(const clerk::user& found)
{
    user who;
    who.id = found.external_id.value_or(std::string());
    who.email_addresses = identifiers(found.email_addresses, found.primary_email_address_id,
                                      [](const auto& each) { return each.email_address; });
    who.phone_numbers = identifiers(found.phone_numbers, found.primary_phone_number_id,
                                    [](const auto& each) { return each.phone_number; });
    who.username = found.username.value_or(std::string());
    who.first_name = found.first_name.value_or(std::string());
    who.last_name = found.last_name.value_or(std::string());
    who.locale = found.locale.value_or(std::string());
    if (found.password_enabled)
        who.password.emplace();
    if (found.totp_enabled)
        who.totp_secret = set_text;
    if (found.backup_code_enabled)
        who.backup_codes.emplace_back(set_text);
    who.public_metadata = found.public_metadata;
    who.private_metadata = found.private_metadata.value_or(boost::json::object());
    erase_user_mark(who.private_metadata);
    who.unsafe_metadata = found.unsafe_metadata.value_or(boost::json::object());
    who.created_at = found.created_at;
    who.legal_accepted_at = found.legal_accepted_at;
    who.banned = found.banned;
    who.locked = found.locked;
    who.delete_self_enabled = found.delete_self_enabled;
    who.create_organization_enabled = found.create_organization_enabled;
    who.create_organizations_limit = found.create_organizations_limit;
    return who;
}

/// Verified ones come with the creation, the others are added after it.
std::vector<identifier> in_order_of_arrival(const std::vector<identifier>& at_source)
{
    std::vector<identifier> all;
    for (const bool verified : {true, false})
        for (auto& value : values_of(at_source, verified))
            all.emplace_back(std::move(value), verified);
    return all;
}

} // namespace

/// In the order in which they began; the listing has the youngest first.
asio::awaitable<result<void>> clerk_target::read_memberships(const std::string& user_id, user& into)
{
    clerk::users_get_organization_memberships_params filter;
    filter.limit = page_size;
    std::vector<clerk::organization_membership> all;
    for (;;) {
        filter.offset = static_cast<std::int64_t>(all.size());
        const auto options = calls_.calls();
        auto listed = co_await client_.users().list_organization_memberships(user_id, filter, options);
        if (!listed)
            co_return listed.error();
        std::move(listed->data.begin(), listed->data.end(), std::back_inserter(all));
        // The service may give less than it is asked for.
        if (listed->data.empty() || static_cast<std::int64_t>(all.size()) >= listed->total_count)
            break;
    }
    std::reverse(all.begin(), all.end());
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
    for (auto& found : all) {
        auto& one = into.memberships.emplace_back();
        one.organization = found.organization.id;
        one.roles.push_back(found.role);
        one.public_metadata = std::move(found.public_metadata);
        one.private_metadata = found.private_metadata.value_or(boost::json::object());
    }
    co_return result<void>();
}

asio::awaitable<result<std::vector<std::optional<user>>>> clerk_target::read_users(std::vector<std::string> ids,
                                                                                   bool memberships)
{
    std::map<std::string, user, std::less<>> found;
    for (std::size_t first = 0; first < ids.size(); first += most_ids) {
        const auto last = std::min(ids.size(), first + most_ids);
        clerk::get_user_list_params filter;
        auto& wanted = filter.user_id.emplace();
        for (std::size_t i = first; i < last; ++i)
            wanted.push_back("+" + ids[i]);
        filter.limit = static_cast<std::int64_t>(most_ids);
        const auto options = calls_.calls();
        auto listed = co_await client_.users().list(filter, options);
        if (!listed)
            co_return listed.error();
        calls_.heard();
        for (const auto& each : *listed)
            found.emplace(each.id, model_of(each));
    }
    std::vector<std::optional<user>> all;
    for (const auto& id : ids) {
        auto there = found.find(id);
        if (there == found.end()) {
            const auto options = calls_.calls();
            auto got = co_await client_.users().get(id, options);
            if (!got && !got.error().is_not_found())
                co_return got.error();
            if (!got) {
                all.emplace_back();
                continue;
            }
            there = found.emplace(id, model_of(*got)).first;
        }
        all.emplace_back(there->second);
        if (!memberships)
            continue;
        auto read = co_await read_memberships(id, *all.back());
        if (!read)
            co_return read.error();
    }
    co_return all;
}

asio::awaitable<result<std::optional<organization>>> clerk_target::read_organization(std::string id)
{
    const auto options = calls_.calls();
    auto got = co_await client_.organizations().get(id, options);
    if (!got && got.error().is_not_found())
        co_return std::optional<organization>();
    if (!got)
        co_return got.error();
    calls_.heard();
    organization which;
    which.id = marked_source(*got);
    which.name = got->name;
    which.slug = got->slug;
    which.created_at = got->created_at;
    which.public_metadata = got->public_metadata;
    which.private_metadata = got->private_metadata.value_or(boost::json::object());
    which.private_metadata.erase(marker_name);
    which.max_allowed_memberships = got->max_allowed_memberships;
    which.admin_delete_enabled = got->admin_delete_enabled;
    co_return std::optional<organization>(std::move(which));
}

user clerk_target::expected(const user& at_source) const
{
    auto who = at_source;
    who.email_addresses = in_order_of_arrival(at_source.email_addresses);
    who.phone_numbers = in_order_of_arrival(at_source.phone_numbers);
    if (who.password)
        who.password.emplace();
    if (!who.totp_secret.empty())
        who.totp_secret = set_text;
    if (!who.backup_codes.empty())
        who.backup_codes.assign(1, set_text);
    for (auto& each : who.memberships)
        each.roles.assign(1, role_of(each));
    erase_user_mark(who.private_metadata);
    return who;
}

organization clerk_target::expected(const organization& at_source) const
{
    auto which = at_source;
    which.slug = slug_candidates(at_source).front();
    which.private_metadata.erase(marker_name);
    return which;
}

} // namespace usher::bulk
