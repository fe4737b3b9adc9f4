#include "bulk/live/scalekit_records.hpp"

#include "bulk/mapping/carried.hpp"
#include "bulk/mapping/text.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <utility>

namespace json = boost::json;

namespace usher::bulk {

namespace {

using text_map = std::map<std::string, std::string, std::less<>>;
using time = std::chrono::sys_time<std::chrono::milliseconds>;

void note_if(bool has, std::vector<note>& lost, const char* field, const char* reason)
{
    if (has)
        lost.emplace_back(field, reason);
}

std::optional<time> in_milliseconds(const std::optional<instant>& at)
{
    if (!at)
        return std::nullopt;
    return std::chrono::floor<std::chrono::milliseconds>(*at);
}

/// Takes carried members out of metadata. One that is not what a migration writes is the application's own.
class carried_members {
public:
    explicit carried_members(const std::optional<text_map>& of)
    {
        if (of)
            rest_ = *of;
    }

    void take(std::string_view name, json::object& to)
    {
        with(name, [&](const std::string& text) {
            auto object = carried::unpack(text);
            if (object)
                to = std::move(*object);
            return object.has_value();
        });
    }

    void take(std::string_view name, std::string& to)
    {
        with(name, [&](const std::string& text) {
            to = text;
            return true;
        });
    }

    void take(std::string_view name, std::optional<time>& to)
    {
        with(name, [&](const std::string& text) {
            const auto at = parse_time(text);
            if (at)
                to = at;
            return at.has_value();
        });
    }

    void take(std::string_view name, std::optional<std::int64_t>& to)
    {
        with(name, [&](const std::string& text) {
            std::int64_t number = 0;
            const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
            const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= 0;
            if (whole)
                to = number;
            return whole;
        });
    }

    void take(std::string_view name, std::optional<bool>& to)
    {
        with(name, [&](const std::string& text) {
            if (text == "true" || text == "false")
                to = text == "true";
            return text == "true" || text == "false";
        });
    }

    /// What is left.
    void add_rest(json::object& to) const
    {
        for (const auto& [name, text] : rest_)
            to[name] = text;
    }

private:
    template <class Use>
    void with(std::string_view name, Use use)
    {
        const auto found = rest_.find(name);
        if (found != rest_.end() && use(found->second))
            rest_.erase(found);
    }

    text_map rest_;
};

membership from_scalekit(const scalekit::commons_organization_membership& of)
{
    membership made;
    made.organization = of.organization_id.value_or(std::string());
    if (of.roles)
        for (const auto& role : *of.roles)
            if (role.name)
                made.roles.push_back(*role.name);
    carried_members metadata(of.metadata);
    metadata.take(carried::public_metadata, made.public_metadata);
    metadata.take(carried::private_metadata, made.private_metadata);
    metadata.add_rest(made.private_metadata);
    return made;
}

bool is_member(const scalekit::commons_organization_membership& of)
{
    using status = scalekit::commons_membership_status;
    if (!of.membership_status)
        return true;
    const auto is = of.membership_status->value();
    return is != status::inactive && is != status::pending_invite && is != status::invite_expired;
}

void take_memberships(const scalekit::users_user& of, user& made, std::vector<note>& lost)
{
    if (!of.memberships)
        return;
    auto all = *of.memberships;
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.join_time < b.join_time; });
    bool left_out = false;
    for (const auto& each : all) {
        if (is_member(each))
            made.memberships.push_back(from_scalekit(each));
        else
            left_out = true;
    }
    note_if(left_out, lost, "memberships", "an invitation that is not accepted, or an inactive membership, is none");
}

void take_profile(const scalekit::commons_user_profile& of, user& made, std::vector<note>& lost)
{
    made.first_name = of.given_name.value_or(std::string());
    made.last_name = of.family_name.value_or(std::string());
    made.locale = of.locale.value_or(std::string());
    if (of.phone_number && !of.phone_number->empty())
        made.phone_numbers.emplace_back(*of.phone_number, of.phone_number_verified.value_or(false));
    const auto filled = [](const auto& value) { return value && !value->empty(); };
    const bool named = !made.first_name.empty() || !made.last_name.empty();
    note_if(filled(of.name) && !named, lost, "name", "a whole name can't be told into first and last name");
    note_if(filled(of.picture), lost, "picture", "the picture is not carried over");
    note_if(filled(of.gender), lost, "gender", "it is not carried over");
    note_if(filled(of.groups), lost, "groups", "groups are not carried over");
    note_if(filled(of.custom_attributes), lost, "custom_attributes", "they are not carried over");
    note_if(filled(of.metadata), lost, "user_profile.metadata", "it is not carried over");
    note_if(filled(of.preferred_username), lost, "preferred_username", "nobody signs in with it");
    note_if(filled(of.external_identities), lost, "external_identities",
            "a link to another provider is made when the user signs in with it");
}

constexpr const char* other_id = "the target's own mark becomes the id that it has here";

} // namespace

organization from_scalekit(const scalekit::organizations_organization& of, std::vector<note>& lost)
{
    organization made;
    made.id = of.id.value_or(std::string());
    made.name = of.display_name.value_or(std::string());
    made.created_at = in_milliseconds(of.create_time);
    carried_members metadata(of.metadata);
    metadata.take(carried::slug, made.slug);
    metadata.take(carried::created_at, made.created_at);
    metadata.take(carried::max_allowed_memberships, made.max_allowed_memberships);
    metadata.take(carried::admin_delete_enabled, made.admin_delete_enabled);
    metadata.take(carried::public_metadata, made.public_metadata);
    metadata.take(carried::private_metadata, made.private_metadata);
    metadata.add_rest(made.private_metadata);
    note_if(of.external_id && !of.external_id->empty(), lost, "external_id", other_id);
    const bool has_settings = of.settings && of.settings->features && !of.settings->features->empty();
    note_if(has_settings, lost, "settings", "features of an organization are not carried over");
    return made;
}

user from_scalekit(const scalekit::users_user& of, std::vector<note>& lost)
{
    user made;
    made.id = of.id.value_or(std::string());
    made.created_at = in_milliseconds(of.create_time);
    if (of.user_profile)
        take_profile(*of.user_profile, made, lost);
    carried_members metadata(of.metadata);
    // Scalekit takes whoever was not invited as verified, and can't be told that a number is.
    std::optional<bool> was_verified;
    metadata.take(carried::email_verified, was_verified);
    const bool verified = of.user_profile && of.user_profile->email_verified.value_or(false);
    if (of.email && !of.email->empty())
        made.email_addresses.emplace_back(*of.email, verified && was_verified.value_or(true));
    was_verified.reset();
    metadata.take(carried::phone_verified, was_verified);
    if (!made.phone_numbers.empty())
        made.phone_numbers.front().verified |= was_verified.value_or(false);
    metadata.take(carried::username, made.username);
    metadata.take(carried::created_at, made.created_at);
    metadata.take(carried::legal_accepted_at, made.legal_accepted_at);
    metadata.take(carried::public_metadata, made.public_metadata);
    metadata.take(carried::private_metadata, made.private_metadata);
    metadata.take(carried::unsafe_metadata, made.unsafe_metadata);
    metadata.add_rest(made.private_metadata);
    take_memberships(of, made, lost);
    note_if(of.external_id && !of.external_id->empty(), lost, "external_id", other_id);
    return made;
}

} // namespace usher::bulk
