// What Scalekit has, as this library sees it.
#include "bulk/mapping/carried.hpp"
#include "bulk/target/scalekit_encode.hpp"

#include <usher/time.hpp>

#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace usher::bulk {

namespace {

std::string text_in(const std::optional<text_map>& metadata, std::string_view name)
{
    if (!metadata)
        return {};
    const auto found = metadata->find(name);
    return found == metadata->end() ? std::string() : found->second;
}

boost::json::object object_in(const std::optional<text_map>& metadata, std::string_view name)
{
    return carried::unpack(text_in(metadata, name)).value_or(boost::json::object());
}

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> time_in(const std::optional<text_map>& metadata,
                                                                        std::string_view name)
{
    const auto time = parse_rfc3339(text_in(metadata, name));
    if (!time)
        return std::nullopt;
    return std::chrono::floor<std::chrono::milliseconds>(*time);
}

} // namespace

membership model_of(const scalekit::commons_organization_membership& found)
{
    membership one;
    one.organization = found.organization_id.value_or(std::string());
    if (found.roles)
        for (const auto& role : *found.roles)
            if (role.name.has_value())
                one.roles.push_back(*role.name);
    one.public_metadata = object_in(found.metadata, carried::public_metadata);
    one.private_metadata = object_in(found.metadata, carried::private_metadata);
    return one;
}

user model_of(const scalekit::users_user& found)
{
    user who;
    const auto& metadata = found.metadata;
    who.id = found.external_id.value_or(std::string());
    // What Scalekit itself says of them; what the source said is in the metadata alone. Without a word it takes an
    // address as verified, and a number not.
    if (found.email)
        who.email_addresses.emplace_back(*found.email,
                                         !found.user_profile || found.user_profile->email_verified.value_or(true));
    if (found.user_profile) {
        const auto& profile = *found.user_profile;
        if (profile.phone_number && !profile.phone_number->empty())
            who.phone_numbers.emplace_back(*profile.phone_number, profile.phone_number_verified.value_or(false));
        who.first_name = profile.given_name.value_or(std::string());
        who.last_name = profile.family_name.value_or(std::string());
        who.locale = profile.locale.value_or(std::string());
    }
    who.username = text_in(metadata, carried::username);
    who.public_metadata = object_in(metadata, carried::public_metadata);
    who.private_metadata = object_in(metadata, carried::private_metadata);
    who.unsafe_metadata = object_in(metadata, carried::unsafe_metadata);
    who.created_at = time_in(metadata, carried::created_at);
    who.legal_accepted_at = time_in(metadata, carried::legal_accepted_at);
    if (found.memberships)
        for (const auto& each : *found.memberships)
            who.memberships.push_back(model_of(each));
    return who;
}

organization model_of(const scalekit::organizations_organization& found)
{
    organization which;
    const auto& metadata = found.metadata;
    which.id = found.external_id.value_or(std::string());
    which.name = found.display_name.value_or(std::string());
    which.slug = text_in(metadata, carried::slug);
    which.created_at = time_in(metadata, carried::created_at);
    which.public_metadata = object_in(metadata, carried::public_metadata);
    which.private_metadata = object_in(metadata, carried::private_metadata);
    const auto most = text_in(metadata, carried::max_allowed_memberships);
    std::int64_t count = 0;
    if (!most.empty() && std::from_chars(most.data(), most.data() + most.size(), count).ec == std::errc())
        which.max_allowed_memberships = count;
    const auto enabled = text_in(metadata, carried::admin_delete_enabled);
    if (!enabled.empty())
        which.admin_delete_enabled = enabled == "true";
    return which;
}

} // namespace usher::bulk
