#include "bulk/target/scalekit_encode.hpp"

#include "bulk/mapping/carried.hpp"

#include <usher/time.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace usher::bulk {

namespace {

constexpr std::size_t longest_name = 255;

void note_if(bool lost, std::vector<note>* notes, std::string_view name, const char* reason)
{
    if (lost && notes)
        notes->emplace_back(std::string(name), reason);
}

void carry(text_map& to, std::string_view name, const boost::json::object& object, std::vector<note>* notes)
{
    if (object.empty())
        return;
    auto text = carried::pack(object);
    if (text)
        to.emplace(name, std::move(*text));
    else
        note_if(true, notes, name, "takes more than the 256 bytes that Scalekit has for it");
}

void carry(text_map& to, std::string_view name, const std::string& text, std::vector<note>* notes)
{
    if (text.empty())
        return;
    if (text.size() <= carried::longest_value)
        to.emplace(name, text);
    else
        note_if(true, notes, name, "takes more than the 256 bytes that Scalekit has for it");
}

template <class Time>
void carry_time(text_map& to, std::string_view name, const std::optional<Time>& time)
{
    if (time)
        to.emplace(name, format_rfc3339(instant(*time)));
}

void set(field<std::string>& member, const std::string& value)
{
    if (!value.empty() && fits_profile(value))
        member = value;
}

} // namespace

bool fits_profile(const std::string& name) noexcept
{
    return name.size() <= longest_name;
}

std::vector<std::string> scalekit_roles(const membership& wanted, const std::map<std::string, std::string>& mapping)
{
    std::vector<std::string> names;
    for (const auto& role : wanted.roles) {
        const auto own = mapping.find(role);
        auto name = own != mapping.end() ? own->second : role.starts_with("org:") ? role.substr(4) : role;
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    return names;
}

std::vector<scalekit::commons_role> role_params(const std::vector<std::string>& names)
{
    std::vector<scalekit::commons_role> roles;
    for (const auto& name : names)
        roles.emplace_back().name = name;
    return roles;
}

text_map carried_by(const user& who, std::vector<note>* notes)
{
    text_map all;
    carry(all, carried::public_metadata, who.public_metadata, notes);
    carry(all, carried::private_metadata, who.private_metadata, notes);
    carry(all, carried::unsafe_metadata, who.unsafe_metadata, notes);
    carry(all, carried::username, who.username, notes);
    carry_time(all, carried::created_at, who.created_at);
    carry_time(all, carried::legal_accepted_at, who.legal_accepted_at);
    if (!who.email_addresses.empty() && !who.email_addresses.front().verified)
        all.emplace(carried::email_verified, "false");
    if (!who.phone_numbers.empty() && who.phone_numbers.front().verified)
        all.emplace(carried::phone_verified, "true");
    return all;
}

text_map carried_by(const organization& which, std::vector<note>* notes)
{
    text_map all;
    carry(all, carried::public_metadata, which.public_metadata, notes);
    carry(all, carried::private_metadata, which.private_metadata, notes);
    carry(all, carried::slug, which.slug, notes);
    carry_time(all, carried::created_at, which.created_at);
    if (which.max_allowed_memberships)
        all.emplace(carried::max_allowed_memberships, std::to_string(*which.max_allowed_memberships));
    if (which.admin_delete_enabled)
        all.emplace(carried::admin_delete_enabled, *which.admin_delete_enabled ? "true" : "false");
    return all;
}

text_map carried_by(const membership& one, std::vector<note>* notes)
{
    text_map all;
    carry(all, carried::public_metadata, one.public_metadata, notes);
    carry(all, carried::private_metadata, one.private_metadata, notes);
    return all;
}

scalekit::create_user_and_membership_params scalekit_params(const user& who)
{
    scalekit::create_user_and_membership_params params;
    params.external_id = who.id;
    if (!who.email_addresses.empty())
        params.email = who.email_addresses.front().value;
    scalekit::users_create_user_profile profile;
    set(profile.given_name, who.first_name);
    set(profile.family_name, who.last_name);
    set(profile.locale, who.locale);
    if (!who.phone_numbers.empty())
        profile.phone_number = who.phone_numbers.front().value;
    params.user_profile = std::move(profile);
    auto metadata = carried_by(who, nullptr);
    if (!metadata.empty())
        params.metadata = std::move(metadata);
    return params;
}

scalekit::create_organization_params scalekit_params(const organization& which)
{
    scalekit::create_organization_params params(which.name);
    params.external_id = which.id;
    auto metadata = carried_by(which, nullptr);
    if (!metadata.empty())
        params.metadata = std::move(metadata);
    return params;
}

std::vector<std::size_t> joined(const user& who)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < who.memberships.size(); ++i)
        if (std::none_of(places.begin(), places.end(), [&](std::size_t earlier) {
                return who.memberships[earlier].organization == who.memberships[i].organization;
            }))
            places.push_back(i);
    return places;
}

} // namespace usher::bulk
